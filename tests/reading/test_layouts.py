"""Front matter in the forms that papers have: what is printed is what is read, author by author."""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from crawler.reading.frontmatter import read_front_matter
from crawler.reading.layout import Document
from crawler.sample.typeset import LAYOUTS, Author, Section, typeset
from crawler.sample.typeset import Sheet as Sample
from tests.reading.pages import FILL, Sheet, links, texts

SHORT = Sample(
    title="Čapek’s Robots, Seen from Åbo",
    authors=(Author("Karel Čapek", (0,)), Author("Tove Jansson", (1, 0)), Author("Józef Łukasiewicz", (1,))),
    affiliations=("Department of Puppets,\nUniverzita Karlova, Praha", "Åbo Akademi, Turku, Finland"),
    abstract=(FILL,),
    sections=(Section("Introduction", (FILL,) * 20), Section("Experiments", (FILL,) * 20, "page")),
    references=("A Play, 1920.",),
)
LONG = Sample(
    title="Learning to Recognise Faces at the Scale of Cities",
    authors=(Author("Jane A. Roe", (0,)), Author("Wei Zhang", (0, 1)), Author("José Núñez", (2,)), Author("Kim van der Berg", (1,))),
    affiliations=(
        "School of Computing,\nUniversity of Leeds, Leeds, United Kingdom",
        "Tencent AI Lab, Shenzhen, China",
        "Universidad de Granada, Spain",
    ),
    abstract=(FILL,) * 4,
    sections=(Section("Introduction", (FILL,) * 20), Section("Experiments", (FILL,) * 20, "page")),
    references=("A Play, 1920.",),
)


@pytest.mark.parametrize("sheet", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_stand_ins_of_the_demo_are_read_as_they_are_meant(layout: str, sheet: Sample) -> None:
    front = read_front_matter(Document(typeset(layout, sheet)))
    assert (front.title or "").lower() == sheet.title.lower()
    printed = [" ".join(text.split()) for text in sheet.affiliations]
    assert sorted(texts(front)) == sorted(printed)
    read = [(author.name, sorted(front.affiliations[at].text for at in author.affiliations)) for author in front.authors]
    assert read == [(author.name, sorted(printed[at] for at in author.affiliations)) for author in sheet.authors]


def test_digits_set_close_mean_two_affiliations() -> None:
    sheet = Sheet().title("Two Places at Once").text(297, 120, "Ann Lee^(12), Bob Ray^(2)", centred=True)
    sheet.lines(297, 140, ["^(1)University of Leeds, UK", "^(2)Tencent AI Lab, Shenzhen, China"], centred=True)
    assert links(sheet.body(190).front()) == {"Ann Lee": ["University of Leeds", "Tencent AI Lab"], "Bob Ray": ["Tencent AI Lab"]}


def test_marks_behind_the_institutions() -> None:
    sheet = Sheet().title("Marks Behind").text(297, 120, "Ann Lee^(†), Bob Ray^(‡)", centred=True)
    sheet.text(297, 140, "University of Leeds^(†), Universidad de Granada^(‡)", centred=True)
    assert links(sheet.body(190).front()) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Universidad de Granada"]}


def test_numbered_affiliations_in_one_paragraph() -> None:
    sheet = Sheet().title("All in One Paragraph").text(70, 120, "Ann Lee^(1), Bob Ray^(2), and Cy Dee^(1,3)")
    sheet.lines(
        70,
        140,
        [
            "1 Department of Physics, University of Denver, Denver CO 80217, USA 2 Integrated Sciences, University of",
            "Leeds, Leeds LS2 9JT, UK 3 Institute of Automation, Chinese Academy of Sciences, Beijing, China",
        ],
    )
    front = sheet.body(190).front()
    assert texts(front) == [
        "Department of Physics, University of Denver, Denver CO 80217, USA",
        "Integrated Sciences, University of Leeds, Leeds LS2 9JT, UK",
        "Institute of Automation, Chinese Academy of Sciences, Beijing, China",
    ]
    assert [author.affiliations for author in front.authors] == [[0], [1], [0, 2]]


def test_an_unmarked_author_belongs_to_the_unmarked_affiliation() -> None:
    sheet = Sheet().title("Most of Us Work Here").text(297, 120, "Ann Lee, Bob Ray^(*), Cy Dee", centred=True)
    sheet.lines(
        297, 140, ["Allen Institute for AI, Seattle WA 98103, USA", "^(*)Northwestern University, Evanston IL 60208, USA"], centred=True
    )
    assert links(sheet.body(190).front()) == {
        "Ann Lee": ["Allen Institute for AI"],
        "Bob Ray": ["Northwestern University"],
        "Cy Dee": ["Allen Institute for AI"],
    }


def test_a_note_behind_a_symbol_is_no_affiliation() -> None:
    sheet = Sheet().title("Equal Work").text(297, 120, "Ann Lee^(1*), Bob Ray^(1*)", centred=True)
    sheet.lines(297, 140, ["^(1)University of Leeds, UK", "^(*)These authors contributed equally"], centred=True)
    assert texts(sheet.body(190).front()) == ["University of Leeds, UK"]


def test_conference_columns_with_ordinals_and_uneven_height() -> None:
    sheet = Sheet().title("Columns of the Template")
    sheet.lines(120, 120, ["1^(st) Ann Lee", "School of Computing", "University of Leeds", "Leeds, UK", "a.lee@leeds.ac.uk"], centred=True)
    sheet.lines(297, 120, ["2^(nd) Bob Ray", "Tencent AI Lab", "Shenzhen, China", "bob@tencent.com"], centred=True)
    sheet.lines(474, 120, ["3^(rd) Cy Dee", "University of Leeds", "School of Computing", "Leeds, UK", "c.dee@leeds.ac.uk"], centred=True)
    front = sheet.body(220).front()
    assert [author.name for author in front.authors] == ["Ann Lee", "Bob Ray", "Cy Dee"]
    assert texts(front) == ["School of Computing University of Leeds Leeds, UK", "Tencent AI Lab Shenzhen, China"]
    assert [a.email_domains for a in front.affiliations] == [["leeds.ac.uk"], ["tencent.com"]]


def test_fewer_blocks_than_names() -> None:
    sheet = Sheet().title("Three of Us Share a House")
    for x, name in ((110, "Ann Lee"), (210, "Bob Ray"), (310, "Cy Dee"), (470, "Di Fox")):
        sheet.text(x, 120, name, centred=True)
    sheet.lines(210, 140, ["Facebook AI Research", "Menlo Park, CA, USA"], centred=True)
    sheet.lines(470, 140, ["Tel Aviv University", "Tel Aviv, Israel"], centred=True)
    names = links(sheet.body(200).front())
    assert names["Cy Dee"] == ["Facebook AI Research Menlo Park"] and names["Di Fox"] == ["Tel Aviv University Tel Aviv"]


def test_one_firm_below_rows_of_names() -> None:
    sheet = Sheet().title("A Firm and Its People")
    for y, row in ((120, ("Ann Lee", "Bob Ray", "Cy Dee")), (134, ("Di Fox", "Ed Gray", "Flo Hill"))):
        for x, name in zip((150, 297, 444), row, strict=True):
            sheet.text(x, y, name, centred=True)
    sheet.lines(297, 160, ["Google Inc.", "{alee,bray,cdee}@google.com"], centred=True)
    front = sheet.body(210).front()
    assert texts(front) == ["Google Inc."] and len(front.authors) == 6
    assert all(author.affiliations == [0] for author in front.authors)


def test_footnote_sentences() -> None:
    sheet = Sheet().title("Told in a Footnote").text(297, 120, "Ann B. Lee, Member, IEEE, Bob Ray, and Cy Dee, Fellow, IEEE", centred=True)
    sheet.body(160)
    sheet.lines(
        70,
        700,
        [
            "A. B. Lee and B. Ray are with the School of Computing, University of Leeds, Leeds, U.K. (e-mail: {lee, ray}@leeds.ac.uk).",
            "C. Dee is with Tencent AI Lab, Shenzhen, China, and also with the Universidad de Granada, Spain.",
        ],
        size=8,
        leading=9,
    )
    front = sheet.front()
    assert links(front) == {
        "Ann B. Lee": ["School of Computing"],
        "Bob Ray": ["School of Computing"],
        "Cy Dee": ["Tencent AI Lab", "Universidad de Granada"],
    }


def test_author_details_at_the_end() -> None:
    sheet = Sheet().title("Details at the End").text(70, 120, "Ann Lee^(1*), Bob Ray^(2)").body(160)
    sheet.lines(70, 700, ["* Correspondence: a.lee@leeds.ac.uk", "^(1)School of Computing, University of Leeds, Leeds, UK"], size=8)
    sheet.new_page().text(70, 80, "Author details", size=9, font="Times-Bold")
    sheet.lines(
        70,
        94,
        [
            "^(1)School of Computing, University of Leeds, Leeds, UK. ^(2)Departments of",
            "Family Medicine, Universidad de Granada, Spain.",
            "Received: 2 May 2014 Accepted: 3 June 2014",
        ],
        size=8,
    )
    front = sheet.front()
    assert texts(front) == [
        "School of Computing, University of Leeds, Leeds, UK",
        "Departments of Family Medicine, Universidad de Granada, Spain",
    ]
    assert [author.affiliations for author in front.authors] == [[0], [1]]


def test_name_and_affiliation_on_one_line() -> None:
    sheet = Sheet().title("One Line Each")
    sheet.lines(297, 120, ["Ann Lee, University of Leeds, UK", "Bob Ray, Universidad de Granada, Spain"], centred=True)
    assert links(sheet.body(180).front()) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Universidad de Granada"]}


def test_a_long_list_goes_over_the_page() -> None:
    sheet = Sheet().title("Many Hands").lines(70, 120, [f"Ann Lee{chr(97 + at)}^({at + 1})" for at in range(20)], leading=30)
    sheet.new_page().lines(70, 80, [f"^({at + 1}) Department of Physics, University of Town{chr(97 + at)}, Country" for at in range(20)])
    front = sheet.body(400).front()
    assert len(front.affiliations) == 20 and all(author.affiliations == [at] for at, author in enumerate(front.authors))


def test_cover_sheet_running_head_and_licence_are_passed_over() -> None:
    sheet = Sheet().text(70, 80, "See discussions, stats, and author profiles for this publication at: https://example.org/1", size=9)
    sheet.text(70, 120, "A Paper With a Cover", size=20).lines(70, 200, ["6 authors, including:", "Ann Lee", "The University of Calgary"])
    sheet.new_page().text(70, 40, "IEEE TRANSACTIONS ON THINGS, VOL. 3, 2015", size=7).title("A Paper With a Cover")
    sheet.text(297, 120, "Ann Lee^(1)", centred=True).text(297, 140, "^(1)University of Leeds, UK", centred=True).body(180)
    sheet.text(70, 800, "Authorized licensed use limited to: Zhejiang University. Downloaded on May 08, 2021.", size=7)
    front = sheet.front()
    assert front.title == "A Paper With a Cover" and texts(front) == ["University of Leeds, UK"]


def test_no_affiliation_is_an_empty_list() -> None:
    front = Sheet().title("By Nobody From Nowhere").text(297, 120, "Ann Lee and Bob Ray", centred=True).body(160).front()
    assert texts(front) == [] and [author.name for author in front.authors] == ["Ann Lee", "Bob Ray"]


def test_a_stamp_in_the_margin_and_a_turned_page() -> None:
    sheet = Sheet().title("Turned on Its Side").text(297, 120, "Ann Lee^(1)", centred=True)
    sheet.text(297, 140, "^(1)University of Leeds, UK", centred=True).body(180)
    sheet.canvas.saveState()
    sheet.canvas.rotate(90)
    sheet.canvas.setFont("Times-Roman", 20)
    sheet.canvas.drawString(250, -30, "arXiv:1512.00596v1 [cs.CV] 2 Dec 2015")
    sheet.canvas.restoreState()
    sheet.canvas.setPageRotation(90)  # the page says that it lies on its side
    front = sheet.front()
    assert front.title == "Turned on Its Side" and texts(front) == ["University of Leeds, UK"]


def test_only_the_domain_of_an_address_is_kept() -> None:
    sheet = Sheet().title("Write to Us").text(297, 120, "Ann Lee^(1), Bob Ray^(2)", centred=True)
    sheet.lines(
        297,
        140,
        [
            "^(1)University of Leeds, UK ann.lee@leeds.ac.uk",
            "^(2)Universidad de Granada, Spain",
            "bob.ray at granada.es, {secret,alee}@leeds.ac.uk",
        ],
        centred=True,
    )
    front = sheet.body(200).front()
    assert texts(front) == ["University of Leeds, UK", "Universidad de Granada, Spain"]
    assert [a.email_domains for a in front.affiliations] == [["leeds.ac.uk"], ["granada.es"]]
    everything = repr(front.authors) + repr(front.affiliations)
    assert "ann.lee" not in everything and "secret" not in everything and "@" not in everything


def test_chinese_front_matter() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = Sheet(font="STSong-Light")
    sheet.text(297, 90, "大规模人脸识别的学习方法", size=18, centred=True).text(297, 120, "张三^(1), 李四^(2)", centred=True)
    sheet.text(297, 140, "(1. 清华大学 计算机系, 北京 100084; 2. 上海交通大学 电子信息学院, 上海 200240)", size=9, centred=True)
    sheet.text(70, 180, "摘 要: 本文提出一种方法", size=9)
    front = sheet.front()
    assert front.title == "大规模人脸识别的学习方法"
    assert links(front) == {"张三": ["清华大学 计算机系"], "李四": ["上海交通大学 电子信息学院"]}
