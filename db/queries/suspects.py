"""Lists whose last reading is not to be trusted: what they would publish may be a fraction of the truth."""

from __future__ import annotations

from typing import NamedTuple

from db.connect import Database


class Suspect(NamedTuple):
    """A list that shrank, and why it is suspect."""

    provider: str
    paper: str
    reason: str


def load_suspects(db: Database, slug: str) -> list[Suspect]:
    """The suspect lists of a dataset, by provider and paper."""
    sql = """SELECT DISTINCT l.provider, p.title, l.suspect FROM crawl_list l JOIN dataset_paper p ON p.work_id = l.work_id
              WHERE p.slug = ? AND l.suspect IS NOT NULL ORDER BY l.provider, p.position"""
    return [Suspect(*row) for row in db.conn.execute(sql, [slug])]
