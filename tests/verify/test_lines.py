"""Answers through a pipe, and everything that can be wrong before the first question."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.helpers.command import whereused as call
from tests.verify.factory import SLUG, Scene


def whereused(db: Path, *arguments: str, answers: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return call("--db", db, *arguments, cwd=Path.cwd(), environ=env, answers=answers)


def verify(scene: Scene, answers: str, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return whereused(scene.path, "verify", SLUG, "--reviewer", "ann", *arguments, answers=answers, env=env)


def test_one_answer_a_line(queue: Scene) -> None:
    done = verify(queue, "# by hand\nu train,e\n\nnot_used\nm no table\nN\ncreated\nz\nd\ns\nq\nn\n")
    assert done.returncode == 0, done.stderr
    assert queue.standing() == [
        ("Work 1", "used", ["test", "train"]),
        ("Work 2", "not_used", []),
        ("Work 3", "not_used", []),
        ("Work 4", "unsure", []),
    ]
    assert queue.rows("SELECT note FROM standing_label WHERE note IS NOT NULL") == [("no table",)]
    assert "\x1b" not in done.stdout + done.stderr
    assert "*ManyFaces*" in done.stdout
    assert "faces: 5 labelled, 1 taken back, 1 put off, 2 left to judge" in done.stderr


def test_the_end_of_the_input_quits_and_the_next_call_goes_on(queue: Scene) -> None:
    assert verify(queue, "n\nu derive").returncode == 0
    again = verify(queue, "")
    assert again.returncode == 0
    assert "title: Work 3" in again.stdout
    assert "title: Work 1" not in again.stdout
    assert len(queue.standing()) == 2


@pytest.mark.parametrize(
    ("wrong", "why"), [("x", "'x' is no answer"), ("u trian", "'trian' is no purpose"), ("n train", "no answer"), ("\x1b[A", "no answer")]
)
def test_a_script_stops_at_its_first_wrong_line(queue: Scene, wrong: str, why: str) -> None:
    done = verify(queue, f"n\n{wrong}\nc\nc\n")
    assert done.returncode == 2
    assert why in done.stderr
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert queue.standing() == [("Work 1", "not_used", [])]


def test_limit_counts_labels(queue: Scene) -> None:
    done = verify(queue, "s\nn\nz\nn\nc\nu\nu\n", "--limit", "3")
    assert done.returncode == 0
    assert [row[0] for row in queue.standing()] == ["Work 2", "Work 3", "Work 4"]
    assert "saved: used" in done.stderr  # the last one is confirmed too


def test_another_round_asks_again(queue: Scene) -> None:
    verify(queue, "n\nn\n")
    done = verify(queue, "u test\n", "--round", "2")
    assert "6 left, 0 done in this session, round 2" in done.stdout
    assert queue.standing()[:2] == [("Work 1", "not_used", []), ("Work 1", "used", ["test"])]


def test_nothing_left(queue: Scene) -> None:
    assert verify(queue, "n\n" * 6).returncode == 0
    done = verify(queue, "n\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is left to judge for you" in done.stderr


def test_no_works_at_all(scene: Scene) -> None:
    done = verify(scene, "n\n")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no works of faces yet" in done.stderr


def test_the_suggestion_comes_after_the_answer_unless_asked_for(queue: Scene) -> None:
    silent = verify(queue, "").stdout
    assert "0.9" not in silent
    assert "trained on" not in silent
    assert "the score said used (0.90)" in verify(queue, "n\n").stdout
    assert "suggestion: used (0.80) trained on" in verify(queue, "", "--assist").stdout


def test_another_reviewers_label_is_not_shown(queue: Scene) -> None:
    verify(queue, "m secret remark\nc\n")
    other = whereused(queue.path, "verify", SLUG, "--reviewer", "bob", answers="n\n" * 5)
    assert other.stdout.index("title: Work 2") < other.stdout.index("second opinions") < other.stdout.index("title: Work 1")
    for word in ("secret", "ann", "created"):
        assert word not in other.stdout + other.stderr


def test_everything_that_is_known_is_shown(scene: Scene) -> None:
    work = scene.work("A work", score=0.9, mentions=7, ids={"arxiv": "1512.00596", "doi": "10.1/x"}, year=2017)
    scene.work("A later version", group=scene.rows("SELECT group_id FROM work WHERE work_id = ?", work)[0][0], found=False)
    scene.context(work, "The network of [3] was trained on the Many  Faces set.", "methodology")
    scene.mention(work, "[3] ManyFaces: a benchmark.", in_references=1, page=9)
    scene.institution(work, "Univ. of W.", "University of Washington")
    scene.institution(work, "A lab, Nowhere", None)
    shown = verify(scene, "more\nh\n").stdout
    for text in (
        "title: A work",
        "2017 · Venue · paper · 2 versions",
        "at University of Washington, academic, Seattle, US",
        "at A lab, Nowhere (as printed, no match)",
        "link: https://arxiv.org/abs/1512.00596",
        "passage 1 of 9 (Experiments, page 1, full text): We test on *ManyFaces*, run 1 of 7.",
        "passage 8 of 9 (Semantic Scholar, around the reference): The network of [3] was trained on the *Many Faces* set.",
        "passage 9 of 9 (reference list, page 9, full text): [3] *ManyFaces*: a benchmark.",
        "u train,test",
        "not used: The work names or cites the dataset",
    ):
        assert text in shown


def test_a_pipe_holds_utf8_whatever_the_locale(scene: Scene) -> None:
    scene.work("大规模 faces")
    done = verify(scene, "n\n", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert "大规模 faces" in done.stdout


def test_patents_have_embodiments(scene: Scene) -> None:
    scene.work("A method", kind="patent", ids={"publication_number": "CN108256450A"})
    scene.work("A paper")
    done = verify(scene, "u embodiment\nu embodiment\n")
    assert done.returncode == 2
    assert scene.standing() == [("A method", "used", ["embodiment"])]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("verify", "face", "--reviewer", "ann"), "did you mean faces?"),
        (("verify", "zzz", "--reviewer", "ann"), "there is no dataset 'zzz'"),
        (("adjudicate", "zzz", "--reviewer", "ann"), "there is no dataset 'zzz'"),
        (("agreement", "zzz"), "there is no dataset 'zzz'"),
        (("verify", SLUG, "--reviewer", "  "), "--reviewer wants a name"),
        (("verify", SLUG, "--reviewer", "a\x1b[2J"), "--reviewer wants a name"),
        (("verify", SLUG), "--reviewer"),
        (("verify", SLUG, "--reviewer", "ann", "--limit", "0"), "--limit"),
    ],
)
def test_wrong_usage_is_one_clear_line(queue: Scene, arguments: tuple[str, ...], why: str) -> None:
    done = whereused(queue.path, *arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert queue.rows("SELECT * FROM reviewer") == []


def test_no_database_and_a_broken_one(tmp_path: Path) -> None:
    missing = whereused(tmp_path / "none.db", "verify", SLUG, "--reviewer", "ann")
    assert missing.returncode == 2
    assert "does not exist" in missing.stderr
    assert not (tmp_path / "none.db").exists()
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 500)
    done = whereused(broken, "verify", SLUG, "--reviewer", "ann")
    assert done.returncode == 2
    assert "damaged or no SQLite database" in done.stderr
    assert "Traceback" not in done.stderr


def test_adjudicate_and_agreement(queue: Scene) -> None:
    alone = whereused(queue.path, "agreement", SLUG)
    assert alone.returncode == 1
    assert "labels of two reviewers" in alone.stderr
    verify(queue, "u train\nn\nu test\n")
    whereused(queue.path, "verify", SLUG, "--reviewer", "bob", answers="n\nn\nn\nn\nm not theirs\nn\nn\n")
    table = whereused(queue.path, "agreement", SLUG).stdout
    assert "reviewer-1 and reviewer-2" in table
    assert "33.3" in table
    settled = whereused(queue.path, "adjudicate", SLUG, "--reviewer", "cleo", answers="s\nn\nz\nu train\nc\n")
    assert settled.returncode == 0, settled.stderr
    assert "reviewer-1 said used (train)" in settled.stdout
    assert "reviewer-2 said not used" in settled.stdout
    for name in ("ann", "bob"):
        assert name not in settled.stdout
    labels = dict(
        queue.rows("SELECT w.title, label FROM decision JOIN work w USING (work_id) WHERE reason = 'adjudicated' ORDER BY decision_id")
    )
    assert labels == {"Work 1": "created", "Work 3": "used"}
    assert "nothing is left to settle" in whereused(queue.path, "adjudicate", SLUG, "--reviewer", "cleo").stderr
