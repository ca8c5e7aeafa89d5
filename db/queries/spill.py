"""Rows put aside on disk and read back in order: for what must be sorted and doesn't fit into memory.

The rows lie in SQLite's temporary database, a file of its own that nobody else sees and that goes with the connection;
the user's database stays unchanged and may be read-only (https://www.sqlite.org/tempfiles.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from db.connect import Database

BATCH = 200  # rows handed over at once


class Spill:
    """Rows of a key, an order within it, and a text."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[tuple[str, str, str]] = []
        db.conn.execute("DROP TABLE IF EXISTS temp.spill")
        db.conn.execute("CREATE TEMP TABLE spill (key TEXT NOT NULL, place TEXT NOT NULL, row TEXT NOT NULL)")

    def add(self, key: str, place: tuple[Any, ...], row: str) -> None:
        """Put a row aside; ``place`` holds texts, and numbers that are not below zero."""
        order = "\x1f".join(f"{part:020d}" if isinstance(part, int) else part for part in place)
        self._waiting.append((key, order, row))
        if len(self._waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.conn.executemany("INSERT INTO temp.spill VALUES (?, ?, ?)", self._waiting)
        self._waiting.clear()

    def rows(self) -> Iterator[tuple[str, str]]:
        """(key, row), sorted by key and order within it."""
        self._flush()
        yield from self._db.conn.execute("SELECT key, row FROM temp.spill ORDER BY key, place")

    def close(self) -> None:
        """Give the disk space back."""
        self._db.conn.execute("DROP TABLE IF EXISTS temp.spill")
