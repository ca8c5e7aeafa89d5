"""Runs: one row for each call of a writing command, so that every harvested row leads back to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connect import now, writing
from db.errors import DatabaseError
from db.secrets import without_secrets


def installed_version() -> str:
    """The version of this installation, as runs carry it; "unknown" when it runs from a tree that was never installed."""
    try:
        return version_of("whereused")
    except PackageNotFoundError:
        return "unknown"


def save_run_start(db: Database, command: str, version: str) -> int:
    """Open a run and return its id.  A run that was killed stays ``running``: the next call closes it as interrupted."""
    with writing(db):
        db.conn.execute(
            "UPDATE run SET status = 'interrupted', reason = 'did not end', ended_at = ? WHERE status = 'running' AND command = ?",
            [now(), command],
        )
        cursor = db.conn.execute(
            "INSERT INTO run (command, version, status, started_at) VALUES (?, ?, 'running', ?)", [command, version, now()]
        )
        return int(cursor.lastrowid or 0)


def save_run_end(db: Database, run_id: int, status: str, reason: str | None = None) -> None:
    """Close a run as ``done``, ``failed`` or ``interrupted``."""
    with writing(db):
        db.conn.execute("UPDATE run SET status = ?, reason = ?, ended_at = ? WHERE run_id = ?", [status, reason, now(), run_id])


@contextmanager
def running(db: Database, command: str, version: str) -> Iterator[int]:
    """A run around a block of work; it ends as the block ends."""
    run_id = save_run_start(db, command, version)
    try:
        yield run_id
    except KeyboardInterrupt:
        save_run_end(db, run_id, "interrupted", "stopped by the user")
        raise
    except BaseException as error:
        save_run_end(db, run_id, "failed", without_secrets(str(error).splitlines()[0]) if str(error) else type(error).__name__)
        raise
    save_run_end(db, run_id, "done")


@contextmanager
def only_one(path: Path, command: str) -> Iterator[None]:
    """One ``command`` at a time on the database at ``path``; the lock goes with the process, however that ends.

    DatabaseError where another one is at work.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f"{path.name}.{command}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise DatabaseError(f"another {command} is at work on {path}; wait for it to end, then try again") from error
