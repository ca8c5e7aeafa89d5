"""Names as strings print them: without the country, city or initials that the registry adds."""

from __future__ import annotations

import pytest

from db.gazetteer import Institution, Name
from geocode.build import find_short_keys
from geocode.countries import realm_of
from geocode.normalise import fold, name_tokens
from geocode.shortforms import BareForms

RECORDS = [
    ("United States Naval Research Laboratory", "US", "Washington"),
    ("National Cancer Centre Japan", "JP", "Tokyo"),
    ("Radboud University Nijmegen", "NL", "Nijmegen"),
    ("N. I. Lobachevsky State University", "RU", "Nizhny Novgorod"),
    ("Sartre University Lyon", "FR", "Lyon"),
    ("Sartre University", "FR", "Paris"),  # the bare form of the one before is another house's own name
    ("Centre Europe Berlin", "DE", "Berlin"),
    ("Japan", "JP", "Tokyo"),
]


def test_bare_names_leave_out_what_the_registry_adds() -> None:
    institutions = [
        Institution(rec, f"https://ror.org/{rec}", name, code, None, city, (), None, None, (), "other", "active", ())
        for rec, (name, code, city) in enumerate(RECORDS)
    ]
    names = [Name(rec, "display", tuple(name_tokens(name)), name) for rec, (name, _, _) in enumerate(RECORDS)]
    found = {RECORDS[name.rec][0]: " ".join(name.tokens) for name in BareForms(names, institutions).find()}
    assert found == {
        "United States Naval Research Laboratory": "naval research laboratory",
        "National Cancer Centre Japan": "national cancer center",
        "Radboud University Nijmegen": "radboud university",
        "N. I. Lobachevsky State University": "lobachevsky state university",
        "Centre Europe Berlin": "center europe",
    }


def test_a_state_has_its_territories_and_they_have_not_the_state() -> None:
    assert realm_of({"CN", "DE"}) == {"CN", "DE", "HK", "MO"}
    assert realm_of({"HK"}) == {"HK"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Санкт-Петербургский государственный университет", "СПбГУ"),
        ("Уральский федеральный университет имени Б. Н. Ельцина", "УрФУ"),
        ("Дальневосточный федеральный университет", "ДВФУ"),
    ],
)
def test_russian_houses_go_by_initials(name: str, short: str) -> None:
    assert fold(short) in set(find_short_keys({"names": [{"value": name, "types": ["label"]}]}))
