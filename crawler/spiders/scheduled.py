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
        self.process: asyncio.subprocess.Process | None = None
        self.listening: asyncio.Task[int] | None = None
        self.argv = [sys.executable, "-m", "whereused", "run", *filter(None, slugs.split(","))]
        self.argv += ["--due"] * bool(due) + ["--accept-suspect"] * bool(accept_suspect)
        self.argv += ["--out", out] * bool(out) + ["--metrics", metrics] * bool(metrics)

    async def start(self) -> AsyncIterator[Any]:
        self.process = await asyncio.create_subprocess_exec(
            *self.argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self.listening = asyncio.create_task(self._listen(self.process))
        if code := await asyncio.shield(self.listening):
            self.logger.error("`whereused run` ended with exit code %d", code)
            raise CloseSpider(f"exit code {code}")
        return
        yield

    async def _listen(self, process: asyncio.subprocess.Process) -> int:
        """Hand on what the command says, to its end; returns its exit code."""
        assert process.stdout
        async for line in process.stdout:
            self.logger.info("%s", line.decode("utf-8", "replace").rstrip())
        return await process.wait()

    async def closed(self, reason: str) -> None:
        """A job that is cancelled ends once its command has: Scrapy waits for this, and the server's next job for the process.

        (``start`` is cancelled by then, and nobody waits for it.)
        """
        if self.process is None or self.listening is None or self.listening.done():
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        self.logger.info("cancelled; the command ends in order")
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.listening), GRACE)
            return
        self.process.kill()
        await self.listening
