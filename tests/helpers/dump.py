"""The content of a database as text that doesn't depend on the order in which it came.

Two databases with the same dump hold the same: rows are sorted, numbers that SQLite gave out are replaced by what they stand
for, runs are left out, and of times only whether they are set.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# Tables whose rows are known by a number → the columns that say the same.  A column that is a number itself is replaced too.
NATURAL = {
    "citation": ("cited_work_id", "citing_work_id"),
    "affiliation_string": ("text", "email_domains"),
    "affiliation": ("work_id", "tier", "position"),
    "authorship": ("work_id", "tier", "position"),
    "place": ("provider", "provider_key"),
    "reviewer": ("name",),
}
# Append-only tables: rows are known by their place in the history of one subject.
HISTORIES = {
    "label": ("work_id", "slug", "reviewer_id", "round"),
    "label_draft": ("work_id", "slug", "reviewer_id", "round"),
    "decision": ("work_id", "slug"),
    "place_answer": ("string_id",),
}
# References that the schema doesn't declare.
UNDECLARED = {("work_group", "preferred_work_id"): "work", ("label_draft", "after_label_id"): "label"}
NOT_CONTENT = {"run"}


class _Dump:
    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.conn.row_factory = sqlite3.Row
        names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        self.tables = [n[0] for n in names if not n[0].startswith(("sqlite_", "_")) and n[0] not in NOT_CONTENT]
        self.columns = {t: [r["name"] for r in conn.execute(f"PRAGMA table_info({t})")] for t in self.tables}
        self.number = {t: _number_column(conn, t) for t in self.tables}
        self.references = {t: self._references(t) for t in self.tables}
        self.rows: dict[str, list[Row]] = {t: [dict(r) for r in conn.execute(f"SELECT * FROM {t}")] for t in self.tables}
        self.keys: dict[tuple[str, int], Any] = {}
        self._name_works()
        for table, columns in NATURAL.items():
            self._name_rows(table, lambda row, columns=columns: columns)
        for table, columns in HISTORIES.items():
            self._name_history(table, columns)

    def _references(self, table: str) -> dict[str, str]:
        declared = {r["from"]: r["table"] for r in self.conn.execute(f"PRAGMA foreign_key_list({table})")}
        return declared | {column: target for (name, column), target in UNDECLARED.items() if name == table}

    def _name_works(self) -> None:
        ids: dict[int, list[str]] = {row["work_id"]: [] for row in self.rows["work"]}
        for row in self.rows["external_id"]:
            ids[row["work_id"]].append(f"{row['scheme']}:{row['value']}")
        for work_id, values in ids.items():
            self.keys["work", work_id] = "work " + " ".join(sorted(values))
        groups: dict[int, list[str]] = {row["group_id"]: [] for row in self.rows["work_group"]}
        for row in self.rows["work"]:
            groups[row["group_id"]].append(self.keys["work", row["work_id"]])
        for group_id, members in groups.items():
            self.keys["work_group", group_id] = ["group", *sorted(members)]

    def _name_rows(self, table: str, columns: Callable[[Row], tuple[str, ...]]) -> None:
        for row in self.rows.get(table, []):
            key = [self._value(table, column, row[column]) for column in columns(row)]
            self.keys[table, row[self.number[table]]] = [table, *key]

    def _name_history(self, table: str, columns: tuple[str, ...]) -> None:
        seen: dict[str, int] = {}
        for row in sorted(self.rows.get(table, []), key=lambda row: row[self.number[table]]):
            subject = json.dumps([self._value(table, column, row[column]) for column in columns])
            seen[subject] = seen.get(subject, 0) + 1
            self.keys[table, row[self.number[table]]] = [table, subject, seen[subject]]

    def _value(self, table: str, column: str, value: Any) -> Any:
        """A value with a number replaced by what it stands for."""
        if column.endswith("_at"):
            return value is not None
        target = self.references[table].get(column)
        if target in self.number and self.number[target] and isinstance(value, int):
            return self.keys.get((target, value), value)
        return value

    def lines(self) -> Iterator[str]:
        for table in self.tables:
            lines = [json.dumps(dict(self._cells(table, row)), ensure_ascii=False) for row in self.rows[table]]
            yield from (f"{table} {line}" for line in sorted(lines))

    def _cells(self, table: str, row: Row) -> Iterator[tuple[str, Any]]:
        for column in self.columns[table]:
            if column == "run_id":
                continue
            if column == self.number[table]:
                if (table, row[column]) in self.keys:
                    yield column, self.keys[table, row[column]]
                continue
            yield column, self._value(table, column, row[column])


def _number_column(conn: sqlite3.Connection, table: str) -> str | None:
    """The column that SQLite numbers by itself, if there is one and it refers to nothing."""
    keys = [(r["name"], r["type"]) for r in conn.execute(f"PRAGMA table_info({table})") if r["pk"]]
    references = {r["from"] for r in conn.execute(f"PRAGMA foreign_key_list({table})")}
    return keys[0][0] if len(keys) == 1 and keys[0][1] == "INTEGER" and keys[0][0] not in references else None


def canonical_dump(path: Path) -> str:
    """All content of a database as sorted lines, the same for the same content in whatever order it came."""
    conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return "\n".join(_Dump(conn).lines())
    finally:
        conn.close()
