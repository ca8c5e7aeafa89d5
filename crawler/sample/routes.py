"""From a request to the answer of a provider in good health."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.sample.searches import bulk_page, found_papers, found_snippets
from crawler.sample.stock import Stock

MAX_LIMIT = 1000
CAP = 10_000  # offset + limit stays below
BATCH = 500
API = "/graph/v1/paper/"
SNIPPETS = "/graph/v1/snippet/search"
PAPER_FIELDS = {
    *("paperId", "corpusId", "externalIds", "url", "title", "abstract", "venue", "publicationVenue", "year", "publicationDate"),
    *("publicationTypes", "journal", "authors", "isOpenAccess", "openAccessPdf", "citationCount", "influentialCitationCount"),
    *("referenceCount", "fieldsOfStudy", "s2FieldsOfStudy", "citationStyles", "textAvailability", "tldr"),
}
EDGE_FIELDS: dict[str, Any] = {"contexts": [], "intents": [], "contextsWithIntent": [], "isInfluential": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(status: int, value: Any) -> Answer:
    """An answer of the API."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


def answer(stock: Stock, path: str, query: Mapping[str, str], body: bytes) -> Answer:
    """The right answer to a request."""
    if path == "/robots.txt":
        return Answer(200, stock.robots.encode(), "text/plain")
    if path.startswith("/pdf/"):
        return _pdf(stock, path.removeprefix("/pdf/"))
    if path == SNIPPETS:
        return json_answer(200, {"data": found_snippets(stock, query.get("query", ""), int(query.get("limit", 10)))})
    if not path.startswith(API):
        return json_answer(404, {"error": "Not found"})
    unknown = set(filter(None, query.get("fields", "").split(","))) - PAPER_FIELDS - EDGE_FIELDS.keys()
    if unknown:
        return json_answer(400, {"error": f"Unrecognized or unsupported fields: [{', '.join(sorted(unknown))}]"})
    return _graph(stock, path.removeprefix(API), query, body)


def _graph(stock: Stock, rest: str, query: Mapping[str, str], body: bytes) -> Answer:
    fields = (query.get("fields") or "title").split(",")
    if rest == "search/match":
        return _match(stock, query.get("query", ""), fields)
    if rest == "search/bulk":
        return _bulk(stock, query, fields)
    if rest == "batch":
        found = [stock.find_paper(asked) for asked in json.loads(body)["ids"][:BATCH]]
        return json_answer(200, [paper and render(stock, paper, fields) for paper in found])
    asked = rest.removesuffix("/citations")
    paper = stock.find_paper(asked)
    if paper is None:
        return json_answer(404, {"error": f"Paper with id {asked} not found"})
    if asked == rest:
        return json_answer(200, render(stock, paper, fields))
    return _citations(stock, paper["paperId"], query, fields)


def _match(stock: Stock, title: str, fields: Iterable[str]) -> Answer:
    words = set(title.lower().split())
    common = {key: len(words & set(str(paper.get("title")).lower().split())) for key, paper in stock.papers.items()}
    best = max(sorted(common), key=lambda key: common[key], default=None)
    if best is None or not common[best]:
        return json_answer(404, {"error": "Title match not found"})
    return json_answer(200, {"data": [render(stock, stock.papers[best], fields) | {"matchScore": float(common[best])}]})


def _bulk(stock: Stock, query: Mapping[str, str], fields: Iterable[str]) -> Answer:
    window = query.get("publicationDateOrYear")
    papers = list(_in_window(stock, [{"citingPaper": paper} for paper in found_papers(stock, query.get("query", ""))], window))
    rows, rest = bulk_page(stock, papers, query.get("token"), whole=window is None)
    return json_answer(200, rest | {"data": [render(stock, row["citingPaper"], fields) for row in rows]})


def _citations(stock: Stock, cited: str, query: Mapping[str, str], fields: Iterable[str]) -> Answer:
    offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
    if not 1 <= limit <= MAX_LIMIT:
        return json_answer(400, {"error": f"Unacceptable query params: [limit={limit}]"})
    if offset + limit >= CAP:
        return json_answer(400, {"error": f"offset + limit must be < {CAP}"})
    edges = _in_window(stock, stock.citations.get(cited, []), query.get("publicationDateOrYear"))
    page: dict[str, Any] = {"offset": offset, "data": [_render_edge(stock, edge, fields) for edge in edges[offset : offset + limit]]}
    return json_answer(200, page | {"next": offset + limit} if offset + limit < len(edges) else page)


def _in_window(stock: Stock, edges: Sequence[Any], window: str | None) -> Sequence[Any]:
    """The rows of a window of dates ("2015-01-01:2016-12-31", either end may be open), as ``stock.windows`` says."""
    if window is None or stock.windows == "ignored":
        return edges
    first, _, last = window.partition(":")
    reachable = edges[: CAP - 1] if stock.windows == "shared" else edges
    return [edge for edge in reachable if (day := _date_of(stock, edge)) and first <= day <= (last or "9999")]


def _date_of(stock: Stock, edge: Any) -> str | None:
    paper = edge if isinstance(edge, str) else edge["citingPaper"]
    paper = stock.papers[paper] if isinstance(paper, str) else paper
    return paper.get("publicationDate") or (f"{paper['year']}-01-01" if paper.get("year") else None)


def render(stock: Stock, paper: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The asked fields of a paper, in the service's shape."""
    shown = {"paperId": paper["paperId"]} | {name: paper.get(name) for name in fields if name in PAPER_FIELDS}
    if "citationCount" in shown and shown["citationCount"] is None:
        shown["citationCount"] = len(stock.citations.get(str(paper["paperId"]), ()))
    if shown.get("openAccessPdf"):
        url = str(shown["openAccessPdf"].get("url") or "")
        shown["openAccessPdf"] = shown["openAccessPdf"] | {"url": url.replace("{url}", stock.url)}
    return shown


def _render_edge(stock: Stock, edge: str | Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """One row of a list; fields of the edge only where they were asked for."""
    row: Mapping[str, Any] = {"citingPaper": edge} if isinstance(edge, str) else edge
    paper = row["citingPaper"]
    asked = list(fields)
    of_edge = {name: row.get(name, default) for name, default in EDGE_FIELDS.items() if name in asked}
    return of_edge | {"citingPaper": render(stock, stock.papers[paper] if isinstance(paper, str) else paper, asked)}


def _pdf(stock: Stock, name: str) -> Answer:
    content = stock.pdfs.get(name) or stock.pdfs.get(name + ".pdf")
    return Answer(200, content, "application/pdf") if content else Answer(404, b"not found", "text/plain")
