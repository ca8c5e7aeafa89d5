"""OpenAlex, OpenCitations, Unpaywall and Crossref on this machine, in their own shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crawler.sample.provider import Request
from crawler.sample.routes import Answer, json_answer

SEED_DOI = "10.48550/arxiv.1505.02108"
NO_BUDGET = {"error": "Rate limit exceeded", "message": "Insufficient budget", "dailyRemainingUsd": 0}


def open_work(number: int, **fields: Any) -> dict[str, Any]:
    """A work in OpenAlex's shape: the same document as ``citing(number)``."""
    return {
        "id": f"https://openalex.org/W{1000 + number}",
        "doi": f"https://doi.org/10.5555/FACE.{number}",
        "ids": {"openalex": f"https://openalex.org/W{1000 + number}", "mag": str(77_000 + number)},
        "display_name": f"On the recognition of faces in crowds, part {number}",
        "publication_year": 2015 + number % 10,
        "type": "article",
        "authorships": [
            {
                "author": {"display_name": f"Ada Part{number}"},
                "institutions": [
                    {"id": "I1", "display_name": "University of Somewhere", "ror": "https://ror.org/00cvxb145", "country_code": "US"}
                ],
                "raw_affiliation_strings": ["Dept. of Faces, University of Somewhere, Town. ada@cs.somewhere.edu"],
                "affiliations": [
                    {
                        "raw_affiliation_string": "Dept. of Faces, University of Somewhere, Town. ada@cs.somewhere.edu",
                        "institution_ids": ["I1"],
                    }
                ],
            }
        ],
        "abstract_inverted_index": {"faces": [1, 3], "Many": [0], "and": [2]},
    } | fields


@dataclass
class Second:
    """What these services know.  ``budget``: calls of lists that OpenAlex allows, None for any number."""

    works: list[dict[str, Any]] = field(default_factory=list)
    citing: list[str] = field(default_factory=list)
    unpaywall: dict[str, Any] = field(default_factory=dict)
    crossref: dict[str, Any] = field(default_factory=dict)
    hits: list[dict[str, Any]] = field(default_factory=list)  # of OpenAlex's search
    budget: int | None = None
    cost: float = 0.0001
    count: int | None = None

    def __call__(self, request: Request) -> Answer | None:
        path = request.path
        if path.startswith("/openalex/works/https://doi.org/"):
            if not path.lower().endswith(SEED_DOI):
                return Answer(404, b"<!doctype html><title>404 Not Found</title>", "text/html")
            return json_answer(200, open_work(-1, doi=f"https://doi.org/{SEED_DOI}", cited_by_count=len(self.works)))
        if path == "/openalex/works":
            return self._list(request)
        if path.startswith("/oc/citations/doi:"):
            known = path.lower().endswith(SEED_DOI)
            rows = [{"oci": str(i), "citing": ids, "cited": f"doi:{SEED_DOI}"} for i, ids in enumerate(self.citing)]
            return json_answer(200, rows if known else [])
        if path.startswith("/unpaywall/"):
            found = self.unpaywall.get(path.removeprefix("/unpaywall/"))
            return json_answer(200, found) if found else json_answer(404, {"HTTP_status_code": 404, "error": True})
        if path.startswith("/crossref/works/"):
            record = self.crossref.get(path.removeprefix("/crossref/works/"))
            gone = Answer(404, b"Resource not found.", "text/plain")
            return json_answer(200, {"status": "ok", "message-type": "work", "message": record}) if record else gone
        return None

    def _list(self, request: Request) -> Answer:
        if self.budget is not None:
            if not self.budget:
                answer = json_answer(429, NO_BUDGET)
                return Answer(429, answer.body, headers={"Retry-After": "43210"})
            self.budget -= 1
        cursor = request.query["cursor"]
        start = 0 if cursor == "*" else int(cursor.removeprefix("c"))
        end = start + int(request.query["per-page"])
        works = self.hits if "search" in request.query else self.works
        rows = works[start:end]
        count = len(works) if self.count is None else self.count
        meta = {"count": count, "next_cursor": f"c{end}" if rows else None, "cost_usd": self.cost}
        return json_answer(200, {"meta": meta, "results": rows})
