"""What the spiders of lists share: their pace, which lists this call needs, and what they say where a provider fails."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.manners.refusals import Stopped, describe
from crawler.providers import Provider
from crawler.runs import WhereusedSpider
from db.config import Config
from db.crawl import save_problem
from db.crawl_plan import Seed, is_done, is_done_in_unfinished_call, is_fresh
from db.intervals import fresh_days
from db.outside import parse_json

KEPT = "what came is kept, the same command goes on from there"


class ListSpider(WhereusedSpider):
    """A provider that lists citing works.  Subclasses say ``provider`` and how one list is read."""

    provider: ClassVar[Provider]
    custom_settings = {  # noqa: RUF012
        "ROBOTSTXT_OBEY": False,  # an API is made for programs; its terms and its pace are kept instead
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_TIMEOUT": 90,  # gateways give up after 30 s, a long answer may flow longer
    }

    @classmethod
    def configure(cls, settings: BaseSettings, config: Config) -> None:
        super().configure(settings, config)
        cls.provider.interval(config)  # a wrong setting is told before anything is asked
        host = urlsplit(cls.provider.url(config)).hostname or ""
        # BackOffMiddleware keeps the pace, for all processes together: the delay of a slot would be a second one
        slot = {"delay": 0.0, "concurrency": settings.getint("CONCURRENT_REQUESTS"), "jitter": 0.0}
        settings.set("DOWNLOAD_SLOTS", {host: slot}, priority="spider")

    def is_settled(self, seed: Seed) -> bool:
        """Whether this call needn't read the seed's list."""
        db, work_id, name = self.session.db, seed.work_id, self.provider.name
        if work_id is None:
            return False
        if is_done_in_unfinished_call(db, name, work_id, run_id=self.session.run_id):
            return True
        if self.session.limit is not None and is_done(db, name, work_id):
            return True  # a trial of some rows would leave a list that is whole half-read
        days = fresh_days(db, (slug for slug, _ in seed.papers))
        return self.session.due and is_fresh(db, name, work_id, days=days)

    def api_request(self, path: str, fields: dict[str, object], **more: Any) -> Request:
        """A request to the provider; every status comes back to the spider, and redirects are not followed."""
        url = f"{self.provider.url(self.session.config)}/{path}"
        meta = {"handle_httpstatus_all": True, "dont_redirect": True}
        return Request(f"{url}?{urlencode(fields, safe=',:|*')}" if fields else url, meta=meta, dont_filter=True, **more)

    def note(self, subject: str, reason: str) -> None:
        """The provider has answered, and asking again is of no use."""
        save_problem(self.session.db, self.provider.name, subject, self.session.clean(reason), run_id=self.session.run_id)

    def fail(self, subject: str, reason: str | None) -> None:
        """The provider failed after retries.  No reason: the call was stopped."""
        if reason and not self.session.stop.is_set():
            self.note(subject, reason)
            self.session.fail(reason)
            self.session.failed.add(self.provider.name)

    def what(self, response: Response, said: str = "") -> str:
        """What is wrong with an answer."""
        told = f"status {response.status}" if response.status != 200 else "something that is no JSON of its kind"
        return f"{self.provider.title} answers with {told}{f' ({said})' if said else ''}, also after retries; {KEPT}"

    def why(self, failure: Failure) -> str | None:
        """Why a request got no answer; None where the call was stopped."""
        if isinstance(failure.value, Stopped):
            text = str(failure.value)
            return None if text == "stopped" else text
        return f"{self.provider.title} can't be reached ({describe(failure.value)}); {KEPT}"

    def miss(self, failure: Failure) -> None:
        """Errback of requests that carry their ``seed``."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.fail(request.cb_kwargs["seed"].subject, self.why(failure))


def json_of(response: Response) -> Any:
    """The JSON of an answer with status 200, else None."""
    try:
        return parse_json(response.body) if response.status == 200 else None
    except ValueError:
        return None
