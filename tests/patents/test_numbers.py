"""Publication numbers: what is printed in many ways is one number, and each form leads back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identifiers import PublicationNumber, parse_publication_number
from db.identity import canonical

MIXED = """
US7654321B2 <- US7654321B2 | US 7,654,321 B2 | US-7654321-B2 | us.7654321.b2 | US07654321B2 | https://patents.google.com/patent/US7654321B2/en
US20190123456A1 <- US 2019/0123456 A1 | US-2019123456-A1 | US.2019123456.A1 | US20190123456A1 | US2019/123456A1 | US2019123456 (A1)
USRE43633E1 <- US RE43,633 E1 | USRE43633E1 | US-RE43633-E1
USD912345S1 <- US D912,345 S1 | USD0912345S1
EP1000000A1 <- EP 1 000 000 A1 | EP.1000000.A1 | EP1000000 (A1) | ＥＰ１００００００Ａ１
EP0123456B1 <- EP 0 123 456 B1 | EP123456B1 | EP-0123456-B1
WO2009085664A2 <- WO 2009/085664 A2 | WO2009/85664A2 | WO.2009085664.A2 | WO-2009085664-A2
WO1998050423A1 <- WO 98/50423 A1 | WO9850423A1 | WO1998050423A1
WO2002059072A1 <- WO 02/059072 A1 | WO02059072A1 | WO2002059072A1
WO2001005678A2 <- WO 01/05678 A2 | WO0105678A2
CN108256450A <- CN 108256450 A | CN-108256450-A | CN.108256450.A | cn108256450a
CN1234567C <- CN 1 234 567 C | CN1234567C
JP2005533465A <- JP 2005-533465 A | JP2005533465A | 特開2005-533465 | 特表2005-533465号公報
JPH1023609A <- JP H10-23609 A | JPH1023609A | 特開平10-23609号公報 | 特開平１０－２３６０９
JPH0512345A <- JP H5-12345 A | 特開平5-12345 | JPH0512345A
JP7475618 <- 特許第7475618号 | JP 7475618
JPWO2012056516A1 <- JP WO2012/056516 A1 | JPWO2012056516A1 | 再表2012/056516
KR101786692B1 <- KR 10-1786692 B1 | KR101786692B1 | KR-101786692-B1
KR20170012345A <- KR 10-2017-0012345 A | KR1020170012345A | KR20170012345A
KR101786692 <- 등록특허 10-1786692
DE102006006107A1 <- DE 10 2006 006 107 A1 | DE.102006006107.A1 | DE102006006107A1
DE19912345A1 <- DE 199 12 345 A1 | DE 19912345 A1
FR2700000A1 <- FR 2 700 000 A1 | FR2700000 (A1)
GB2400000B <- GB 2 400 000 B | GB-2400000-B
"""
PAIRS = [
    (spelled.strip(), right)
    for line in MIXED.strip().splitlines()
    for right, _, rest in [line.partition(" <- ")]
    for spelled in rest.split("|")
]


def test_there_are_at_least_fifty_spellings() -> None:
    assert len(PAIRS) >= 50


@pytest.mark.parametrize(("spelled", "right"), PAIRS)
def test_a_spelling_leads_to_the_normal_form(spelled: str, right: str) -> None:
    assert canonical("publication_number", spelled) == right


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "US",
        "US0",
        "ZZ1234567A1",
        "MegaFace",
        "CVPR 2016",
        "10.1109/CVPR.2016.527",
        "WO 77/12345",
        "US123456789",
        "EP12345678A1",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_publication_number(text) is None


def _serial(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(str)


YEARS = st.integers(2004, 2030).map(str)
NUMBERS = {
    "US": st.one_of(
        _serial(1, 19_999_999), st.builds("{}{:07d}".format, YEARS, st.integers(1, 999_999)), _serial(1, 999_999).map("D{}".format)
    ),
    "EP": st.integers(1, 9_999_999).map("{:07d}".format),
    "WO": st.builds("{}{:06d}".format, st.integers(1978, 2030), st.integers(1, 999_999)),
    "CN": st.one_of(_serial(1_000_000, 9_999_999), _serial(100_000_000, 399_999_999)),
    "JP": st.one_of(
        st.builds("{}{:06d}".format, YEARS, st.integers(1, 999_999)), _serial(1_000_000, 9_999_999),
        st.builds("{}{:02d}{}".format, st.sampled_from("SH"), st.integers(1, 64), st.integers(1, 399_999)),
        st.builds("WO{}{:06d}".format, st.integers(1978, 2030), st.integers(1, 999_999)),
    ),
    "KR": st.one_of(st.builds("10{:07d}".format, st.integers(1, 2_999_999)), st.builds("{}{:07d}".format, YEARS, st.integers(1, 999_999))),
    "DE": st.one_of(st.builds("10{}{:06d}".format, YEARS, st.integers(1, 999_999)), _serial(10_000, 69_999_999)),
    "FR": _serial(10_000, 9_999_999),
    "GB": _serial(10_000, 9_999_999),
}  # fmt: skip
KINDS = st.sampled_from(["A", "A1", "A2", "B", "B1", "B2", "C", "T3", "U1"])


@st.composite
def publications(draw: st.DrawFn) -> PublicationNumber:
    country = draw(st.sampled_from(sorted(NUMBERS)))
    return PublicationNumber(country, draw(NUMBERS[country]), draw(KINDS))


@given(publications())
def test_each_form_leads_back(number: PublicationNumber) -> None:
    for form in (number.normal, number.docdb, number.display):
        assert parse_publication_number(form) == number, form
    assert parse_publication_number(number.epodoc) == PublicationNumber(number.country, number.number)


@given(publications(), st.sampled_from(["{}", " {} ", "({})"]), st.booleans())
def test_space_case_and_width_do_not_count(number: PublicationNumber, kind_form: str, wide: bool) -> None:
    text = f"{number.country} {number.number} {kind_form.format(number.kind)}".lower()
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert parse_publication_number(text) == number


@given(publications())
def test_the_normal_form_is_stable_and_plain(number: PublicationNumber) -> None:
    assert re.fullmatch(r"[A-Z]{2}[A-Z0-9]+", number.normal)
    assert canonical("publication_number", canonical("publication_number", number.display)) == number.normal


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    found = parse_publication_number(text)
    assert found is None or parse_publication_number(found.normal) == found


def test_what_shares_a_serial_is_one_invention_only_where_the_office_counts_so() -> None:
    stems = {text: parse_publication_number(text).stem for text in ("EP1000000A1", "EP1000000B1", "JPS6012345A", "CN201234567U")}  # type: ignore[union-attr]
    assert stems == {"EP1000000A1": "EP1000000", "EP1000000B1": "EP1000000", "JPS6012345A": None, "CN201234567U": None}
