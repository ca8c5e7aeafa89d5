"""The small registry as an index, built once; and a database with affiliation strings as the stage before leaves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.config import Config
from db.connect import open_for_writing, writing
from geocode.matcher import Matcher

THEN = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="session")
def matcher(gazetteer: Path) -> Iterator[Matcher]:
    found = Matcher(gazetteer)
    yield found
    found.close()


@dataclass
class Archive:
    """A database of works with affiliation strings; ``rows`` reads it with plain SQL."""

    config: Config

    def add(self, text: str, *domains: str, slug: str = "faces") -> int:
        """A work of a dataset that prints this string; returns the string's id."""
        db = open_for_writing(self.config.db)
        with writing(db):
            db.conn.execute("INSERT OR IGNORE INTO provider (name) VALUES ('import')")
            db.conn.execute("INSERT OR IGNORE INTO dataset (slug, name, origin) VALUES (?, ?, 'user')", [slug, slug])
            group = db.conn.execute("INSERT INTO work_group DEFAULT VALUES").lastrowid
            work = db.conn.execute(
                "INSERT INTO work (group_id, kind, title, provider, retrieved_at) VALUES (?, 'paper', 't', 'import', ?)",
                [group, THEN],
            ).lastrowid
            db.conn.execute(
                "INSERT INTO finding (work_id, slug, provider, how, retrieved_at) VALUES (?, ?, 'import', 'import', ?)", [work, slug, THEN]
            )
            values = [text, json.dumps(sorted(domains))]
            db.conn.execute("INSERT OR IGNORE INTO affiliation_string (text, email_domains) VALUES (?, ?)", values)
            string_id = db.conn.execute("SELECT string_id FROM affiliation_string WHERE text = ? AND email_domains = ?", values).fetchone()[
                0
            ]
            db.conn.execute(
                "INSERT INTO affiliation (work_id, tier, position, string_id, version) VALUES (?, 'front matter', 0, ?, '1')",
                [work, string_id],
            )
        db.conn.close()
        return int(string_id)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        db = open_for_writing(self.config.db)
        try:
            return [tuple(row) for row in db.conn.execute(sql, list(values))]
        finally:
            db.conn.close()

    def matches(self) -> list[tuple[Any, ...]]:
        """What each string leads to, without times and ids that count up."""
        return self.rows(
            "SELECT s.text, t.status, t.reason, m.position, m.ror_id, p.provider_key, m.score, m.method, m.city "
            "FROM affiliation_string s LEFT JOIN string_state t USING (string_id) LEFT JOIN string_match m USING (string_id) "
            "LEFT JOIN place p USING (place_id) ORDER BY s.text, m.position"
        )

    def ror_ids(self, text: str) -> list[str | None]:
        return [
            row[0]
            for row in self.rows(
                "SELECT ror_id FROM string_match JOIN affiliation_string USING (string_id) WHERE text = ? ORDER BY position", text
            )
        ]


@pytest.fixture
def archive(tmp_path: Path, gazetteer: Path) -> Archive:
    return Archive(Config(db=tmp_path / "w.db", gazetteer=gazetteer))
