"""A worker of the frontier in Redis: full texts that others asked for, handed back to the one who writes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.settings import BaseSettings
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawler.frontier.server import Frontier, FrontierError
from crawler.frontier.ticket import Ticket
from crawler.items import FulltextAnswer
from crawler.manners.refusals import Stopped
from crawler.settings import ITEM_PIPELINES
from crawler.spiders.fulltext import FulltextSpider
from db.config import Config
from db.fulltexts import Place

LOOK = 0.2  # seconds until a worker without work looks again


class FetchSpider(FulltextSpider):
    """A worker: the plain spider of full texts, whose requests come from the frontier and whose answers go there."""

    name = "fetch"
    custom_settings = {  # noqa: RUF012
        **FulltextSpider.custom_settings,
        "SCHEDULER": "crawler.frontier.queue.FrontierScheduler",
        "ITEM_PIPELINES": dict.fromkeys(ITEM_PIPELINES)
        | {"crawler.pipelines.OnlyPdfs": 500, "crawler.frontier.steps.StoreShared": 600, "crawler.frontier.steps.HandBack": 900},
        "DOWNLOADER_MIDDLEWARES": FulltextSpider.custom_settings["DOWNLOADER_MIDDLEWARES"]
        | {"crawler.middlewares.BackOffMiddleware": None, "crawler.frontier.manners.SharedBackOffMiddleware": 550},
    }

    @classmethod
    def configure(cls, settings: BaseSettings, config: Config) -> None:
        super().configure(settings, config)
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")  # the pace of each host stands in Redis
        settings.set("DOWNLOAD_SLOTS", {}, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert spider.session.frontier
        spider.frontier = Frontier(spider.session.config, spider.session.frontier)
        spider.held = {}
        spider.busy_at = monotonic()
        spider.living, spider.looking = LoopingCall(spider._renew), LoopingCall(spider._look)
        for handler, signal in ((spider.idle, signals.spider_idle), (spider.leave, signals.spider_closed)):
            crawler.signals.connect(handler, signal)
        return spider

    frontier: Frontier
    held: dict[int, tuple[str, Ticket]]  # work → what this worker has in its hands
    busy_at: float
    living: LoopingCall
    looking: LoopingCall

    async def start(self) -> AsyncIterator[Any]:
        """Nothing of its own; tells that it lives."""
        self.living.start(self.frontier.lease / 4)
        self.looking.start(LOOK, now=False)
        return
        yield

    def _look(self) -> None:
        """Scrapy asks its scheduler after each answer, and else every five seconds; a first request makes it ask for more at once."""
        engine = self.crawler.engine
        if engine is None or engine.scheduler is None or engine.needs_backout():  # it has not begun yet, is full, or ends
            return
        if request := engine.scheduler.next_request():
            engine.crawl(request)

    def _renew(self) -> None:
        try:
            self.frontier.renew([token for token, _ in self.held.values()])
        except FrontierError as error:
            self.logger.warning("%s", error)

    def ask(self, token: str, ticket: Ticket) -> Request:
        """The request of a ticket that was taken; ValueError where its address is none."""
        request = self._ask(list(ticket.places))
        request.meta["token"] = token
        self.held[ticket.work_id] = (token, ticket)
        self.busy_at = monotonic()
        return request

    def _ask_next(self, places: list[Place]) -> Iterator[Request]:
        return iter(())  # the rest goes back with the answer, in one step

    def miss(self, failure: Failure) -> Iterator[Any]:
        place: Place = failure.request.cb_kwargs["places"][0]  # type: ignore[attr-defined]
        if self.session.stop.is_set():
            return  # it goes back as it is
        if isinstance(failure.value, FrontierError):
            del self.held[place.work_id]  # nothing renews its lease
        elif isinstance(failure.value, Stopped):
            yield FulltextAnswer(place, "left", str(failure.value))
        else:
            yield from super().miss(failure)

    def idle(self) -> None:
        """Whether to end is the user's to say."""
        seconds = self.session.idle_seconds
        if seconds is None or monotonic() - self.busy_at < seconds:
            raise DontCloseSpider

    def end(self, error: FrontierError) -> None:
        """Redis has been silent for too long."""
        self.session.abort(error)
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="no frontier"))

    def leave(self) -> None:
        """What was not finished goes back at once; but after a mistake of our own its lease runs out, and that is counted."""
        for loop in (self.living, self.looking):
            if loop.running:
                loop.stop()
        try:
            self.frontier.leave([] if self.session.error else [token for token, _ in self.held.values()])
        except FrontierError as error:
            self.logger.warning("%s", error)
