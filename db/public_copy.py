"""A database file for the public: tables that were made for it, and nothing of the tables behind them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from db.connect import Database

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a name.  ``key`` names the columns of the primary key, ``foreign`` columns that lead to another table's key."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    key: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str, str], ...] = ()  # column, other table, its column
    indexes: tuple[str, ...] = field(default=())
    searched: tuple[str, ...] = ()  # columns of the full-text search


def save_public_copy(path: Path, tables: Iterable[Table]) -> None:
    """Write a new database at ``path`` that holds these tables only."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as conn:
        db = Database(conn)
        for table in tables:
            _save_table(db, table)
        conn.execute("VACUUM")


def _save_table(db: Database, table: Table) -> None:
    names = ", ".join(f'"{name}"' for name in table.columns)
    more = [f"PRIMARY KEY ({', '.join(table.key)})"] if table.key else []
    more += [f"FOREIGN KEY ({column}) REFERENCES {other} ({there})" for column, other, there in table.foreign]
    db.conn.execute(f"CREATE TABLE {table.name} ({', '.join([names, *more])})")
    marks = ", ".join("?" * len(table.columns))
    with db.conn:
        db.conn.executemany(f"INSERT INTO {table.name} VALUES ({marks})", table.rows)
    for column in table.indexes:
        db.conn.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    if table.searched:
        db.table(table.name).enable_fts(list(table.searched), tokenize="porter")
