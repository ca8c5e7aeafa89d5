"""``crawl --archive``: every answer of a provider, compressed, beside the database.

``PATH.files/archive/<run>/<number>.json.gz`` holds ``{"url", "status", "retrieved_at", "body"}``; addresses stand without
keys and e-mail addresses, request headers are not kept.  Full texts are stored anyway, under their hash.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from db.connect import now

SECRETS = {"api_key", "email", "mailto"}


def without_secrets(url: str) -> str:
    """An address without what only the user should know."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in SECRETS]
    return urlunsplit(parts._replace(query=urlencode(query, safe=",:|*")))


class ArchiveMiddleware:
    """Writes answers as they come, retries too; off unless the user asks for it."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        if not spider.session.archive or spider.policy.provider is None:
            raise NotConfigured
        self.crawler = crawler
        self.session = spider.session
        self.folder: Path = self.session.config.files / "archive" / str(self.session.run_id)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.number = len(list(self.folder.glob("*.json.gz")))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("is_secret"):  # an answer that holds a token
            return response
        self.number += 1
        kept = {
            "url": without_secrets(request.url), "status": response.status, "retrieved_at": now(),
            "body": response.body.decode("utf-8", "replace"),
        }  # fmt: skip
        path = self.folder / f"{self.number:06d}.json.gz"
        partial = path.with_suffix(".partial")
        try:
            partial.write_bytes(gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), mtime=0))
            partial.replace(path)
        except OSError as error:
            self.session.abort(error)
        return response
