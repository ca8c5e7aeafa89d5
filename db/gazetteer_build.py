"""Writing the gazetteer index (``db.gazetteer`` reads it): to a temporary name, checked and renamed, so that no half-built one is seen."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from sqlite_utils import Database

from db.errors import StorageError
from db.gazetteer import FORMAT, MARKS, City, Institution, Name, mark

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE record (
  rec INTEGER PRIMARY KEY, ror_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, sector TEXT NOT NULL, status TEXT NOT NULL,
  packed BLOB NOT NULL -- the whole record: db.gazetteer.Institution
) STRICT;
CREATE TABLE name (name_id INTEGER PRIMARY KEY, rec INTEGER NOT NULL, kind TEXT NOT NULL, tokens TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE ordered_key (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE word_set (key INTEGER PRIMARY KEY, hits TEXT NOT NULL) STRICT;
CREATE TABLE seat_key (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE acronym (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE packed (name TEXT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE domain (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE city (
  city_id INTEGER PRIMARY KEY, name TEXT NOT NULL, country_code TEXT NOT NULL, admin1 TEXT NOT NULL, latitude REAL NOT NULL,
  longitude REAL NOT NULL, population INTEGER NOT NULL
) STRICT;
CREATE TABLE city_key (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE region_key (key TEXT PRIMARY KEY, hits TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE record_search USING fts5 (names, content='', tokenize='unicode61 remove_diacritics 2');
"""


def create_index(path: Path) -> Database:
    """An empty index at ``path``; a file that stands there is replaced.  Not durable until ``finish_index``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}); name another place with WHEREUSED_GAZETTEER") from error
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = OFF")
    conn.execute("PRAGMA synchronous = OFF")
    conn.executescript(_SCHEMA)
    conn.execute("BEGIN")
    return Database(conn)


def save_institutions(db: Database, institutions: Iterable[Institution]) -> None:
    pack = msgspec.msgpack.Encoder().encode
    rows = ((i.rec, i.ror_id, i.name, i.sector, i.status, pack(i)) for i in institutions)
    db.conn.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", rows)


def save_names(db: Database, names: Sequence[Name], printed: Mapping[int, str] | None = None) -> None:
    """Names in order: the first one has ``name_id`` 0.

    ``printed``: for each record all its names as they stand, for looking it up by hand; without it the names are taken.
    """
    rows = ((n, name.rec, name.kind, " ".join(name.tokens), name.text) for n, name in enumerate(names))
    db.conn.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?)", rows)
    if printed is None:
        texts: dict[int, list[str]] = {}
        for name in names:
            texts.setdefault(name.rec, []).append(name.text)
        printed = {rec: "\n".join(texts[rec]) for rec in texts}
    db.conn.executemany("INSERT INTO record_search (rowid, names) VALUES (?, ?)", sorted(printed.items()))


def save_cities(db: Database, cities: Iterable[City]) -> None:
    rows = ((c.city_id, c.name, c.country_code, c.admin1, c.latitude, c.longitude, c.population) for c in cities)
    db.conn.executemany("INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def save_keys(db: Database, table: str, keys: Mapping[str, list[str]] | Mapping[int, list[str]]) -> None:
    """Keys with what they lead to, in one of the tables ``ordered_key … region_key``."""
    db.conn.executemany(f"INSERT INTO {table} VALUES (?, ?)", ((key, " ".join(keys[key])) for key in sorted(keys)))  # type: ignore[index]


def save_marks(db: Database, name: str, keys: Iterable[str]) -> None:
    """A bit for the checksum of each key, to know of most others without a query that they are none."""
    marks = array("B", bytes(MARKS))
    for key in keys:
        byte, bit = mark(key)
        marks[byte] |= bit
    save_packed(db, name, marks)


def save_packed(db: Database, name: str, numbers: array[int]) -> None:
    """A long row of numbers that is read as a whole."""
    db.conn.execute("INSERT INTO packed VALUES (?, ?, ?)", [name, numbers.typecode, numbers.tobytes()])


def save_words(db: Database, words: Sequence[str]) -> None:
    """All words of names; the number of a word is its place in this list."""
    db.conn.execute("INSERT INTO packed VALUES ('words', 'text', ?)", ["\n".join(words).encode()])


def finish_index(db: Database, path: Path, target: Path, meta: dict[str, str]) -> None:
    """Check the index at ``path`` and put it in the place of ``target`` in one step."""
    db.conn.executemany("INSERT INTO meta VALUES (?, ?)", {**meta, "format": FORMAT}.items())
    db.conn.execute("COMMIT")
    verdict = db.conn.execute("PRAGMA quick_check").fetchone()[0]
    db.conn.close()
    if verdict != "ok":
        path.unlink()
        raise StorageError(f"the new index is damaged ({verdict}); check the disk of {path.parent} and try again")
    path.replace(target)
