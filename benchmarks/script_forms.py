"""Front matters in Chinese and Japanese, set with the fonts that PDF readers bring along."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.reading.pages import FILL, Sheet

FONTS = {"zh": "STSong-Light", "ja": "HeiseiMin-W3"}
_FAMILY = {
    "zh": "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    "ja": ["山田", "鈴木", "佐藤", "高橋", "田中", "渡辺", "伊藤", "中村", "小林", "加藤", "佐々木", "森"],
}
_GIVEN = {
    "zh": "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚桂文辉玲丹浩宇",
    "ja": ["太郎", "花子", "一郎", "健", "美咲", "翔太", "直樹", "恵", "大輔", "陽子"],
}
PLACES: dict[str, list[tuple[str, str, str, str, str]]] = {  # text, body as printed, body in English, in English letters, domain
    "zh": [
        ("清华大学 计算机科学与技术系，北京 100084", "清华大学", "Tsinghua University", "Department of Computer Science and Technology, Tsinghua University, Beijing 100084, China", "tsinghua.edu.cn"),  # noqa: E501
        ("浙江大学计算机科学与技术学院，杭州 310027", "浙江大学", "Zhejiang University", "College of Computer Science, Zhejiang University, Hangzhou 310027, China", "zju.edu.cn"),  # noqa: E501
        ("中国科学院自动化研究所 模式识别国家重点实验室，北京 100190", "中国科学院自动化研究所", "Institute of Automation", "National Laboratory of Pattern Recognition, Institute of Automation, Chinese Academy of Sciences, Beijing 100190, China", "ia.ac.cn"),  # noqa: E501
        ("国防科技大学 电子科学学院，湖南 长沙 410073", "国防科技大学", "National University of Defense Technology", "College of Electronic Science, National University of Defense Technology, Changsha 410073, China", "nudt.edu.cn"),  # noqa: E501
        ("华为技术有限公司，广东 深圳 518129", "华为技术有限公司", "Huawei", "Huawei Technologies Co., Ltd., Shenzhen 518129, China", "huawei.com"),  # noqa: E501
        ("南京理工大学", "南京理工大学", "Nanjing University of Science and Technology", "Nanjing University of Science and Technology, Nanjing 210094, China", "njust.edu.cn"),  # noqa: E501
        ("四川大学华西医院 放射科，四川 成都 610041", "四川大学华西医院", "West China Hospital", "Department of Radiology, West China Hospital, Sichuan University, Chengdu 610041, China", "scu.edu.cn"),  # noqa: E501
        ("公安部第三研究所，上海 201204", "公安部第三研究所", "Third Research Institute of Ministry of Public Security", "The Third Research Institute of Ministry of Public Security, Shanghai 201204, China", "mps.gov.cn"),  # noqa: E501
    ],
    "ja": [
        ("東京大学大学院情報理工学系研究科", "東京大学", "The University of Tokyo", "Graduate School of Information Science and Technology, The University of Tokyo", "mi.t.u-tokyo.ac.jp"),  # noqa: E501
        ("京都大学 学術情報メディアセンター", "京都大学", "Kyoto University", "Academic Center for Computing and Media Studies, Kyoto University", "kyoto-u.ac.jp"),  # noqa: E501
        ("大阪大学産業科学研究所", "大阪大学", "Osaka University", "The Institute of Scientific and Industrial Research, Osaka University", "am.sanken.osaka-u.ac.jp"),  # noqa: E501
        ("産業技術総合研究所", "産業技術総合研究所", "AIST", "National Institute of Advanced Industrial Science and Technology", "aist.go.jp"),  # noqa: E501
        ("株式会社日立製作所 中央研究所", "日立製作所", "Hitachi", "Central Research Laboratory, Hitachi, Ltd.", "hitachi.com"),
        ("慶應義塾大学理工学部", "慶應義塾大学", "Keio University", "Faculty of Science and Technology, Keio University", "keio.ac.jp"),
    ],
}  # fmt: skip
_TITLES = {
    "zh": ["基于深度学习的人脸识别方法研究", "一种面向大规模图像数据集的人脸检测算法", "人脸识别中的公平性问题综述"],
    "ja": ["深層学習を用いた顔認識手法の検討", "大規模画像データセットにおける顔検出の評価"],
}
_PROSE = {
    "zh": "本文提出了一种新的方法，并在公开数据集上进行了实验，结果表明该方法能够有效提高识别的准确率。",
    "ja": "本稿では新しい手法を提案し，公開データセットを用いた実験によりその有効性を示す．",
}


@dataclass(slots=True)
class Page:
    """A front matter to set: names, places by position, and the dice for how."""

    script: str
    title: str
    names: list[str]
    at: list[list[int]]
    places: list[tuple[str, str, str, str, str]]
    dice: random.Random
    mails: bool = False
    has_address: bool = False  # printed for the first place

    @property
    def font(self) -> str:
        """The font of the script."""
        return FONTS[self.script]

    def marked(self, names: Sequence[str], sep: str, mark: Callable[[int], str]) -> str:
        """The names with raised marks."""
        return sep.join(f"{name}^({','.join(mark(at) for at in places)})" for name, places in zip(names, self.at, strict=True))

    def address(self) -> str:
        """An address, or a group of them, at the first place."""
        self.has_address = True
        return "{" + ",".join("abc"[: len(self.names)]) + "}@" + self.places[0][4] if len(self.names) > 1 else f"a@{self.places[0][4]}"


def deal(script: str, dice: random.Random) -> Page:
    """A front matter by chance."""
    n_places = dice.choice([1, 1, 2, 2, 3])
    n_people = n_places + dice.choice([0, 1, 2, 3])
    names: list[str] = []
    while len(names) < n_people:
        family, given = dice.choice(_FAMILY[script]), _GIVEN[script]
        if script == "zh":
            name = family + "".join(dice.choice(given) for _ in range(dice.choice([1, 2, 2])))
        else:
            name = f"{family} {dice.choice(given)}"
        names += [name] if name not in names else []
    at = [[i] if i < n_places else [dice.randrange(n_places)] for i in range(n_people)]
    for places in at:
        if n_places > 1 and dice.random() < 0.15:
            places[:] = sorted({*places, dice.randrange(n_places)})
    return Page(script, dice.choice(_TITLES[script]), names, at, dice.sample(PLACES[script], n_places), dice, dice.random() < 0.5)


def _open(page: Page, size: float = 18) -> tuple[Sheet, float]:
    """A sheet with the title on it, in the bold face that such journals don't have."""
    pdfmetrics.registerFont(UnicodeCIDFont(page.font))
    sheet = Sheet(font=page.font)
    sheet.text(297, 100, page.title, size=size, font=page.font, centred=True)
    return sheet, 130.0


def _rest(sheet: Sheet, page: Page, y: float, heading: str, foot: Sequence[str] = ()) -> bytes:
    """The abstract, text and footnotes."""
    sheet.text(70, y, heading + _PROSE[page.script][:20], size=9)
    for at in range(4):
        sheet.text(70, y + 14 * (at + 1), _PROSE[page.script][:44], size=9)
    y += 80
    if page.dice.random() < 0.7:
        y = _english(sheet, page, y)
    while (y := y + 14) < 720:
        sheet.text(70, y, _PROSE[page.script][:40], size=10)
    for at, line in enumerate(foot):
        sheet.text(70, 750 + 11 * at, line, size=8)
    return sheet.pdf()


def _english(sheet: Sheet, page: Page, y: float) -> float:
    """The same in English, as many such journals print it below."""
    sheet.text(297, y, "A Study of Face Recognition Methods Based on Deep Learning", size=14, font="Times-Bold", centred=True)
    latin = [f"{'ABCDEFGH'[at]}ang X{'aeiouaei'[at]}" for at in range(len(page.names))]
    sheet.text(297, y + 20, page.marked(latin, ", ", lambda at: str(at + 1)), size=10, font="Times-Roman", centred=True)
    for at, place in enumerate(page.places):
        sheet.text(297, y + 34 + 12 * at, f"({at + 1}. {place[3]})", size=8, font="Times-Roman", centred=True)
    sheet.text(70, y + 90, f"Abstract: {FILL[:70]}", size=9, font="Times-Roman")
    sheet.text(70, y + 102, FILL[:90], size=9, font="Times-Roman")
    return y + 120


def zh_numbered(page: Page) -> bytes:
    """Chinese journals: names with digits, the places numbered in brackets, facts about people and money at the foot."""
    sheet, y = _open(page)
    spaced = [name[0] + "  " + name[1] if len(name) == 2 and page.dice.random() < 0.7 else name for name in page.names]
    single = len(page.places) == 1
    sep = page.dice.choice(["，", ", ", "   ", "、"])
    text = sep.join(spaced) if single else page.marked(spaced, sep, lambda at: str(at + 1))
    sheet.text(297, y, text, size=12, centred=True)
    rows = [place[0] if single else f"{at + 1}{page.dice.choice(['. ', '.', ' '])}{place[0]}" for at, place in enumerate(page.places)]
    lines = (
        [f"（{'；'.join(rows)}）"]
        if page.dice.random() < 0.4
        else [("（" if i == 0 else "") + row + ("；" if i + 1 < len(rows) else "）") for i, row in enumerate(rows)]
    )
    for line in lines:
        y += 16
        sheet.text(297, y, line, size=9, centred=True)
    page.has_address = True
    foot = [
        "收稿日期：2019-05-04；修回日期：2019-06-05",
        "基金项目：国家自然科学基金（61772000）资助项目",
        f"作者简介：{page.names[0]}（1985-），男，教授，博士，主要研究方向为计算机视觉。E-mail：a@{page.places[page.at[0][0]][4]}",
    ]
    return _rest(sheet, page, y + 30, "摘  要：", foot)


def zh_lines(page: Page) -> bytes:
    """Chinese: raised digits before places, a line each, an address behind."""
    sheet, y = _open(page)
    sheet.text(297, y, page.marked(page.names, page.dice.choice(["  ", "，", "    "]), lambda at: str(at + 1)), size=12, centred=True)
    for at, place in enumerate(page.places):
        y += 16
        sheet.text(297, y, f"^({at + 1}){place[0]}", size=10, centred=True)
    if page.mails:
        y += 16
        sheet.text(297, y, page.address(), size=10, centred=True)
    return _rest(sheet, page, y + 30, page.dice.choice(["摘要", "摘 要 ", "摘要："]))


def zh_plain(page: Page) -> bytes:
    """Chinese: one place below the names, without marks."""
    page.places = page.places[:1]
    page.at = [[0] for _ in page.names]
    sheet, y = _open(page)
    sheet.text(297, y, page.dice.choice(["  ", "，", "   "]).join(page.names), size=12, centred=True)
    sheet.text(297, y + 18, page.dice.choice(["{}", "（{}）", "({})"]).format(page.places[0][0]), size=10, centred=True)
    if page.mails:
        sheet.text(297, y + 34, page.address(), size=10, centred=True)
    return _rest(sheet, page, y + 60, "摘要：")


def ja_daggers(page: Page) -> bytes:
    """Japanese reports: daggers behind names and before places, an address line, the abstract under its own heading."""
    sheet, y = _open(page)
    sheet.text(297, y, page.marked(page.names, page.dice.choice(["    ", "   "]), lambda at: "†" * (at + 1)), size=12, centred=True)
    street = page.dice.choice([" 〒113-8656 東京都文京区本郷7-3-1", ""])
    page.places = [(place[0] + street, *place[1:]) for place in page.places]
    for at, place in enumerate(page.places):
        y += 16
        sheet.text(297, y, f"{'†' * (at + 1)} {place[0]}", size=9, centred=True)
    if page.mails:
        y += 16
        sheet.text(297, y, "E-mail: †" + page.address(), size=9, centred=True)
    return _rest(sheet, page, y + 30, "あらまし  ")


def ja_digits(page: Page) -> bytes:
    """Japanese conferences: digits, places in one row."""
    sheet, y = _open(page)
    sheet.text(297, y, page.marked(page.names, "  ", lambda at: str(at + 1)), size=12, centred=True)
    sheet.text(297, y + 16, "  ".join(f"^({at + 1}){place[0]}" for at, place in enumerate(page.places)), size=10, centred=True)
    if page.mails:
        sheet.text(297, y + 32, page.address(), size=9, centred=True)
    return _rest(sheet, page, y + 60, page.dice.choice(["概要 ", "要旨：", "概 要  "]))


def mixed(page: Page) -> bytes:
    """English front matter with the names in Chinese characters in brackets behind."""
    latin = [f"{'ABCDEFGH'[at]}iang X{'aeiouaei'[at]}n" for at in range(len(page.names))]
    sheet, y = _open(page, 12)
    sheet = Sheet(font=page.font)
    sheet.title("A Study of Face Recognition Methods", 100)
    x = 80.0
    for name, own, places in zip(latin, page.names, page.at, strict=True):
        text = f"{name} ({own})^({','.join(str(at + 1) for at in places)}),"
        sheet.text(x, y, text, size=10)
        x += pdfmetrics.stringWidth(text, page.font, 10)
    for at, place in enumerate(page.places):
        y += 14
        sheet.text(80, y, f"^({at + 1}){place[3]}", size=9, font="Times-Roman")
    page.names[:] = latin
    page.places[:] = [(place[3], place[2], place[2], place[3], place[4]) for place in page.places]
    page.title = "A Study of Face Recognition Methods"
    return sheet.body(y + 30).pdf()


SCRIPT_FORMS: dict[str, tuple[str, Callable[[Page], bytes]]] = {
    "zh_numbered": ("zh", zh_numbered), "zh_lines": ("zh", zh_lines), "zh_plain": ("zh", zh_plain), "ja_daggers": ("ja", ja_daggers),
    "ja_digits": ("ja", ja_digits), "zh_mixed": ("zh", mixed),
}  # fmt: skip
