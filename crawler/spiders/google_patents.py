"""Single pages of Google Patents, for the full text of patents that are known; only where the user has switched it on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.lists.listing import KEPT, ListSpider
from crawler.manners.refusals import Policy, Stopped
from crawler.patent_files import store_page
from crawler.patent_items import PatentAnswer, Told
from crawler.patents.page import NotAPatentError, parse_page
from crawler.providers import GOOGLE_PATENTS_PAGES
from db.fulltexts import load_refusals, save_refusal
from db.patent_crawl import Part, load_missing

SWITCH = "WHEREUSED_GOOGLE_PATENTS"
OFF = (
    f"Google Patents: its pages are fetched only where you set {SWITCH}=1; it has no API, and whether its terms "
    "(https://policies.google.com/terms) let you is for you to judge. Pages that you save yourself can always be imported"
)


class GooglePatentsSpider(ListSpider):
    """``/patent/{number}/en`` of each patent in scope, each page once and kept for ever, one in six seconds.

    robots.txt is obeyed.  The first refusal (403, 429, 503, a captcha or consent page with status 200) ends the spider, and the
    host is left alone for a day.  404: not indexed under this number.  There is no documentation of the pages.
    """

    name = GOOGLE_PATENTS_PAGES.name
    provider = GOOGLE_PATENTS_PAGES
    policy = Policy(GOOGLE_PATENTS_PAGES, tries_refused=0, tries_broken=0, is_json=False)
    custom_settings = {**(ListSpider.custom_settings or {}), "ROBOTSTXT_OBEY": True}  # noqa: RUF012

    async def start(self) -> AsyncIterator[Any]:
        if self.session.config.get("GOOGLE_PATENTS") != "1":
            self.session.notes[OFF] = None
            return
        self._host = urlsplit(GOOGLE_PATENTS_PAGES.url(self.session.config)).hostname or ""
        if load_refusals(self.session.db).get(self._host):
            self.session.fail(f"Google Patents has refused within the last day; it is left alone for this time; {KEPT}")
            return
        self._numbers = iter(load_missing(self.session.db, self.session.slugs, self.name, "page")[: self.session.limit])
        for request in self._next():
            yield request

    def _next(self) -> Iterator[Request]:
        number = None if self.session.stop.is_set() else next(self._numbers, None)
        if number:
            yield self.api_request(f"patent/{number}/en", {}, callback=self.parse, errback=self.miss, cb_kwargs={"number": number})

    def parse(self, response: Response, number: str) -> Iterator[Any]:
        if response.status == 404:
            yield PatentAnswer(self.name, parts=[Part(number, "page", "not indexed under this number (404)")])
        elif response.status != 200:
            self._refused(f"answers with status {response.status}")
            return
        else:
            try:
                patent = parse_page(response.body.decode("utf-8", "replace"))
            except NotAPatentError as error:
                self._refused(f"gives {error}")
                return
            page = store_page(self.session.config, response.body)
            is_asked = patent.number == number or patent.number.startswith(number)
            told = [Told(patent, response.url)] if is_asked else []
            yield PatentAnswer(self.name, told, [Part(number, "page", None if is_asked else f"shows {patent.number}", page)])
        yield from self._next()

    def _refused(self, why: str) -> None:
        """The first refusal is the last word for a day."""
        save_refusal(self.session.db, self._host, why[:200])
        self.session.fail(f"Google Patents {why}; it is left alone for a day; {KEPT}")

    def miss(self, failure: Failure) -> None:
        if isinstance(failure.value, Stopped) and str(failure.value) != "stopped":
            self._refused(str(failure.value).removeprefix(f"{GOOGLE_PATENTS_PAGES.title} ").partition("; what came")[0])
        elif isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, Stopped):
            self.session.fail(f"Google Patents: {failure.value}; nothing is fetched from it")
        elif reason := self.why(failure):
            self.session.fail(reason)
