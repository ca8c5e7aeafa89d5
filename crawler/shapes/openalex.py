"""The shapes of OpenAlex: from its JSON to items.  https://developers.openalex.org/api-reference/works

Everything may be missing or null.  Affiliation strings may hold e-mail addresses: only their domains are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crawler.fulltext import OPENALEX_RANK, open_place
from crawler.items import Edge, Paper
from db.config import Config
from db.identity import canonical
from db.provider_affiliations import GivenAffiliation, GivenInstitution

SELECT = (
    "id,doi,ids,display_name,publication_year,publication_date,type,authorships,primary_location,best_oa_location,locations,"
    "abstract_inverted_index,cited_by_count"
)
_SCHEMES = {"openalex": "openalex", "doi": "doi", "mag": "mag", "pmid": "pubmed", "pmcid": "pmc"}
_EMAIL = re.compile(r"[\w.+%-]+@((?:[\w-]+\.)+[A-Za-z]{2,})")
_ROR = re.compile(r"https://ror\.org/0[a-z0-9]{6}\d{2}")
_ARXIV_PAGE = re.compile(r"^https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
PER_PAGE = 100  # the documentation of 2026 names 200 and 100 as the most
LONGEST_ABSTRACT = 20_000  # words


def parse_work(value: object, config: Config) -> Paper:
    """One work; an empty paper where the provider gives nothing."""
    given = _mapping(value)
    locations = [_mapping(location) for location in [given.get("best_oa_location"), *_list(given.get("locations"))]]
    source = _mapping(_mapping(given.get("primary_location")).get("source"))
    kind = _text(given.get("type"))
    return Paper(
        title=_text(given.get("display_name")) or _text(given.get("title")),
        year=given.get("publication_year"), venue=_text(source.get("display_name")),
        publication_date=_text(given.get("publication_date")), abstract=parse_abstract(given.get("abstract_inverted_index")),
        publication_types=[kind] if kind else [], authors=_authors(given), ids=_ids(given, locations),
        places=[place for location in locations if (place := _place(location, config))],
        n_citations=given["cited_by_count"] if isinstance(given.get("cited_by_count"), int) else None,
        affiliations=parse_affiliations(given.get("authorships")),
    )  # fmt: skip


def parse_row(value: object, config: Config) -> Edge | None:
    """A row of a list, or None where it is no work."""
    paper = parse_work(value, config)
    key = next((str(given) for scheme, given in paper.ids if scheme == "openalex" and canonical("openalex", given)), None)
    return Edge(key, paper) if key else None


def _ids(given: Mapping[str, Any], locations: Iterable[Mapping[str, Any]]) -> list[tuple[str, object]]:
    told = {"openalex": given.get("id"), "doi": given.get("doi")} | {k: v for k, v in _mapping(given.get("ids")).items() if v}
    ids: list[tuple[str, object]] = [(scheme, told[name]) for name, scheme in _SCHEMES.items() if told.get(name)]
    pages = [str(location.get("landing_page_url") or "") for location in locations]
    return ids + [("arxiv", page) for page in dict.fromkeys(pages) if _ARXIV_PAGE.match(page)]


def _authors(given: Mapping[str, Any]) -> list[str]:
    rows = [_mapping(row) for row in _list(given.get("authorships"))]
    names = (_text(_mapping(row.get("author")).get("display_name")) or _text(row.get("raw_author_name")) for row in rows)
    return [name for name in names if name]


def _place(location: Mapping[str, Any], config: Config) -> tuple[str, Any] | None:
    url = _text(location.get("pdf_url"))
    if not url or location.get("is_oa") is False:
        return None
    return open_place(url, _text(location.get("license")), "openalex", OPENALEX_RANK, config)


def parse_abstract(index: object) -> str | None:
    """The text of an inverted index (word → places)."""
    places = {at: word for word, where in _mapping(index).items() for at in _list(where) if isinstance(at, int)}
    return " ".join(places[at] for at in sorted(places)[:LONGEST_ABSTRACT]) or None


# ---------------------------------------------------------------- affiliations


def parse_affiliations(authorships: object) -> list[GivenAffiliation]:
    """The affiliation strings of all authors, each once, with the institutions that OpenAlex sees in each.

    Newer answers tie institutions to strings (``affiliations``); in older ones only an author with one string tells which.
    """
    found: dict[tuple[str, tuple[str, ...]], dict[str, GivenInstitution]] = {}
    for row in map(_mapping, _list(authorships)):
        institutions = {i.get("id"): i for i in map(_mapping, _list(row.get("institutions")))}
        texts = [text for text in _list(row.get("raw_affiliation_strings")) if _text(text)]
        tied = {a.get("raw_affiliation_string"): _list(a.get("institution_ids")) for a in map(_mapping, _list(row.get("affiliations")))}
        for text in texts or [text for text in tied if _text(text)]:
            names = tied.get(text, list(institutions) if len(texts) == 1 else [])
            of_string = found.setdefault(_without_emails(str(text)), {})
            of_string |= {i.ror_id: i for name in names if (i := _institution(institutions.get(name)))}
    return [
        GivenAffiliation(text, domains, tuple(of_string[ror] for ror in sorted(of_string)))
        for (text, domains), of_string in found.items()
        if text
    ]


def _without_emails(text: str) -> tuple[str, tuple[str, ...]]:
    domains = tuple(sorted({domain.lower() for domain in _EMAIL.findall(text)}))
    return " ".join(_EMAIL.sub("", text).split()).strip(" ;,"), domains


def _institution(given: object) -> GivenInstitution | None:
    row = _mapping(given)
    ror = _text(row.get("ror"))
    if not ror or not _ROR.fullmatch(ror):
        return None
    return GivenInstitution(ror, _text(row.get("display_name")), _text(row.get("country_code")))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
