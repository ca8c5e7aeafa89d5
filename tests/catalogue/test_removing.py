"""``datasets remove``: what was added by mistake goes, what has come for a dataset stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.datasets import load_datasets
from db.catalogue import Alias, Dataset, SeedPaper, add_dataset, find_dataset, sync
from db.connect import open_for_reading, open_for_writing, writing
from whereused import main


@pytest.fixture
def database(tmp_path: Path) -> Path:
    db = open_for_writing(tmp_path / "w.db")
    with writing(db):
        sync(db, load_datasets())
        papers = (SeedPaper("Right", doi="10.5555/right"), SeedPaper("Wrong", arxiv="1705.00393"))
        aliases = (Alias("My Set"), Alias("Typo Aliass"), Alias("MS", weak=True))
        add_dataset(db, Dataset("myset", "My Set", origin="user", aliases=aliases, ancestors=("megaface", "nix"), papers=papers))
    db.close()
    return tmp_path / "w.db"


def remove(database: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--db", str(database), "datasets", "remove", *arguments])
    return done.exit_code, str(done.exception or done.output)


def test_parts_go_and_unknown_ones_are_named(database: Path) -> None:
    code, said = remove(database, "myset", "--alias", "Typo Aliass", "--ancestor", "nix", "--paper", "1705.00393")
    assert (code, said) == (0, "myset: removed Typo Aliass, nix, 1705.00393\n")
    left = find_dataset(open_for_reading(database), "myset")
    assert [alias.alias for alias in left.aliases] == ["My Set", "MS"]
    assert left.ancestors == ("megaface",) and [paper.doi for paper in left.papers] == ["10.5555/right"]
    wrong = [("--alias", "typo", "MS"), ("--alias", "My Set", "MS"), ("--ancestor", "x", "megaface"), ("--paper", "10.1/x", "right")]
    for option, value, known in wrong:
        code, said = remove(database, "myset", option, value)
        assert code == 1 and repr(value) in said and known in said
    assert find_dataset(open_for_reading(database), "myset") == left


def test_a_whole_dataset_goes_unless_something_hangs_on_it(database: Path) -> None:
    code, said = remove(database, "megaface")
    assert code == 1 and "belongs to the catalogue" in said
    db = open_for_writing(database)
    before = find_dataset(db, "myset")
    with writing(db):
        db.conn.execute("INSERT INTO crawl_interval (slug, days) VALUES ('myset', 30)")
    code, said = remove(database, "myset")
    assert code == 1 and "nothing harvested or decided is deleted" in said
    assert find_dataset(db, "myset") == before
    with writing(db):
        db.conn.execute("DELETE FROM crawl_interval")
    assert remove(database, "myset") == (0, "myset: removed\n")
    code, said = remove(database, "myset")
    assert code == 1 and "myset" in said
