"""Changes of the schema, in order: one SQL file each, ``NNNN_name.sql``.

A file that was released is never edited; a change is a new file.  sqlite-utils keeps the record of what was applied
(https://sqlite-utils.datasette.io/en/stable/migrations.html).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

from sqlite_utils import Database, Migrations


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script.

    ``executescript`` would commit the open transaction first, and a migration must be all or nothing.
    """
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip() and not all(line.startswith("--") or not line.strip() for line in statement.splitlines()):
        raise ValueError(f"unfinished statement: {statement.strip()[:80]}")


class _Schema:
    """The migrations of this version, read from the SQL files beside this module."""

    def __init__(self) -> None:
        self.set = Migrations("whereused")
        self._names: list[tuple[str, str]] = []
        for file in sorted(files(__name__).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".sql"):
                self._add(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))

    def _add(self, name: str, sql: str) -> None:
        def apply(db: Database) -> None:
            for statement in statements(sql):
                db.conn.execute(statement)

        self.set(name=name)(apply)
        self._names.append((name, sql))

    def all_names(self) -> list[tuple[str, str]]:
        """(name, SQL) of every migration, oldest first."""
        return list(self._names)


MIGRATIONS = _Schema()
