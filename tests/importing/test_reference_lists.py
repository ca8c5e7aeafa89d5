"""Lists of references through the command line: what comes in, what is said of the rest."""

from __future__ import annotations

from pathlib import Path

from crawler.importing.run import run
from db.config import Config
from tests.importing.files import count, query, run_import
from tests.importing.test_references import TITLE


def test_a_list_with_bad_rows(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"title,year,doi\n{TITLE},2017,10.1109/CVPR.2017.363\n,2018,\nAnother work,2019,bad\n")
    done = run_import(tmp_path / "a.db", "list.csv")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "list.csv line 3: neither a title nor an id; left out",
        "list.csv line 4: 'bad' is no DOI; left out",
        "2 works for megaface, 2 of them new; 0 PDFs stored; 1 entry left out",
    ]
    assert query(tmp_path / "a.db", "SELECT DISTINCT url FROM finding") == [("list.csv",)]


def test_a_list_without_any_usable_row(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("title,year\n,2017\n")
    done = run_import(tmp_path / "a.db", "list.csv")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("whereused: nothing usable came in from ")


def test_a_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes("title,year\nGesichtserkennung für alle,2017\n".encode("cp1252"))
    done = run_import(tmp_path / "a.db", "list.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "line 2 is not UTF-8 (byte 0xfc)" in done.stderr


def test_a_search_address_beside_many_titles_is_no_id(tmp_path: Path) -> None:
    rows = "".join(f"The work with number {n} of the list,https://example.org/search?q=face\n" for n in range(5))
    (tmp_path / "list.csv").write_text("title,link\n" + rows)
    config = Config(db=tmp_path / "a.db", verbosity=-1)
    for _ in range(2):
        assert run(config, tmp_path / "list.csv", "megaface").n_works == 5
    assert count(tmp_path / "a.db", "work") == 5


def test_rows_of_the_same_work_are_one(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"title,doi,year\n{TITLE},10.1109/CVPR.2017.363,\n{TITLE},doi.org/10.1109/cvpr.2017.363,2017\n")
    report = run(Config(db=tmp_path / "a.db", verbosity=-1), tmp_path / "list.csv", "megaface")
    assert (report.n_works, report.n_new) == (1, 1)
    assert query(tmp_path / "a.db", "SELECT year FROM work") == [(2017,)]


def test_new_is_what_the_dataset_had_not(tmp_path: Path) -> None:
    """A work that is known for another dataset is new for this one; one that is known by another version isn't."""
    (tmp_path / "list.csv").write_text(f"title,doi,year\n{TITLE},10.1109/CVPR.2017.363,2017\nAnother work that cites it,,2019\n")
    (tmp_path / "version.csv").write_text(f"title,arxiv,year\n{TITLE},1705.08369,2017\nA third work of this list,,2020\n")
    told = [
        (report.n_works, report.n_new)
        for slug, name in (("megaface", "list"), ("lfw", "list"), ("megaface", "version"), ("lfw", "list"), ("vgg_face", "version"))
        for report in [run(Config(db=tmp_path / "a.db", verbosity=-1), tmp_path / f"{name}.csv", slug)]
    ]
    assert query(tmp_path / "a.db", "SELECT count(*), count(DISTINCT group_id) FROM work") == [(4, 3)], "two versions of one work"
    assert told == [(2, 2), (2, 2), (2, 1), (2, 0), (2, 2)]
