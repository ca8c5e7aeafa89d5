"""A database in memory, and what it holds in a form that knows no row numbers."""

from __future__ import annotations

import json
import sqlite3
from functools import cache

from sqlite_utils import Database

from db.connect import writing
from db.migrations import MIGRATIONS
from db.records import ProviderFacts
from db.runs import save_run_start
from db.works import save_provider


@cache
def _schema() -> bytes:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    with writing(Database(conn)):
        MIGRATIONS.set.apply(Database(conn))
    return conn.serialize()


def new_database(*providers: str) -> Database:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.deserialize(_schema())
    conn.execute("PRAGMA foreign_keys = ON")
    db = Database(conn)
    with writing(db):
        for name in providers or ("semantic_scholar", "openalex", "import"):
            save_provider(db, ProviderFacts(name))
    save_run_start(db, "crawl", "test")
    return db


def ids_of(db: Database, work_id: int) -> list[str]:
    """Every id that a work holds or shares, an outdated one with a mark."""
    held = db.conn.execute("SELECT scheme || ':' || value || iif(is_primary, '', ' (old)') FROM external_id WHERE work_id = ?", [work_id])
    shared = db.conn.execute("SELECT scheme || ':' || value || ' (shared)' FROM id_claim WHERE work_id = ?", [work_id])
    return sorted(row[0] for cursor in (held, shared) for row in cursor)


def content(db: Database) -> list[str]:
    """The groups, each with its works, the preferred one marked."""
    groups = []
    for group_id, preferred in db.conn.execute("SELECT group_id, preferred_work_id FROM work_group").fetchall():
        works = []
        rows = db.conn.execute(
            """SELECT work_id, kind, title, year, venue, authors, abstract, provider, field_providers, title_key
               FROM work WHERE group_id = ?""",
            [group_id],
        )
        for work_id, *fields in rows.fetchall():
            works.append(json.dumps([ids_of(db, work_id), *fields, "preferred" if work_id == preferred else ""]))
        groups.append(json.dumps(sorted(works)))
    return sorted(groups)


def partition(db: Database) -> list[list[str]]:
    """Which ids are in one group."""
    found: dict[int, set[str]] = {}
    for group_id, work_id in db.conn.execute("SELECT group_id, work_id FROM work").fetchall():
        found.setdefault(group_id, set()).update(text.removesuffix(" (shared)") for text in ids_of(db, work_id))
    return sorted(sorted(ids) for ids in found.values())
