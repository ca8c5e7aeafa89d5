"""The sample of photo links: which are to be asked, and what came of it.  The crawl's spider writes here."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from db.connect import now, writing


def load_unchecked(db: Database, slugs: Iterable[str], *, again: bool = False) -> list[tuple[str, str]]:
    """(slug, url) of links that gave no verdict yet, in a fixed order; ``again`` for all of them."""
    sql = """SELECT slug, url FROM photo_link WHERE slug IN (SELECT value FROM json_each(?))
                AND (? OR status IN ('pending', 'failed')) ORDER BY slug, url"""
    return [(slug, url) for slug, url in db.conn.execute(sql, [json.dumps(list(slugs)), int(again)])]


def save_answer(db: Database, slug: str, url: str, status: str, reason: str | None, *, run_id: int) -> None:
    """What came of asking for one link."""
    with writing(db):
        db.conn.execute(
            "UPDATE photo_link SET status = ?, reason = ?, run_id = ?, checked_at = ? WHERE slug = ? AND url = ?",
            [status, reason, run_id, now(), slug, url],
        )
