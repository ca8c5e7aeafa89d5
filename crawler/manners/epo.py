"""What the spiders of Open Patent Services share: the token, the throttle, the quotas, and one request after the other.

https://www.epo.org/en/searching-for-patents/data/web-services/ops (reference guide, version 1.3.20)
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from time import monotonic
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.lists.listing import KEPT, ListSpider
from crawler.manners.ledger import Ledger
from crawler.manners.ledger_choice import ledger_of
from crawler.manners.refusals import Policy
from crawler.patents.ops import Answer, FaultError, read_answer
from crawler.patents.throttle import WINDOW, Throttle, quota_used
from crawler.providers import EPO_OPS_API
from crawler.runs import Session
from db.config import Config
from db.outside import parse_json

HOUR_BYTES, WEEK_BYTES = 450e6, 4e9  # free access; WHEREUSED_EPO_OPS_WEEK_BYTES for those who pay for more
GROUPS = ("retrieval", "search", "other")  # of services that are asked; each has its own throttle
NONE = (400, 404, 413)  # statuses that are final for one request: nothing there, a wrong query, an ambiguous number


@dataclass(frozen=True, slots=True)
class Job:
    """A request: ``group`` of services, ``path`` behind published-data (encoded), what it is about in ``key``."""

    group: str
    path: str
    key: Any


class OpsGate:
    """The throttle of Open Patent Services between us and them, one for all processes that ask with the same key.

    ``unit`` is the second of their rules: shorter where a user allows a server of their own a high rate.
    """

    def __init__(self, config: Config) -> None:
        interval = EPO_OPS_API.interval(config)
        self.unit = min(1.0, interval)
        self.at_first = WINDOW * self.unit / interval
        self._ledger_of = cache(partial(_open_ledger, config))

    @contextmanager
    def _open(self, group: str) -> Iterator[tuple[Throttle, float]]:
        """The throttle as all processes know it, and the time in its seconds."""
        with self._ledger_of(group).open() as state:
            assert state
            throttle = Throttle(self.at_first)
            throttle.load(group, state.sent, state.told, state.ready_at, self.unit)
            yield throttle, monotonic() / self.unit
            state.sent, state.told, state.ready_at = throttle.dump(group, self.unit)

    def wait(self, request: Request) -> float:
        group = request.meta["group"]
        with self._open(group) as (throttle, now):
            return throttle.wait(group, now) * self.unit

    def enter(self, request: Request) -> bool:
        group = request.meta["group"]
        with self._open(group) as (throttle, now):
            if throttle.wait(group, now) > 0:
                return False
            throttle.sent(group, now)
            return True

    def answered(self, request: Request, response: Response) -> float:
        told = headers_of(response)
        for group in GROUPS:
            with self._open(group) as (throttle, now):
                throttle.take(told.get("x-throttling-control"), now, told.get("retry-after"))
        return 0.0


def _open_ledger(config: Config, group: str) -> Ledger:
    return ledger_of(f"{EPO_OPS_API.name}-{group}", EPO_OPS_API.url(config), EPO_OPS_API.key(config), config)


def headers_of(response: Response) -> dict[str, str]:
    """The headers, names in lower case."""
    return {name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items() if values}


class EpoSpider(ListSpider):
    """Asks for one ``Job`` after the other.  Subclasses say which, and what to do with what came.

    A token lives 20 minutes; an expired one is a 400, answered by one new token.  A used-up quota, told by a 403 or by the
    counters in the headers, ends the spider: what came is kept, and the next call goes on.
    """

    provider = EPO_OPS_API
    policy = Policy(EPO_OPS_API, is_json=False)
    gate: OpsGate
    is_over = False  # something failed: nothing more is asked in this call
    _token = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, session: Session | None = None, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, session=session, **kwargs)
        spider.gate = OpsGate(spider.session.config)
        return spider

    def jobs(self) -> Iterator[Job]:
        """The requests; the next one is asked for once the last one is taken."""
        raise NotImplementedError

    def take(self, job: Job, answer: Answer | FaultError) -> Iterator[Any]:
        """Items of an answer, or of the fault that says that there is nothing."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        if hint := EPO_OPS_API.hint(self.session.config):
            self.session.notes[hint] = None
            return
        if EPO_OPS_API.name in self.session.failed:
            return
        self._jobs = self.jobs()
        for request in self._next():
            yield request

    def _next(self) -> Iterator[Request]:
        job = None if self.session.stop.is_set() else next(self._jobs, None)
        if job:
            yield self._ask(job) if self._token else self._ask_token(job, renewed=False)

    def _ask_token(self, job: Job, *, renewed: bool) -> Request:
        """A request for a token; ``renewed``: because the last one is no longer taken."""
        key = EPO_OPS_API.key(self.session.config) or ""
        return self.api_request(
            "auth/accesstoken", {}, method="POST", body="grant_type=client_credentials", callback=self.parse_token, errback=self.miss,
            headers={
                "Authorization": f"Basic {base64.b64encode(key.encode()).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            cb_kwargs={"job": job, "renewed": renewed},
        ).replace(meta={"handle_httpstatus_all": True, "dont_redirect": True, "group": "other"})  # fmt: skip

    def parse_token(self, response: Response, job: Job, renewed: bool) -> Iterator[Request]:
        try:
            self._token = str(parse_json(response.body)["access_token"])
        except (ValueError, KeyError, TypeError):
            self.stop_with(f"the EPO gives no token (status {response.status}): check {EPO_OPS_API.key_name}; {KEPT}")
            return
        yield self._ask(job, renewed=renewed)

    def _ask(self, job: Job, *, renewed: bool = False) -> Request:
        return Request(
            self.url_of(job),
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/xml"},
            callback=self.parse_job, errback=self.miss, cb_kwargs={"job": job, "renewed": renewed},
            meta={"handle_httpstatus_all": True, "dont_redirect": True, "group": job.group}, dont_filter=True,
        )  # fmt: skip

    def url_of(self, job: Job) -> str:
        return f"{EPO_OPS_API.url(self.session.config)}/rest-services/published-data/{job.path}"

    def parse_job(self, response: Response, job: Job, renewed: bool) -> Iterator[Any]:
        try:
            answer: Answer | FaultError = read_answer(response.body)
        except FaultError as fault:
            if fault.code == "invalid_access_token" and not renewed:
                yield self._ask_token(job, renewed=True)
                return
            if response.status not in NONE or fault.code == "invalid_access_token":
                self.stop_with(f"the EPO answers with status {response.status} ({fault.code}); {KEPT}")
                return
            answer = fault
        yield from self.take(job, answer)
        if self.is_over:
            return
        week = self.session.config.number("EPO_OPS_WEEK_BYTES", WEEK_BYTES)
        if used := quota_used(headers_of(response), per_hour=HOUR_BYTES, per_week=week):
            self.stop_with(f"the EPO: {used}; {KEPT}")
        else:
            yield from self._next()

    def miss(self, failure: Failure) -> None:
        if reason := self.why(failure):
            self.stop_with(reason)

    def stop_with(self, reason: str) -> None:
        """The provider failed: nothing more is asked in this call."""
        self.is_over = True
        if not self.session.stop.is_set():
            self.session.fail(reason)
            self.session.failed.add(EPO_OPS_API.name)
