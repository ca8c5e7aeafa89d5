"""Decisions of reviewers about places: written by ``verify``, obeyed by ``geocode``.  Append-only; the latest counts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.connect import now


@dataclass(frozen=True, slots=True)
class PlaceDecision:
    """What a reviewer said of a string: the right institution (full ROR URL), or None where none is right."""

    string_id: int
    ror_id: str | None
    reviewer_id: int
    note: str | None
    decided_at: str


def save_place_decision(db: Database, string_id: int, ror_id: str | None, reviewer_id: int, note: str | None = None) -> int:
    """Record a decision and return its id; inside a transaction of the caller.  The next ``geocode`` obeys it."""
    cursor = db.conn.execute(
        "INSERT INTO place_decision (string_id, ror_id, reviewer_id, note, decided_at) VALUES (?, ?, ?, ?, ?)",
        [string_id, ror_id, reviewer_id, note, now()],
    )
    return int(cursor.lastrowid or 0)


def load_place_decisions(db: Database) -> dict[int, PlaceDecision]:
    """The decision that counts for each string."""
    rows = db.conn.execute(
        "SELECT string_id, ror_id, reviewer_id, note, decided_at FROM place_decision "
        "WHERE decision_id IN (SELECT max(decision_id) FROM place_decision GROUP BY string_id)"
    )
    return {row[0]: PlaceDecision(*row) for row in rows}
