"""Out to other screening tools and back: RIS, ASReview, Rayyan."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from db.decisions import Seat, Verdict
from db.verify import save_label, save_reviewer
from tests.verify.factory import SLUG, Scene
from tests.verify.test_lines import whereused


@pytest.fixture
def screened(queue: Scene) -> Scene:
    ann = Seat(SLUG, save_reviewer(queue.db, "ann").reviewer_id)
    works = [row[0] for row in queue.rows("SELECT work_id FROM finding ORDER BY 1")]
    for work, verdict in zip(
        works,
        (Verdict("used", ("train", "test"), note="table 4"), Verdict("not_used"), Verdict("unsure"), Verdict("created")),
        strict=False,
    ):
        save_label(queue.db, ann, work, verdict)
    return queue


def fresh(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path / "other.db")
    for number in range(1, 7):
        scene.work(f"Work {number}")
    return scene


@pytest.mark.parametrize("kind", ["ris", "asreview", "rayyan"])
def test_there_and_back(screened: Scene, tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("labels.ris" if kind == "ris" else "labels.csv")
    out = whereused(screened.path, "verify", SLUG, "--reviewer", "ann", "--export", str(path), "--format", kind)
    assert "6 works" in out.stderr
    other = fresh(tmp_path)
    for expected in ("labels saved, 0 known", "0 labels saved"):
        back = whereused(other.path, "verify", SLUG, "--reviewer", "reviewer-1", "--import", str(path))
        assert back.returncode == 0, back.stderr
        assert expected in back.stderr
    labels = dict(zip(("Work 1", "Work 2", "Work 3", "Work 4"), ("used", "not_used", "unsure", "created"), strict=True))
    if kind == "asreview":
        del labels["Work 3"]  # it knows in and out only
    assert {title: label for title, label, _ in other.standing()} == labels
    assert other.standing()[0][2] == ["test", "train"]
    assert other.rows("SELECT DISTINCT drawn FROM label") == [("import",)]
    other.db.close()


def test_what_rayyan_itself_writes(queue: Scene, tmp_path: Path) -> None:
    rows = [
        ("rayyan-1", "Work 1", 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Excluded"} | RAYYAN-LABELS: train | '
         'USER-NOTES: {"Ann"=>["their table, 4"]}'),
        ("rayyan-2", "Work 2", 'old note | RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong data'),
        ("rayyan-3", "Work 3", 'RAYYAN-INCLUSION: {"Ann"=>"Maybe"}'),
        ("rayyan-4", "Work 4", ""),
        ("rayyan-5", "Work 99", 'RAYYAN-INCLUSION: {"Ann"=>"Included"}'),
        ("rayyan-6", "Work 6", 'RAYYAN-INCLUSION: {"Bob"=>"Included", "Cleo"=>"Included"}'),
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["key", "title", "year", "url", "notes"])
    for number, (key, title, notes) in enumerate(rows, 2):
        writer.writerow([key, title, "2020", f"https://doi.org/10.1234/w{number}" if title != "Work 99" else "", notes])
    path = tmp_path / "articles.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    back = whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--import", str(path))
    assert back.returncode == 1
    assert "names no work" in back.stderr
    assert "verdicts of Bob, Cleo" in back.stderr
    assert queue.standing() == [("Work 1", "used", []), ("Work 2", "not_used", []), ("Work 3", "unsure", [])]
    assert queue.rows("SELECT note FROM label ORDER BY label_id") == [("train; their table, 4",), ("wrong data",), (None,)]


def test_what_asreview_itself_writes(queue: Scene, tmp_path: Path) -> None:
    path = tmp_path / "asreview.csv"
    path.write_text(
        "record_id,title,doi,asreview_label,asreview_time,asreview_note\n"
        "0,Some other title,https://doi.org/10.1234/w2,1,1700000000.1,table 4\n"
        "1,Work 2,10.1234/w3,0,1700000001.1,\n2,Work 3,10.1234/w4,,,\n",
        encoding="utf-8",
    )
    back = whereused(queue.path, "verify", SLUG, "--reviewer", "ann", "--import", str(path))
    assert "2 labels saved" in back.stderr
    assert queue.standing() == [("Work 1", "used", []), ("Work 2", "not_used", [])]
