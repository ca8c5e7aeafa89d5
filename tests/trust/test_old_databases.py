"""Databases of every released layout, brought up to date: the same tables as a new one, and nothing of what stood in them is lost."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from db.config import Config
from db.connect import open_for_reading, open_for_writing
from db.errors import DatabaseError
from db.migrations import MIGRATIONS
from publish.run import run as publish
from tests.helpers.dump import canonical_dump
from tests.trust.house import integrity
from tests.trust.old.make import HERE, RELEASED


def revived(name: str, path: Path) -> Path:
    conn = sqlite3.connect(path)
    conn.executescript((HERE / f"{name}.sql").read_text(encoding="utf-8"))
    conn.close()
    return path


def layout(path: Path) -> dict[str, str]:
    """Columns, keys and texts of all tables, views, triggers and indexes, blind to the order of columns and to white space."""
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\'").fetchall()
    conn.close()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows}


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("new") / "new.db"
    open_for_writing(path).close()
    return layout(path)


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content of the oldest one, today."""
    path = revived(RELEASED[0], tmp_path_factory.mktemp("first") / "w.db")
    open_for_writing(path).close()
    return canonical_dump(path)


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_layout_is_migrated_whole(name: str, tmp_path: Path, newest: dict[str, str], today: str) -> None:
    path = revived(name, tmp_path / "w.db")
    with pytest.raises(DatabaseError, match="older layout"):
        open_for_reading(path)
    open_for_writing(path).close()
    assert integrity(path) == ("ok", [])
    assert layout(path) == newest
    assert canonical_dump(path) == today
    assert len(list(tmp_path.glob("w.db.backup-*"))) == 1
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT label, note FROM standing_label").fetchall() == [("used", "table 4")]
    assert conn.execute("SELECT string_id, kind FROM place_decision ORDER BY 1").fetchall() == [(1, "institution"), (2, "none")]
    assert conn.execute("SELECT pass, n_rows FROM crawl_pass").fetchall() == [(1, 2)]
    assert conn.execute("SELECT title_key FROM work WHERE work_id = 2").fetchone() == ("itusesbfaces",)
    conn.close()


def test_what_was_decided_then_is_published_now(tmp_path: Path) -> None:
    path = revived(RELEASED[0], tmp_path / "w.db")
    open_for_writing(path).close()
    report = publish(Config(db=path, verbosity=-1), [], out=tmp_path / "site", include="verified")
    assert [(page.slug, page.features) for page in report.pages] == [("faces", 1)]


def test_every_migration_since_has_an_older_database_to_prove_itself_on() -> None:
    names = [name for name, _ in MIGRATIONS.all_names()]
    assert [name for name in names if name <= RELEASED[-1]] == list(RELEASED), "a released migration was renamed, removed or added"
