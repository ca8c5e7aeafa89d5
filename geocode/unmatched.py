"""The name of the institution in a string that the registry doesn't know: departments, addresses and persons left out.

The name is what strings are clustered by, so it is rather left out than guessed: a string of departments and an address
alone has none, and neither has an "independent researcher".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from geocode.evidence import Evidence
from geocode.normalise import fold, name_tokens, without_company_form, words
from geocode.segments import Text
from geocode.words import COMPANY_FORM, DEPARTMENT, HOUSE, ORGANISATION

ALIKE = 92  # of 100: from here on two names in the same place are one
SHORTEST, LONGEST = 3, 120  # characters of a name
MOST_WORDS = 14
_FORM = r"(?:co|ltd|limited|inc|llc|corp|corporation|gmbh|s\.?a\.?s?|s\.?r\.?l|b\.?v|pte|pvt|plc|k\.?k|company)\b"
_COMMA_FORM = re.compile(rf"\s*,\s*(?={_FORM})", re.IGNORECASE)
_BRANCH = re.compile(rf"\s*[(（]([^()（）]{{1,30}})[)）]\s*(?=,?\s*(?:{_FORM}|[^\W\d_]*有限|股份|公司|株式|주식))", re.IGNORECASE)
_CUT = re.compile(r"[,;|\n\t()\[\]{}<>，、；（）•·/]+|\s+[-–—]+\s+|\.\s+(?=[A-Z][a-zà-ÿ]{3})|:\s")
_ADDRESS = re.compile(
    r"@|https?:|www\.|\b(?:street|str|strasse|straße|road|rd|avenue|ave|boulevard|blvd|lane|drive|district|floor|building|bldg|room|suite"
    r"|block|no|p\.?\s?o\.?\s?box|postcode|zip|rue|via|calle|ulica|ul|platz|km|lu|jalan|jl|dong|gu)\b\.?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:independent|freelance|unaffiliated|private|self[- ]employed|retired|no) (?:\w+ )?"
    r"(?:research\w*|scholar|scientist|consultant|affiliation|individual|person|inventor|developer|engineer)|\bindependent$"
    r"|^(?:students?|authors?|members?|corresponding|equal(?:ly)? contribut\w+|(?:both|these|the) authors|work (?:was )?done"
    r"|e-?mail|tel|fax|phone|address)\b",
    re.IGNORECASE,
)
_SUB = re.compile(
    r"^(?:dept|dep|fac|sch|div|lab|inst\. of|state key|key lab|joint|graduate school|school of|college of|center for|centre for)\b", re.I
)
_CJK_SUB = re.compile(r"(?:系|学部|研究室|实验室|實驗室|教研室|课题组)$")
_CJK_HOUSE = re.compile(r"(?:大学|大學|学院|學院|公司|集团|集團|研究院|研究所|医院|醫院|会社|회사|대학교)")


@dataclass(frozen=True, slots=True)
class House:
    """A name as printed, and its key: the folded words without company form and without the place's own name."""

    name: str
    key: str


def find_house(text: Text, evidence: Evidence, place: str = "") -> House | None:
    """The institution that a string without a registry record names; None where it names none."""
    taken = {text.folded[n] for n in evidence.taken}
    candidates = [part for part in _parts(text.cleaned) if _may_be_name(part, taken)]
    houses = [(rank, -n, part) for n, part in enumerate(candidates) if (rank := _rank(part)) > 0]
    if not houses:
        return None
    name = max(houses)[2]
    key = name_key(name, place)
    return House(name, key) if key else None


def _parts(cleaned: str) -> list[str]:
    joined = _COMMA_FORM.sub(" ", _BRANCH.sub(r" \1 ", cleaned))
    return [part.strip(" .:*†‡-–—'\"") for part in _CUT.split(joined)]


def _may_be_name(part: str, taken: set[str]) -> bool:
    found = [fold(w) for w in words(part)]
    letters = sum(c.isalpha() for c in part)
    if not (SHORTEST <= len(part) <= LONGEST) or letters < SHORTEST - (not part.isascii()) or len(part.split()) > MOST_WORDS:
        return False
    if all(w in taken or any(c.isdigit() for c in w) for w in found) or _NOBODY.search(part) or _ADDRESS.search(part):
        return False
    return letters > sum(c.isdigit() for c in part) * 2


def _rank(part: str) -> int:
    """How much a part looks like a house of its own; 0: part of another one."""
    found = [fold(w) for w in words(part)]
    if any(w in HOUSE for w in found) or (_CJK_HOUSE.search(part) and not _CJK_SUB.search(part)):
        return 4
    if len(found) > 1 and found[-1] in COMPANY_FORM:
        return 4
    if _SUB.search(part) or _CJK_SUB.search(part) or found[0] in DEPARTMENT:
        return 0
    if any(w in ORGANISATION for w in found):
        return 3
    return 2 if part[0].isupper() or not part.isascii() else 0


def name_key(name: str, place: str = "") -> str:
    """The words of a name for comparing, in order; "" where too little is left."""
    tokens = without_company_form(name_tokens(name))
    here = set(name_tokens(place)) if place else set()
    kept = [w for w in tokens if w not in here] or tokens
    key = " ".join(kept)
    return key if len(key) >= SHORTEST - (not key.isascii()) else ""


def are_alike(one: str, other: str) -> bool:
    """Whether two keys of names in the same place are of one institution; numbers in them must be the same."""
    if sorted(w for w in one.split() if w.isdigit()) != sorted(w for w in other.split() if w.isdigit()):
        return False
    return one == other or (min(len(one), len(other)) >= 6 and fuzz.token_sort_ratio(one, other) >= ALIKE)
