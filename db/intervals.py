"""How often the lists of a dataset are due."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

DUE_DAYS = 7.0
EARLY_SHARE, EARLY_DAYS = 0.1, 0.5  # a list is due a little early: it was completed some time after the weekly call began


def find_interval(db: Database, slug: str) -> float | None:
    """Days between two crawls of a dataset, where the user set them."""
    row = db.conn.execute("SELECT days FROM crawl_interval WHERE slug = ?", [slug]).fetchone()
    return float(row[0]) if row else None


def save_interval(db: Database, slug: str, days: float | None) -> None:
    """Set it; None: as usual.  Within a transaction of the caller."""
    db.conn.execute("DELETE FROM crawl_interval WHERE slug = ?", [slug])
    if days is not None:
        db.conn.execute("INSERT INTO crawl_interval (slug, days) VALUES (?, ?)", [slug, days])


def fresh_days(db: Database, slugs: Iterable[str]) -> float:
    """For so many days a list counts as fresh: by the shortest interval of the datasets that want it."""
    days = min((find_interval(db, slug) or DUE_DAYS for slug in slugs), default=DUE_DAYS)
    return days - min(EARLY_SHARE * days, EARLY_DAYS)
