"""Opening the database: who may read, who may write, and how an old one is brought up to date.

Writing commands migrate, under a lock, after a backup, in one transaction; reading commands never do.  SQLite runs in
WAL mode with ``synchronous=FULL``: what a transaction has committed survives kill -9 and a power cut.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from db.errors import DatabaseError, StorageError
from db.handle import Database as Database  # before whatever asks sqlite_utils for it
from db.identity import telling_key
from db.migrations import MIGRATIONS

BUSY_MS = 30_000  # how long a writer waits for another one
LOCK_S = 60.0  # how long a second writing command waits while the first one migrates

# A time behind this one was written by a clock that was wrong: what it says of "lately" doesn't count.
SOON = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 day')"


def now() -> str:
    """The time as the database writes it: UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction.  It takes the write lock at once, so that it can't fail half-way because another writer was faster."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.conn.execute("ROLLBACK")
        raise
    db.conn.execute("COMMIT")


@contextmanager
def one_line_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk say into one line that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "full" in text:
            raise StorageError(f"{path}: no space left on the disk; free some and run the same command again") from error
        if "disk I/O error" in text:  # a quota or a limit of the size of files, too
            raise StorageError(
                f"{path} can't be written ({text}): disk, quota or permissions; mend that and run the same command"
            ) from error
        if "locked" in text or "busy" in text:
            raise DatabaseError(f"{path} is in use by another command; wait for it to end, then try again") from error
        if "readonly" in text or "unable to open" in text:
            raise StorageError(f"{path} can't be opened for writing; check the permissions of the file and its folder") from error
        if "malformed" in text or "not a database" in text:
            raise DatabaseError(
                f"{path} is damaged or no SQLite database; put it aside and go on with a backup ({path.name}.backup-*)"
            ) from error
        raise


def _connect(uri: str, *, uri_mode: bool) -> Database:
    conn = sqlite3.connect(uri, uri=uri_mode, isolation_level=None, timeout=BUSY_MS / 1000)
    conn.execute("PRAGMA foreign_keys = ON")
    conn.create_function("telling_key", 1, telling_key, deterministic=True)
    return Database(conn)


def _unknown_migrations(db: Database) -> list[str]:
    known = {name for name, _ in MIGRATIONS.all_names()}
    return [m.name for m in MIGRATIONS.set.applied(db) if m.name not in known]


def _check_known(db: Database, path: Path) -> None:
    if _unknown_migrations(db):
        raise DatabaseError(f"{path} was written by a newer whereused; update whereused, or name another database with --db")


def open_for_reading(path: Path) -> Database:
    """The database, read-only and unchanged.

    Raises DatabaseError where there is none, or where its schema is older or newer than this version's.
    """
    if not path.is_file():
        raise DatabaseError(f"{path} does not exist; start one with `whereused crawl` or `whereused import`, or name another with --db")
    with one_line_errors(path):
        uri = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"
        db = _connect(uri, uri_mode=True)
        try:
            applied = MIGRATIONS.set.applied(db)
        except sqlite3.OperationalError:
            # A read-only folder, or a full disk: SQLite can't make the -shm file of WAL mode.  Without a -wal file, or with an
            # empty one, there is nothing in it to miss, and the file can be read as it stands.
            if _has_bytes(path.with_name(path.name + "-wal")):
                raise
            db.close()
            db = _connect(uri + "&immutable=1", uri_mode=True)
            applied = MIGRATIONS.set.applied(db)
        if not applied:
            raise DatabaseError(f"{path} is no whereused database; name another with --db")
        _check_known(db, path)
        if MIGRATIONS.set.pending(db):
            raise DatabaseError(f"{path} has an older layout; run `whereused doctor --upgrade` once (it keeps a backup)")
    return db


def _has_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def told_of_new(path: Path) -> str | None:
    """What ``--due`` without a name says where it begins a database: a disk that isn't mounted looks like a first week."""
    return None if path.is_file() else f"{path} does not exist yet: everything begins anew there (is its disk mounted?)"


def open_existing(path: Path) -> Database:
    """The database, ready for writing; for commands that work on what is there, so that a mistyped name makes no new file."""
    if not path.is_file():
        raise DatabaseError(f"{path} does not exist; start one with `whereused crawl` or `whereused import`, or name another with --db")
    return open_for_writing(path)


def open_for_writing(path: Path) -> Database:
    """The database, made or migrated where needed, ready for writing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent} can't be made ({error.strerror}); name another place with --db") from error
    with one_line_errors(path):
        db = _connect(str(path), uri_mode=False)
        db.conn.execute("PRAGMA journal_mode = WAL")
        db.conn.execute("PRAGMA synchronous = FULL")
        _check_known(db, path)
        if MIGRATIONS.set.pending(db):
            _migrate(db, path)
    return db


def _migrate(db: Database, path: Path) -> None:
    try:
        with FileLock(path.with_name(path.name + ".lock"), timeout=LOCK_S):
            if not MIGRATIONS.set.pending(db):  # another command was faster
                return
            tables = set(db.table_names())
            if tables and not MIGRATIONS.set.applied(db):
                raise DatabaseError(f"{path} holds other tables and no whereused data; name another database with --db")
            if tables:
                stamp = now().replace(":", "").replace("-", "")
                backup(db, path.with_name(f"{path.name}.backup-{stamp}"))
            with writing(db):
                MIGRATIONS.set.apply(db)
    except Timeout as error:
        raise DatabaseError(f"{path} is being upgraded by another command; wait for it to end, then try again") from error
    except OSError as error:
        raise StorageError(f"{path.parent} is not writable ({error.strerror}); name another place with --db") from error


def backup(db: Database, target: Path) -> None:
    """A verified copy of the database at ``target``; nothing stands there until it is whole."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with one_line_errors(target), closing(sqlite3.connect(partial)) as copy:
            db.conn.backup(copy)
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise DatabaseError(f"the copy for {target} is damaged ({verdict}); check the disk, and the database with `whereused doctor`")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
