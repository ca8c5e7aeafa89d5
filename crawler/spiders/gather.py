"""The writer of the frontier in Redis: it gives out what is to be fetched, and saves what workers bring."""

from __future__ import annotations

import asyncio
import platform
from collections import defaultdict
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.frontier.server import Frontier, FrontierError, shown
from crawler.frontier.ticket import Answer, PoisonedError, Ticket
from crawler.items import FulltextAnswer
from crawler.manners.pace import nap
from crawler.manners.refusals import GIVE_UP_AFTER, Policy
from crawler.runs import WhereusedSpider
from crawler.spiders.fulltext import left_alone
from db.files import size_of, stored_at
from db.fulltexts import forget_refusal, is_answered, is_stored, load_places, load_refusals, save_refusal

AHEAD = 20_000  # works that have a ticket at a time
LOOK = 0.2  # seconds until the writer looks again where nothing came
CHECK = 5.0  # seconds of silence after which tickets and workers are looked after
WITHOUT_WORKERS = 120.0  # seconds until the writer gives up


class GatherSpider(WhereusedSpider):
    """The writer: gives out a ticket for each work without a full text, and saves what comes back, one answer after the other."""

    name = "gather"
    policy = Policy()  # it asks nobody

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert spider.session.frontier
        spider.frontier = Frontier(spider.session.config, spider.session.frontier)
        spider.saved = asyncio.Event()
        crawler.signals.connect(spider._saved, signals.item_scraped)
        return spider

    frontier: Frontier
    saved: asyncio.Event

    def _saved(self) -> None:
        self.saved.set()

    async def start(self) -> AsyncIterator[Any]:
        try:
            async for item in self._gather():
                yield item
        except FrontierError as error:
            self.session.fail(str(error))

    async def _gather(self) -> AsyncIterator[FulltextAnswer]:
        session = self.session
        self.frontier.own(f"{platform.node()}:{session.config.db.resolve()}")
        self.frontier.begin(load_refusals(session.db), GIVE_UP_AFTER - 1)
        self._plan()
        quiet_since = checked = manned = monotonic()
        while not session.stop.is_set():
            self._feed()
            answer = self._take()
            if answer is None and not self.out:
                break
            if answer is None:
                if monotonic() - max(quiet_since, checked) > CHECK:
                    checked = monotonic()
                    self._look_after()
                    manned = checked if self.frontier.n_workers() else manned
                    if checked - manned > WITHOUT_WORKERS:
                        at = shown(self.frontier.address)
                        session.fail(f"no worker has come to {at}; start some with `whereused fetch-worker {at}`, then call this again")
                        return
                await nap(LOOK, session.stop)
                continue
            quiet_since = manned = monotonic()
            if item := self._item(answer):
                self.saved.clear()
                yield item
                await self._until_saved()
                if not self.saved.is_set():
                    return  # it could not be saved, and comes again
            self._settle(answer)
        if not session.stop.is_set():
            self.frontier.disown()
            await nap(LOOK, session.stop)  # Scrapy is still at the last answer; seeing that, it would look again after 5 s

    def _plan(self) -> None:
        """Works by the address that is asked first: one ticket for those that have the same."""
        queue = load_places(self.session.db, self.session.slugs)[: self.session.limit]
        self.session.n_fulltexts = len(queue)
        self.later = [Ticket(tuple(places)) for places in reversed(queue)]
        self.out: dict[int, Ticket] = {}
        self.same: defaultdict[str, list[Ticket]] = defaultdict(list)
        self.asked: set[str] = set()

    def _feed(self) -> None:
        while self.later and len(self.out) < AHEAD:
            ticket = self.later.pop()
            url = ticket.places[0].url
            if is_stored(self.session.db, ticket.work_id):  # another work had the same place
                continue
            if url in self.asked:
                self.same[url].append(ticket)
                continue
            self.asked.add(url)
            self.out[ticket.work_id] = ticket
            self.frontier.push(ticket)

    def _take(self) -> Answer | None:
        while text := self.frontier.take():
            try:
                return Answer.decode(text)
            except PoisonedError as error:
                self.frontier.put_aside()
                self.session.notes[f"an answer in Redis can't be understood and is put aside ({error})"] = None
        return None

    def _item(self, answer: Answer) -> FulltextAnswer | None:
        """What there is to save of an answer; None where nothing is, or it is saved already."""
        db, place = self.session.db, answer.place
        if answer.host:
            if answer.status == "refused":
                save_refusal(db, answer.host, answer.reason or "refused")
            else:
                forget_refusal(db, answer.host)
        if place is None or answer.status == "left":
            if place:
                left_alone(self.session, urlsplit(place.url).hostname or "", answer.reason or "it is left alone")
            return None
        if is_answered(db, place):
            return None
        item = FulltextAnswer(place, answer.status, answer.reason, answer.body, answer.file, is_last=answer.is_last)
        if answer.file and size_of(stored_at(self.session.config, answer.file.sha256)) != answer.file.n_bytes:
            item.status, item.reason, item.file = (
                "failed",
                "a worker says it is stored, and it isn't there; set WHEREUSED_FULLTEXTS alike",
                None,
            )
        return item

    async def _until_saved(self) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self.saved, self.session.stop)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not self.saved.is_set() and self.session.error is None:  # stopped by the user while it is being saved
            await asyncio.wait(waits[:1], timeout=CHECK)
        for wait in waits:
            wait.cancel()

    def _settle(self, answer: Answer) -> None:
        settled = answer.place.work_id if answer.place and answer.is_last else None
        self.frontier.confirm(settled)
        ticket = self.out.pop(settled, None) if settled is not None else None
        if ticket:
            url = ticket.places[0].url
            self.asked.discard(url)
            self.later += reversed(self.same.pop(url, []))

    def _look_after(self) -> None:
        """Tickets of workers that died, and those that a Redis without a memory has lost."""
        self.frontier.return_lost()
        for work_id in self.frontier.missing(list(self.out)):
            self.frontier.push(self.out[work_id])
