"""``crawl --archive``: every answer, compressed, beside the database; ``crawl --replay`` makes the database again from them.

``PATH.files/archive/<run>/<number>.json.gz`` holds ``{"url", "method", "request", "status", "headers", "retrieved_at", "body"}``, or
``"error"`` in place of an answer; ``call.json`` what was asked for.  Addresses, bodies and headers stand without keys, tokens and e-mail
addresses; of the request headers none is kept.  Of a PDF only the hash is kept here: it lies in ``PATH.files/pdf``.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.fulltext import HEAD, find_flaw
from crawler.manners.refusals import Stopped
from db.connect import now
from db.files import save_whole
from db.secrets import INSTEAD, scrub, secrets_of

SECRETS = {"api_key", "email", "mailto"}
HEADERS = (  # what the crawl goes by
    "Content-Type", "Retry-After", "X-Rejection-Reason", "X-Throttling-Control", "x-rate-limit-retry-after-seconds",
    "X-IndividualQuotaPerHour-Used", "X-RegisteredQuotaPerWeek-Used", "X-RateLimit-Remaining",
)  # fmt: skip
_TOKEN = re.compile(r'("(?:access|refresh)_token"\s*:\s*)"[^"]*"')


def without_secrets(url: str) -> str:
    """An address without what only the user should know."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in SECRETS]
    return urlunsplit(parts._replace(query=urlencode(query, safe=",:|*")))


def asked_url(request: Request) -> str:
    """The address that was asked for at first, before any redirect."""
    return without_secrets(str(request.meta.get("redirect_urls", [request.url])[0]))


class ArchiveMiddleware:
    """Writes answers and failures as they come, those that are asked for again too; off unless the user asks for it."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        if not spider.session.archive:
            raise NotConfigured
        self.session = spider.session
        self.keeps_bodies = spider.policy.provider is not None
        self.secrets = secrets_of(self.session.config)
        self.folder: Path = self.session.config.files / "archive" / str(self.session.run_id)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.number = len(list(self.folder.glob("*.json.gz")))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get("from_archive"):
            headers = {name: self._clean(value.decode("latin-1")) for name in HEADERS if (value := response.headers.get(name))}
            self._keep(request, {"status": response.status, "headers": headers} | self._body(response))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, Stopped):  # it never left
            self._keep(request, {"error": type(exception).__name__, "text": self._clean(str(exception))})

    def _body(self, response: Response) -> dict[str, str]:
        """The body as text; of a PDF its hash, of what came in place of a full text its first bytes."""
        if not self.keeps_bodies and not response.url.endswith("/robots.txt"):
            if response.status == 200 and find_flaw(response.body) is None:
                return {"sha256": hashlib.sha256(response.body).hexdigest()}
            return {"base64": base64.b64encode(response.body[:HEAD]).decode()}
        try:
            return {"body": _TOKEN.sub(rf'\1"{INSTEAD}"', self._clean(response.body.decode()))}
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(response.body).decode()}

    def _clean(self, text: str) -> str:
        return scrub(text, self.secrets)

    def _keep(self, request: Request, told: dict[str, Any]) -> None:
        self.number += 1
        asked = {
            "url": self._clean(asked_url(request)),
            "method": request.method,
            "request": self._clean(request.body.decode("utf-8", "replace")),
        }
        try:
            save(self.folder / f"{self.number:06d}.json.gz", asked | {"retrieved_at": now()} | told)
        except OSError as error:
            self.session.abort(error)


def save(path: Path, value: dict[str, Any]) -> None:
    """A JSON file for good.  OSError where the disk is full."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    save_whole(path, gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)
