"""Every stage on a machine that fails: nothing lost, nothing doubled, one line that says what to do."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from tests.crawl.test_fulltext import _may_mount
from tests.crawl.world import Outcome
from tests.trust.conftest import Calm
from tests.trust.house import STAGES, WRITERS, House, frozen_disk, impatient, integrity, other_clock, small_files


def check_told(done: Outcome, code: int, *words: str) -> None:
    """One line on stderr that names what is wrong; nothing on stdout."""
    assert done.code == code, done.err
    lines = [line for line in done.err.splitlines() if line.startswith("whereused: ")]
    assert len(lines) == 1 and "Traceback" not in done.err, done.err
    assert any(word in lines[0] for word in words), lines[0]


def check_mended(house: House, calm: Calm, stage: str) -> None:
    """The same command again, on a machine that works: the content of a run that nobody disturbed."""
    done = house.run(stage)
    assert done.code == 0, done.err
    assert house.content() == calm.after[stage]
    assert integrity(house.db) == ("ok", [])
    left = [path.name for path in house.folder.rglob("*") if ".partial" in path.name or path.name.startswith(".")]
    assert left == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_machine_that_fails(calm: Calm, tmp_path: Path, stage: str) -> None:
    """The disk is full, then read-only, then the database is in use; then all is well."""
    house = calm.before[stage].copied(tmp_path / "house")
    check_told(house.run(stage, prepare=partial(small_files, 8192)), 1, "no space left", "can't be written")
    if _may_mount():
        check_told(house.run(stage, prepare=frozen_disk), 1, "can't be opened for writing", "writable", "can't be written", "read-only")
    if stage in WRITERS and house.db.exists():
        holder = sqlite3.connect(house.db, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        check_told(house.run(stage, prepare=impatient), 2, "in use by another command", "at work")
        holder.close()
    check_mended(house, calm, stage)


def test_publishing_needs_no_lock(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["publish"].copied(tmp_path / "house")
    holder = sqlite3.connect(house.db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = house.run("publish", prepare=impatient)
    assert done.code == 0 and "manifest.json alone" in done.err, done.err
    holder.close()
    assert house.site() == calm.end.site()
    check_mended(house, calm, "publish")


@pytest.mark.parametrize("stage", WRITERS)
def test_cut_log(calm: Calm, tmp_path: Path, stage: str) -> None:
    """A power cut takes the end of the write-ahead log: cut transactions are missing whole, and the same command redoes them."""
    whole = calm.before[stage].copied(tmp_path / "whole")
    open_too = sqlite3.connect(whole.db) if whole.db.exists() else None  # else the last one to close would empty the log
    keeper = open_too.execute("SELECT count(*) FROM work") if open_too else None
    done = whole.run(stage) if open_too else whole.run(stage, dies_at=("db.runs:save_run_end", 1))
    assert done.code in (0, -signal.SIGKILL), done.err
    assert keeper is None or keeper.fetchone()
    log = whole.db.with_name("w.db-wal").read_bytes()
    assert len(log) < 4_000_000, "nothing of it has gone into the database yet"
    for number, part in enumerate((0.0, 0.6)):
        cut = House(tmp_path / f"cut{number}", whole.provider, whole.gazetteer)
        cut.folder.mkdir()
        for name in ("w.db", "list.csv"):
            shutil.copy(whole.folder / name, cut.folder / name)
        if (whole.folder / "w.db.files").exists():
            shutil.copytree(whole.folder / "w.db.files", cut.folder / "w.db.files")
        cut.db.with_name("w.db-wal").write_bytes(log[: int(len(log) * part)])
        assert integrity(cut.db) == ("ok", [])
        if stage == "verify":  # what a person said can't be redone by the machine: each answer is there or not, never half
            conn = sqlite3.connect(cut.db)
            assert conn.execute("SELECT count(*) FROM label").fetchone() == conn.execute("SELECT count(*) FROM decision").fetchone()
            conn.close()
        elif part:
            check_mended(cut, calm, stage)
    if open_too:
        open_too.close()


def test_a_clock_that_is_wrong(calm: Calm, tmp_path: Path, days: float = -400.0) -> None:
    """The whole job with a clock that is wrong by a year, then right again: the same content."""
    house = calm.before["crawl"].copied(tmp_path / "house")
    for stage in STAGES:
        done = house.run(stage, prepare=partial(other_clock, days))
        assert done.code == 0, (stage, done.err)
    assert house.content().splitlines() == calm.after["publish"].splitlines()


def test_a_clock_that_ran_ahead_puts_nothing_off(calm: Calm, tmp_path: Path) -> None:
    """A list read "next year" is due when the clock is right again; a failed full text is asked for again."""
    house = calm.before["crawl"].copied(tmp_path / "house")
    pdf = house.provider.pdfs.pop("0.pdf")
    assert house.run("crawl", prepare=partial(other_clock, 400.0)).code == 0
    house.provider.pdfs["0.pdf"] = pdf
    house.provider.requests.clear()
    assert house.run("due").code == 0
    asked = {request.path for request in house.provider.requests}
    assert any(path.endswith("/citations") for path in asked) and "/pdf/0.pdf" in asked, asked


def test_half_written_site(calm: Calm, tmp_path: Path) -> None:
    """Killed while files are replaced: each is the old one or the new one, whole; the next call ends the work."""
    house = calm.end.copied(tmp_path / "house")
    before = {path: path.read_bytes() for path in sorted((house.folder / "site").rglob("*")) if path.is_file()}
    done = house.run("publish", dies_at=("os:fsync", 5))
    assert done.code == -signal.SIGKILL
    assert len(list((house.folder / "site").rglob(".*"))) == 1, "what it was writing lies there"
    for path, content in before.items():
        assert len(path.read_bytes()) == len(content)
    assert house.run("publish").code == 0
    assert house.site() == calm.end.site()


def test_killed_before_the_database_is_told(calm: Calm, tmp_path: Path) -> None:
    """The pages are there, and the database doesn't know of them: the next publication into the folder tells it, once."""
    house = calm.before["publish"].copied(tmp_path / "house")
    assert house.run("publish", dies_at=("db.publications:save_publications", 1)).code == -signal.SIGKILL
    assert house.site() == calm.end.site()
    before = {path: path.read_bytes() for path in (house.folder / "site").rglob("*") if path.is_file()}
    check_mended(house, calm, "publish")
    assert before == {path: path.read_bytes() for path in (house.folder / "site").rglob("*") if path.is_file()}
    told = house.db.read_bytes()
    assert house.run("publish").code == 0 and house.db.read_bytes() == told


def test_published_from_a_disk_that_is_read_only(calm: Calm, tmp_path: Path) -> None:
    house = calm.before["publish"].copied(tmp_path / "house")
    if not _may_mount():
        pytest.skip("mounting is not allowed")
    house.db.with_name("w.db-wal").touch()  # as a command leaves it that found no room for the file beside it
    STAGES["elsewhere"] = (("publish", "megaface", "--out", str(tmp_path / "site"), "--include", "all"), "")
    try:
        done = house.run("elsewhere", prepare=frozen_disk)
    finally:
        del STAGES["elsewhere"]
    assert done.code == 0 and "manifest.json alone" in done.err, done.err
    assert (tmp_path / "site/megaface/manifest.json").is_file() and house.content() == calm.before["publish"].content()
