"""Patents that cite a dataset's papers, or name it in their text, by Lens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.lists.listing import ListSpider, json_of
from crawler.manners.epo import headers_of
from crawler.manners.refusals import Policy
from crawler.patent_items import PatentAnswer, Told
from crawler.patents.lens import parse_record
from crawler.patents.lens_query import HOWS, SCROLL, SIZE, make_body, make_query
from crawler.patents.throttle import WINDOW, is_minute_used
from crawler.providers import LENS_API
from crawler.runs import Session
from db.connect import writing
from db.intervals import fresh_days
from db.outside import parse_json
from db.patent_crawl import SearchStep, is_searched, open_search
from db.patents import paper_ids, search_names

RESTARTS = 5  # of a search whose scroll ran out, without a new record between


class _Gate:
    """Lens's minute, in units: shorter where a user allows a server of their own a high rate.  The provider counts."""

    def __init__(self, unit: float) -> None:
        self.unit = unit

    def wait(self, request: Request) -> float:
        return 0.0

    def enter(self, request: Request) -> bool:
        return True

    def answered(self, request: Request, response: Response) -> float:
        return WINDOW * self.unit if is_minute_used(headers_of(response)) else 0.0


@dataclass(slots=True)
class _Search:
    """The search for one dataset: which of ``HOWS``, from which day on, the scroll, the records of this pass."""

    slug: str
    saved: str
    at: int
    since: str | None
    scroll: str | None = None
    n_restarts: int = 0
    n_hits: int = 0


class LensSpider(ListSpider):
    """``POST /patent/search`` with a scroll, always on with the newest ``scroll_id``; 204 is its end.

    A scroll lives a minute; one that ran out is a 400, and the search begins anew from the day of the last record.  Its
    records carry claims, description and cited literature where Lens has them.  https://docs.api.lens.org/
    """

    name = LENS_API.name
    provider = LENS_API
    policy = Policy(LENS_API)
    gate: _Gate

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, session: Session | None = None, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, session=session, **kwargs)
        spider.gate = _Gate(min(1.0, LENS_API.interval(spider.session.config)))
        return spider

    async def start(self) -> AsyncIterator[Any]:
        db = self.session.db
        if hint := LENS_API.hint(self.session.config):
            self.session.notes[hint] = None
            return
        for slug in self.session.slugs:
            if self.session.due and is_searched(db, self.name, slug, days=fresh_days(db, [slug])):
                continue
            with writing(db):
                position = open_search(db, self.name, slug, run_id=self.session.run_id)
            told = json.loads(position)
            for request in self._begin(_Search(slug, position, told.get("at", 0), told.get("since"))):
                yield request

    def _begin(self, search: _Search) -> Iterator[Any]:
        """The first request of the search at hand, or of the next one that has anything to search by."""
        names, papers = search_names(self.session.db, search.slug), paper_ids(self.session.db, search.slug)
        while search.at < len(HOWS):
            if HOWS[search.at] == "full text" and not self.session.search:
                return  # another crawl goes on from here
            if query := make_query(HOWS[search.at], names, papers):
                yield self._ask(search, make_body(query, search.since, SIZE))
                return
            search.at, search.since = search.at + 1, None
        yield self._step(search, [])

    def _ask(self, search: _Search, body: dict[str, Any]) -> Request:
        return self.api_request(
            "patent/search", {}, method="POST", body=json.dumps(body), callback=self.parse, errback=self.miss,
            headers={"Authorization": f"Bearer {LENS_API.key(self.session.config)}", "Content-Type": "application/json"},
            cb_kwargs={"search": search},
        )  # fmt: skip

    def parse(self, response: Response, search: _Search) -> Iterator[Any]:
        answer = json_of(response)
        records = answer.get("data") if isinstance(answer, dict) else None
        if response.status == 400 and search.scroll and search.n_restarts < RESTARTS:
            search.scroll, search.n_restarts = None, search.n_restarts + 1
            yield from self._begin(search)
        elif response.status == 204 or records == []:
            yield from self._next_how(search)
        elif isinstance(records, list) and isinstance(answer, dict):
            yield from self._take(search, [record for record in records if isinstance(record, dict)], answer)
        else:
            self.session.fail(self.what(response, said=_message(response)))

    def _take(self, search: _Search, records: list[dict[str, Any]], answer: dict[str, Any]) -> Iterator[Any]:
        how = HOWS[search.at]
        url = f"{LENS_API.url(self.session.config)}/patent/search"
        found = [parsed for record in records if (parsed := parse_record(record))]
        if len(found) < len(records):
            self.session.rejected["records of Lens without a publication number"] += len(records) - len(found)
        told = [Told(patent, f"{url}#{patent.lens_id or patent.number}", (search.slug,), how, cited) for patent, cited in found]
        days = [patent.publication_date for patent, _ in found if patent.publication_date]
        since = max([*days, *([search.since] if search.since else [])], default=None)
        if since != search.since:
            search.since, search.n_restarts = since, 0
        search.scroll, search.n_hits = answer.get("scroll_id"), search.n_hits + len(records)
        total = answer.get("total")
        yield self._step(search, told, n_hits=len(records), reported=total if isinstance(total, int) else None)
        if self.session.stop.is_set() or (self.session.limit and search.n_hits >= self.session.limit):
            return
        if search.scroll:
            yield self._ask(search, {"scroll_id": search.scroll, "scroll": SCROLL})
        else:
            yield from self._next_how(search)

    def _next_how(self, search: _Search) -> Iterator[Any]:
        search.at, search.since, search.scroll = search.at + 1, None, None
        if search.at < len(HOWS):
            yield self._step(search, [])
        yield from self._begin(search)

    def _step(self, search: _Search, told: list[Told], *, n_hits: int = 0, reported: int | None = None) -> PatentAnswer:
        before, search.saved = search.saved, json.dumps({"at": search.at, "since": search.since})
        return PatentAnswer(self.name, told, step=SearchStep(search.slug, before, search.saved, search.at >= len(HOWS), n_hits, reported))

    def miss(self, failure: Failure) -> None:
        if reason := self.why(failure):
            self.session.fail(reason)


def _message(response: Response) -> str:
    try:
        told = parse_json(response.body)
        return str(told.get("message") or told.get("error") or "")[:120]
    except (ValueError, AttributeError):
        return ""
