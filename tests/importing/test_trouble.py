"""What an import survives: kill -9, a full disk, missing permission, another command at work."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.dump import canonical_dump
from tests.importing.files import count, make_pdf, query, run_import, stored


def killed_import(db: Path, file: Path, *, after: int) -> int:
    """Import and kill -9 once at least ``after`` works are there; how many are there then."""
    command = [sys.executable, "-m", "whereused", "--db", str(db), "import", str(file), "--dataset", "megaface"]
    with subprocess.Popen(command, cwd=db.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and _works(db) < after:
            os.sched_yield()
        process.kill()
    assert process.returncode == -signal.SIGKILL
    return count(db, "work")


def _works(db: Path) -> int:
    try:
        return count(db, "work") if db.exists() else 0
    except sqlite3.OperationalError:  # no tables yet
        return 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    for number in range(60):
        (folder / f"paper {number:02}.pdf").write_bytes(make_pdf(f"Paper {number}"))
    (folder / "paper 30.pdf").write_bytes(b"<html>not one</html>")
    return folder


def test_killed_among_pdfs_and_run_again(folder: Path, tmp_path: Path) -> None:
    assert run_import(tmp_path / "whole.db", folder).returncode == 0
    killed = tmp_path / "killed.db"
    n_works = killed_import(killed, folder, after=10)
    assert 10 <= n_works < 60
    assert query(killed, "PRAGMA integrity_check") == [("ok",)]
    assert run_import(killed, folder).returncode == 0
    assert canonical_dump(killed) == canonical_dump(tmp_path / "whole.db")
    assert stored(killed) == stored(tmp_path / "whole.db")
    assert query(killed, "SELECT status FROM run ORDER BY run_id") == [("interrupted",), ("done",)]


def test_killed_among_rows_and_run_again(tmp_path: Path) -> None:
    rows = [
        f"{'A telling title of work' if n % 3 else 'Shared title of some works'} {n // 2 % 700},10.1000/{n % 1900},{2010 + n % 9}"
        for n in range(2000)
    ]
    (tmp_path / "list.csv").write_text("title,doi,year\n" + "\n".join(rows))
    assert run_import(tmp_path / "whole.db", "list.csv").returncode == 0
    killed = tmp_path / "killed.db"
    n_works = killed_import(killed, tmp_path / "list.csv", after=200)
    assert 200 <= n_works < 1900
    assert run_import(killed, "list.csv").returncode == 0
    assert canonical_dump(killed) == canonical_dump(tmp_path / "whole.db")


def test_a_full_disk(tmp_path: Path) -> None:
    """A real file system of 2 MB, in a mount namespace of its own."""
    disk, folder = tmp_path / "disk", tmp_path / "pdfs"
    disk.mkdir()
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.pdf").write_bytes(make_pdf(f"Paper {number}", padding=300_000))
    script = (
        f"mount -t tmpfs -o size=2m none '{disk}' && shift && \"$@\"; echo \"exit $?\"; cp '{disk}'/a.db '{disk}'/a.db-wal '{tmp_path}'"
    )
    command = [sys.executable, "-m", "whereused", "--db", str(disk / "a.db"), "import", str(folder), "--dataset", "megaface"]
    unshare = shutil.which("unshare")
    allowed = (
        unshare
        and subprocess.run([unshare, "-rm", "mount", "-t", "tmpfs", "none", str(disk)], capture_output=True, check=False).returncode == 0
    )
    if not allowed:
        pytest.skip("this machine lets nobody mount a file system of their own")
    done = subprocess.run(
        [str(unshare), "-rm", "sh", "-c", script, "sh", "-", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["exit 1"]
    assert done.stderr.count("\n") == 1
    assert "no space left on the disk" in done.stderr
    kept = count(tmp_path / "a.db", "document")
    assert 0 < kept < 8
    assert query(tmp_path / "a.db", "PRAGMA integrity_check") == [("ok",)]
    assert run_import(tmp_path / "a.db", folder).returncode == 0  # with space again
    assert count(tmp_path / "a.db", "document") == 8


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may enter, as pytest's own may not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def obeying() -> dict[str, Any]:
    """root may read and write everything: there the command runs without that power."""
    if os.geteuid() != 0:
        return {}
    setpriv = shutil.which("setpriv")
    if not setpriv:
        pytest.skip("root without setpriv can't be refused anything")
    return {"before": [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]}


def test_no_permission(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir()
    (open_folder / "one.pdf").write_bytes(make_pdf("One"))
    (open_folder / "one.pdf").chmod(0o644)
    closed.chmod(0o555)
    done = run_import(closed / "a.db", open_folder / "one.pdf", env=os.environ | {"HOME": "/"}, **obeying())
    assert (done.returncode, done.stderr.count("\n")) in {(1, 1), (2, 1)}
    assert "permission" in done.stderr
    assert not list(closed.iterdir())


def test_a_pdf_that_may_not_be_read_does_not_stop_the_rest(open_folder: Path) -> None:
    home, folder = open_folder / "home", open_folder / "pdfs"
    for made in (home, folder):
        made.mkdir()
        made.chmod(0o777)
    for name in ("a", "b"):
        (folder / f"{name}.pdf").write_bytes(make_pdf(name))
        (folder / f"{name}.pdf").chmod(0o644 if name == "b" else 0)
    done = run_import(home / "a.db", folder, env=os.environ | {"HOME": str(home)}, **obeying())
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "a.pdf: can't be read (Permission denied)",
        "1 work for megaface, 1 of them new; 1 PDF stored; 1 entry left out",
    ]


def test_two_at_once_on_one_database(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    command = [sys.executable, "-m", "whereused", "--db", str(db), "import", str(folder), "--dataset", "megaface"]
    both = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert [code for _, code in ends] == [0, 0], ends
    assert run_import(tmp_path / "whole.db", folder).returncode == 0
    assert canonical_dump(db) == canonical_dump(tmp_path / "whole.db")
