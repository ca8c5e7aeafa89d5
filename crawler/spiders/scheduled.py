"""``whereused run`` for servers that start spiders, such as Scrapyd (https://scrapyd.readthedocs.io/)."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider

GRACE = 30.0  # seconds for the command to end in order


class ScheduledRun(scrapy.Spider):
    """Crawl, read, geocode and publish in a process of its own, whose messages go into this spider's log.

    Arguments: ``slugs=megaface,lfw``, ``due=1``, ``out=FOLDER``, ``accept_suspect=1``, ``metrics=FILE``, as the command's options;
    settings from the environment of the server.  The spider ends as ``finished``, else as ``exit code N`` and with an error in its log.
    """

    name = "run"
    custom_settings = {"DOWNLOADER_MIDDLEWARES": {}, "ITEM_PIPELINES": {}}  # noqa: RUF012  # it asks nobody itself

    def __init__(self, slugs: str = "", due: str = "", out: str = "", accept_suspect: str = "", metrics: str = "", **more: Any) -> None:
        super().__init__(**more)
        self.argv = [sys.executable, "-m", "whereused", "run", *filter(None, slugs.split(","))]
        self.argv += ["--due"] * bool(due) + ["--accept-suspect"] * bool(accept_suspect)
        self.argv += ["--out", out] * bool(out) + ["--metrics", metrics] * bool(metrics)

    async def start(self) -> AsyncIterator[Any]:
        process = await asyncio.create_subprocess_exec(
            *self.argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            assert process.stdout
            async for line in process.stdout:
                self.logger.info("%s", line.decode("utf-8", "replace").rstrip())
            code = await process.wait()
        except BaseException:  # the job is cancelled: nothing of the command stays behind
            await _end(process)
            raise
        if code:
            self.logger.error("`whereused run` ended with exit code %d", code)
            raise CloseSpider(f"exit code {code}")
        return
        yield


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
            return
        process.kill()
