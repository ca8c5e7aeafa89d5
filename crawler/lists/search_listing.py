"""What the spiders of searches share: which searches a call needs, and how one goes on from page to page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from twisted.python.failure import Failure

from crawler.items import Hit, SearchPage
from crawler.lists.listing import ListSpider
from crawler.lists.search_paging import MAX_HITS, SearchReading, Slice
from crawler.lists.searching import Terms, terms_of
from db.catalogue import Dataset, find_dataset
from db.crawl_plan import CONTINUES_HOURS
from db.intervals import fresh_days
from db.searches import Search, SearchStep, is_search_done, open_search


class Running(SearchReading):
    """A search that is being read.  ``url`` is its address without keys; ``width``: rows that a page may have."""

    def __init__(self, spider: ListSpider, search: Search, dataset: Dataset, url: str) -> None:
        session = spider.session
        self.search, self.terms, self.url = search, terms_of(dataset), url
        self.number, self.saved = open_search(session.db, search)
        self.width = 1000
        cap = int(session.config.number("SEARCH_LIMIT", MAX_HITS))
        super().__init__(Slice.from_json(self.saved), dataset.year, cap, session.limit)

    @property
    def subject(self) -> str:
        """How messages name it."""
        return f"{self.search.slug}: {self.search.how}"

    def step(self, n_rows: int, total: int | None) -> SearchStep:
        """The step that the page that was taken last is."""
        before, self.saved = self.saved, self.position.to_json()
        return SearchStep(
            self.search, self.url, self.number, before, self.saved, self.is_done, n_rows, total, self.is_done and self.position.capped
        )


class SearchSpider(ListSpider):
    """A provider that searches for the names of datasets.  Subclasses say which searches, and how a page is asked for and read."""

    async def start(self) -> AsyncIterator[Any]:
        if self.provider.name in self.session.failed:
            return
        for slug in self.session.slugs:
            dataset = find_dataset(self.session.db, slug)
            for search, url in self.searches(dataset, terms_of(dataset)):
                if not self._is_settled(search):
                    for request in self.ask(Running(self, search, dataset, url)):
                        yield request

    def searches(self, dataset: Dataset, terms: Terms) -> Iterable[tuple[Search, str]]:
        """The searches for a dataset, each with its address."""
        raise NotImplementedError

    def ask(self, running: Running) -> Iterable[Request]:
        """A request for the next page; none where the provider may not be asked now."""
        raise NotImplementedError

    def _is_settled(self, search: Search) -> bool:
        """Whether this call needn't read the search: as with lists, after a call that did not end, or where it is not due."""
        db, run_id = self.session.db, self.session.run_id
        if is_search_done(db, search, since=_ago(hours=CONTINUES_HOURS), run_id=run_id):
            return True
        return self.session.due and is_search_done(db, search, since=_ago(days=fresh_days(db, [search.slug])))

    def take(
        self, running: Running, n_rows: int, hits: list[Hit], total: int | None, token: str | None, *, full: bool = False
    ) -> Iterator[Any]:
        """Hand on a page and ask for the next one."""
        running.take(n_rows, total, token, full=full)
        yield SearchPage(running.step(n_rows, total), hits)
        if not running.is_done and not running.is_spent:
            yield from self.ask(running)

    def miss(self, failure: Failure) -> None:
        """Errback of requests that carry their ``running``."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.fail(request.cb_kwargs["running"].subject, self.why(failure))


def _ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")
