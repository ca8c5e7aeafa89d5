"""Are the photos of a dataset still there?  A sample of their pages, asked for by HEAD: no page and no picture is fetched."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.manners.refusals import Policy, Stopped, describe
from crawler.runs import WhereusedSpider
from db.config import Config
from db.photo_links import load_unchecked, save_answer

RATE = 1.0  # requests per second to each host; WHEREUSED_RATE_PHOTO_LINKS


class PhotoLinksSpider(WhereusedSpider):
    """There, or gone: deleted and made private look alike from outside (https://www.flickr.com/services/api/flickr.photos.getInfo.html).

    200 at an address that still names the photo is "there"; 404, 410, or a way to another page (a sign-in, a picture that says
    "unavailable") is "gone".  403, 451 and robots.txt are "refused", anything else "failed": they count for neither side.
    """

    name = "photo_links"
    policy = Policy(tries_refused=2, tries_broken=1, longest_wait=60)
    custom_settings = {  # noqa: RUF012
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_TIMEOUT": 60,
        "ITEM_PIPELINES": {},  # an answer is one row
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.middlewares.BackOffMiddleware": 550,
            "crawler.manners.addresses.AddressMiddleware": 760,
        },
    }

    @classmethod
    def configure(cls, settings: BaseSettings, config: Config) -> None:
        super().configure(settings, config)
        settings.set("DOWNLOAD_DELAY", 1 / config.number("RATE_PHOTO_LINKS", RATE), priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        for slug, url in load_unchecked(self.session.db, self.session.slugs)[: self.session.limit]:
            yield Request(
                url, method="HEAD", callback=self.parse, errback=self.miss, cb_kwargs={"slug": slug, "url": url}, dont_filter=True,
                meta={"handle_httpstatus_list": range(400, 600)},
            )  # fmt: skip

    def parse(self, response: Response, slug: str, url: str) -> None:
        self._save(slug, url, *verdict(response.status, url, response.url))

    def miss(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Stopped):  # it was not asked, and stays to be asked
            self.session.notes[str(error)] = None
        elif isinstance(error, IgnoreRequest):
            self._save(**request.cb_kwargs, status="refused", reason="robots.txt forbids it" if "robots" in str(error) else str(error))
        else:
            self._save(**request.cb_kwargs, status="failed", reason=describe(error))

    def _save(self, slug: str, url: str, status: str, reason: str | None) -> None:
        save_answer(self.session.db, slug, url, status, reason, run_id=self.session.run_id)


def verdict(status: int, asked: str, answered: str) -> tuple[str, str | None]:
    """(status, reason) of an answer."""
    if status in (404, 410):
        return "gone", f"status {status}"
    if status in (401, 403, 451):
        return "refused", f"status {status}"
    if not 200 <= status < 300:
        return "failed", f"status {status}"
    numbers = re.findall(r"[0-9]{5,}", urlsplit(asked).path)
    if numbers and numbers[-1] not in urlsplit(answered).path:
        return "gone", "leads to another page"
    return "there", None
