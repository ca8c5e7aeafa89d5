"""The names of institutions in ids that leave the house: stable when the registry merges two records.

When record A is merged into B, strings that led to A lead to B after the next ``geocode``.  A Feature that stood under A
keeps that name: a record goes by the first of its predecessors that this database ever held, else by its own id.
"""

from __future__ import annotations

from db.connect import Database

TABLE = "ror_successor"  # (ror_id, successor_id): what the registry said of withdrawn records when geocode read it
_PAIRS = f"SELECT ror_id, successor_id FROM {TABLE} ORDER BY ror_id, successor_id"


def key_of(ror_id: str) -> str:
    """The nine characters of a ROR id."""
    return ror_id.rstrip("/").rsplit("/", 1)[-1]


def load_keys(db: Database) -> dict[str, str]:
    """ROR id → name in public ids, for records that took others over; everything else goes by its own id."""
    if not db.conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [TABLE]).fetchone():
        return {}
    successor = dict(db.conn.execute(_PAIRS).fetchall())
    held = {ror_id for (ror_id,) in db.conn.execute("SELECT ror_id FROM institution")} if successor else set()
    later = {ror_id: _later(ror_id, successor) for ror_id in held & successor.keys()}
    firsts = later.keys() - {following for line in later.values() for following in line}
    return {following: key_of(first) for first in sorted(firsts, reverse=True) for following in later[first]}


def _later(ror_id: str, successor: dict[str, str]) -> list[str]:
    """Everything that followed on a record; a ring in the data ends where it would begin again."""
    line = [ror_id]
    while (following := successor.get(line[-1])) and following not in line:
        line.append(following)
    return line[1:]
