"""The names of institutions in ids that leave the house: stable when the registry merges two records.

When record A is merged into B, strings that led to A lead to B after the next ``geocode``.  The Feature that stood under A
keeps its id: all records that became one go by the one of them that this database held first.
"""

from __future__ import annotations

from db.connect import Database

TABLE = "ror_successor"  # (ror_id, successor): what the registry said of withdrawn records when geocode read it
# A closed house that strings still name stands beside the one that took it over: two institutions, two Features.
_PAIRS = (
    f"SELECT ror_id, successor FROM {TABLE} WHERE ror_id NOT IN (SELECT ror_id FROM institution WHERE status = 'inactive') ORDER BY ror_id"
)
# In the order in which they came: an institution is never taken out, and what is new of it keeps its row.
_HELD = "SELECT ror_id FROM institution ORDER BY rowid"


def key_of(ror_id: str) -> str:
    """The nine characters of a ROR id."""
    return ror_id.rstrip("/").rsplit("/", 1)[-1]


def load_keys(db: Database) -> dict[str, str]:
    """ROR id → name in public ids, for records that became one with others; everything else goes by its own id."""
    if not db.conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [TABLE]).fetchone():
        return {}
    successor: dict[str, str] = dict(db.conn.execute(_PAIRS).fetchall())
    ends = {_end(ror_id, successor) for ror_id in successor}
    first: dict[str, str] = {}
    keys = {}
    for (ror_id,) in db.conn.execute(_HELD):
        end = _end(ror_id, successor)
        if end in ends:
            keys[ror_id] = key_of(first.setdefault(end, ror_id))
    return keys


def _end(ror_id: str, successor: dict[str, str]) -> str:
    """What a record became in the end; a ring in the data has no end, and each of its records stays what it is."""
    seen = [ror_id]
    while following := successor.get(seen[-1]):
        if following in seen:
            return ror_id
        seen.append(following)
    return seen[-1]
