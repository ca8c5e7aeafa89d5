"""Front matter of kinds that were met late: notes among names, theses, other scripts, letters set apart, numbered lines."""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.reading.pages import Sheet, links, texts


def eastern(font: str) -> Sheet:
    """A sheet with one of the fonts that PDF readers bring along."""
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    return Sheet(font=font)


def centred(sheet: Sheet, *lines: str, y: float = 120, leading: float = 15) -> Sheet:
    return sheet.lines(297, y, lines, centred=True, leading=leading)


def test_a_remark_below_marked_places_takes_nothing_from_the_last_one() -> None:
    sheet = centred(
        Sheet().title("On Remarks"), "Ann Lee^(1,*), Bob Ray^(2,†)", "^(1)Leeds University, ^(2)Acme Inc.", "^(*)Equal contribution."
    )
    assert links(sheet.body(200).front()) == {"Ann Lee": ["Leeds University"], "Bob Ray": ["Acme Inc."]}


def test_numbers_of_people_and_their_web_addresses_are_neither_title_nor_name() -> None:
    sheet = Sheet().title("On Numbers of People")
    centred(sheet, "Ann Lee^(1) (https://orcid.org/0000-0001-2345-6789), Bob Ray^(2) (ORCID:", "0000-0002-1234-567X), Cy Dole^(1)")
    front = centred(sheet, "^(1)Leeds University, UK", "^(2)Acme Research, USA", y=160).body(220).front()
    assert (front.title, list(links(front))) == ("On Numbers of People", ["Ann Lee", "Bob Ray", "Cy Dole"])
    assert texts(front) == ["Leeds University, UK", "Acme Research, USA"]


def test_memberships_that_run_over_a_line_s_end() -> None:
    sheet = centred(
        Sheet().title("On Ranks"), "Ann Lee, Senior Member, IEEE, Bob Ray, Life Fellow,", "IEEE, Cy Dole, and Di Eng, Member, IEEE"
    ).body(180)
    sheet.lines(
        80, 700, ["A. Lee and B. Ray are with Leeds University, Leeds, UK.", "C. Dole and D. Eng are with Acme Inc., Boston, USA."], size=7
    )
    assert {name: places for name, places in links(sheet.front()).items() if places} == {
        "Ann Lee": ["Leeds University"], "Bob Ray": ["Leeds University"], "Cy Dole": ["Acme Inc."], "Di Eng": ["Acme Inc."],
    }  # fmt: skip


def test_a_group_on_whose_behalf_people_write_is_no_affiliation() -> None:
    sheet = centred(Sheet().title("On Groups"), "Ann Lee^(1), Bob Ray^(2,†), on behalf of the Large Study", "Group")
    front = centred(sheet, "^(1)Leeds University, UK; ^(2)Acme Research, USA", "^(†)Deceased.", y=160).body(220).front()
    assert links(front) == {"Ann Lee": ["Leeds University"], "Bob Ray": ["Acme Research"]}


def test_firms_that_no_word_gives_away_at_the_foot() -> None:
    sheet = centred(Sheet().title("On Firms"), "Ann Lee^(†), Bob Ray^(‡)").body(160)
    sheet.text(80, 700, "^(†)Leeds University, Leeds, UK", size=7).text(80, 712, "^(‡)Horizon Robotics", size=7)
    assert links(sheet.front()) == {"Ann Lee": ["Leeds University"], "Bob Ray": ["Horizon Robotics"]}


def test_places_of_several_groups_in_one_paragraph() -> None:
    sheet = (
        Sheet()
        .title("On Semicolons")
        .lines(
            70, 120, ["Ann Lee, Bob Ray, Leeds University, Leeds, UK; Cy Dole, Acme Research;", "Di Eng, Oslo University; Acme Research"]
        )
    )
    assert {name: sorted(places) for name, places in links(sheet.body(200).front()).items()} == {
        "Ann Lee": ["Leeds University"], "Bob Ray": ["Leeds University"], "Cy Dole": ["Acme Research"],
        "Di Eng": ["Acme Research", "Oslo University"],
    }  # fmt: skip


def test_two_places_with_an_and_on_its_own_line() -> None:
    sheet = centred(
        Sheet().title("On Conjunctions"), "Ann Lee and Bob Ray", "Leeds University, Leeds, UK", "and", "Acme Laboratory, Boston, USA"
    )
    assert texts(sheet.body(220).front()) == ["Leeds University, Leeds, UK", "Acme Laboratory, Boston, USA"]


def test_lines_with_numbers_in_the_margin() -> None:
    sheet = Sheet().text(297, 90, "On Numbered Lines of Text", size=17, font="Times-Bold", centred=True)
    sheet.lines(
        80,
        130,
        ["Ann Lee^(1), Bob Ray^(2)", "^(1)Leeds University, 12 High Street,", "Leeds, UK", "^(2)Acme Research, Boston, USA"],
        leading=20,
    )
    sheet.body(220)
    for number, y in enumerate([90, 130, 150, 170, 190, *range(220, 560, 13)], 1):
        sheet.text(48 - 5 * len(str(number)), y, str(number), size=7)
    assert texts(sheet.front()) == ["Leeds University, 12 High Street, Leeds, UK", "Acme Research, Boston, USA"]


def test_names_set_letter_by_letter() -> None:
    sheet = Sheet().title("On Letters")
    for word, x in (("ANNA", 180), ("LEE,", 222), ("BOB", 264), ("RAYMOND", 297)):
        for at, letter in enumerate(word):
            sheet.text(x + 9 * at, 120, letter, size=9, font="Courier")
    centred(sheet, "Leeds University, Leeds, UK", y=140)
    assert links(sheet.body(200).front()) == {"ANNA LEE": ["Leeds University"], "BOB RAYMOND": ["Leeds University"]}


@pytest.mark.parametrize("above", [True, False])
def test_the_title_page_of_a_thesis(above: bool) -> None:
    sheet = Sheet().text(297, 200, "On Theses and Their Pages", size=22, font="Times-Bold", centred=True)
    centred(sheet, "by", "Ann Lee", y=260, leading=24)
    centred(sheet, "A thesis submitted in partial fulfilment of the requirements", "for the degree of Doctor of Philosophy", y=350)
    centred(sheet, "School of Computing", "Leeds University", y=120 if above else 440)
    centred(sheet, "Supervisor: Prof. Bob Ray", "June 2019", y=520)
    front = sheet.new_page().body(80).front()
    assert (front.form, links(front)) == ("thesis", {"Ann Lee": ["School of Computing Leeds University"]})


def test_chinese_places_in_one_bracket_and_names_with_a_space_inside() -> None:
    sheet = eastern("STSong-Light").text(297, 90, "基于深度学习的人脸识别方法研究", size=18, centred=True)
    centred(sheet, "王 伟^(1)，李小明^(1,2)，陈 刚^(2)", "（1. 清华大学 计算机系，北京 100084；2. 浙江大学，杭州 310027）")
    front = (
        sheet.text(70, 170, "摘  要：本文提出了一种新的方法，并在公开数据集上进行了实验。")
        .lines(70, 190, ["结果表明该方法能够有效提高识别的准确率。"] * 30)
        .front()
    )
    assert {a.name: a.affiliations for a in front.authors} == {"王伟": [0], "李小明": [0, 1], "陈刚": [1]}
    assert texts(front) == ["清华大学 计算机系，北京 100084", "浙江大学，杭州 310027"]


def test_japanese_names_and_daggers() -> None:
    sheet = eastern("HeiseiMin-W3").text(297, 90, "深層学習を用いた顔認識手法の検討", size=18, centred=True)
    centred(sheet, "高橋 直樹^(†)    鈴木 花子^(††)", "^(†)東京大学大学院情報理工学系研究科", "^(††)株式会社日立製作所 中央研究所")
    front = (
        sheet.text(70, 190, "あらまし  本稿では新しい手法を提案する．")
        .lines(70, 205, ["公開データセットを用いた実験により有効性を示す．"] * 30)
        .front()
    )
    assert links(front) == {"高橋 直樹": ["東京大学大学院情報理工学系研究科"], "鈴木 花子": ["株式会社日立製作所 中央研究所"]}


def test_korean_and_russian_front_matter() -> None:
    sheet = eastern("HYSMyeongJo-Medium").text(297, 90, "딥러닝 기반 얼굴 인식 방법에 관한 연구", size=18, centred=True)
    centred(sheet, "김민수^(1), 이서연^(2)", "^(1)서울대학교 컴퓨터공학부", "^(2)네이버 주식회사")
    front = (
        sheet.text(70, 190, "요 약  본 논문에서는 새로운 방법을 제안한다.")
        .lines(70, 205, ["공개 데이터셋에서 실험하여 그 효과를 보인다."] * 30)
        .front()
    )
    assert links(front) == {"김민수": ["서울대학교 컴퓨터공학부"], "이서연": ["네이버 주식회사"]}
    sheet = eastern("STSong-Light").text(297, 90, "Метод распознавания лиц", size=18, centred=True)
    centred(sheet, "А. Б. Иванов^(1), В. Г. Петров^(2)", "^(1) Московский университет, Россия", "^(2) Институт проблем, Москва")
    front = (
        sheet.text(70, 190, "Аннотация. В работе предложен новый метод.")
        .lines(70, 205, ["На открытых наборах данных показана точность."] * 30)
        .front()
    )
    assert links(front) == {"А. Б. Иванов": ["Московский университет"], "В. Г. Петров": ["Институт проблем"]}


def test_names_beside_places_of_other_lines() -> None:
    sheet = Sheet().title("On Columns Side by Side")
    sheet.lines(70, 120, ["Ann Lee^(1)", "ann@leeds.ac.uk", "Bob Ray^(2)", "bob@acme.com", "Cy Dole^(1)"])
    sheet.lines(320, 120, ["^(1) School of Computing", "Leeds University", "Leeds, UK", "^(2) Acme Research", "Boston, USA"])
    front = sheet.body(210).front()
    assert texts(front) == ["School of Computing Leeds University Leeds, UK", "Acme Research Boston, USA"]
    assert list(links(front)) == ["Ann Lee", "Bob Ray", "Cy Dole"]


def test_second_places_told_in_remarks_below() -> None:
    sheet = (
        Sheet()
        .title("On Second Places")
        .lines(
            70,
            120,
            [
                "Ann Lee, Bob Ray^(1), Leeds University, Leeds, UK",
                "Cy Dole, Acme Research, Boston, USA",
                "^(1)also at Oslo University, Norway",
            ],
        )
    )
    assert links(sheet.body(200).front()) == {
        "Ann Lee": ["Leeds University"], "Bob Ray": ["Leeds University", "Oslo University"], "Cy Dole": ["Acme Research"],
    }  # fmt: skip
