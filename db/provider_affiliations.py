"""What a provider says of the authors' affiliations: its own tier beside what the document prints, never in its place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class GivenInstitution:
    """An institution that a provider names for a string.  ``ror_id`` is the full URL."""

    ror_id: str
    name: str | None = None
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class GivenAffiliation:
    """An affiliation string as a provider gives it, without e-mail addresses; their domains stand beside it."""

    text: str
    email_domains: tuple[str, ...] = ()
    institutions: tuple[GivenInstitution, ...] = ()


def save_affiliations(db: Database, work_id: int, given: Iterable[GivenAffiliation], *, tier: str, version: str) -> bool:
    """Make these the affiliations of a work in the provider's tier; within a transaction of the caller.

    True where something changed.  A provider that gives none takes none away.
    """
    given = list(given)
    if not given or _load(db, work_id, tier) == given:
        return False
    old = [row[0] for row in db.conn.execute("SELECT string_id FROM affiliation WHERE work_id = ? AND tier = ?", [work_id, tier])]
    db.conn.execute("DELETE FROM affiliation WHERE work_id = ? AND tier = ?", [work_id, tier])
    for position, affiliation in enumerate(given):
        cursor = db.conn.execute(
            "INSERT INTO affiliation (work_id, tier, position, string_id, version) VALUES (?, ?, ?, ?, ?)",
            [work_id, tier, position, _string_id(db, affiliation), version],
        )
        db.conn.executemany(
            "INSERT INTO affiliation_ror (affiliation_id, ror_id, name, country_code) VALUES (?, ?, ?, ?)",
            [(cursor.lastrowid, i.ror_id, i.name, i.country_code) for i in affiliation.institutions],
        )
    db.conn.executemany(
        """DELETE FROM affiliation_string WHERE string_id = ?1
              AND NOT EXISTS (SELECT 1 FROM affiliation WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM string_state WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM string_match WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM place_answer WHERE string_id = ?1)""",
        [(string_id,) for string_id in set(old)],
    )
    return True


def _load(db: Database, work_id: int, tier: str) -> list[GivenAffiliation]:
    rows = db.conn.execute(
        """SELECT a.affiliation_id, s.text, s.email_domains FROM affiliation a JOIN affiliation_string s USING (string_id)
            WHERE a.work_id = ? AND a.tier = ? ORDER BY a.position""",
        [work_id, tier],
    ).fetchall()
    return [GivenAffiliation(text, tuple(json.loads(domains)), _institutions(db, number)) for number, text, domains in rows]


def _institutions(db: Database, affiliation_id: int) -> tuple[GivenInstitution, ...]:
    sql = "SELECT ror_id, name, country_code FROM affiliation_ror WHERE affiliation_id = ? ORDER BY ror_id"
    return tuple(GivenInstitution(*row) for row in db.conn.execute(sql, [affiliation_id]))


def _string_id(db: Database, affiliation: GivenAffiliation) -> int:
    where = [affiliation.text, json.dumps(sorted(set(affiliation.email_domains)))]
    db.conn.execute("INSERT OR IGNORE INTO affiliation_string (text, email_domains) VALUES (?, ?)", where)
    (found,) = db.conn.execute("SELECT string_id FROM affiliation_string WHERE text = ? AND email_domains = ?", where).fetchone()
    return int(found)
