"""Label files: out of one database, into another, twice without harm."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from db.decisions import Verdict
from db.errors import UsageError
from db.verify import Seat, save_label, save_reviewer, save_undo
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import whereused
from verify.exchange import export_labels, import_labels


@pytest.fixture
def labelled(queue: Scene) -> Scene:
    ann = Seat(SLUG, save_reviewer(queue.db, "ann private").reviewer_id)
    works = [row[0] for row in queue.rows("SELECT work_id FROM finding ORDER BY 1")]
    save_label(queue.db, ann, works[0], Verdict("used", ("train", "test"), note='=1+1, "quoted"\nhere', codebook="1"))
    save_label(queue.db, ann, works[1], Verdict("not_used", codebook="1"))
    save_label(queue.db, Seat(SLUG, ann.reviewer_id, 2), works[1], Verdict("unsure"))
    return queue


def other_database(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path / "other.db")
    for number in range(1, 7):
        scene.work(f"Work {number}")
    return scene


@pytest.mark.parametrize("name", ["labels.jsonl", "labels.csv"])
def test_there_and_back(labelled: Scene, tmp_path: Path, name: str) -> None:
    path, other = tmp_path / name, other_database(tmp_path)
    assert export_labels(labelled.config, SLUG, reviewer="ann private", path=path) == 3
    assert "ann private" not in path.read_text()
    assert "reviewer-1" in path.read_text()
    first = import_labels(other.config, SLUG, reviewer="bob", path=path)
    assert (first.n_saved, first.n_known, first.problems) == (3, 0, [])
    columns = "w.title, l.label, l.purposes, l.round, l.codebook, l.labelled_at"
    sql = f"SELECT {columns} FROM standing_label l JOIN work w USING (work_id) ORDER BY 1, 4"
    assert other.rows(sql) == labelled.rows(sql)
    assert other.rows("SELECT label FROM decision") == [("used",), ("not_used",), ("open",)]
    before = other.rows("SELECT * FROM label")
    second = import_labels(other.config, SLUG, reviewer="bob", path=path)
    assert (second.n_saved, second.n_known) == (0, 3)
    save_undo(other.db, Seat(SLUG, save_reviewer(other.db, "bob").reviewer_id))
    third = import_labels(other.config, SLUG, reviewer="bob", path=path)  # what was taken back stays so
    assert (third.n_saved, third.n_known) == (0, 3)
    assert other.rows("SELECT * FROM label")[: len(before)] == before
    other.db.close()


def test_the_evidence_travels_to_the_adjudicator(queue: Scene, tmp_path: Path) -> None:
    path, other = tmp_path / "labels.jsonl", other_database(tmp_path)
    whereused(queue.path, "verify", SLUG, "--reviewer", "ann", answers="u test\nq\n")
    export_labels(queue.config, SLUG, reviewer="ann", path=path)
    row = json.loads(path.read_text())
    assert row["evidence"] == [{"quote": "We test on ManyFaces, run 1 of 1.", "page": 1, "section": "Experiments", "provider": "fulltext"}]
    row["evidence"] += [{"quote": "\x1b[2Jevil", "page": "x"}, 7, {"page": 1}]
    import_labels(other.config, SLUG, reviewer="bob", path=lines(path, row))
    whereused(other.path, "verify", SLUG, "--reviewer", "cleo", answers="n\n" * 6)
    shown = whereused(other.path, "adjudicate", SLUG, "--reviewer", "dan").stdout
    assert "We test on *ManyFaces*, run 1 of 1." in shown
    assert "as shown to reviewer-1" in shown.lower().replace("reviewer-1", "reviewer-1")
    assert "\x1b" not in shown
    other.db.close()


def test_no_cell_is_a_formula(labelled: Scene, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    export_labels(labelled.config, SLUG, reviewer="ann private", path=path, round_=1)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert len(rows) == 2
    assert rows[0]["note"].startswith("'=1+1")
    assert rows[0]["doi"] == "10.1234/w2"


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_line_is_judged_by_itself(queue: Scene, tmp_path: Path) -> None:
    ids = {"doi": "https://doi.org/10.1234/W2"}
    path = lines(
        tmp_path / "labels.jsonl",
        {"ids": ids, "label": "usd"},
        "{broken",
        "[1]",
        {"ids": {"doi": "10.9/none"}, "label": "used"},
        {"ids": {"doi": "10.1234/w2", "s2": "x"}, "label": "used"},
        {"ids": {"isbn": "1"}, "label": "used"},
        {"label": "used"},
        {"ids": ids, "label": "used", "purposes": ["fun"]},
        {"ids": ids, "label": "not_used", "purposes": ["train"]},
        {"ids": ids, "label": "used", "dataset": "lfw"},
        {"ids": ids, "label": "used", "round": "two"},
        {"ids": ids, "label": "used", "labelled_at": "yesterday"},
        {"ids": ids, "label": "retracted"},
        {"ids": {"doi": "10.1234/w2", "file": "x\x1b[2J"}, "label": "used"},
        {"ids": ids, "label": "used", "purposes": ["train"], "labelled_at": "2020-01-01T10:00:00+02:00"},
        {"ids": {"doi": "10.1234/w3"}, "label": "not used"},
    )
    report = import_labels(queue.config, SLUG, reviewer="ann", path=path)
    assert report.n_saved == 2
    assert [problem.split(": ")[0].split()[-1] for problem in report.problems] == [str(n) for n in range(1, 15)]
    assert not any("\x1b" in problem for problem in report.problems)
    assert queue.standing() == [("Work 1", "used", ["train"]), ("Work 2", "not_used", [])]
    assert queue.rows("SELECT labelled_at FROM label")[0] == ("2020-01-01T08:00:00Z",)


def test_of_two_labels_the_later_one_counts(queue: Scene, tmp_path: Path) -> None:
    row = {"ids": {"doi": "10.1234/w2"}, "label": "used"}
    import_labels(queue.config, SLUG, reviewer="ann", path=lines(tmp_path / "a.jsonl", {**row, "labelled_at": "2024-01-01T00:00:00Z"}))
    older = lines(tmp_path / "b.jsonl", {**row, "label": "created", "labelled_at": "2023-01-01"}, {**row, "label": "created"})
    report = import_labels(queue.config, SLUG, reviewer="ann", path=older)
    assert (report.n_saved, len(report.problems)) == (0, 2)
    newer = lines(tmp_path / "c.jsonl", {**row, "label": "not_used", "labelled_at": "2025-01-01T00:00:00Z"})
    for expected in ((1, 0), (0, 1)):
        report = import_labels(queue.config, SLUG, reviewer="ann", path=newer)
        assert (report.n_saved, report.n_known) == expected
    assert queue.standing() == [("Work 1", "not_used", [])]
    assert len(queue.rows("SELECT * FROM label")) == 2


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark(queue: Scene, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes("\ufeffdoi;label;purposes;note\n10.1234/w2;used;train test;'=x\n10.1234/w3;not_used;;\n".encode())
    assert import_labels(queue.config, SLUG, reviewer="ann", path=path).n_saved == 2
    assert queue.rows("SELECT note FROM label WHERE note IS NOT NULL") == [("=x",)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("labels.xlsx", b"", "ends in"),
        ("labels.jsonl", None, "does not exist"),
        ("labels.jsonl", "{\"label\": \"gr\xfcn\"}".encode("latin-1"), "UTF-8"),
        ("labels.csv", b"doi,verdict\n1,2\n", "column named label"),
        ("labels.jsonl", b'{"reviewer": "reviewer-1", "label": "used"}\n{"reviewer": "reviewer-2", "label": "used"}\n', "2 reviewers"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_whole(queue: Scene, tmp_path: Path, name: str, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=why):
        import_labels(queue.config, SLUG, reviewer="ann", path=tmp_path / name)
    assert queue.rows("SELECT * FROM label") == []


def test_export_wants_a_known_reviewer_and_a_folder(labelled: Scene, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no reviewer"):
        export_labels(labelled.config, SLUG, reviewer="nobody", path=tmp_path / "x.csv")
    with pytest.raises(UsageError, match="does not exist"):
        export_labels(labelled.config, SLUG, reviewer="ann private", path=tmp_path / "no" / "x.csv")
    assert [row[0] for row in labelled.rows("SELECT name FROM reviewer")] == ["ann private"]
