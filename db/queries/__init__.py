"""Shared read queries: what the stages published, asked of a database that nothing here changes.

``snapshot`` first, so that all answers of one export come from one state even while a crawl is writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from db.connect import Database


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """One read transaction: every query inside sees the same state of the database."""
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.execute("ROLLBACK")
