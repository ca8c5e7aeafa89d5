"""The frontier as Scrapy meets it: the scheduler of scrapy-redis (https://scrapy-redis.readthedocs.io/) over a queue that loses nothing.

Its own queues give a request away for good, so that one goes lost with its worker; they pickle, so that whoever reaches Redis could run
code here; and they know no hosts.  Queue and duplicate filter are its points of extension.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Any, Self

from scrapy import Request
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import Base
from scrapy_redis.scheduler import Scheduler

from crawler.frontier.server import Frontier, FrontierError
from crawler.frontier.ticket import Answer, Ticket

PATIENCE = 60.0  # seconds without Redis, then the worker ends


class OncePerWork(RFPDupeFilter):  # type: ignore[misc]  # scrapy-redis ships no types
    """A work has one ticket until its last answer is saved."""

    def __init__(self, frontier: Frontier) -> None:
        super().__init__(frontier.redis, "")
        self.frontier = frontier

    @classmethod
    def from_spider(cls, spider: Any) -> Self:
        return cls(spider.frontier)

    def request_seen(self, request: Request) -> bool:
        """What is seen here may be settled before the queue looks again; the queue decides."""
        return self.frontier.has(request.cb_kwargs["places"][0].work_id)

    def clear(self) -> None:
        """The frontier outlives a worker."""


class LeasedQueue(Base):  # type: ignore[misc]
    """Tickets as requests; which are out, and until when, stands in ``spider.held``."""

    def __init__(self, server: object, spider: Any, key: str, serializer: object = None) -> None:
        super().__init__(server, spider, key)
        self.frontier: Frontier = spider.frontier
        self.silent_since: float | None = None

    def __len__(self) -> int:
        try:
            return self.frontier.pending()
        except FrontierError:
            return 1

    def push(self, request: Request) -> None:
        self.frontier.push(Ticket(tuple(request.cb_kwargs["places"])))

    def pop(self, timeout: int = 0) -> Request | None:
        """The request of a host that nobody asks at this moment.  Where Redis is silent for too long the call ends."""
        if self.spider.session.stop.is_set():
            return None
        try:
            while found := self.frontier.pop():
                if request := self._decode(*found):
                    return request
            self.silent_since = None
        except FrontierError as error:
            self.silent_since = self.silent_since or monotonic()
            if monotonic() - self.silent_since > PATIENCE:
                self.spider.end(error)
        return None

    def _decode(self, token: str, ticket: Ticket) -> Request | None:
        try:
            request: Request = self.spider.ask(token, ticket)
            return request
        except ValueError as error:  # no address that can be asked
            self.frontier.hand_back(token, Answer(ticket.places[0], "failed", str(error), ticket.rest is None), ticket.rest)
            return None

    def clear(self) -> None:
        """The frontier outlives a worker."""


class FrontierScheduler(Scheduler):  # type: ignore[misc]
    """With the spider's own connection; it keeps what is in Redis when it closes.

    Requests of tickets that this worker has in its hands (second tries, redirects) come back here by Scrapy's ways, and stay here.
    """

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        frontier: Frontier = crawler.spider.frontier
        return cls(frontier.redis, persist=True, dupefilter=OncePerWork(frontier))

    def open(self, spider: Any) -> None:
        """As there, without the message about what waits, which Scrapy 2.19 warns of."""
        self.spider, self.queue = spider, LeasedQueue(self.server, spider, "")
        self.own: deque[Request] = deque()

    def enqueue_request(self, request: Request) -> bool:
        if "token" not in request.meta:
            return bool(super().enqueue_request(request))
        self.own.append(request)
        return True

    def next_request(self) -> Request | None:
        return self.own.popleft() if self.own else super().next_request()

    def has_pending_requests(self) -> bool:
        return bool(self.own) or bool(super().has_pending_requests())
