"""The shapes of OpenCitations: Index v2 (ids in one string, separated by blanks) and COCI v1 (a bare DOI).

https://api.opencitations.net/index/v2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crawler.items import Edge, Paper
from db.identity import canonical, row_id

SCHEMES = {"doi": "doi", "pmid": "pubmed", "pmcid": "pmc", "arxiv": "arxiv", "openalex": "openalex"}


def parse_ids(text: str) -> list[tuple[str, object]]:
    """Ids of "omid:br/06101 doi:10.1/x pmid:1"; a record without any other id is known by its omid."""
    ids: list[tuple[str, object]] = []
    omid = None
    for token in text.split():
        prefix, _, value = token.partition(":")
        if token.startswith("10."):
            ids.append(("doi", token))
        elif prefix in SCHEMES and canonical(SCHEMES[prefix], value):
            ids.append((SCHEMES[prefix], value))
        elif prefix == "omid":
            omid = value
    return ids or ([("row", row_id("omid", omid))] if omid else [])


def parse_rows(rows: Iterable[object]) -> Iterator[Edge]:
    """The citing works of a list; rows without any id are left out."""
    for row in rows:
        given = row if isinstance(row, Mapping) else {}
        ids = parse_ids(str(given.get("citing") or ""))
        if ids:
            day = str(given.get("creation") or "")  # 2018, 2017-08 or 2019-04-10: that of the citing work
            year = int(day[:4]) if day[:4].isdigit() else None
            yield Edge(str(ids[0][1]).lower(), Paper(year=year, publication_date=day if len(day) == 10 else None, ids=ids))
