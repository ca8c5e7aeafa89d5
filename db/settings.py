"""Facts about a database as a whole, such as that it holds the sample of the demo."""

from __future__ import annotations

from sqlite_utils import Database

from db.connect import writing


def save_setting(db: Database, name: str, value: str) -> None:
    """Write a setting, in a transaction of its own."""
    with writing(db):
        db.conn.execute(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value]
        )
