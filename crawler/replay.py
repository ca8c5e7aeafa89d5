"""``crawl --replay``: a crawl that takes every answer from an archive, and asks nobody."""

from __future__ import annotations

import base64
import gzip
import json
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.http import Response, TextResponse

from crawler.archive import SECRETS, asked_url, save
from crawler.manners.addresses import ForbiddenAddress
from crawler.manners.refusals import BROKEN, Stopped
from crawler.manners.robots import ForbiddenByRobots, UnreadableRobots
from db.config import Config
from db.connect import now
from db.errors import UsageError

CALL = "call.json"
SETTINGS = ("OPENALEX_BUDGET", "ALLOW_LOOPBACK", "EPO_OPS_WEEK_BYTES", "GOOGLE_PATENTS")  # that decide what is asked
STAND_IN = "replayed@example.org"  # an address where the replayed crawl had one; nobody is sent it
ERRORS = {kind.__name__: kind for kind in (*BROKEN, ForbiddenAddress, ForbiddenByRobots, UnreadableRobots, DownloadCancelledError)}
Key = tuple[str, str, str]


@dataclass
class Replay:
    """An archive: what was asked for, and the answers to each request in their order."""

    folder: Path
    call: dict[str, Any]
    answers: dict[Key, deque[dict[str, Any]]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def year(self) -> int:
        return int(self.call["at"][:4])

    def take(self, request: Request) -> dict[str, Any] | None:
        """The next answer to a request, or None where the archive has no more."""
        found = self.answers[asked_url(request), request.method, request.body.decode("utf-8", "replace")]
        return found.popleft() if found else None

    def configure(self, config: Config) -> Config:
        """The settings of the crawl that is replayed; where it had keys and addresses, stand-ins."""
        values = dict(self.call["settings"])
        values |= {f"{name}_KEY": "replayed:replayed" for name in self.call["keys"]}
        kept = {name: value for name, value in config.values.items() if not name.endswith(("_URL", "_KEY")) and name != "CONTACT"}
        return replace(config, values=kept | values | ({"CONTACT": STAND_IN} if self.call["contact"] else {}))


def save_call(config: Config, folder: Path, slugs: Iterable[str], options: dict[str, Any]) -> None:
    """Note what an archived crawl was asked for, without its secrets."""
    named = {name: value for name, value in config.values.items() if name.endswith("_URL") or name in SETTINGS}
    settings = {name: value for name, value in named.items() if "@" not in value and not any(f"{s}=" in value for s in SECRETS)}
    keys = sorted(name.removesuffix("_KEY") for name, value in config.values.items() if name.endswith("_KEY") and value)
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "slugs": list(slugs),
        "options": options,
        "settings": settings,
        "keys": keys,
        "contact": "@" in (config.contact or ""),
        "at": now(),
    }
    save(folder / CALL, told)


def load_replay(config: Config, name: str) -> Replay:
    """The archive of a run (its number, in this database's archive) or a folder; UsageError where there is none."""
    folder = config.files / "archive" / name if name.isdecimal() else Path(name)
    try:
        replay = Replay(folder, json.loads((folder / CALL).read_bytes()))
        for path in sorted(folder.glob("*.json.gz")):
            told = json.loads(gzip.decompress(path.read_bytes()))
            replay.answers[told["url"], told["method"], told["request"]].append(told)
    except FileNotFoundError:
        raise UsageError(f"{folder} holds no archive of a crawl; `whereused crawl --archive` makes one for each run") from None
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise UsageError(f"the archive {folder} is damaged ({type(error).__name__}); take it from a backup") from error
    return replay


class ReplayMiddleware:
    """Answers in place of the network; off unless a crawl is replayed."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        if spider.session.replay is None:
            raise NotConfigured
        self.replay: Replay = spider.session.replay
        self.notes: dict[str, None] = spider.session.notes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Response:
        told = self.replay.take(request)
        if told is None:  # as the crawl that is replayed did not ask either, or was stopped here
            self.notes[f"the archive {self.replay.folder} has no answer to some of the questions; what came is kept"] = None
            raise Stopped("stopped")
        if "error" in told:
            kind: Any = ERRORS.get(told["error"], IgnoreRequest)
            raise kind(told["text"])
        shape: type[Response] = TextResponse if "body" in told else Response
        return shape(request.url, status=told["status"], headers=told["headers"], body=self._body(told), request=request)

    def _body(self, told: dict[str, Any]) -> bytes:
        if "sha256" in told:
            sha256 = told["sha256"]
            path = self.replay.folder.parent.parent / "pdf" / sha256[:2] / f"{sha256}.pdf"
            try:
                return bytes(path.read_bytes())
            except OSError as error:
                raise Stopped(f"{path} is missing, so its full text can't be replayed") from error
        return base64.b64decode(told["base64"]) if "base64" in told else str(told["body"]).encode("utf-8", "surrogatepass")
