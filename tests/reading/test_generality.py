"""Front matter that breaks where it is not convenient: names over line ends, blocks without a gap, addresses elsewhere."""

from __future__ import annotations

from tests.reading.pages import FILL, Sheet, links, texts


def test_a_name_cut_at_the_end_of_a_line_is_whole() -> None:
    sheet = Sheet().title("Cut in Two")
    sheet.lines(297, 120, ["Ann Lee^(1), Bob Ray^(2), Jason", "Dunkelberger^(1), and Cy Fournier-", "Montgieux^(2)"], centred=True)
    sheet.lines(297, 170, ["^(1)University of Leeds, UK", "^(2)Tencent AI Lab, Shenzhen, China"], centred=True)
    assert links(sheet.body(220).front()) == {
        "Ann Lee": ["University of Leeds"],
        "Bob Ray": ["Tencent AI Lab"],
        "Jason Dunkelberger": ["University of Leeds"],
        "Cy Fournier-Montgieux": ["Tencent AI Lab"],
    }


def test_a_firm_below_a_list_of_names_is_no_part_of_the_last_one() -> None:
    sheet = Sheet().title("Names by Commas")
    sheet.lines(297, 120, ["Ann Lee, Bob Ray, Cy Dee,", "Di Fox, Hartwig Adam"], centred=True)
    front = sheet.lines(297, 150, ["Google Inc."], centred=True).body(200).front()
    assert [author.name for author in front.authors] == ["Ann Lee", "Bob Ray", "Cy Dee", "Di Fox", "Hartwig Adam"]
    assert texts(front) == ["Google Inc."]


def test_a_wide_line_is_parted_from_its_neighbours() -> None:
    sheet = Sheet().title("No Room Between")
    sheet.lines(160, 120, ["Ann Lee", "Nuffield Department of Primary Care Health Sciences", "University of Oxford, UK"], centred=True)
    sheet.lines(332, 120, ["Bob Ray", "Tencent Artificial Intelligence Laboratory", "Shenzhen, China"], centred=True)
    assert texts(sheet.body(200).front()) == [
        "Nuffield Department of Primary Care Health Sciences University of Oxford, UK",
        "Tencent Artificial Intelligence Laboratory Shenzhen, China",
    ]


def test_a_second_line_of_a_marked_affiliation_follows_the_one_above_it() -> None:
    sheet = Sheet().title("Wide and Narrow").text(297, 120, "Ann Lee^(1), Bob Ray^(2)", centred=True)
    sheet.text(297, 140, "^(1)INESC TEC, Porto, Portugal", centred=True)
    sheet.text(297, 151, "^(2)Department of Pediatrics, University of California, 10833 Le Conte Avenue, Los Angeles, CA", centred=True)
    sheet.text(297, 162, "90095, USA", centred=True)
    assert texts(sheet.body(210).front())[0] == "INESC TEC, Porto, Portugal"


def test_a_footnote_with_names_above_their_addresses() -> None:
    sheet = Sheet().title("At the Foot").text(70, 120, "Ann Lee · Bob Ray").body(150)
    sheet.lines(70, 690, ["A. Lee", "School of Computing, University of Leeds, Leeds, UK", "E-mail: lee@leeds.ac.uk"], size=8, leading=9)
    sheet.lines(70, 725, ["Bob Ray", "Tencent AI Lab, Shenzhen, China"], size=8, leading=9)
    assert links(sheet.front()) == {"Ann Lee": ["School of Computing"], "Bob Ray": ["Tencent AI Lab"]}


def test_addresses_behind_the_text() -> None:
    sheet = Sheet().title("Signed at the End").text(297, 120, "Ann Lee, Bob Ray", centred=True).body(150).new_page()
    sheet.lines(70, 80, [FILL] * 8)
    sheet.lines(70, 230, ["Ann Lee", "School of Computing", "University of Leeds, UK", "lee@leeds.ac.uk"])
    sheet.lines(70, 300, ["Bob Ray", "Tencent AI Lab, Shenzhen, China"])
    front = sheet.front()
    assert links(front) == {"Ann Lee": ["School of Computing University of Leeds"], "Bob Ray": ["Tencent AI Lab"]}
    assert [affiliation.page for affiliation in front.affiliations] == [2, 2]


def test_addresses_in_the_order_of_the_authors_end_the_document() -> None:
    sheet = Sheet().title("Addresses Last").text(297, 120, "ANN LEE AND BOB RAY", centred=True).body(150).new_page()
    sheet.lines(70, 80, [FILL] * 8)
    sheet.lines(70, 190, ["References", "[1] A. Author, A book, A press, 1999."])
    sheet.text(80, 240, "School of Computing, University of Leeds, Leeds, UK", size=8)
    sheet.text(80, 257, "Email address: lee@leeds.ac.uk", size=8)
    sheet.text(80, 274, "Tencent AI Lab, Shenzhen, China", size=8)
    assert links(sheet.front()) == {"ANN LEE": ["School of Computing"], "BOB RAY": ["Tencent AI Lab"]}


def test_an_editorial_signed_below_its_text() -> None:
    sheet = Sheet().title("An Editorial").lines(70, 130, [FILL] * 30)
    sheet.text(420, 530, "Greg Doe")
    sheet.lines(330, 550, ["Department of Immunology, Example Cancer Center,", "University of Leeds, UK", "Email: doe@leeds.ac.uk"])
    assert links(sheet.front()) == {"Greg Doe": ["Department of Immunology"]}


def test_two_bodies_joined_by_a_plain_and() -> None:
    sheet = Sheet().title("Here and There").text(297, 120, "Ann Lee and Bob Ray", centred=True).body(150)
    sheet.lines(
        70,
        700,
        [
            "A. Lee is with Tencent AI Lab, Shenzhen, China and University of Leeds, Leeds, UK.",
            "B. Ray is with Universidad de Granada, Spain.",
        ],
        size=8,
        leading=9,
    )
    assert links(sheet.front())["Ann Lee"] == ["Tencent AI Lab", "University of Leeds"]


def test_what_follows_the_last_affiliation_of_a_footnote_is_left_out() -> None:
    sheet = Sheet().title("One Footnote for All").text(297, 120, "Ann Lee^(1)   Bob Ray^(2)", centred=True).body(150)
    sheet.lines(
        70,
        700,
        [
            "^(1)University of Leeds, Leeds, UK. ^(2)Institut Teknologi Bandung, Bandung, Indonesia. Correspondence to: Ann Lee",
            "<lee@leeds.ac.uk>.",
        ],
        size=8,
        leading=9,
    )
    assert texts(sheet.front()) == ["University of Leeds, Leeds, UK", "Institut Teknologi Bandung, Bandung, Indonesia"]


def test_a_side_column_left_of_a_title_whose_last_line_is_short() -> None:
    sheet = Sheet()
    sheet.lines(200, 90, ["A Response to the Criticism of Causal Orders", "in Systems"], size=17, leading=21)
    sheet.text(200, 140, "Ann Lee^(1) and Bob Ray^(2)")
    sheet.text(200, 158, "^(1)Department of Mathe-").text(70, 160, "Edited by:", size=8)
    sheet.text(200, 170, "matics, University of Leeds, UK, ^(2)Tencent AI Lab, China").text(70, 170, "University of Nowhere", size=8)
    front = sheet.body(220).front()
    assert texts(front) == ["Department of Mathematics, University of Leeds, UK", "Tencent AI Lab, China"]
