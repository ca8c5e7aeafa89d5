"""The gazetteer index: registry records, their names under normalised keys, and cities; one read-only file per user.

``geocode`` builds it (``gazetteer import``, ``db.gazetteer_build``) and reads it; ``find_records`` is for whoever looks an institution
up by hand.  Keys are made by the caller: this module knows no spelling rules.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import crc32

import msgspec
from sqlite_utils import Database

from db.errors import StorageError, UsageError

FORMAT = "11"  # grows with every change of the layout or of the keys: an older index is then built anew
MAPPED = 1 << 30  # bytes of the file that are read through memory; the index of the whole registry has some 130 MB
SAMPLE = "registry-sample"  # the release's name where the index was made from the sample's few institutions
NAME_ONLY = "name only"  # status of an organisation that a list names beside the release; it has no place
MISSING = "no gazetteer yet: run `whereused gazetteer update`, or `whereused gazetteer import FILE` with the ROR data zip"


class Institution(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One registry record as the index holds it, packed as an array of its fields; coordinates in degrees, WGS 84.

    ``parents`` and ``children`` are ``rec`` numbers; ``city_ids`` the GeoNames ids of all its locations.
    """

    rec: int
    ror_id: str
    name: str
    country_code: str | None
    region: str | None
    city: str | None
    city_ids: tuple[int, ...]
    latitude: float | None
    longitude: float | None
    types: tuple[str, ...]
    sector: str
    status: str
    domains: tuple[str, ...]
    parents: tuple[int, ...] = ()
    children: tuple[int, ...] = ()

    def __hash__(self) -> int:
        """Quick: what is known of a record is kept by record."""
        return self.rec


MARKS = 1 << 20  # bytes of marks for keys: 8 million bits, of which the names of cities take one in twenty
KINDS = ("display", "label", "alias", "short", "bare", "former")  # of names
# short: without parenthesis or company form; bare: without place


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a record; ``kind`` is one of KINDS."""

    rec: int
    kind: str
    tokens: tuple[str, ...]
    text: str


class City(msgspec.Struct, frozen=True, gc=False):
    """A populated place of GeoNames; ``admin1`` is its first-level division (for the US the state's letters)."""

    city_id: int
    name: str
    country_code: str
    admin1: str
    latitude: float
    longitude: float
    population: int


def open_gazetteer(path: Path) -> Database:
    """The index, read-only.  Raises UsageError where there is none or another version made it."""
    if not path.is_file():
        raise UsageError(MISSING)
    try:
        conn = sqlite3.connect(f"file:{quote(os.fsencode(path.absolute()))}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise StorageError(f"the gazetteer {path} can't be opened; check its permissions, or set WHEREUSED_GAZETTEER") from error
    conn.execute(f"PRAGMA mmap_size = {MAPPED}")  # thousands of small reads a second: without it each is a system call
    try:
        found = conn.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.DatabaseError:
        found = None
    if found is None or found[0] != FORMAT:
        conn.close()
        raise UsageError(f"the gazetteer {path} was built by another version: run `whereused gazetteer import FILE` (or `update`) again")
    return Database(conn)


def load_meta(db: Database) -> dict[str, str]:
    """Facts about the index: release, built_at, records, names, cities, …"""
    return dict(db.conn.execute("SELECT name, value FROM meta"))


def sample_hint(path: Path) -> str:
    """What to say where a name isn't found: that the index holds the bundled sample only; "" where it is the registry's."""
    with closing(open_gazetteer(path).conn) as conn:
        meta = load_meta(Database(conn))
    return (
        f"the gazetteer is the bundled sample of {meta['records']} institutions; `whereused gazetteer update` fetches the whole registry"
        if meta.get("release") == SAMPLE
        else ""
    )


def load_keys(db: Database, table: str) -> dict[Any, str]:
    """A whole table of keys: key → hits, separated by spaces."""
    return dict(db.conn.execute(f"SELECT key, hits FROM {table}"))


def load_packed(db: Database, name: str) -> array[int]:
    """A row of numbers as ``save_packed`` wrote it."""
    code, data = db.conn.execute("SELECT type, data FROM packed WHERE name = ?", [name]).fetchone()
    numbers = array(code)
    numbers.frombytes(data)
    return numbers


def load_words(db: Database) -> list[str]:
    """All words of names, in the order of their numbers."""
    return str(db.conn.execute("SELECT data FROM packed WHERE name = 'words'").fetchone()[0], "utf-8").split("\n")


def find_hits(db: Database, table: str, key: str) -> list[str]:
    """What one key leads to."""
    row = db.conn.execute(f"SELECT hits FROM {table} WHERE key = ?", [key]).fetchone()
    return row[0].split(" ") if row else []


_unpack = msgspec.msgpack.Decoder(Institution).decode  # in a fifth of the time of a row with a column for each field


def load_institutions(db: Database) -> Callable[[int], Institution]:
    """Number of a record → the record; all of them are held as they are packed, and unpacked when they are first asked for."""
    packed = [row[0] for row in db.conn.execute("SELECT packed FROM record ORDER BY rec")]
    return lru_cache(200_000)(lambda rec: _unpack(packed[rec]))


def find_institution(db: Database, ror_id: str) -> Institution | None:
    """One record by its ROR id (full URL)."""
    row = db.conn.execute("SELECT packed FROM record WHERE ror_id = ?", [ror_id]).fetchone()
    return _unpack(row[0]) if row else None


def mark(key: str) -> tuple[int, int]:
    """The place of a key among the marks: (byte, bit)."""
    number = crc32(key.encode()) % (8 * MARKS)
    return number >> 3, 1 << (number & 7)


def load_city_ids(db: Database) -> Callable[[str], tuple[int, ...]]:
    """Key of a name → GeoNames ids of the cities that bear it, the largest first; keeps what it has looked up.

    Most keys asked for are no city's: their mark tells without a query.
    """
    marks = load_packed(db, "city_marks")

    @lru_cache(100_000)
    def city_ids(key: str) -> tuple[int, ...]:
        byte, bit = mark(key)
        return tuple(map(int, find_hits(db, "city_key", key))) if marks[byte] & bit else ()

    return city_ids


def load_city(db: Database, city_id: int) -> City | None:
    """One city by its GeoNames id."""
    row = db.conn.execute("SELECT * FROM city WHERE city_id = ?", [city_id]).fetchone()
    return City(*row) if row else None


def find_records(path: Path, text: str, limit: int = 10) -> Iterator[Institution]:
    """Records whose names hold all words of ``text`` (accents and case don't matter; the last word may be a beginning).

    For looking an institution up by hand.  Raises UsageError where there is no index.
    """
    words = ["".join(c for c in word if c.isalnum()) for word in text.split()]
    query = " ".join(f'"{word}"' for word in words if word)
    if not query:
        return
    with closing(open_gazetteer(path).conn) as conn:
        rows = conn.execute(
            "SELECT packed FROM record WHERE rec IN (SELECT rowid FROM record_search WHERE record_search MATCH ? ORDER BY rank LIMIT 200) "
            "ORDER BY length(name), rec LIMIT ?",
            [query + "*", limit],
        ).fetchall()
    yield from (_unpack(packed) for (packed,) in rows)
