"""Layouts met in papers that nobody tuned to, each by the mechanism that reads it."""

from __future__ import annotations

from reportlab.pdfbase import pdfmetrics

from tests.reading.pages import FILL, Sheet, links, texts


def test_a_firm_that_sounds_like_a_person_is_taken_behind_its_mark() -> None:
    sheet = Sheet().title("Marks Say Enough").text(297, 120, "Ann Lee^(1), Bob Ray^(2), Cy Dee^(3)", centred=True)
    sheet.lines(297, 140, ["^(1)University of Leeds, UK", "^(2)Rank One Computing", "^(3)LMU Munich"], centred=True)
    assert texts(sheet.body(200).front()) == ["University of Leeds, UK", "Rank One Computing", "LMU Munich"]


def test_a_symbol_leads_to_what_would_be_an_authors_only_affiliation() -> None:
    sheet = Sheet().title("One of Three").text(297, 120, "Ann Lee^(*), Bob Ray^(#), Cy Dee^(#*)", centred=True)
    front = sheet.lines(297, 140, ["^(*)University of Leeds, UK", "^(#)InsightFace"], centred=True).body(200).front()
    assert links(front) == {
        "Ann Lee": ["University of Leeds"],
        "Bob Ray": ["InsightFace"],
        "Cy Dee": ["University of Leeds", "InsightFace"],
    }


def test_marks_behind_the_places_with_addresses_below() -> None:
    sheet = Sheet().title("Plus and Dollar").text(297, 120, "Ann Lee^(*), Bob Ray^($), Cy Dee^(+)", centred=True)
    sheet.lines(297, 140, ["Mozilla Corporation^(*)", "{lee}@mozilla.com", "Intel Corporation^($)", "{ray}@intel.com"], centred=True)
    front = sheet.lines(297, 190, ["University of California, Irvine^(+)", "{dee}@uci.edu"], centred=True).body(240).front()
    assert [(a.text, a.email_domains) for a in front.affiliations] == [
        ("Mozilla Corporation", ["mozilla.com"]),
        ("Intel Corporation", ["intel.com"]),
        ("University of California, Irvine", ["uci.edu"]),
    ]


def test_a_footnote_whose_words_stand_far_apart_is_one_line() -> None:
    sheet = Sheet().title("Badly Justified").text(70, 120, "Ann Lee^(*), Bob Ray^(*)").body(150)
    sheet.text(74, 700, "^(*)Cognitive", size=8).text(135, 700, "Science", size=8).text(185, 700, "Department,", size=8)
    front = sheet.text(250, 700, "Xiamen", size=8).text(300, 700, "University, China", size=8).front()
    assert texts(front) == ["Cognitive Science Department, Xiamen University, China"]


def test_a_date_below_the_names_is_no_affiliation() -> None:
    front = Sheet().title("Written in March").lines(297, 120, ["Ann Lee", "Mar 25, 2016"], centred=True).body(170).front()
    assert [author.name for author in front.authors] == ["Ann Lee"]
    assert texts(front) == []


def test_names_in_the_column_left_of_the_title() -> None:
    sheet = Sheet().text(190, 100, "Sprints of Footballers and What They Do", size=16, font="Times-Bold")
    sheet.lines(45, 110, ["Ann LEE"], size=9).lines(
        45, 290, ["The School of Sports,", "University of Leeds,", "Leeds - UK"], size=8, leading=9
    )
    front = sheet.lines(190, 140, [FILL[:70]] * 30, size=9, leading=11).front()
    assert links(front) == {"Ann LEE": ["The School of Sports"]}


def test_degrees_between_names_and_places_with_surnames() -> None:
    sheet = Sheet().title("For Physicians").text(70, 120, "Ann Lee, MD, PhD; Bob Ray, MSc; Cy Dee, MD").body(150)
    sheet.lines(
        70, 700, ["Author Affiliations: University of Leeds, Leeds, UK (Lee, Dee);", "Tencent AI Lab, Shenzhen, China (Ray)."], size=8
    )
    front = sheet.front()
    assert links(front) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Tencent AI Lab"], "Cy Dee": ["University of Leeds"]}


def test_a_country_that_ends_like_a_conjunction_ends_the_entry() -> None:
    sheet = Sheet().title("Land and And")
    sheet.lines(70, 120, ["ANN LEE, University of Oulu, Finland", "BOB RAY, University of Leeds, UK"])
    assert links(sheet.body(170).front()) == {"ANN LEE": ["University of Oulu"], "BOB RAY": ["University of Leeds"]}


def test_an_accent_drawn_after_its_word_stands_over_its_letter() -> None:
    at = 100 + pdfmetrics.stringWidth("Institut f", "Times-Roman", 10)
    sheet = Sheet().title("Drawn Apart").text(100, 120, "Ann Lee").text(100, 140, "Institut f").text(at, 140, "ur Statistik, Wien, Austria")
    front = sheet.text(at + 0.8, 139.6, "¨").body(190).front()
    assert texts(front) == ["Institut für Statistik, Wien, Austria"]


def test_addresses_behind_the_references_in_the_order_of_the_authors() -> None:
    sheet = Sheet().title("Mathematics").text(297, 120, "ANN LEE AND BOB RAY", centred=True).body(150).new_page()
    sheet.text(70, 60, "ANN LEE AND BOB RAY").lines(70, 90, [FILL] * 20).text(250, 400, "References")
    sheet.text(70, 420, "[1] A. Book, Some Press, New York, 1999.", size=8)
    sheet.lines(
        82,
        450,
        ["Centre for Ageing and Population Studies and Department of", "Psychology, Umea University, Umea, Sweden"],
        size=8,
        leading=10,
    )
    sheet.text(82, 470, "Email address : lee@umu.se", size=8).text(82, 490, "MIT", size=8).text(
        82, 500, "Email address : ray@mit.edu", size=8
    )
    front = sheet.front()
    assert links(front) == {"ANN LEE": ["Centre for Ageing and Population Studies and Department of Psychology"], "BOB RAY": ["MIT"]}
    assert [a.email_domains for a in front.affiliations] == [["umu.se"], ["mit.edu"]]


def test_marks_that_are_only_notes_leave_each_name_what_stands_below_it() -> None:
    sheet = Sheet().title("Groups of One")
    sheet.lines(297, 120, ["Ann Lee^(1)", "University of Leeds, Leeds, UK", "Bob Ray^(2)", "Tencent AI Lab, Shenzhen, China"], centred=True)
    front = sheet.body(190).text(70, 720, "^(1)Since 1990.", size=7).text(70, 730, "^(2)Also a painter.", size=7).front()
    assert links(front) == {"Ann Lee": ["University of Leeds"], "Bob Ray": ["Tencent AI Lab"]}


def test_a_subscript_in_the_title_is_kept() -> None:
    sheet = Sheet().text(100, 90, "Formation of Y", size=17, font="Times-Bold").text(213, 92.5, "3", size=10, font="Times-Bold")
    front = sheet.text(226, 90, "on the Interface", size=17, font="Times-Bold").text(297, 120, "Ann Lee", centred=True).body(170).front()
    assert front.title == "Formation of Y3 on the Interface"


def test_a_title_may_begin_like_a_heading() -> None:
    sheet = Sheet().text(60, 40, "Journal of Samples, Vol. 3", size=8).title("Background Subtraction for Moving Cameras")
    assert sheet.text(297, 120, "Ann Lee", centred=True).body(170).front().title == "Background Subtraction for Moving Cameras"


def test_a_row_of_marked_names_is_no_title() -> None:
    sheet = Sheet().text(297, 90, "Squeeze-and-Excitation Networks", size=12, font="Times-Bold", centred=True)
    sheet.text(297, 115, "Ann Lee^(1) Bob Ray^(2) Cy Dee^(1)", centred=True)
    front = sheet.lines(297, 135, ["^(1)University of Leeds, UK", "^(2)Tencent AI Lab"], centred=True).body(180).front()
    assert (front.title, len(front.authors)) == ("Squeeze-and-Excitation Networks", 3)


def test_a_subtitle_in_smaller_letters_belongs_to_the_title() -> None:
    sheet = (
        Sheet()
        .title("Face Tracking in Video")
        .text(297, 108, "Development of a Fast Cascade^(1)", size=13, font="Times-Bold", centred=True)
    )
    front = sheet.text(297, 140, "Ann Lee, Bob Ray", centred=True).body(180).front()
    assert front.title == "Face Tracking in Video: Development of a Fast Cascade"
