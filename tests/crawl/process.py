"""The command line in processes of its own, forked from a server that has imported everything: a tenth of the time of a fresh start."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

PRELOADED = [
    *(
        "whereused",
        "crawler.cli",
        "crawler.run",
        "crawler.pipelines",
        "crawler.patent_pipeline",
        "crawler.middlewares",
        "crawler.manners.addresses",
    ),
    *(
        "scrapy.core.engine",
        "scrapy.core.downloader.contextfactory",
        "scrapy.core.downloader.handlers.http11",
        "scrapy.extensions.corestats",
    ),
    *("scrapy.downloadermiddlewares.httpcompression", "scrapy.downloadermiddlewares.httpcache", "scrapy.robotstxt", "twisted.web.client"),
    *(
        f"scrapy.downloadermiddlewares.{name}"
        for name in ("cookies", "defaultheaders", "downloadtimeout", "httpauth", "httpproxy", "offsite", "redirect", "retry", "stats")
    ),
    *("scrapy.downloadermiddlewares.robotstxt", "scrapy.downloadermiddlewares.useragent", "scrapy.dupefilters", "scrapy.logformatter"),
    *(f"scrapy.extensions.{name}" for name in ("closespider", "logcount", "logstats", "memusage")),
    *(f"scrapy.spidermiddlewares.{name}" for name in ("depth", "metacopy", "referer", "start", "urllength")),
    *("crawler.importing.run", "crawler.catalogue.adding", "verify.run", "verify.session", "publish.run"),
    *("scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors", "scrapy.utils.engine", "db.importing", "crawler.replay"),
]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(PRELOADED)


def kill_at(place: str, count: int) -> None:
    """Make this process die by -9 at the ``count``-th call of a function, written as module:name."""
    module, name = place.split(":")
    original = getattr(import_module(module), name)
    calls = 0

    def function(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(import_module(module), name, function)


def _run(
    argv: Sequence[str],
    environ: Mapping[str, str],
    files: Sequence[str],
    dies_at: tuple[str, int] | None,
    prepare: Callable[[], None] | None = None,
) -> None:
    """In the child: what `whereused ARGV` does."""
    for number, (name, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        os.dup2(os.open(name, flags), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environ)
    warnings.simplefilter("error")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the server that we come from ignores it
    sys.argv = ["whereused", *argv]
    if dies_at:
        kill_at(*dies_at)
    if prepare:
        prepare()
    from whereused import command_line

    command_line()


@dataclass
class Running:
    """A command that was started."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    answer: str = ""
    dies_at: tuple[str, int] | None = None
    prepare: Callable[[], None] | None = None  # done in the child before the command: a limit, another clock
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def __post_init__(self) -> None:
        files = [Path(self.folder.name) / name for name in ("in", "out", "err")]
        for file in files:
            file.write_text(self.answer if file.name == "in" else "")
        self.process = _CONTEXT.Process(
            target=_run, args=(self.argv, dict(self.environ), list(map(str, files)), self.dies_at, self.prepare)
        )
        self.process.start()

    def send_signal(self, number: int) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def wait(self, timeout: float = 60) -> tuple[int | None, str, str]:
        """(exit code, stdout, stderr) once it has ended; a negative code is the signal that ended it."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            self.process.kill()
        out, err = (Path(self.folder.name) / name for name in ("out", "err"))
        texts = out.read_text(), err.read_text()
        self.folder.cleanup()
        return (self.process.exitcode, *texts)
