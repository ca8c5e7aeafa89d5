"""A small whole job, stage by stage, and the ways in which a machine fails under it."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from crawler.sample.provider import LoopbackProvider
from tests.crawl.process import Running
from tests.crawl.world import MEGAFACE, Outcome, citing, edge, provider_of
from tests.helpers.dump import canonical_dump
from tests.reading.world import paper

N, N_PDFS = 40, 4
PLACES = ("University of Oxford, Oxford, UK", "Stanford University, Stanford, CA, USA", "Peking University, Beijing, China")
LIST = "doi,title,year\n" + "".join(f"10.5555/list.{n},A work of a list of {n} words,20{n}\n" for n in range(10, 20))
# stage → (arguments, lines that it is answered)
STAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "crawl": (("crawl", "megaface"), ""),
    "import": (("import", "list.csv", "--dataset", "megaface"), ""),
    "read": (("read", "--workers", "1"), ""),
    "geocode": (("geocode",), ""),
    "verify": (("verify", "megaface", "--reviewer", "ann", "--plain"), "u train\nn\nm a note\n"),
    "publish": (("publish", "megaface", "--out", "site", "--include", "all"), ""),
}
DUE = (("crawl", "megaface", "--due"), "")
WRITERS = tuple(name for name in STAGES if name != "publish")


def world(n: int = N) -> LoopbackProvider:
    """A provider with so many works and four PDFs."""
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf"} if i < N_PDFS else None) for i in range(n)]
    pdfs = {f"{i}.pdf": paper(str(papers[i]["title"]), place=PLACES[i % len(PLACES)]) for i in range(N_PDFS)}
    return provider_of({MEGAFACE: [edge(i) for i in range(n)]}, papers, pdfs=pdfs)


@dataclass(frozen=True)
class House:
    """A folder with a database, and the commands on it."""

    folder: Path
    provider: LoopbackProvider
    gazetteer: Path

    @property
    def db(self) -> Path:
        return self.folder / "w.db"

    def start(
        self, stage: str, *, prepare: Callable[[], None] | None = None, dies_at: tuple[str, int] | None = None, **settings: str
    ) -> Running:
        """Start a stage; ``settings`` by their names without ``WHEREUSED_``."""
        args, answer = STAGES.get(stage) or DUE
        environ = {**os.environ, "PYTHONWARNINGS": "error", **self.provider.environ, "WHEREUSED_GAZETTEER": str(self.gazetteer)}
        environ |= {f"WHEREUSED_{name.upper()}": value for name, value in settings.items()}
        return Running(["--db", "w.db", *args], environ, answer, dies_at, partial(_enter, str(self.folder), prepare))

    def run(
        self, stage: str, *, prepare: Callable[[], None] | None = None, dies_at: tuple[str, int] | None = None, **settings: str
    ) -> Outcome:
        """Run a stage to its end."""
        return ended(self.start(stage, prepare=prepare, dies_at=dies_at, **settings))

    def copied(self, folder: Path) -> House:
        """The same house at another place, with everything in the database file and no log beside it."""
        if self.db.exists():
            integrity(self.db)
        shutil.copytree(self.folder, folder)
        return House(folder, self.provider, self.gazetteer)

    def content(self) -> str:
        """All that is stored, and of the site the names and texts."""
        return canonical_dump(self.db) + "\n" + "\n".join(self.site())

    def site(self) -> list[str]:
        """What was published, without times; nothing that is half."""
        files = sorted(path for path in (self.folder / "site").rglob("*") if path.is_file())
        return [f"{path.relative_to(self.folder)} {path.stat().st_size}" for path in files]


def ended(running: Running) -> Outcome:
    code, out, err = running.wait()
    return Outcome(code, err, out)


def _enter(folder: str, prepare: Callable[[], None] | None) -> None:
    os.chdir(folder)
    if prepare:
        prepare()


# ---------------------------------------------------------------- what a child does to itself before the command


def small_files(n_bytes: int) -> None:
    """As on a full disk: no file grows beyond so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


def impatient() -> None:
    """Wait a moment for a database in use, not half a minute."""
    import db.connect

    db.connect.BUSY_MS = 200


def frozen_disk() -> None:
    """The folder of the call on a disk that is mounted read-only, for this process alone
    (https://man7.org/linux/man-pages/man2/mount.2.html).
    """
    libc, here = ctypes.CDLL(None, use_errno=True), str(Path.cwd()).encode()
    newns, private, bind, remount_ro = 0x20000, 1 << 18 | 1 << 14, 1 << 12, 1 << 5 | 1 << 12 | 1
    steps = (
        lambda: libc.unshare(newns | (0 if os.getuid() == 0 else 0x10000000)),
        lambda: libc.mount(b"none", b"/", None, private, None),
        lambda: libc.mount(here, here, None, bind, None),
        lambda: libc.mount(here, here, None, remount_ro, None),
    )
    for step in steps:
        if step() != 0:
            raise OSError(ctypes.get_errno(), "mount")
    os.chdir(here)


def other_clock(days: float) -> None:
    """The clock of the machine is wrong by so many days, for Python and for SQLite alike; the monotonic one goes as ever."""
    import datetime as module_of_dates
    import time

    import db.connect

    shift, right, seconds, connect = timedelta(days=days), datetime, time.time, db.connect._connect

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return right.now(tz) + shift

    def strftime(form: str, *said: str) -> str:
        moved = [part for word in said for part in ((word, f"{days} days") if word == "now" else (word,))]
        marks = ", ".join("?" * len(moved))
        with closing(sqlite3.connect(":memory:")) as other:
            return str(other.execute(f"SELECT strftime(?, {marks})", [form, *moved]).fetchone()[0])

    def shifted(*args: Any, **kwargs: Any) -> db.connect.Database:
        found = connect(*args, **kwargs)
        found.conn.create_function("strftime", -1, strftime)
        return found

    db.connect._connect = shifted
    time.time = lambda: seconds() + shift.total_seconds()
    module_of_dates.datetime = Shifted  # type: ignore[misc]  # for what is imported later
    for module in list(sys.modules.values()):
        ours = getattr(module, "__name__", "").partition(".")[0] in ("crawler", "db", "geocode", "verify", "publish")
        if ours and getattr(module, "datetime", None) is right:
            module.datetime = Shifted  # type: ignore[attr-defined]


def no_names() -> None:
    """No name server answers."""
    import socket

    def fail(*_: object) -> str:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    socket.gethostbyname = fail  # type: ignore[assignment]
    socket.getaddrinfo = fail  # type: ignore[assignment]


def integrity(path: Path) -> tuple[str, list[object]]:
    """What SQLite says of a database."""
    conn = sqlite3.connect(path)
    try:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return str(conn.execute("PRAGMA integrity_check").fetchone()[0]), conn.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        conn.close()
