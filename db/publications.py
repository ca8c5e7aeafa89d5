"""What was published, remembered: the one thing that ``publish`` writes, after its files and apart from its reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from db.connect import Database, now, writing
from db.queries.corrections import Shown


def save_publications(db: Database, shown: Mapping[str, Iterable[Shown]]) -> None:
    """Add, in one transaction, the publications of these datasets (slug → publications) that aren't known yet."""
    at = now()
    rows = [(slug, one.include, one.as_of, one.decisions, at) for slug, told in sorted(shown.items()) for one in sorted(set(told))]
    with writing(db):
        db.conn.executemany(
            "INSERT INTO publication (slug, include, newest_at, decisions, recorded_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
        )
