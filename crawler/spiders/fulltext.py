"""The full texts of the works that were found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.fulltext import MAX_BYTES, find_flaw
from crawler.items import FulltextAnswer
from crawler.manners.refusals import Policy, Stopped, describe, host_of
from crawler.manners.robots import UnreadableRobots
from crawler.providers import ARXIV
from crawler.runs import Session, WhereusedSpider
from crawler.settings import DOWNLOADER_MIDDLEWARES
from db.config import Config
from db.fulltexts import Place, is_stored, load_places

RATE = 1.0  # requests per second to each host, where nobody says otherwise; WHEREUSED_RATE_FULLTEXT
SECONDS = 180.0  # for one full text; WHEREUSED_FULLTEXT_SECONDS
REFUSING = {401, 402, 403, 406, 451}


class FulltextSpider(WhereusedSpider):
    """A PDF for each work of the asked datasets that has none: from its best place, else from the next one.

    One connection and a slow pace for each host, many hosts side by side.  A place that fails or refuses is left alone for
    a day.  https://info.arxiv.org/help/api/tou.html for arXiv's pace, https://www.rfc-editor.org/rfc/rfc9309 for robots.txt.
    """

    name = "fulltext"
    policy = Policy(tries_refused=2, tries_broken=1, longest_wait=60, among=(ARXIV,))
    custom_settings = {  # noqa: RUF012
        "CONCURRENT_REQUESTS": 8,  # times 64 MB at most
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # after the proxy is known, at every hop, robots.txt included
        "DOWNLOADER_MIDDLEWARES": {**DOWNLOADER_MIDDLEWARES, "crawler.manners.addresses.AddressMiddleware": 760},
    }

    @classmethod
    def configure(cls, settings: BaseSettings, config: Config) -> None:
        super().configure(settings, config)
        settings.set("DOWNLOAD_TIMEOUT", config.number("FULLTEXT_SECONDS", SECONDS), priority="spider")  # of the whole answer
        settings.set("DOWNLOAD_DELAY", 1 / config.number("RATE_FULLTEXT", RATE), priority="spider")
        slot = {"delay": ARXIV.interval(config), "concurrency": 1, "jitter": 0.0}
        settings.set("DOWNLOAD_SLOTS", {urlsplit(ARXIV.url(config)).hostname or "": slot}, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        queue = load_places(self.session.db, self.session.slugs)[: self.session.limit]
        self.session.n_fulltexts = len(queue)
        for places in queue:
            if not is_stored(self.session.db, places[0].work_id):  # another work may have had the same place meanwhile
                yield self._ask(places)

    def _ask(self, places: list[Place]) -> Request:
        return Request(
            places[0].url, callback=self.parse, errback=self.miss, cb_kwargs={"places": places}, dont_filter=True,
            headers={"Accept": "application/pdf"}, meta={"handle_httpstatus_list": range(400, 600)},
        )  # fmt: skip

    def _ask_next(self, places: list[Place]) -> Iterator[Request]:
        if places[1:]:
            yield self._ask(places[1:])

    def parse(self, response: Response, places: list[Place]) -> Iterator[Any]:
        is_last = not places[1:]
        if response.status == 200:
            yield FulltextAnswer(places[0], "stored", body=response.body, is_last=is_last)
        else:
            status = "refused" if response.status in REFUSING else "failed"
            yield FulltextAnswer(places[0], status, f"status {response.status}", is_last=is_last)
        if response.status != 200 or find_flaw(response.body):
            yield from self._ask_next(places)

    def miss(self, failure: Failure) -> Iterator[Any]:
        request: Request = failure.request  # type: ignore[attr-defined]
        places: list[Place] = request.cb_kwargs["places"]
        if self.session.stop.is_set():
            return
        if isinstance(failure.value, Stopped):  # it was not asked, and stays to be asked
            left_alone(self.session, host_of(request), str(failure.value))
        else:
            yield FulltextAnswer(places[0], *_verdict(failure.value), is_last=not places[1:])
        yield from self._ask_next(places)


def left_alone(session: Session, host: str, why: str) -> None:
    """Where arXiv is left alone, a provider failed; any other host is one of many."""
    if host == urlsplit(ARXIV.url(session.config)).hostname:
        session.fail(why)
    else:
        session.notes[why] = None


def _verdict(error: BaseException | None) -> tuple[str, str]:
    """Status and reason of a place that gave no answer."""
    if isinstance(error, UnreadableRobots):
        return "failed", str(error)
    if isinstance(error, HttpError):
        return "refused", f"status {error.response.status} and no web address to go on to"
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):  # the latter after unpacking
        return "refused", f"larger than {MAX_BYTES // 1024**2} MB"
    if isinstance(error, IgnoreRequest):  # a forbidden address, robots.txt, too many redirects
        return "refused", str(error)
    return "failed", describe(error)
