"""What ``whereused doctor --repair`` mends.  Nothing is thrown away that could be missed: files are moved aside."""

from __future__ import annotations

import hashlib
from pathlib import Path

from db.config import Config
from db.connect import Database, backup, now, open_existing, writing
from db.errors import StorageError
from db.files import Where, load_bytes, size_of, stored_at
from db.health import ORPHANS, list_unknown


def repair(config: Config) -> list[str]:
    """Mend what the checks find, after a backup; what was done, one line each.

    Full texts that are missing, cut short or changed are asked for again by the next crawl; files that no row knows go to
    ``PATH.files/unknown/``, damaged ones to ``damaged/``; rows that nothing refers to are removed.  The call may be killed and
    repeated at any moment.
    """
    db = open_existing(config.db)
    try:
        saved = config.db.with_name(f"{config.db.name}.backup-{now().replace(':', '').replace('-', '')}")
        backup(db, saved)
        done = [f"backup: {saved}", *_ask_again(config, db), *_remove_orphans(db), *_move_unknown(config, db)]
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return done
    finally:
        db.close()


def _ask_again(config: Config, db: Database) -> list[str]:
    rows = db.conn.execute("SELECT sha256, bytes FROM document WHERE media_type = 'application/pdf' ORDER BY sha256").fetchall()
    lost = [(sha,) for sha, size in rows if not _is_whole(stored_at(config, sha), sha, size)]
    if not lost:
        return []
    for (sha,) in lost:  # else a new one of the same size would not be written
        if isinstance(where := stored_at(config, sha), Path):  # a shared place is written anew whatever lies there
            _move_aside(config, where, "damaged")
    with writing(db):
        db.conn.executemany(
            "UPDATE fulltext SET status = 'pending', sha256 = NULL, reason = NULL, n_tries = 0 WHERE sha256 = ? AND url LIKE 'http%'", lost
        )
    return [f"full texts: {len(lost)} missing or damaged; the next `whereused crawl` asks for them again, imported ones import again"]


def _is_whole(where: Where, sha256: str, size: int) -> bool:
    """Whether a stored document is what it was, byte for byte.  StorageError where its place can't be reached: that tells nothing of it."""
    try:
        return size_of(where) == size and hashlib.sha256(load_bytes(where)).hexdigest() == sha256
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StorageError(f"{where} can't be read ({error}); nothing was repaired") from error


def _remove_orphans(db: Database) -> list[str]:
    done = []
    with writing(db):
        for name, rows in ORPHANS.items():
            if name == "runs that never ended":
                sql = "UPDATE " + rows.replace(" WHERE", " SET status = 'interrupted', reason = 'did not end' WHERE")
            else:
                _remove_dependents(db, name, rows)
                sql = f"DELETE FROM {rows}"
            n = db.conn.execute(sql).rowcount
            done += [f"{name}: {n}"] if n else []
    return done


_DEPENDENTS = {
    "documents": (("document_state", "sha256"), ("affiliation", "sha256"), ("mention", "sha256")),
    "affiliation strings": (("string_match", "string_id"), ("string_state", "string_id")),
}


def _remove_dependents(db: Database, name: str, rows: str) -> None:
    """What was found out about rows that go: states go with them, what works took from them stays without the reference."""
    for table, column in _DEPENDENTS.get(name, ()):
        where = f"WHERE {column} IN (SELECT {column} FROM {rows})"
        if table in ("affiliation", "mention"):
            db.conn.execute(f"UPDATE {table} SET {column} = NULL {where}")
        else:
            db.conn.execute(f"DELETE FROM {table} {where}")


def _move_aside(config: Config, path: Path, folder: str) -> None:
    if path.is_file():
        aside = config.files / folder / path.name
        aside.parent.mkdir(parents=True, exist_ok=True)
        path.replace(aside)


def _move_unknown(config: Config, db: Database) -> list[str]:
    _, unknown = list_unknown(config, db)
    for path in unknown:
        if path.suffix == ".partial":
            path.unlink(missing_ok=True)
        else:
            _move_aside(config, path, "unknown")
    return [f"files without rows: {len(unknown)} moved to {config.files / 'unknown'}, unfinished ones removed"] if unknown else []
