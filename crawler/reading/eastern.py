"""Names of people in Chinese, Japanese and Korean characters: family name first, a space inside or between them, or none."""

from __future__ import annotations

import re

_WIDE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKENS = re.compile(rf"[{_WIDE}]+(?:[\s\u3000·・]+[{_WIDE}]+)*")
_FAMILY = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡"
    "贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文"
    "庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛叢焦向柳邢路岳齐齊沿梅莫庄莊辛管祝左涂谷祁时時舒耿牟卜詹关關苗凌费費纪紀"
    "靳盛童欧歐甄项項曲成游阳陽裴席卫衞查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵閔解强强柴华華车車冉房边邊"
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모"
)
_BODY = re.compile(
    "大学|大學|学院|學院|研究|实验室|實驗室|公司|中心|医院|醫院|学校|科学院|会社|機構|系$|部$|省|市$|路|号$|대학|연구|학교|병원|회사|센터|기술원|학과|학부|"
    "摘要|要旨|概要|あらまし|論文|论文|学报|第.卷|編集|初録|초록|요약|논문"
)
MAX_NAME = 8  # characters


def is_eastern(text: str) -> bool:
    """Whether a text is all such characters, spaces aside."""
    return bool(_TOKENS.fullmatch(text.strip()))


def looks_like_eastern_name(text: str) -> bool:
    """Whether a text in these characters may be one person's name."""
    tokens = text.split()
    if not is_eastern(text) or _BODY.search("".join(tokens)) or len(tokens) > 2:
        return False
    length = len("".join(tokens))
    if len(tokens) == 1:
        return 2 <= length <= 4
    return length <= MAX_NAME and all(len(token) <= 4 for token in tokens)


def eastern_names(text: str) -> list[str]:
    """The names in a row of such characters that spaces part, with the space inside a name kept only where it is a Japanese one."""
    tokens = text.split()
    out: list[str] = []
    at = 0
    while at < len(tokens):
        one, two = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
        if len(one) == 1 and two and len(two) <= 2:
            out.append(one + two)
            at += 2
        elif two and not _is_whole(one) and not _is_whole(two):
            out.append(f"{one} {two}")
            at += 2
        else:
            out.append(one)
            at += 1
    return out


def _is_whole(token: str) -> bool:
    """Whether characters without a space are a Chinese or Korean name: a family name of one character, and one or two more."""
    return len(token) in (2, 3) and token[0] in _FAMILY and not re.search("[\u3040-\u30ff]", token)
