"""Works by the place that they lead to, place after place, in memory that doesn't grow with their number.

What is said of each work lies in a temporary file, where it lies there in SQLite's temporary database.  Nobody else sees
the two, and they go with the process; the user's database stays unchanged and may be read-only
(https://www.sqlite.org/tempfiles.html).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from db.connect import Database
from db.queries.places import COLUMNS, PLACES, PlaceRow, as_place
from db.queries.records import NOWHERE, Place
from db.queries.successors import load_keys

BATCH = 500  # rows handed over at once

_MEMBERS = """CREATE TEMP TABLE member AS SELECT w.work_id AS work_id, d.group_id AS group_id
  FROM temp.told d CROSS JOIN work w ON w.group_id = d.group_id ORDER BY d.group_id"""
_PROVIDERS = f"""{PLACES} SELECT DISTINCT
    CASE WHEN led.ror_id IS NULL THEN p.provider WHEN led.latitude IS NULL THEN 'ror' ELSE 'geonames' END
  FROM temp.member m CROSS JOIN placing_affiliation a ON a.work_id = m.work_id
  JOIN led ON led.string_id = a.string_id LEFT JOIN place p ON p.place_id = led.place_id"""
_LED = f"""{PLACES} SELECT led.string_id, led.position, t.version, {COLUMNS} FROM led
  LEFT JOIN string_state t ON t.string_id = led.string_id
  LEFT JOIN institution i ON i.ror_id = led.ror_id LEFT JOIN place p ON p.place_id = led.place_id"""
_LEADS = "CREATE TEMP TABLE lead AS SELECT * FROM temp.unsorted ORDER BY key, string_id, position"
# CROSS: this order of the loops.  Only numbers are sorted; LIMIT -1 keeps the inner order.
_ROWS = """SELECT q.number, q.reader, d.* FROM (
    SELECT l.rowid AS number, a.version AS reader, m.group_id AS group_id
      FROM temp.member m CROSS JOIN placing_affiliation a ON a.work_id = m.work_id CROSS JOIN temp.lead l ON l.string_id = a.string_id
     ORDER BY l.rowid, m.rowid LIMIT -1) q
  CROSS JOIN temp.told d ON d.group_id = q.group_id"""
_TABLES = ("told", "member", "unsorted", "lead")


class Told(NamedTuple):
    """A work that was put aside: what sorts it, whether it is used, and where its text lies."""

    group_id: int
    id: str
    year: int | None
    sort_title: str
    is_used: int
    offset: int
    size: int


class Lead(NamedTuple):
    """A work at a place: the place as this affiliation string has it, how firmly it leads there, and what saw it so."""

    place: Place
    strength: tuple[Any, ...]
    matcher: str | None
    reader: str | None
    group_id: int
    id: str
    year: int | None
    sort_title: str
    is_used: int
    offset: int
    size: int


class Sites:
    """Works put aside with ``add``, read back with ``rows`` under each of their places."""

    def __init__(self, db: Database) -> None:
        self._db, self._waiting, self._end = db, list[Told](), 0
        self._texts = TemporaryFile()  # noqa: SIM115 — closed by ``close``
        self._file = self._texts.fileno()
        self._drop()
        db.conn.execute(
            "CREATE TEMP TABLE told (group_id INTEGER PRIMARY KEY, id TEXT, year INTEGER, sort_title TEXT, is_used INTEGER, "
            "at INTEGER, size INTEGER)"
        )

    def add(self, group_id: int, name: str, year: int | None, sort_title: str, is_used: bool, text: str) -> None:
        """Put a work aside with its text, which is empty where the work stands at no place."""
        data = text.encode()
        self._waiting.append(Told(group_id, name, year, sort_title, is_used, self._end, len(data)))
        self._end += self._texts.write(data)
        if len(self._waiting) >= BATCH:
            self._flush()

    def text(self, lead: Lead) -> str:
        """The text of a work that was put aside."""
        return os.pread(self._file, lead.size, lead.offset).decode()

    def _flush(self) -> None:
        self._db.conn.executemany("INSERT INTO temp.told VALUES (?, ?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()
        self._texts.flush()

    def providers(self) -> set[str]:
        """Who gave the places, also the coarse ones, of the works put aside; all works are there by now."""
        self._flush()
        self._db.conn.execute(_MEMBERS)
        return {row[0] for row in self._db.conn.execute(_PROVIDERS)}

    def rows(self, is_wanted: Callable[[Place], bool]) -> Iterator[tuple[str, list[Lead]]]:
        """(key, works there) of each place that ``is_wanted`` and has works, sorted by key; a work may come several times.

        ``providers`` first.
        """
        self._save_leads(is_wanted)
        leads = self._db.conn.execute(f"SELECT matcher, {', '.join(Place._fields)} FROM temp.lead ORDER BY rowid")
        place, matcher, number, here = NOWHERE, None, 0, list[Lead]()
        for row in self._db.conn.execute(_ROWS):
            while number < row[0]:
                number += 1
                matcher, *cells = leads.fetchone()
                following = Place(*cells)
                if here and following.key != place.key:
                    yield place.key, here
                    here = []
                place = following
            here.append(Lead(place, (place.reviewed, place.score, place.method, row[1] or "", matcher or ""), matcher, *row[1:]))
        if here:
            yield place.key, here

    def _save_leads(self, is_wanted: Callable[[Place], bool]) -> None:
        """Every string that leads to a wanted place, sorted by the key of the place."""
        fields = ", ".join(Place._fields)
        self._db.conn.execute(f"CREATE TEMP TABLE unsorted (string_id INTEGER, position INTEGER, matcher, {fields})")
        sql = f"INSERT INTO temp.unsorted VALUES ({', '.join('?' * (len(Place._fields) + 3))})"
        keys, waiting = load_keys(self._db), []
        for string_id, position, matcher, *rest in self._db.conn.execute(_LED):
            place = as_place(PlaceRow(*rest), keys)
            if place and is_wanted(place):
                waiting.append((string_id, position, matcher, *place))
            if len(waiting) >= BATCH:
                self._db.conn.executemany(sql, waiting)
                waiting.clear()
        self._db.conn.executemany(sql, waiting)
        self._db.conn.execute(_LEADS)
        self._db.conn.execute("CREATE INDEX temp.lead_string ON lead (string_id)")

    def close(self) -> None:
        """Give the disk space back."""
        self._texts.close()
        self._drop()

    def _drop(self) -> None:
        for name in _TABLES:
            self._db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
