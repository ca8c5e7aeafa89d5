"""The vocabulary of ``vocabulary.toml`` as the other modules use it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_TABLE: dict[str, Any] = tomllib.loads(files("geocode").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def _first_words(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        first, *others = line.split()
        for word in (first, *others):
            found.setdefault(word, first)
    return found


CONCEPT: Mapping[str, str] = _first_words([*_TABLE["concepts"], *_TABLE["cities"]])  # word → the word that stands for it
ROMANISED: Mapping[str, str] = _first_words(_TABLE["romanised"])  # the same for words that were Greek or Cyrillic
COMMON = frozenset(_first_words(_TABLE["concepts"]).values())  # these are no cities, though GeoNames knows a School and a University
STOP = frozenset(_TABLE["stop"].split())
ORGANISATION = frozenset(_TABLE["organisation"].split())
UNIT = frozenset(_TABLE["unit"].split())
DEPARTMENT = frozenset(_TABLE["department"].split())
HOUSE = frozenset(_TABLE["house"].split())
COMPANY_FORM = frozenset(_TABLE["company_form"].split())
TRADE = frozenset(_TABLE["trade"].split())
OF_COMPANY = COMPANY_FORM.union(_TABLE["of_company"].split())
NOT_COMPANY = frozenset(_TABLE["not_company"].split())
FILLER = frozenset(_TABLE["filler"].split())
SEAT = frozenset(_TABLE["seat"].split())
NAME_GOES_ON = frozenset(_TABLE["name_goes_on"].split())
FREE_MAIL = frozenset(_TABLE["free_mail"].split())
LEFT_MAIL = frozenset(_TABLE["left_mail"].split())
COUNTRIES: Mapping[str, list[str]] = _TABLE["countries"]
DIVISIONS: Mapping[str, list[str]] = _TABLE["divisions"]
LETTERS: Mapping[str, str] = _TABLE["letters"]
