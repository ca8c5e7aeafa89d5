"""US applications whose title names a dataset, by the USPTO's Open Data Portal."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.lists.listing import ListSpider
from crawler.manners.refusals import Policy
from crawler.patent_items import PatentAnswer, Told
from crawler.patents.uspto import FEWEST_FIELDS, FIELDS, make_query, parse_application, parse_hits
from crawler.providers import USPTO_API
from db.connect import writing
from db.intervals import fresh_days
from db.outside import parse_json
from db.patent_crawl import SearchStep, is_searched, open_search
from db.patents import search_names

LIMIT, SMALLEST = 100, 10  # records a call


@dataclass(slots=True)
class _Search:
    """The search for one dataset: the next ``offset``, and how much is asked for at once."""

    slug: str
    saved: str
    offset: int
    limit: int = LIMIT
    fields: list[str] | None = None


class UsptoSpider(ListSpider):
    """``POST /patent/applications/search`` for the names of each dataset in titles; the portal has no abstracts and no text.

    No hits are a 404.  An answer above 6 MB is a 413: fewer records are asked for, at last without parties.  401 and 403: the
    key.  https://data.uspto.gov/apis/patent-file-wrapper/search
    """

    name = USPTO_API.name
    provider = USPTO_API
    policy = Policy(USPTO_API)

    async def start(self) -> AsyncIterator[Any]:
        db = self.session.db
        if hint := USPTO_API.hint(self.session.config):
            self.session.notes[hint] = None
            return
        for slug in self.session.slugs if self.session.search else ():
            if self.session.due and is_searched(db, self.name, slug, days=fresh_days(db, [slug])):
                continue
            with writing(db):
                position = open_search(db, self.name, slug, run_id=self.session.run_id)
            yield self._ask(_Search(slug, position, json.loads(position).get("offset", 0)))

    def _ask(self, search: _Search) -> Request:
        body = {
            "q": make_query(search_names(self.session.db, search.slug)), "fields": search.fields or FIELDS,
            "sort": [{"field": "applicationMetaData.filingDate", "order": "asc"}],  # new applications come at the end
            "pagination": {"offset": search.offset, "limit": search.limit},
        }  # fmt: skip
        return self.api_request(
            "patent/applications/search", {}, method="POST", body=json.dumps(body), callback=self.parse, errback=self.miss,
            headers={"X-API-KEY": USPTO_API.key(self.session.config) or "", "Content-Type": "application/json"},
            cb_kwargs={"search": search},
        )  # fmt: skip

    def parse(self, response: Response, search: _Search) -> Iterator[Any]:
        if response.status == 413:
            yield from self._smaller(search)
            return
        try:
            records, count = ([], 0) if response.status == 404 else parse_hits(parse_json(response.body) if response.status == 200 else {})
        except (ValueError, AttributeError):
            self.session.fail(self.what(response))
            return
        yield from self._take(search, records, count)

    def _smaller(self, search: _Search) -> Iterator[Request]:
        """Ask for less at once."""
        if search.limit > SMALLEST:
            search.limit = max(SMALLEST, search.limit // 2)
        elif search.fields is None:
            search.fields = FEWEST_FIELDS
        else:
            self.session.fail(f"{USPTO_API.title} finds an answer of {search.limit} records too long (413)")
            return
        yield self._ask(search)

    def _take(self, search: _Search, records: list[dict[str, Any]], count: int) -> Iterator[Any]:
        url = f"{USPTO_API.url(self.session.config)}/patent/applications/search?q={make_query(search_names(self.session.db, search.slug))}"
        told = [Told(patent, url, (search.slug,), "title") for record in records for patent in parse_application(record)]
        if unpublished := sum(not parse_application(record) for record in records):
            self.session.rejected["US applications without a publication"] += unpublished
        search.offset += len(records)
        is_done = not records or search.offset >= count
        before, search.saved = search.saved, json.dumps({"offset": search.offset})
        yield PatentAnswer(self.name, told, step=SearchStep(search.slug, before, search.saved, is_done, len(records), count))
        if not is_done and not (self.session.limit and search.offset >= self.session.limit) and not self.session.stop.is_set():
            yield self._ask(search)

    def miss(self, failure: Failure) -> None:
        if reason := self.why(failure):
            self.session.fail(reason)
