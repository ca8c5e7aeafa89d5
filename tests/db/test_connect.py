"""Opening the database: who may make, migrate, read it; what the user is told where it can't be used."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

import db.connect
from crawler.datasets import load_datasets
from db import catalogue
from db.connect import backup, open_for_reading, open_for_writing, writing
from db.errors import DatabaseError, StorageError
from db.migrations import MIGRATIONS, statements
from tests.helpers.command import whereused


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with the catalogue in it."""
    db = open_for_writing(tmp_path / "a.db")
    with writing(db):
        catalogue.sync(db, load_datasets())
    db.close()
    return tmp_path / "a.db"


class NewerSchema:
    """The migrations of a later version: ours, and one more."""

    def __init__(self, sql: str) -> None:
        self.set = Migrations("whereused")
        for name, text in (*MIGRATIONS.all_names(), ("9999_later", sql)):
            self._add(name, text)

    def _add(self, name: str, text: str) -> None:
        self.set(name=name)(lambda db: [db.conn.execute(s) for s in statements(text)])

    def all_names(self) -> list[tuple[str, str]]:
        return [*MIGRATIONS.all_names(), ("9999_later", "")]


def upgrade(path: Path, monkeypatch: pytest.MonkeyPatch, sql: str = "ALTER TABLE work ADD COLUMN later TEXT;") -> None:
    with monkeypatch.context() as patch:
        patch.setattr(db.connect, "MIGRATIONS", NewerSchema(sql))
        open_for_writing(path).close()


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as conn:
        found = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    conn.close()
    return found


def test_a_new_database_has_the_whole_schema_and_its_safety(tmp_path: Path) -> None:
    opened = open_for_writing(tmp_path / "sub" / "folder" / "a.db")
    assert {"work", "external_id", "id_claim", "citation", "fulltext", "label", "decision"} <= set(opened.table_names())
    settings = {name: opened.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert opened.conn.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT%'").fetchone()[0] <= 2
    with pytest.raises(sqlite3.IntegrityError), writing(opened):
        opened.conn.execute("INSERT INTO work (group_id, kind, provider, retrieved_at) VALUES (1, 'paper', 'nobody', 'now')")
    assert opened.conn.execute("SELECT count(*) FROM work").fetchone() == (0,)


def test_a_failed_transaction_leaves_nothing_behind(path: Path) -> None:
    opened = open_for_writing(path)
    with pytest.raises(ZeroDivisionError), writing(opened):
        opened.conn.execute("DELETE FROM dataset_alias")
        raise ZeroDivisionError
    assert opened.conn.execute("SELECT count(*) FROM dataset_alias").fetchone()[0] > 100


def test_reading_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        open_for_reading(tmp_path / "none.db")
    assert not list(tmp_path.iterdir())


def test_reading_commands_never_change_the_file(path: Path) -> None:
    before = fingerprint(path)
    for command in (["datasets", "list"], ["datasets", "show", "megaface"], ["datasets", "list", "--json"]):
        done = whereused("--db", path, *command, cwd=path.parent)
        assert (done.returncode, done.stderr) == (0, "")
    opened = open_for_reading(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.conn.execute("DELETE FROM dataset_alias")
    assert fingerprint(path) == before


def test_an_older_database_is_migrated_by_writers_only_after_a_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.connect, "MIGRATIONS", NewerSchema("CREATE TABLE later (x TEXT) STRICT;\nINSERT INTO later VALUES ('kept');"))
    before = fingerprint(path)
    with pytest.raises(DatabaseError, match="older layout"):
        open_for_reading(path)
    assert fingerprint(path) == before
    opened = open_for_writing(path)
    assert opened.conn.execute("SELECT x FROM later").fetchall() == [("kept",)]
    (saved,) = path.parent.glob("a.db.backup-*")
    assert "later" not in tables(saved)
    assert catalogue.find_dataset(Database(sqlite3.connect(saved)), "megaface").name == "MegaFace"
    open_for_reading(path)


def test_a_failed_migration_leaves_the_old_database(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(path)
    monkeypatch.setattr(db.connect, "MIGRATIONS", NewerSchema("CREATE TABLE later (x TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);"))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_for_writing(path)
    assert tables(path) == before


def test_a_newer_database_is_refused_in_one_line_by_every_command(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(path, monkeypatch)
    before = fingerprint(path)
    (path.parent / "list.csv").write_text("title\nA title\n")
    for command in (["datasets", "list"], ["import", "list.csv", "--dataset", "megaface"], ["datasets", "add", "new", "--name", "New"]):
        done = whereused("--db", path, *command, cwd=path.parent)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "newer whereused" in done.stderr
    assert fingerprint(path) == before


@pytest.mark.parametrize("content", [b"no database at all\n" * 200, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    (tmp_path / "list.csv").write_text("title\nA title\n")
    for command in (["datasets", "list"], ["import", "list.csv", "--dataset", "megaface"]):
        done = whereused("--db", path, *command, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "damaged or no SQLite database" in done.stderr
    assert path.read_bytes() == content


def test_a_database_with_damaged_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 8192):
        content[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    done = whereused("--db", path, "datasets", "list", cwd=path.parent)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "damaged" in done.stderr


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as conn:
        conn.execute("CREATE TABLE mine (x)")
    conn.close()
    with pytest.raises(DatabaseError, match="holds other tables"):
        open_for_writing(tmp_path / "other.db")
    with pytest.raises(DatabaseError, match="no whereused database"):
        open_for_reading(tmp_path / "other.db")
    assert tables(tmp_path / "other.db") == {"mine"}


def test_a_locked_database_is_named_in_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.connect, "BUSY_MS", 50)
    holder = open_for_writing(path)
    other = open_for_writing(path)
    with writing(holder), pytest.raises(DatabaseError, match="in use by another command"), db.connect.one_line_errors(path), writing(other):
        pass
    assert open_for_reading(path).conn.execute("SELECT count(*) FROM dataset").fetchone()[0] == 38  # readers need not wait


def test_a_backup_is_whole_or_not_there(path: Path) -> None:
    opened = open_for_writing(path)
    target = path.with_name("copy.db")
    backup(opened, target)
    copy = open_for_reading(target)
    assert [d.slug for d in catalogue.list_datasets(copy)] == [d.slug for d in catalogue.list_datasets(opened)]
    assert not list(path.parent.glob("*.partial"))


@pytest.mark.skipif(sys.platform == "win32", reason="permissions")
def test_no_permission(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *args: object, **kwargs: object) -> None:  # root may write anywhere, so the refusal is made up
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageError, match="can't be made"):
        open_for_writing(path.parent / "elsewhere" / "b.db")
