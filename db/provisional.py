"""Institutions without a registry record: which strings name the same one, and what reviewers said of it.

A provisional institution is a row of ``place`` with a name: the point is its city's.  Its strings stand in
``provisional_string``.  It ends when the registry gains the record (``place.became``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.places import PlaceDecision, load_place_decisions


@dataclass(frozen=True, slots=True)
class Peer:
    """A provisional institution of one place, with the key of the name that one of its strings prints."""

    place_id: int
    provider: str
    provider_key: str
    name_key: str


def load_peers(db: Database, country_code: str | None, place_name: str, latitude: float | None, longitude: float | None) -> list[Peer]:
    """The provisional institutions of one place (a city; a region or country where nothing finer is known), oldest first."""
    rows = db.conn.execute(
        "SELECT DISTINCT p.place_id, p.provider, p.provider_key, s.name_key FROM place p JOIN provisional_string s USING (place_id) "
        "WHERE p.country_code IS ? AND p.name = ? AND p.latitude IS ? AND p.longitude IS ? ORDER BY p.place_id, s.string_id",
        [country_code, place_name, latitude, longitude],
    )
    return [Peer(*row) for row in rows]


def find_membership(db: Database, string_id: int) -> Peer | None:
    """The provisional institution that a string was counted to."""
    row = db.conn.execute(
        "SELECT p.place_id, p.provider, p.provider_key, s.name_key FROM provisional_string s JOIN place p USING (place_id) "
        "WHERE s.string_id = ?",
        [string_id],
    ).fetchone()
    return Peer(*row) if row else None


def save_membership(db: Database, string_id: int, place_id: int, name_key: str) -> None:
    """Count a string to a provisional institution; inside a transaction of the caller."""
    db.conn.execute(
        "INSERT INTO provisional_string (string_id, place_id, name_key) VALUES (?, ?, ?) "
        "ON CONFLICT (string_id) DO UPDATE SET place_id = excluded.place_id, name_key = excluded.name_key",
        [string_id, place_id, name_key],
    )


def end_membership(db: Database, string_id: int, became: str | None) -> None:
    """A string names no provisional institution any more; ``became``: the registry's record it leads to now.

    The institution itself became that record when its last string goes there.  Inside a transaction of the caller.
    """
    member = find_membership(db, string_id)
    if member is None:
        return
    db.conn.execute("DELETE FROM provisional_string WHERE string_id = ?", [string_id])
    if became and not db.conn.execute("SELECT 1 FROM provisional_string WHERE place_id = ? LIMIT 1", [member.place_id]).fetchone():
        db.conn.execute("UPDATE place SET became = ? WHERE place_id = ?", [became, member.place_id])


def load_cluster_decisions(db: Database) -> dict[int, PlaceDecision]:
    """For each string of a provisional institution what a reviewer said of another of its strings; the latest counts."""
    by_place = _decisions_by_place(db)
    rows = db.conn.execute("SELECT string_id, place_id FROM provisional_string")
    return {string_id: by_place[place_id] for string_id, place_id in rows if place_id in by_place}


def find_cluster_decision(db: Database, place_id: int) -> PlaceDecision | None:
    """What a reviewer said of a string of this provisional institution."""
    return _decisions_by_place(db).get(place_id)


def _decisions_by_place(db: Database) -> dict[int, PlaceDecision]:
    members = dict(
        db.conn.execute("SELECT string_id, place_id FROM provisional_string WHERE string_id IN (SELECT string_id FROM place_decision)")
    )
    decisions = load_place_decisions(db) if members else {}
    return {members[d.string_id]: d for d in sorted(decisions.values(), key=lambda d: d.decision_id) if d.string_id in members}


def load_became(db: Database) -> dict[tuple[str, str], str]:
    """(provider, key) of a provisional institution → the ROR id it turned out to be: keeps an exported id traceable."""
    rows = db.conn.execute("SELECT provider, provider_key, became FROM place WHERE became IS NOT NULL")
    return {(provider, key): ror_id for provider, key, ror_id in rows}
