"""What Lens is asked: patents that cite a dataset's papers, and patents whose full text names it.

Fields of the search: https://docs.api.lens.org/request-patent.html.  Cited literature is linked to scholarly records, so the
citing patents of a paper are one query by its DOI or PubMed id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

SIZE = 100  # records a page: every plan allows that
SCROLL = "1m"
INCLUDE = [
    "lens_id", "jurisdiction", "doc_number", "kind", "date_published", "lang", "abstract", "claims", "description", "families",
    "biblio.invention_title", "biblio.parties", "biblio.priority_claims", "biblio.application_reference", "biblio.references_cited",
    "legal_status.grant_date",
]  # fmt: skip
HOWS = ("citation", "full text")


def make_query(how: str, names: Sequence[str], papers: Mapping[str, Collection[str]]) -> dict[str, Any] | None:
    """The query of a search (one of ``HOWS``); None where there is nothing to search by."""
    if how == "citation":
        ids = sorted({value for scheme in ("doi", "pubmed", "mag") for value in papers.get(scheme, ())})
        lens = sorted(papers.get("lens", ()))
        clauses: list[dict[str, Any]] = [{"terms": {"reference_cited.npl.external_id": ids}}] if ids else []
        clauses += [{"terms": {"reference_cited.npl.lens_id": lens}}] if lens else []
    else:
        clauses = [{"match_phrase": {"full_text": name}} for name in dict.fromkeys(" ".join(name.split()) for name in names)]
        clauses += [{"match_phrase": {"reference_cited.npl.text": name}} for name in dict.fromkeys(" ".join(n.split()) for n in names)]
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if clauses else None


def make_body(query: Mapping[str, Any], since: str | None, size: int) -> dict[str, Any]:
    """The first request of a scroll, oldest publication first, from the day ``since`` on; words are not reduced to their roots."""
    found: dict[str, Any] = {"bool": {"must": [query, {"range": {"date_published": {"gte": since}}}]}} if since else dict(query)
    return {
        "query": found, "sort": [{"date_published": "asc"}], "size": size, "scroll": SCROLL, "include": INCLUDE, "stemming": False,
    }  # fmt: skip
