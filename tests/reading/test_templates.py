"""Layouts met in the samples that publishers give with their classes, each by the mechanism that reads it."""

from __future__ import annotations

from crawler.reading.page import Line, Word
from crawler.reading.zone import _ended
from tests.reading.pages import FILL, Sheet, links, texts


def test_numbers_of_lines_flush_left_are_no_text() -> None:
    sheet = Sheet().title("Numbers Beside Lines", y=90)
    for at in range(1, 40):
        sheet.text(57, 80 + 12 * at, str(at), size=7)
    front = sheet.lines(70, 116, ["ANN LEE, University of Leeds, UK", "BOB RAY, University of Oulu, Finland"]).body(200, until=500).front()
    assert front.title == "Numbers Beside Lines"
    assert links(front) == {"ANN LEE": ["University of Leeds"], "BOB RAY": ["University of Oulu"]}


def test_names_that_only_the_texts_below_part() -> None:
    sheet = Sheet().title("Close Together")
    sheet.text(150, 120, "Ann Lee", centred=True).text(340, 120, "Bob M. Ray Cy C. Dee", centred=True)
    sheet.text(150, 132, "University of Leeds", size=8, centred=True)
    sheet.text(317, 132, "ETH Zurich", size=8, centred=True).text(365, 132, "TU Delft", size=8, centred=True)
    assert links(sheet.body(180).front()) == {"Ann Lee": ["University of Leeds"], "Bob M. Ray": ["ETH Zurich"], "Cy C. Dee": ["TU Delft"]}


def test_texts_flush_left_that_run_into_each_other() -> None:
    sheet = Sheet().title("Flush Left").text(70, 120, "Ann Lee").text(238, 120, "Bob Ray")
    sheet.text(70, 132, "Key Laboratory of Virtual Technology").text(238, 132, "Department of Surgery")
    front = sheet.text(70, 144, "Beihang University, China").text(238, 144, "University of Leeds, UK").body(190).front()
    assert texts(front) == [
        "Key Laboratory of Virtual Technology Beihang University, China",
        "Department of Surgery University of Leeds, UK",
    ]


def test_two_blocks_below_one_name_and_marked_names_in_columns() -> None:
    sheet = Sheet().title("Two Homes").text(297, 120, "Ann Lee", centred=True)
    sheet.lines(200, 135, ["Music Group", "University of Leeds, UK"], centred=True)
    one = sheet.lines(400, 135, ["Speech Group", "University of Oulu, Finland"], centred=True).body(190).front()
    assert texts(one) == ["Music Group University of Leeds, UK", "Speech Group University of Oulu, Finland"]
    assert [author.affiliations for author in one.authors] == [[0, 1]]
    sheet = Sheet().title("Marked").text(200, 120, "Ann Lee,^(*)", centred=True).text(400, 120, "Bob Ray,^(†)", centred=True)
    sheet.lines(200, 135, ["Music Group", "University of Leeds, UK"], centred=True)
    two = sheet.lines(400, 135, ["Speech Group", "University of Oulu, Finland"], centred=True).body(190).front()
    assert links(two) == {"Ann Lee": ["Music Group University of Leeds"], "Bob Ray": ["Speech Group University of Oulu"]}


def test_a_firm_that_sounds_like_a_person_in_a_row_of_bodies() -> None:
    sheet = Sheet().title("Firms That Sound Like Persons").text(200, 120, "Ann Lee", centred=True).text(400, 120, "Bob Ray", centred=True)
    front = sheet.text(200, 132, "University of Leeds", centred=True).text(400, 132, "Horizon Robotics", centred=True).body(190).front()
    assert links(front) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Horizon Robotics"]}
    sheet = (
        Sheet()
        .title("Firms Set in Lines")
        .lines(70, 120, ["ANN LEE, University of Leeds", "BOB RAY, Horizon Robotics", "CY DEE, ETH Zurich"])
    )
    assert links(sheet.body(190).front())["BOB RAY"] == ["Horizon Robotics"]


def test_a_long_list_by_house_with_one_mark_of_a_remark() -> None:
    sheet = Sheet().title("The Collaboration")
    rows = ["A. Lee^(1), B. Ray, CERN, 1211 Geneva, Switzerland", "C. Dee, European Spallation Source, 221 00 Lund, Sweden"]
    rows += ["D. Fox, Fermilab, Batavia IL 60510, USA", "^(1)also at University of Leeds, UK"]
    front = sheet.lines(297, 120, rows, centred=True).body(200).front()
    assert [len(author.affiliations) for author in front.authors] == [2, 1, 1, 1]
    assert texts(front)[1] == "European Spallation Source, 221 00 Lund, Sweden"


def test_authors_left_of_the_abstract_and_below_their_house() -> None:
    sheet = Sheet().text(70, 90, "Equations That Are Very Wide Indeed", size=17, font="Times-Bold").text(70, 115, "Ann Lee", size=12)
    sheet.lines(70, 128, ["Department of Physics,", "University of Leeds,", "Leeds LS2 9JT, UK"], size=8, leading=9)
    front = sheet.lines(230, 118, [FILL[:70]] * 30, size=9, leading=11).front()
    assert texts(front) == ["Department of Physics, University of Leeds, Leeds LS2 9JT, UK"]
    sheet = Sheet().title("House First").lines(297, 115, ["Institute for Geoinformatics", "University of Leeds"], size=9, centred=True)
    assert links(sheet.text(297, 150, "Ann Lee", size=12, centred=True).body(190).front()) == {
        "Ann Lee": ["Institute for Geoinformatics University of Leeds"]
    }


def test_where_the_front_matter_ends() -> None:
    sheet = Sheet().title("No Abstract").text(70, 120, "Ann Lee^(1)").text(70, 134, "^(1)University of Leeds, UK", size=9)
    front = sheet.text(70, 160, "1 Overview", size=14, font="Times-Bold").text(70, 180, "Short words stand here").front()
    assert texts(front) == ["University of Leeds, UK"]
    sheet = Sheet().title("En castellano").lines(297, 120, ["Ann Lee", "Universidad de Leeds", "Octubre 10, 2015"], centred=True)
    assert texts(sheet.body(190).front()) == ["Universidad de Leeds"]


def test_one_text_for_two_bodies_is_parted_by_another_ones() -> None:
    sheet = Sheet().title("Both").text(297, 120, "Ann Lee^(1), Bob Ray^(2)", centred=True)
    sheet.text(297, 140, "^(1)Computing Group, UFMG and Zayed University of Artificial Intelligence", centred=True)
    front = sheet.text(297, 152, "^(2)Computing Group, UFMG", centred=True).body(190).front()
    assert texts(front) == ["Computing Group, UFMG", "Zayed University of Artificial Intelligence"]
    assert [sorted(author.affiliations) for author in front.authors] == [[0, 1], [0]]


def test_a_footnote_that_cannot_be_of_an_author() -> None:
    sheet = Sheet().title("Symbols Only").text(70, 120, "Ann Lee^(†)").body(150)
    sheet.text(74, 700, "^(†)University of Leeds, UK", size=8).text(74, 712, "^(1)The class was also tested with the next engine", size=8)
    assert texts(sheet.front()) == ["University of Leeds, UK"]


def test_a_line_without_width_ends_its_paragraph_like_others() -> None:
    thin = Line([Word("Leeds.", 70, 70, 700, 8, "Times")], 70, 70, 700, 8, "Times")
    assert not _ended(thin, [thin])
