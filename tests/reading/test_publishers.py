"""Habits of publishers: boxes with editors' houses, marks in brackets, addresses behind the text, roles, two houses in one text."""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from crawler.reading.frontmatter import read_front_matter
from crawler.reading.layout import Document
from crawler.reading.pairs import are_houses
from crawler.reading.roles import without_roles
from tests.reading.pages import FILL, Sheet, links, texts

EDITORS = ["Edited by:", "Ines Falk,", "University of Porto, Portugal", "Reviewed by:", "Guido Arlotti,", "Politecnico di Bari, Italy"]


def sided(box: list[str]) -> Sheet:
    """A page with a box in a narrow column beside the abstract."""
    sheet = Sheet().text(60, 90, "What Stands Beside the Text", size=17, font="Times-Bold")
    sheet.lines(60, 130, box, size=8, leading=10)
    return sheet.text(200, 180, "Abstract", font="Times-Bold").lines(200, 195, [FILL[:70]] * 20)


def test_houses_of_editors_in_a_side_box_are_nobodys() -> None:
    front = (
        sided(EDITORS).text(200, 130, "Ann Lee^(1), Bob Ray^(2)").text(200, 145, "^(1)University of Leeds, UK, ^(2)Tencent AI Lab").front()
    )
    assert links(front) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Tencent AI Lab"]}
    alone = sided(EDITORS).text(200, 130, "Ann Lee, Bob Ray").front()
    assert [author.name for author in alone.authors] == ["Ann Lee", "Bob Ray"]
    assert texts(alone) == []


def test_a_long_box_does_not_run_into_the_addresses_beside_it() -> None:
    box = ["Citation: Lee, A.; Ray, B.", "What Stands Beside the", "Text. Sensors 2021, 21.", "Academic Editor: Ines Falk", "Copyright: 2021 by the", "authors. Licensee MDPI,", "Basel, Switzerland."]  # fmt: skip  # noqa: E501
    sheet = (
        sided(box)
        .text(60, 110, "Ann Lee^(1), Bob Ray^(1)")
        .text(200, 130, "^(1) University of Leeds, Leeds LS2 9JT, UK; lee@leeds.ac.uk (A.L.)")
    )
    front = sheet.front()
    assert [(a.text, a.email_domains) for a in front.affiliations] == [("University of Leeds, Leeds LS2 9JT, UK", ["leeds.ac.uk"])]


def test_a_line_about_the_editor_takes_its_second_line_with_it() -> None:
    sheet = (
        Sheet()
        .title("Approved by a Member")
        .text(297, 120, "Ann Lee, Bob Ray", centred=True)
        .text(297, 135, "University of Leeds, UK", centred=True)
    )
    edited = ["Edited by Ines Falk, University of Porto, Portugal, and approved May 4, 2019, together with her colleague of", "Politecnico di Bari, Italy"]  # fmt: skip  # noqa: E501
    assert texts(sheet.lines(70, 160, edited, size=9, leading=11).body(210).front()) == ["University of Leeds, UK"]


@pytest.mark.parametrize("mark", ["({})", "[{}]", "{})"])
@pytest.mark.parametrize("keys", ["12", "ab"])
def test_marks_in_brackets(mark: str, keys: str) -> None:
    one, two = (mark.format(key) for key in keys)
    sheet = (
        Sheet()
        .title("Marks on the Baseline")
        .text(297, 120, f"Ann Lee {one}, Bob Ray {mark.format(','.join(keys))}, Cy Dee{two}", centred=True)
    )
    front = sheet.lines(297, 140, [f"{one} University of Leeds, UK", f"{two} Rank One Computing"], centred=True).body(190).front()
    assert links(front) == {
        "Ann Lee": ["University of Leeds"],
        "Bob Ray": ["University of Leeds", "Rank One Computing"],
        "Cy Dee": ["Rank One Computing"],
    }


def test_a_third_mark_in_brackets_is_no_copyright() -> None:
    sheet = Sheet().title("Marks on the Baseline").text(297, 120, "Ann Lee (a), Bob Ray (b), Cy Dee (c)", centred=True)
    rows = ["(a) University of Leeds, UK", "(b) Tencent AI Lab", "(c) Facebook AI Research (FAIR)"]
    assert texts(sheet.lines(297, 140, rows, centred=True).body(200).front())[2] == "Facebook AI Research (FAIR)"


def test_addresses_behind_the_text_under_their_heading() -> None:
    sheet = Sheet().title("Machinery").text(70, 120, "ANN LEE, BOB RAY, CY DEE").body(150).new_page().lines(70, 90, [FILL] * 20)
    told = ["Authors’ present addresses: A. Lee and B. Ray, University of Leeds, Leeds, UK; email: lee@leeds.ac.uk;", "C. Dee, Tencent AI Lab, Shenzhen, China."]  # fmt: skip  # noqa: E501
    front = sheet.lines(70, 400, told, size=8, leading=10).front()
    assert links(front) == {"ANN LEE": ["University of Leeds"], "BOB RAY": ["University of Leeds"], "CY DEE": ["Tencent AI Lab"]}
    assert front.affiliations[0].email_domains == ["leeds.ac.uk"]


def test_rows_behind_the_text_that_a_name_and_a_dash_open() -> None:
    sheet = Sheet().title("Chemistry").text(70, 120, "Ann Lee, Bob Ray").body(150).new_page().lines(70, 90, [FILL] * 20)
    rows = ["AUTHOR INFORMATION", "Corresponding Author", "Ann Lee – Department of Chemistry, University of Leeds,", "Leeds, UK; Email: lee@leeds.ac.uk", "Author", "Bob Ray – Tencent AI Lab, Shenzhen, China", "Notes"]  # fmt: skip  # noqa: E501
    assert links(sheet.lines(70, 400, rows).front()) == {"Ann Lee": ["Department of Chemistry"], "Bob Ray": ["Tencent AI Lab"]}


@pytest.mark.parametrize("heading", ["Authors and Affiliations", "Affiliations"])
def test_names_and_places_on_the_last_page(heading: str) -> None:
    sheet = Sheet().title("The Names Alone").text(70, 120, "Ann Lee^(1) · Bob Ray^(2)").body(150).new_page().lines(70, 90, [FILL] * 20)
    sheet.new_page().text(70, 90, heading, font="Times-Bold").text(70, 110, "Ann Lee^(1) · Bob Ray^(2)")
    sheet.lines(70, 130, ["Ann Lee", "lee@leeds.ac.uk", "^(1)University of Leeds, Leeds, UK", "^(2)Tencent AI Lab, Shenzhen, China"])
    assert links(sheet.front()) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Tencent AI Lab"]}


def test_one_place_without_a_mark_on_the_last_page() -> None:
    sheet = Sheet().title("The Names Alone").text(70, 120, "Ann Lee · Bob Ray").body(150).new_page().lines(70, 90, [FILL] * 20).new_page()
    sheet.text(70, 90, "Authors and Affiliations", font="Times-Bold").text(70, 110, "Ann Lee · Bob Ray")
    sheet.lines(70, 130, ["Ann Lee", "lee@leeds.ac.uk", "Department of Physics, University of Leeds, Leeds, UK"])
    assert links(sheet.front()) == {"Ann Lee": ["Department of Physics"], "Bob Ray": ["Department of Physics"]}


def test_the_houses_of_a_life_are_none_of_the_paper() -> None:
    sheet = Sheet().title("Lives Behind the Text").text(70, 120, "Ann Lee, Bob Ray").body(150).new_page().lines(70, 90, [FILL] * 20)
    life = ["Ann Lee received the B.S. degree from Masaryk University, Brno, in 2000 and the Ph.D. degree from the", "University of Porto, in 2006. Her interests include faces."]  # fmt: skip  # noqa: E501
    assert texts(sheet.lines(70, 400, life, size=8, leading=10).front()) == []


def test_what_people_are_is_no_part_of_their_house() -> None:
    sheet = Sheet().title("What People Are").lines(200, 120, ["Ann Lee", "PhD Student", "University of Leeds, UK"], centred=True)
    sheet.lines(400, 120, ["Bob Ray", "CTO at Rank One Computing", "Denver, USA"], centred=True)
    assert texts(sheet.body(190).front()) == ["University of Leeds, UK", "Rank One Computing Denver, USA"]
    assert without_roles(["Graduate School of Science", "Professor"]) == ["Graduate School of Science"]
    assert without_roles(["Director of Health, City of Leeds"]) == ["Director of Health, City of Leeds"]


def test_two_houses_in_one_text_are_two_and_two_departments_are_one() -> None:
    sheet = Sheet().title("Two Houses in a Row").text(297, 120, "Ann Lee, Bob Ray", centred=True)
    front = sheet.text(297, 135, "University of Leeds and Tampere University, Tampere, Finland", centred=True).body(190).front()
    assert texts(front) == ["University of Leeds", "Tampere University, Tampere, Finland"]
    assert [author.affiliations for author in front.authors] == [[0, 1], [0, 1]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Department of Physics", "Department of Statistics, University of Leeds, UK"),
        ("Department of Pediatrics, The Ohio State University", "Nationwide Children's Hospital, Columbus"),
        ("Norwegian University of Science", "Technology, Trondheim"),
        ("Wuhan University of Science", "Technology University Park"),
        ("Broad Institute of MIT", "Harvard"),
        ("School of Medicine", "University of Leeds"),
        ("Texas A", "M University"),
    ],
)
def test_texts_that_are_one_house(before: str, after: str) -> None:
    assert not are_houses(before, after)


def test_box_words_in_running_text_hide_nothing() -> None:
    sheet = sided(["Received 4 May 2019", "Accepted 5 June 2019"]).text(60, 470, "Edited by hand were the pictures that we", size=10)
    page = read_front_matter(Document(sheet.text(60, 482, "show in the University of Porto and that are of use.").pdf())).page
    assert page is not None and [line.role for line in page.lines if "show in" in line.text] == [""]


@pytest.mark.parametrize(
    ("font", "names", "places"),
    [
        ("STSong-Light", "张伟１，李娜２", ["（１．清华大学 计算机系，北京 100084；２．浙江大学 计算机学院，杭州 310027）"]),
        ("STSong-Light", "张伟 1） 李娜 2）", ["1）（清华大学 计算机系，北京 100084）", "2）（浙江大学 计算机学院，杭州 310027）"]),
        ("STSong-Light", "张伟^(①)，李娜^(②)", ["①清华大学 计算机系，北京 100084", "②浙江大学 计算机学院，杭州 310027"]),
        ("HeiseiMin-W3", "山田 太郎^(†1)  鈴木 花子^(†2)", ["^(†1)東京大学大学院", "^(†2)京都大学 学術情報メディアセンター"]),
    ],
)
def test_marks_of_chinese_and_japanese_papers(font: str, names: str, places: list[str]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    sheet = Sheet(font=font).text(297, 100, "深度学习的人脸识别方法研究", size=18, centred=True).text(297, 130, names, centred=True)
    front = sheet.lines(297, 146, places, leading=16, centred=True).text(70, 200, "摘要 本文提出了一种新的方法").front()
    assert [author.affiliations for author in front.authors] == [[0], [1]]
    assert [text[:4] for text in texts(front)] == (["清华大学", "浙江大学"] if font == "STSong-Light" else ["東京大学", "京都大学"])
