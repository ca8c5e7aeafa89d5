"""Who cites a dataset's papers, by OpenAlex: a second opinion, with affiliation strings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.items import CitationPage, Edge, Paper, SeedAnswer
from crawler.lists.listing import json_of
from crawler.manners.openalex import MeteredSpider
from crawler.providers import OPENALEX
from crawler.shapes.openalex import PER_PAGE, SELECT, parse_row, parse_work
from db.crawl import ListStep, find_list
from db.crawl_plan import Seed, load_dois, load_seeds
from db.identity import canonical
from db.works import holder_of

NAME = OPENALEX.name


class OpenAlexSpider(MeteredSpider):
    """The citing works of each seed work, with cursor paging.

    The seed by each DOI that is known of it, that of arXiv too (single records cost nothing); preprint and published version
    are often two records, and the list asks for both: ``/works?filter=cites:W1|W2&cursor=*``, on with ``meta.next_cursor``
    until it is null.  The answer tells its price (``meta.cost_usd``); where the day's budget is spent the crawl stops, and
    goes on from the saved cursor another day.  https://developers.openalex.org/api-reference/works
    """

    name = NAME

    async def start(self) -> AsyncIterator[Any]:
        for seed in load_seeds(self.session.db, self.session.slugs):
            if not self.is_settled(seed):
                dois = load_dois(self.session.db, seed)
                if dois:
                    yield self._look_up(seed, dois, [])
                else:
                    self.note(seed.subject, "OpenAlex is asked by DOI or arXiv id, and neither is known")

    # ------------------------------------------------------------ the seed

    def _look_up(self, seed: Seed, dois: list[str], found: list[Paper]) -> Request:
        return self.api_request(
            f"works/https://doi.org/{dois[0]}", self.with_key(select=SELECT),
            callback=self.parse_seed, errback=self.miss, cb_kwargs={"seed": seed, "dois": dois, "found": found},
        )  # fmt: skip

    def parse_seed(self, response: Response, seed: Seed, dois: list[str], found: list[Paper]) -> Iterator[Any]:
        answer = json_of(response)
        if isinstance(answer, dict):
            found = [*found, parse_work(answer, self.session.config)]
        elif response.status not in (400, 404):
            self.fail(seed.subject, self.what(response))
            return
        if dois[1:]:
            yield self._look_up(seed, dois[1:], found)
        else:
            yield from self._begin(seed, found)

    def _begin(self, seed: Seed, found: list[Paper]) -> Iterator[Any]:
        ids = list(dict.fromkeys(form for paper in found for s, v in paper.ids if s == "openalex" and (form := canonical(s, v))))
        if not ids:
            self.note(seed.subject, "OpenAlex does not know it")
            return
        paper = found[0]
        paper.places, paper.affiliations = [], []  # the seed's own text is no evidence of a use
        counts = [record.n_citations for record in found if record.n_citations is not None]
        paper.n_citations = max(counts, default=None)
        db = self.session.db
        held = seed.work_id or holder_of(db, "openalex", ids[0])
        state = find_list(db, NAME, held) if held else None
        number = 1 if state is None else state.pass_number + (state.state == "done")
        saved = state.position if state and state.pass_number == number else "{}"
        yield SeedAnswer(seed, paper, NAME, number)
        at = json.loads(saved)
        yield from self._ask_page(_Listing(seed, ids, number, saved, at.get("cursor", "*"), at.get("n_rows", 0)))

    # ------------------------------------------------------------ its list

    def _ask_page(self, listing: _Listing) -> Iterator[Request]:
        if self.is_broke(listing.seed.subject):
            return
        filter_ = f"cites:{'|'.join(listing.ids)}"
        fields = {"filter": filter_, "per-page": PER_PAGE, "cursor": listing.cursor, "select": SELECT}
        yield self.api_request(
            "works", self.with_key(**fields), callback=self.parse_list, errback=self.miss,
            cb_kwargs={"seed": listing.seed, "listing": listing},
        )  # fmt: skip

    def parse_list(self, response: Response, seed: Seed, listing: _Listing) -> Iterator[Any]:
        answer = json_of(response)
        if isinstance(answer, dict) and isinstance(answer.get("results"), list):
            meta = answer["meta"] if isinstance(answer.get("meta"), dict) else {}
            self.charge(meta)
            edges = [edge for row in answer["results"] if (edge := parse_row(row, self.session.config))]
            yield CitationPage(self._step(listing, edges, meta), edges)
            spent = self.session.limit is not None and listing.n_rows >= self.session.limit
            if not listing.is_done and not spent:
                yield from self._ask_page(listing)
        elif response.status == 400 and listing.cursor != "*":  # a cursor of days ago: from the start, in the same pass
            listing.cursor, listing.n_rows = "*", 0
            yield from self._ask_page(listing)
        elif response.status in (400, 404):
            self.note(seed.subject, f"OpenAlex refuses its list ({response.status})")
        else:
            self.fail(seed.subject, self.what(response))

    def _step(self, listing: _Listing, edges: list[Edge], meta: dict[str, Any]) -> ListStep:
        """The step that a page is; nothing is withdrawn where fewer rows came than the provider counts."""
        listing.n_rows += len(edges)
        following, count = meta.get("next_cursor"), meta.get("count")
        listing.is_done = not following or not edges
        listing.cursor = str(following or "*")
        whole = isinstance(count, int) and 0 < count <= listing.n_rows
        before, listing.saved = listing.saved, json.dumps({"cursor": listing.cursor, "n_rows": listing.n_rows}, sort_keys=True)
        url = f"{OPENALEX.url(self.session.config)}/works?filter=cites:{'|'.join(listing.ids)}"
        return ListStep(
            NAME, listing.ids[0], url, listing.number, before, listing.saved, "done" if listing.is_done else "paging", len(edges),
            withdraws=whole, scheme="openalex", work_id=listing.seed.work_id,
            reported=count if isinstance(count, int) else None,
        )  # fmt: skip


class _Listing:
    """A pass over the list of one seed, from where the last call left it."""

    def __init__(self, seed: Seed, ids: list[str], number: int, saved: str, cursor: str, n_rows: int) -> None:
        self.seed = seed
        self.ids = ids
        self.number = number
        self.saved = saved
        self.cursor = cursor
        self.n_rows = n_rows
        self.is_done = False
