"""What a string leads to: the right house, several, a place, or an honest none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geocode.matcher import Answer, Matcher
from tests.geocode.registry import ror


def names(answer: Answer) -> list[str]:
    return [match.institution.name for match in answer.matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stanford University", ["Stanford University"]),
        ("Department of Computer Science, Stanford University, Stanford, CA 94305, USA", ["Stanford University"]),
        ("Dept. of Comp. Sci., Stanford Univ., Stanford, CA", ["Stanford University"]),
        ("School of Engineering Stanford University Stanford CA USA", ["Stanford University"]),
        ("Universität Wien, Wien, Österreich", ["University of Vienna"]),
        ("Vienna University, Vienna, Austria", ["University of Vienna"]),
        ("Universidade do Porto, Portugal", ["Universidade do Porto"]),
        ("Faculty of Engineering of the University of Porto, Porto, Portugal", ["Universidade do Porto"]),
        ("Institut f&uuml;r Informatik, Ludwig-Maximilians-Universit&auml;t M&uuml;nchen#TAB#", ["Ludwig-Maximilians-Universität München"]),
        ("Ludwig-Maximilians-Universitaet Muenchen, Germany", ["Ludwig-Maximilians-Universität München"]),
        ("清华大学计算机系，北京，中国", ["Tsinghua University"]),
        ("Université de Paris, F-75013 Paris Cedex 13, France", ["Université Paris Cité"]),
        ("Fac. of Eng., Univ. of Porto4200-465 Porto, Portugal", ["Universidade do Porto"]),
        ("서울대학교, 대한민국", ["Seoul National University"]),
        ("Tsinghau University, Beijing, China", ["Tsinghua University"]),
        ("Swiss Federal Institute of Technology in Zurich (ETH Zürich), Switzerland", ["ETH Zurich"]),
        ("Stanford University, Stanford, CA, USA; University of Oxford, Oxford, UK", ["Stanford University", "University of Oxford"]),
    ],
)
def test_finds_the_house(matcher: Matcher, text: str, expected: list[str]) -> None:
    assert names(matcher.match(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT, Cambridge, MA, USA", ["Massachusetts Institute of Technology"]),
        ("MIT, Auckland, New Zealand", ["Manukau Institute of Technology"]),
        ("MIT", []),
        ("NUDT, Changsha, China", ["National University of Defense Technology"]),
    ],
)
def test_an_acronym_needs_a_second_witness(matcher: Matcher, text: str, expected: list[str]) -> None:
    assert names(matcher.match(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("University of California, Davis", "University of California, Davis"),
        ("University of California, Davis, CA 95616", "University of California, Davis"),
        ("UC Berkeley", "University of California, Berkeley"),
        (
            "Department of Pediatrics, University of California, 10833 Le Conte Avenue, Los Angeles, CA 90095, USA",
            "University of California, Los Angeles",
        ),
    ],
)
def test_the_city_picks_the_campus(matcher: Matcher, text: str, expected: str) -> None:
    assert names(matcher.match(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IIIT-Delhi, India", ["Indraprastha Institute of Information Technology Delhi"]),  # the letters are IIITD
        ("IIIT-Delhi", ["Indraprastha Institute of Information Technology Delhi"]),
        ("IIIT-Dharwad, India", []),  # another one with these letters
        ("University of Amsterdam, The Netherlands", ["University of Amsterdam"]),
        ("VU Amsterdam, The Netherlands", ["Vrije Universiteit Amsterdam"]),
    ],
)
def test_letters_and_their_city(matcher: Matcher, text: str, expected: list[str]) -> None:
    assert names(matcher.match(text)) == expected


@pytest.mark.parametrize("text", ["VU University Amsterdam", "Department of Physics, VU University Amsterdam, The Netherlands"])
def test_a_plain_name_behind_another_houses_letters_is_not_meant(matcher: Matcher, text: str) -> None:
    assert "University of Amsterdam" not in names(matcher.match(text))


@pytest.mark.parametrize(
    ("text", "ror_id", "city"),
    [
        ("Google, Sydney, Australia", "04vssaz54", "Pyrmont"),
        ("Google, Singapore", "03weg0b71", "Singapore"),
        ("Google Inc., Mountain View, CA, USA", "00njsd438", "Mountain View"),
        ("Google Research", "00njsd438", "Mountain View"),
        ("Google", "00njsd438", "Mountain View"),
        ("Google, Zurich, Switzerland", "00njsd438", "Zürich"),  # no record there: the company's own, at the printed city
    ],
)
def test_the_country_picks_the_company(matcher: Matcher, text: str, ror_id: str, city: str) -> None:
    (match,) = matcher.match(text).matches
    assert (match.institution.ror_id, match.city) == (ror(ror_id), city)


def test_the_printed_country_of_a_company_counts_not_its_seats(matcher: Matcher) -> None:
    (branch,) = matcher.match("Google, Zurich, Switzerland").matches
    assert (branch.institution.country_code, branch.country_code, branch.city) == ("US", "CH", "Zürich")
    (somewhere,) = matcher.match("Google, Austria").matches
    assert (somewhere.country_code, somewhere.city, somewhere.latitude) == ("AT", None, None), "no pin at the seat"


@pytest.mark.parametrize(
    ("text", "domains", "country"),
    [
        ("Orrery Robotics", ("mail.orrery-robotics.com.cn",), "CN"),
        ("Orrery Robotics, jane@orrery.example.jp", (), "JP"),
        ("Orrery Robotics", ("orrery.ai",), None),  # sold all over the world
        ("Orrery Robotics", ("gmail.com",), None),
        ("West Virginia Orrery Consortium", (), "US"),
        ("Orrery Bank of Lithuania", (), "LT"),
        ("Orrery Union of New England", (), None),  # no England
        ("Georgia Orrery Union", (), None),  # which of the two?
    ],
)
def test_the_country_where_nothing_else_tells_it(matcher: Matcher, text: str, domains: tuple[str, ...], country: str | None) -> None:
    answer = matcher.match(text, domains)
    assert answer.matches == ()
    assert (answer.place.country_code if answer.place else None) == country


@pytest.mark.parametrize("text", ["Northeastern University", "Department of Physics, Northeastern University"])
def test_abstains_where_two_houses_bear_the_name(matcher: Matcher, text: str) -> None:
    answer = matcher.match(text)
    assert answer.matches == ()
    assert answer.reason


def test_a_place_tells_namesakes_apart(matcher: Matcher) -> None:
    assert [m.institution.ror_id for m in matcher.match("Northeastern University, Shenyang, China").matches] == [ror("03awzbc87")]
    assert [m.institution.ror_id for m in matcher.match("Northeastern University, Boston, MA").matches] == [ror("04t5xt781")]
    chinese = matcher.match("Institute of Automation, Chinese Academy of Sciences, Beijing, China")
    assert ror("022c3hy66") in [m.institution.ror_id for m in chinese.matches]
    assert [m.institution.ror_id for m in matcher.match("Institute of Automation, TU Dresden, Dresden, Germany").matches][-1] == ror(
        "042aqky30"
    )


def test_words_in_another_order_are_another_house(matcher: Matcher) -> None:
    assert names(matcher.match("University of Washington, Seattle, WA, USA")) == ["University of Washington"]
    assert names(matcher.match("Washington University in St. Louis, MO, USA")) == ["Washington University in St. Louis"]


def test_the_middle_of_a_longer_name_is_no_match(matcher: Matcher) -> None:
    assert matcher.match("Mohamed bin Oxford University of Artificial Intelligence").matches == ()


def test_a_closed_house_is_named_with_what_became_of_it(matcher: Matcher) -> None:
    (closed,) = matcher.match("Université Paris Diderot, Paris, France").matches
    assert (closed.institution.name, closed.institution.status) == ("Université Paris Diderot", "inactive")
    assert closed.successor is not None
    assert closed.successor.name == "Université Paris Cité"
    (kept,) = matcher.match("University of Koblenz and Landau, Germany").matches
    assert (kept.institution.name, kept.institution.status) == ("University of Koblenz and Landau", "inactive")  # two successors: neither


def test_withdrawn_records_are_never_matched(matcher: Matcher) -> None:
    assert matcher.match("Madison University, Gulfport, Mississippi, USA").matches == ()


def test_sectors(matcher: Matcher) -> None:
    def sector(text: str) -> str:
        return matcher.match(text).matches[0].institution.sector

    assert sector("National University of Defense Technology, Changsha, China") == "military"
    assert sector("Institute of Automation, Chinese Academy of Sciences") == "government"
    assert sector("Institute of Automation, TU Dresden, Germany") == "academic"  # the facility of a university
    assert sector("SenseTime, Beijing, China") == "commercial"


def test_the_email_domain_speaks_for_its_owner(matcher: Matcher) -> None:
    text = "Department of Computer Science"
    assert names(matcher.match(text, ["cs.stanford.edu"])) == ["Stanford University"]
    assert matcher.match(text, ["cs.stanford.edu"]).matches[0].method == "e-mail domain"
    assert matcher.match(text, ["gmail.com"]).matches == ()
    assert matcher.match(text, ["alumni.stanford.edu"]).matches == ()
    assert matcher.match("Yitu Technology Corporation, Shanghai, China", ["stanford.edu"]).matches == ()
    assert names(matcher.match("Northeastern University", ["northeastern.edu"])) == ["Northeastern University"]


@pytest.mark.parametrize(
    ("text", "granularity", "country", "name"),
    [
        ("Yitu Technology, Shanghai, China", "city", "CN", "Shanghai"),
        ("Foo Startup, Munich", "city", "DE", "Munich"),
        ("Foo Startup, Springfield", "country", "US", "US"),  # a dozen Springfields
        ("Foo Startup, Newbury, MA 01951, USA", "region", "US", "US.MA"),  # Newbury elsewhere is not meant
        ("Foo Startup, Germany", "country", "DE", "DE"),
        ("Foo Startup, Am Mühlenberg 1, 14467 Golmhausen, Germany", "country", "DE", "DE"),  # a street is no city
        ("Foo, Paris, France and Bar, Rome, Italy", None, None, None),
        ("Foo Startup", None, None, None),
    ],
)
def test_places_what_is_left_honestly(matcher: Matcher, text: str, granularity: str | None, country: str | None, name: str | None) -> None:
    answer = matcher.match(text)
    assert answer.matches == ()
    assert answer.reason
    place = answer.place
    assert (place.granularity, place.country_code, place.name) == (granularity, country, name) if place else granularity is None
    if place:
        assert (place.latitude is not None) == (granularity == "city")


def test_a_university_of_a_country_is_no_address(matcher: Matcher) -> None:
    assert matcher.match("University of Georgia Press Office").place is None


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00\x01", "1234 5678", "￿￾", "()", "#TAB#", "&#0;&nbsp;", "‏‮"])
def test_nothing_to_read_is_a_reasoned_none(matcher: Matcher, text: str) -> None:
    answer = matcher.match(text)
    assert answer.matches == ()
    assert answer.reason


def test_a_page_of_text_gets_an_answer(matcher: Matcher) -> None:
    assert matcher.match("Stanford University, " * 5_000).matches
    assert matcher.match("x" * 100_000).matches == ()


ODD = st.sampled_from(
    ["#TAB#", "&nbsp;", "&#x202E;", "\u202e", "\u200f", "Ã¼", "â€“", "\x00", "\ufffd", "(((", "，", "؛", "UMR CNRS 7", "@", "<b>", "\n"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        ODD | st.text(max_size=12) | st.sampled_from(["Stanford University", "جامعة القاهرة", "清华大学", "Univ.", "MIT"]), max_size=25
    )
)
def test_odd_strings_get_an_answer(matcher: Matcher, parts: list[str]) -> None:
    answer = matcher.match(" ".join(parts))
    assert answer.matches or answer.reason


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_get_an_answer(matcher: Matcher, data: bytes) -> None:
    answer = matcher.match(data.decode("latin-1"))
    assert answer.matches or answer.reason


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("#TAB#Stanford University#TAB#", "Stanford University"),
        ("UniversitÃ¤t Wien, Wien, Austria", "University of Vienna"),
        ("&#85;niversity of Vienna, Austria", "University of Vienna"),
        ("\u202bStanford University\u202c", "Stanford University"),
        ("DepartmentStanford University, Stanford, CA", "Stanford University"),
        ("Department of Physics, Universityof Vienna, Vienna, Austria", "University of Vienna"),
        ("STANFORD UNIVERSITY, STANFORD, UNITED STATES", "Stanford University"),
    ],
)
def test_a_damaged_string_still_tells(matcher: Matcher, printed: str, expected: str) -> None:
    assert names(matcher.match(printed)) == [expected]


def test_each_part_of_a_string_has_its_own_country(matcher: Matcher) -> None:
    text = "University of Vienna, Vienna, Austria and Stanford University, Stanford, California"
    assert names(matcher.match(text)) == ["University of Vienna", "Stanford University"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(matcher: Matcher, text: str) -> None:
    answer = matcher.match(text)
    assert answer.matches or answer.reason
