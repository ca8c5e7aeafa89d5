"""Works by the place that they lead to, place after place, in memory that doesn't grow with their number.

What is said of each work lies in SQLite's temporary database, a file of its own that nobody else sees and that goes with
the connection; the user's database stays unchanged and may be read-only (https://www.sqlite.org/tempfiles.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from db.connect import Database
from db.queries.places import COLUMNS, PLACES, PlaceRow, as_place
from db.queries.records import Place
from db.queries.successors import load_keys

BATCH = 500  # rows handed over at once

_LED = f"""{PLACES} SELECT led.string_id, led.position, {COLUMNS} FROM led
  LEFT JOIN institution i ON i.ror_id = led.ror_id LEFT JOIN place p ON p.place_id = led.place_id"""
_PROVIDERS = f"""{PLACES} SELECT DISTINCT
    CASE WHEN led.ror_id IS NULL THEN p.provider WHEN led.latitude IS NULL THEN 'ror' ELSE 'geonames' END
  FROM temp.told d CROSS JOIN work w ON w.group_id = d.group_id CROSS JOIN affiliation a ON a.work_id = w.work_id
  JOIN led ON led.string_id = a.string_id LEFT JOIN place p ON p.place_id = led.place_id"""
_LEADS = """CREATE TEMP TABLE lead AS SELECT * FROM temp.unsorted ORDER BY key, string_id, position"""
# CROSS: this order of the loops is the order of the rows, so that the texts of the works are never sorted.
_ROWS = """SELECT l.rowid, a.version, t.version, d.* FROM temp.lead l
  CROSS JOIN affiliation a ON a.string_id = l.string_id
  CROSS JOIN work w ON w.work_id = a.work_id
  CROSS JOIN temp.told d ON d.group_id = w.group_id
   LEFT JOIN string_state t ON t.string_id = l.string_id
 ORDER BY l.rowid"""


class Told(NamedTuple):
    """What a place needs to know of a work: what sorts it, whether it is used, and its text in three pieces."""

    group_id: int
    id: str
    year: int | None
    sort_title: str
    is_used: int
    head: str
    middle: str
    tail: str


class Lead(NamedTuple):
    """A work at a place: the place as this affiliation string has it, and the versions of reader and matcher that saw it."""

    place: Place
    reader: str | None
    matcher: str | None
    told: Told


class Sites:
    """Works put aside with ``add``, read back with ``rows`` under each of their places."""

    def __init__(self, db: Database) -> None:
        self._db, self._waiting = db, list[Told]()
        self.close()
        db.conn.execute(
            "CREATE TEMP TABLE told (group_id INTEGER PRIMARY KEY, id TEXT, year INTEGER, sort_title TEXT, is_used INTEGER, "
            "head TEXT, middle TEXT, tail TEXT)"
        )

    def add(self, told: Told) -> None:
        """Put a work aside."""
        self._waiting.append(told)
        if len(self._waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.conn.executemany("INSERT INTO temp.told VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def providers(self) -> set[str]:
        """Who gave the places, also the coarse ones, of the works put aside."""
        self._flush()
        return {row[0] for row in self._db.conn.execute(_PROVIDERS)}

    def rows(self, is_wanted: Callable[[Place], bool]) -> Iterator[tuple[str, list[Lead]]]:
        """(key, works there) of each place that ``is_wanted`` and has works, sorted by key; a work may come several times."""
        self._flush()
        self._save_leads(is_wanted)
        leads = self._db.conn.execute(f"SELECT key, {', '.join(Place._fields[1:])} FROM temp.lead ORDER BY rowid")
        place: Place | None = None
        number, here = 0, list[Lead]()
        for row in self._db.conn.execute(_ROWS):
            while number < row[0]:
                number += 1
                following = Place(*leads.fetchone())
                if place and following.key != place.key and here:
                    yield place.key, here
                    here = []
                place = following
            here.append(Lead(place, row[1], row[2], Told(*row[3:])))  # type: ignore[arg-type]
        if place and here:
            yield here[0].place.key, here

    def _save_leads(self, is_wanted: Callable[[Place], bool]) -> None:
        """Every string that leads to a wanted place, sorted by the key of the place."""
        fields = ", ".join(Place._fields)
        self._db.conn.execute(f"CREATE TEMP TABLE unsorted (string_id INTEGER, position INTEGER, {fields})")
        marks, keys, waiting = ", ".join("?" * (len(Place._fields) + 2)), load_keys(self._db), []
        for string_id, position, *rest in self._db.conn.execute(_LED):
            place = as_place(PlaceRow(*rest), keys)
            if place and is_wanted(place):
                waiting.append((string_id, position, *place))
            if len(waiting) >= BATCH:
                self._db.conn.executemany(f"INSERT INTO temp.unsorted VALUES ({marks})", waiting)
                waiting.clear()
        self._db.conn.executemany(f"INSERT INTO temp.unsorted VALUES ({marks})", waiting)
        self._db.conn.execute(_LEADS)

    def close(self) -> None:
        """Give the disk space back."""
        for name in ("told", "unsorted", "lead"):
            self._db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
