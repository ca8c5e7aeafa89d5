"""Who cites a dataset's papers, by OpenCitations: the open index of DOI-to-DOI citations."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.items import CitationPage, Edge, Paper, SeedAnswer
from crawler.lists.listing import ListSpider, json_of
from crawler.manners.refusals import Policy
from crawler.providers import OPENCITATIONS
from crawler.shapes.opencitations import parse_rows
from db.crawl import ListStep, find_list
from db.crawl_plan import Seed, load_dois, load_seeds

NAME = OPENCITATIONS.name


class OpenCitationsSpider(ListSpider):
    """The citing works of each seed work: the whole list of a DOI in one answer, without paging.

    ``/citations/doi:{doi}`` for each DOI of the seed.  A row has ids and a date, no title.  An unknown DOI gives ``[]``, the
    same as one that nobody cites, so an empty list withdraws nothing.  https://api.opencitations.net/index/v2
    """

    name = NAME
    provider = OPENCITATIONS
    policy = Policy(OPENCITATIONS)

    async def start(self) -> AsyncIterator[Any]:
        for seed in load_seeds(self.session.db, self.session.slugs):
            if not self.is_settled(seed):
                dois = load_dois(self.session.db, seed)
                if dois:
                    yield self._ask(seed, dois, {})
                else:
                    self.note(seed.subject, "OpenCitations is asked by DOI, and none is known")

    def _ask(self, seed: Seed, dois: list[str], found: dict[str, Edge]) -> Request:
        token = OPENCITATIONS.key(self.session.config)
        return self.api_request(
            f"citations/doi:{dois[0]}", {}, headers={"authorization": token} if token else None,
            callback=self.parse, errback=self.miss, cb_kwargs={"seed": seed, "dois": dois, "found": found},
        )  # fmt: skip

    def parse(self, response: Response, seed: Seed, dois: list[str], found: dict[str, Edge]) -> Iterator[Any]:
        answer = json_of(response)
        if response.status in (400, 404):
            answer = []
        if not isinstance(answer, list):
            self.fail(seed.subject, self.what(response))
            return
        found = found | {edge.key: edge for edge in parse_rows(answer)}
        if dois[1:]:
            yield self._ask(seed, dois[1:], found)
        else:
            yield from self._save(seed, dois[0], list(found.values()))

    def _save(self, seed: Seed, doi: str, edges: list[Edge]) -> Iterator[Any]:
        """The list is one page.  It brings no facts of the seed but the DOI by which it was found."""
        db = self.session.db
        state = find_list(db, NAME, seed.work_id) if seed.work_id else None
        number = 1 if state is None else state.pass_number + (state.state == "done")
        paper = Paper(title=seed.title, year=seed.year, ids=[("doi", doi)], n_citations=len(edges))
        yield SeedAnswer(seed, paper, NAME, number)
        taken = edges[: self.session.limit]
        url = f"{OPENCITATIONS.url(self.session.config)}/citations/doi:{doi}"
        before = state.position if state and state.pass_number == number else "{}"
        whole = bool(edges) and len(taken) == len(edges)
        after, done = json.dumps({"n_rows": len(taken)}), "done" if len(taken) == len(edges) else "paging"
        step = ListStep(NAME, doi, url, number, before, after, done, len(taken), withdraws=whole, scheme="doi", work_id=seed.work_id)
        yield CitationPage(step, taken)
