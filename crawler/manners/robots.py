"""robots.txt, obeyed by every request to a host (https://www.rfc-editor.org/rfc/rfc9309).

Scrapy 2.19 has a middleware for it, which lets requests through that wait while the first one fetches the file (all but one of
them are told that there are no rules), and which takes an unreachable file for a permission; the RFC says the opposite.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

LONGEST = 500 * 1024  # bytes that a crawler must read; more is no robots.txt


class ForbiddenByRobots(IgnoreRequest):
    """A page that its host does not want to be fetched."""


class UnreadableRobots(IgnoreRequest):
    """The host's rules can't be read, so nothing is fetched from it for now."""


class RobotsMiddleware:
    """Asks each host once for its rules; answers of 400 to 499 mean that there are none."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self.rules: dict[str, RobotParser | None] = {}  # site → rules; None: unreadable
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self.locks[site]:
            if site not in self.rules:
                self.rules[site] = await self._fetch(site)
        rules = self.rules[site]
        if rules is None:
            raise UnreadableRobots("its robots.txt can't be read")
        if not rules.allowed(request.url, self.agent):
            raise ForbiddenByRobots("robots.txt forbids it")

    async def _fetch(self, site: str) -> RobotParser | None:
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta={"is_robots": True}, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest:  # the address is forbidden, or the call was stopped: the page itself will meet the same
            raise
        except Exception:
            return None
        if response.status >= 500 or response.status == 429:
            return None
        return ProtegoRobotParser.from_crawler(self.crawler, response.body[:LONGEST] if response.status < 400 else b"")
