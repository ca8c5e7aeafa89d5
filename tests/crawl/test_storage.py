"""Two crawls at once, a database in use, a full quota, a read-only disk: one line, nothing lost, nothing doubled."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.process import Running
from tests.crawl.test_fulltext import _may_mount
from tests.crawl.world import MEGAFACE, Crawl, Outcome, citing, edge, provider_of
from tests.helpers.dump import canonical_dump

N = 400


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf"} if i < 3 else None) for i in range(N)]
    pdfs = {f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in range(3)}
    with provider_of({MEGAFACE: [edge(i) for i in range(N)]}, papers, pdfs=pdfs) as world:
        yield world


@pytest.fixture(scope="module")
def calm(provider: LoopbackProvider, tmp_path_factory: pytest.TempPathFactory) -> str:
    crawl = Crawl(tmp_path_factory.mktemp("calm") / "w.db", provider)
    assert crawl("megaface").code == 0
    return canonical_dump(crawl.db)


def test_a_second_crawl_says_that_one_is_at_work(provider: LoopbackProvider, calm: str, tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "w.db", provider)
    seconds: list[Running] = []
    outcomes: list[tuple[int | None, str, str]] = []

    def start_another(_: LoopbackProvider) -> None:
        seconds.append(crawl.start("megaface"))
        outcomes.append(seconds[0].wait())

    provider.faults.append(Fault("call", where=f"{MEGAFACE}/citations", action=start_another))
    first = crawl("megaface")
    assert first.code == 0, first.err
    ((code, out, err),) = outcomes
    assert (code, out) == (2, "")
    assert err.splitlines() == [f"whereused: another crawl is at work on {crawl.db}; wait for it to end, then try again"]
    assert canonical_dump(crawl.db) == calm
    assert [row[0] for row in crawl.rows("SELECT status FROM run")] == ["done"]


def test_a_database_in_use_is_waited_for(provider: LoopbackProvider, calm: str, tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "w.db", provider)

    def hold(_: LoopbackProvider) -> None:
        conn = sqlite3.connect(crawl.db, isolation_level=None, check_same_thread=False)
        conn.execute("BEGIN IMMEDIATE")
        threading.Timer(0.7, conn.close).start()

    provider.faults.append(Fault("call", where=f"{MEGAFACE}/citations", action=hold))
    assert crawl("megaface").code == 0
    assert canonical_dump(crawl.db) == calm


def limited(crawl: Crawl, prefix: str) -> Outcome:
    """The crawl in a shell that has set a limit before."""
    command = f"{prefix} exec {sys.executable} -m whereused --db {crawl.db} crawl megaface"
    done = subprocess.run(["sh", "-c", command], env=crawl.environ(), capture_output=True, text=True, timeout=60, check=False)
    return Outcome(done.returncode, done.stderr, done.stdout)


@pytest.mark.parametrize("blocks", [64, 1100])
def test_a_spent_quota_is_one_line_and_the_next_call_ends_the_work(
    provider: LoopbackProvider, calm: str, tmp_path: Path, blocks: int
) -> None:
    """Files may grow to so many blocks of 512 bytes: too few for the tables, for all rows."""
    crawl = Crawl(tmp_path / "w.db", provider)
    done = limited(crawl, f"ulimit -f {blocks};")
    assert done.code == 1, done.err
    assert len(done.err.splitlines()) == 1 and done.err.startswith("whereused: "), done.err
    assert crawl("megaface").code == 0
    assert canonical_dump(crawl.db) == calm
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.skipif(not _may_mount(), reason="needs a user namespace, to mount a read-only disk in it")
def test_a_read_only_disk_is_one_line(provider: LoopbackProvider, calm: str, tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "disk" / "w.db", provider)
    assert crawl("megaface").code == 0
    disk = crawl.db.parent
    mount = f"mount --bind {disk} {disk} && mount -o remount,bind,ro {disk}"
    command = f"{mount} && exec {sys.executable} -m whereused --db {crawl.db} crawl megaface"
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", command], env=crawl.environ(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (1, 2), done.stderr
    assert len(done.stderr.splitlines()) == 1 and "writ" in done.stderr, done.stderr
    assert canonical_dump(crawl.db) == calm
