"""Where every affiliation string leads, put aside in SQLite's temporary database, so that works are joined with it and memory
doesn't grow with the number of strings.

Nobody else sees the table, and it goes with the process; the user's database stays unchanged and may be read-only
(https://www.sqlite.org/tempfiles.html).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from db.connect import Database
from db.queries.places import COLUMNS, PLACES, PlaceRow, as_place
from db.queries.records import Place
from db.queries.successors import load_keys
from db.rules import is_sure

BATCH = 500  # rows handed over at once

_LED = f"""{PLACES} SELECT led.string_id, led.position, t.version, {COLUMNS} FROM led
  LEFT JOIN string_state t ON t.string_id = led.string_id
  LEFT JOIN institution i ON i.ror_id = led.ror_id LEFT JOIN place p ON p.place_id = led.place_id"""
_FIELDS = ", ".join(Place._fields)
_UNSORTED = f"CREATE TEMP TABLE unsorted (string_id INTEGER, position INTEGER, matcher, is_shown INTEGER, is_sure INTEGER, {_FIELDS})"
_SORTED = """CREATE TEMP TABLE lead AS SELECT dense_rank() OVER (ORDER BY key) AS site, * FROM temp.unsorted
  ORDER BY key, string_id, position"""


Strength = tuple[int, float, str, str, str]


class Lead(NamedTuple):
    """That a work's affiliation string leads to a place.  ``site`` numbers the places by their keys; ``number`` is the string's
    own way there, which ``load_place`` knows; without ``is_shown`` the place has no point.
    """

    group_id: int
    site: int
    number: int
    is_shown: int
    is_sure: int
    provider: str
    reviewed: int
    score: float
    method: str
    reader: str
    matcher: str | None

    def strength(self) -> Strength:
        """Of several leads of one work to one place the strongest is shown."""
        return self.reviewed, self.score, self.method, self.reader or "", self.matcher or ""


def save_leads(db: Database, is_shown: Callable[[Place], bool]) -> int:
    """Put every string's places aside; returns the number of places."""
    drop_leads(db)
    db.conn.execute(_UNSORTED)
    sql = f"INSERT INTO temp.unsorted VALUES ({', '.join('?' * (len(Place._fields) + 5))})"
    keys, waiting = load_keys(db), []
    for string_id, position, matcher, *rest in db.conn.execute(_LED):
        if place := as_place(PlaceRow(*rest), keys):
            waiting.append((string_id, position, matcher, is_shown(place), is_sure(place), *place))
        if len(waiting) >= BATCH:
            db.conn.executemany(sql, waiting)
            waiting.clear()
    db.conn.executemany(sql, waiting)
    db.conn.execute(_SORTED)
    db.conn.execute("DROP TABLE temp.unsorted")
    db.conn.execute("CREATE INDEX temp.lead_string ON lead (string_id)")
    [(n_sites,)] = db.conn.execute("SELECT coalesce(max(site), 0) FROM temp.lead")
    return int(n_sites)


def load_place(db: Database, number: int) -> Place:
    """The place of a lead, as its string has it."""
    [row] = db.conn.execute(f"SELECT {_FIELDS} FROM temp.lead WHERE rowid = ?", [number])
    return Place(*row)


def drop_leads(db: Database) -> None:
    """Give the disk space back."""
    for name in ("unsorted", "lead"):
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
