"""Importing PDFs: folders as they are, files that are none, names that tell, and doing it again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from crawler.importing.pdfs import find_pdfs, hinted_ids, hinted_titles, inspect, own_ids
from crawler.importing.run import run
from db.config import Config
from db.connect import open_for_writing, writing
from db.records import ProviderFacts, WorkRecord
from db.works import save_provider, save_work
from tests.importing.files import CHALLENGE, count, make_pdf, query, run_import, stored

TITLE = "Level Playing Field for Million Scale Face Recognition"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my papers"
    (folder / "2019").mkdir(parents=True)
    (folder / "one.pdf").write_bytes(make_pdf("One"))
    (folder / "2019" / "Two.PDF").write_bytes(make_pdf("Two"))
    (folder / "challenge.pdf").write_bytes(CHALLENGE)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "notes.txt").write_text("not a PDF")
    (folder / "._one.pdf").write_bytes(b"what a Mac leaves behind")
    return folder


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def know(db: Path, *records: WorkRecord) -> list[int]:
    """Works that a crawl brought."""
    opened = open_for_writing(db)
    with writing(opened):
        save_provider(opened, ProviderFacts("semantic_scholar"))
        run_id = (
            opened.conn.execute("INSERT INTO run (command, version, status, started_at) VALUES ('crawl', '', 'done', '')").lastrowid or 0
        )
        found = [save_work(opened, record, provider="semantic_scholar", run_id=run_id) for record in records]
    opened.close()
    return found


def test_a_folder(folder: Path, db: Path) -> None:
    done = run_import(db, folder)
    assert done.returncode == 0
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "challenge.pdf: no PDF but a web page saved under that name",
        "empty.pdf: the file is empty",
        "2 works for megaface, 2 of them new; 2 PDFs stored; 2 files refused",
    ]
    assert query(db, "SELECT value FROM external_id WHERE scheme = 'file' ORDER BY 1") == [("Two",), ("challenge",), ("empty",), ("one",)]
    assert sorted(query(db, "SELECT url, status, sha256 IS NULL, reason FROM fulltext")) == [
        ("file:Two.pdf", "stored", 0, None),
        ("file:challenge.pdf", "refused", 1, "no PDF but a web page saved under that name"),
        ("file:empty.pdf", "refused", 1, "the file is empty"),
        ("file:one.pdf", "stored", 0, None),
    ]
    assert stored(db) == sorted(hashlib.sha256(make_pdf(text)).hexdigest() for text in ("One", "Two"))
    assert stored(db) == [row[0] for row in query(db, "SELECT sha256 FROM document ORDER BY 1")]


def test_a_folder_without_any_pdf_brings_nothing(db: Path, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.pdf").write_bytes(CHALLENGE)
    assert run_import(db, tmp_path / "pages").returncode == 1
    assert count(db, "finding") == 0, "what is no document was not found"


def test_what_a_killed_command_left_behind_is_swept(folder: Path, db: Path) -> None:
    place = db.with_name(db.name + ".files") / "pdf" / "ab"
    place.mkdir(parents=True)
    dead, alive = place / f"{'ab' * 32}.{2**22 + 1}.partial", place / f"{'ab' * 32}.{os.getpid()}.partial"
    for path in (dead, alive):
        path.write_bytes(b"%PDF-1.4 cut o")
    run_import(db, folder)
    assert (dead.exists(), alive.exists()) == (False, True), "that of a command at work stays"


def test_no_private_path_enters_the_database(folder: Path, db: Path) -> None:
    run_import(db, folder)
    assert b"my papers" not in db.read_bytes()
    assert str(folder.parent).encode() not in db.read_bytes()
    assert query(db, "SELECT DISTINCT provider, how, slug FROM finding") == [("import", "import", "megaface")]
    assert {row[0] for row in query(db, "SELECT url FROM finding")} == {"one.pdf", "Two.PDF"}


def test_importing_again_changes_nothing_but_the_runs(folder: Path, db: Path) -> None:
    run_import(db, folder)
    tables = ("work", "work_group", "external_id", "id_claim", "finding", "fulltext", "document")
    before = {table: sorted(query(db, f"SELECT * FROM {table}")) for table in tables}
    again = run_import(db, folder)
    assert again.stderr.splitlines()[-1] == "2 works for megaface, 0 of them new; 2 PDFs stored; 2 files refused"
    assert {table: sorted(query(db, f"SELECT * FROM {table}")) for table in tables} == before
    assert query(db, "SELECT command, status FROM run") == [("import", "done")] * 2


def test_a_better_file_under_the_same_name_goes_to_the_same_work(folder: Path, db: Path) -> None:
    run_import(db, folder)
    (folder / "challenge.pdf").write_bytes(make_pdf("The real one"))
    assert run_import(db, folder).returncode == 0
    assert count(db, "work") == 4
    assert query(db, "SELECT url FROM finding WHERE url LIKE 'ch%'") == [("challenge.pdf",)]
    assert query(db, "SELECT status, reason, sha256 IS NULL FROM fulltext WHERE url = 'file:challenge.pdf'") == [("stored", None, 0)]
    (folder / "challenge.pdf").write_bytes(CHALLENGE)  # a worse one takes nothing away
    run_import(db, folder)
    assert query(db, "SELECT status FROM fulltext WHERE url = 'file:challenge.pdf'") == [("stored",)]


def test_one_name_in_two_folders_is_two_works(folder: Path, db: Path, tmp_path: Path) -> None:
    (folder / "2019" / "one.pdf").write_bytes(make_pdf("Another one"))
    run_import(db, folder)
    assert query(db, "SELECT value FROM external_id WHERE scheme = 'file' AND value LIKE '%one' ORDER BY 1") == [("2019__one",), ("one",)]
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.pdf").write_bytes(make_pdf("A third one"))
    run_import(db, other)
    sha256 = hashlib.sha256(make_pdf("A third one")).hexdigest()
    assert query(db, "SELECT count(*) FROM external_id WHERE value = 'one~" + sha256[:8] + "'") == [(1,)]
    assert count(db, "work_group") == 6


def test_the_same_bytes_under_two_names_are_one_work(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (folder / name).write_bytes(make_pdf("Same"))
    assert run_import(db, folder).stderr.splitlines()[-1].startswith("1 work for megaface")
    assert (count(db, "work"), count(db, "document"), count(db, "fulltext")) == (1, 1, 2)


def test_a_pdf_goes_to_the_work_that_its_name_tells(db: Path, tmp_path: Path) -> None:
    by_arxiv, by_doi, by_title = know(
        db,
        WorkRecord("Some work", ids=(("arxiv", "1705.00393"), ("s2", "a" * 40))),
        WorkRecord(
            "The MegaFace Benchmark: 1 Million Faces for Recognition at Scale", ids=(("doi", "10.1109/cvpr.2016.527"), ("s2", "b" * 40))
        ),
        WorkRecord("Face Recognition: Beyond All Recognition", ids=(("s2", "c" * 40),)),
    )
    names = {"1705.00393v2.pdf": by_arxiv, "10.1109_CVPR.2016.527.pdf": by_doi,
             "Bee et al. - 2017 - Face Recognition Beyond All Recognition.pdf": by_title}  # fmt: skip
    folder = tmp_path / "told"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(make_pdf(name))
    run_import(db, folder)
    assert query(db, "SELECT url, work_id FROM fulltext ORDER BY work_id") == [(f"file:{name}", work_id) for name, work_id in names.items()]
    assert count(db, "work") == 3
    assert count(db, "finding") == 3


def test_an_ambiguous_name_tells_nothing(db: Path, tmp_path: Path) -> None:
    know(db, WorkRecord(TITLE, year=2010, ids=(("s2", "a" * 40),)), WorkRecord(TITLE, year=2020, ids=(("s2", "b" * 40),)))
    (tmp_path / f"{TITLE}.pdf").write_bytes(make_pdf("x"))
    run_import(db, tmp_path / f"{TITLE}.pdf")
    assert count(db, "work") == 3


def test_an_arxiv_id_as_name_is_kept_for_the_crawl_to_come(db: Path, tmp_path: Path) -> None:
    (tmp_path / "arXiv_1705.00393v2.pdf").write_bytes(make_pdf("x"))
    run_import(db, tmp_path / "arXiv_1705.00393v2.pdf")
    (work_id,) = know(db, WorkRecord(TITLE, ids=(("arxiv", "1705.00393"), ("s2", "a" * 40))))
    assert query(db, "SELECT work_id FROM fulltext") == [(work_id,)]
    assert count(db, "work") == 1


def test_nothing_usable(tmp_path: Path, db: Path) -> None:
    (tmp_path / "only.pdf").write_bytes(CHALLENGE)
    done = run_import(db, tmp_path / "only.pdf")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("whereused: nothing usable came in from ")
    assert count(db, "work") == 1  # the work isn't lost
    (tmp_path / "none").mkdir()
    done = run_import(db, tmp_path / "none")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "holds no file whose name ends in .pdf" in done.stderr


def test_an_unknown_slug_makes_no_database(folder: Path, db: Path) -> None:
    done = run_import(db, folder, slug="megafce")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "did you mean megaface" in done.stderr
    assert not db.exists()


@pytest.mark.parametrize(
    ("file", "arguments", "said"),
    [
        ("nowhere.pdf", (), "nowhere.pdf does not exist"),
        ("/dev/zero", (), "is no file or folder on the disk"),
        ("list.csv", ("--format", "pdf"), "list.csv is no PDF"),
        (".", ("--format", "ris"), "is a folder; name a file for --format ris"),
    ],
)
def test_wrong_usage_is_one_line_and_makes_no_database(db: Path, file: str, arguments: tuple[str, ...], said: str) -> None:
    (db.parent / "list.csv").write_text("title\nx\n")
    done = run_import(db, file, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr
    assert not db.exists()


@pytest.mark.parametrize(
    ("body", "refusal", "remark"),
    [
        (b"", "empty", None),
        (CHALLENGE, "web page", None),
        (b"\xef\xbb\xbf<?xml version='1.0'?><html>", "web page", None),
        (b"PK\x03\x04 a zip", "does not begin with %PDF-", None),
        (b"%PDF-1.4\n", "cut off before", None),
        (make_pdf("x")[:-300], None, "no end mark"),
        (make_pdf("x"), None, None),
        (b"\n\n junk before the start " + make_pdf("x"), None, None),
    ],
)
def test_inspect(body: bytes, refusal: str | None, remark: str | None) -> None:
    found = inspect(body, "x")
    assert (found.refusal is None) == (refusal is None)
    assert refusal is None or refusal in str(found.refusal)
    assert (found.remark is None) == (remark is None)
    assert remark is None or remark in str(found.remark)


def test_what_names_tell() -> None:
    assert own_ids("1705.00393v2") == own_ids("arXiv-1705.00393") == (("arxiv", "1705.00393"),)
    assert own_ids("report 1705.00393 final") == own_ids("1799.00393") == own_ids("10.1109_x") == ()
    assert ("doi", "10.1109/cvpr.2016.527") in hinted_ids("10.1109_CVPR.2016.527 (1)")
    assert ("arxiv", "1705.00393") in hinted_ids("Nech 1705.00393 final")
    assert hinted_titles("Nech - 2017 - Level Playing Field") == ["Nech - 2017 - Level Playing Field", "Level Playing Field"]


def test_find_pdfs_is_sorted_and_leaves_hidden_files(folder: Path) -> None:
    assert [name for _, name in find_pdfs(folder)] == ["Two", "challenge", "empty", "one"]


@pytest.mark.gold
def test_the_gold_folder(gold: Path, tmp_path: Path) -> None:
    report = run(Config(db=tmp_path / "a.db", verbosity=-1), gold / "papers" / "pdf", "fairface")
    assert (report.n_works, report.n_new, report.n_stored, len(report.refused)) == (81, 81, 81, 1)
