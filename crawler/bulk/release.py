"""The Datasets API: which files a release has, and fetching one.  https://api.semanticscholar.org/api-docs/datasets

Links are signed and expire; a 403 means that the list has to be asked for again.
"""

from __future__ import annotations

import http.client
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.shapes.s2 import key_header
from db.config import Config
from db.errors import ProviderError
from db.outside import parse_json
from db.runs import installed_version

BASE = "https://api.semanticscholar.org/datasets/v1"
TRIES = 5
PAUSE = 1.0  # seconds between calls of the API; doubled after each failure
TIMEOUT = 60.0


def in_order(links: object) -> list[str]:
    """Links by the path of the file, as signatures and order change from answer to answer."""
    found = [str(link) for link in links] if isinstance(links, list) else []
    return sorted(found, key=lambda link: urlsplit(link).path)


class Releases:
    """The API as this call sees it; ``sleep`` waits between calls."""

    def __init__(self, config: Config, sleep: Callable[[float], None] = time.sleep) -> None:
        self._config, self._sleep = config, sleep
        self.base = config.url("S2_DATASETS", BASE)

    def latest(self) -> str:
        """The id of the newest release, a date."""
        return str(self._ask("release/latest")["release_id"])

    def files(self, release: str, dataset: str) -> list[str]:
        """Fresh links to the shards of a dataset."""
        return in_order(self._ask(f"release/{release}/dataset/{dataset}").get("files"))

    def diffs(self, old: str, new: str, dataset: str) -> list[dict[str, Any]]:
        """The steps from one release to another: ``to_release``, ``update_files``, ``delete_files``."""
        return list(self._ask(f"diffs/{old}/to/{new}/{dataset}").get("diffs") or [])

    def fetch(self, links: Callable[[bool], list[str]], number: int, target: Path) -> None:
        """Shard ``number`` of a list of links into a file, whole or not at all; ``links(True)`` asks for the list anew, as links expire."""
        partial = target.with_name(target.name + ".partial")
        for attempt in range(TRIES):
            known = links(attempt > 0)
            if number >= len(known):
                raise ProviderError(f"semantic_scholar: a release lost files ({len(known)} now); run the same command again")
            try:
                with urllib.request.urlopen(known[number], timeout=TIMEOUT) as answer, partial.open("wb") as file:  # noqa: S310
                    due = answer.headers.get("Content-Length")
                    shutil.copyfileobj(answer, file, 1 << 20)
                    file.flush()
                    os.fsync(file.fileno())
                if due is None or partial.stat().st_size == int(due):
                    partial.replace(target)
                    return
                reason = "the download broke off"
            except urllib.error.HTTPError as error:
                error.close()
                reason = f"HTTP {error.code}"
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
                reason = str(getattr(error, "reason", None) or error)
            self._sleep(PAUSE * 2**attempt)
        raise ProviderError(
            f"semantic_scholar: file {number + 1} of a release can't be had ({reason}); what is done is kept, try again later"
        )

    def _ask(self, path: str) -> dict[str, Any]:
        reason = ""
        headers = {"User-Agent": f"whereused/{installed_version()}", **(key_header(self._config) or {})}
        for attempt in range(TRIES):
            request = urllib.request.Request(f"{self.base}/{path}", headers=headers)  # noqa: S310 (Config.url checks the scheme)
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                    value = parse_json(answer.read())
                if isinstance(value, dict):
                    return value
                reason = "no JSON object"
            except urllib.error.HTTPError as error:
                error.close()
                reason = f"HTTP {error.code}"
                if error.code in (401, 403):
                    raise ProviderError("semantic_scholar: releases need a key; set WHEREUSED_SEMANTIC_SCHOLAR_KEY") from error
                if error.code in (400, 404):
                    break
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ValueError) as error:
                reason = str(getattr(error, "reason", None) or error)
            self._sleep(PAUSE * 2**attempt)
        raise ProviderError(f"semantic_scholar: {path} can't be had ({reason}); try again later")
