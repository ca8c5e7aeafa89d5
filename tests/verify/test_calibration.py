"""Works with known answers come first to a new reviewer, decide nothing, and are compared with the reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.verify.factory import SLUG, Scene
from tests.verify.terminal import review
from tests.verify.test_lines import whereused

REFERENCE = [
    {"ids": {"doi": "10.1234/w2"}, "label": "used", "purposes": ["test"], "note": "Table 2 is their own"},
    {"ids": {"doi": "10.1234/w3"}, "label": "not_used", "note": "quoted \x1b[2Jrow"},
    {"ids": {"doi": "10.1234/w4"}, "label": "created"},
]


@pytest.fixture
def reference(queue: Scene, tmp_path: Path) -> Scene:
    """Works 1 to 3 of six have known answers."""
    path = tmp_path / "reference.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in REFERENCE), encoding="utf-8")
    done = whereused(queue.path, "calibrate", SLUG, "--set", str(path), "--reviewer", "lead")
    assert "new reviewers answer 3 works first" in done.stderr
    return queue


def test_a_new_reviewer_answers_the_reference_then_sees_it_then_the_queue(reference: Scene) -> None:
    with review(reference, reviewer="ann") as terminal:
        terminal.expect("calibration, 1 of 3.*Work 1")
        terminal.send("ut\n")
        terminal.expect("saved: used.*Work 2")
        assert "reference" not in terminal.seen
        terminal.kill()
    with review(reference, reviewer="ann") as terminal:
        terminal.expect("calibration, 2 of 3.*Work 2")
        for key, says in (("z", "taken back: used"), ("n", "saved: not used"), ("n", "Work 3")):  # back into the earlier session
            terminal.send(key)
            terminal.expect(says)
        terminal.send("c")
        terminal.expect("2 of your 3 labels are those of the reference.*Table 2 is their .*own.*any key goes back")
        assert terminal.fits(80, 24)
        terminal.send(" ")
        terminal.expect("3 left.*Work 4")  # not the works whose answers were told
        terminal.send("n")
        terminal.expect("saved")
    assert reference.standing() == [("Work 4", "not_used", [])]
    assert [row[0] for row in reference.rows("SELECT label FROM decision")] == ["not_used"]
    table = whereused(reference.path, "calibrate", SLUG, "--reviewer", "ann").stdout
    assert "reviewer-2" in table
    assert "66.7" in table
    assert '"Work 1": reviewer-2 said not used, the reference says used (test): Table 2 is their own' in table
    found = json.loads(whereused(reference.path, "calibrate", SLUG, "--json").stdout)["reviewers"][0]
    assert (found["n"], found["n_reference"], found["kappa"]) == (3, 3, pytest.approx(0.5))


def test_only_new_reviewers_are_asked(reference: Scene) -> None:
    def shown(name: str, answers: str, *more: str) -> str:
        return whereused(reference.path, "verify", SLUG, "--reviewer", name, *more, answers=answers).stdout

    assert "calibration" not in shown("lead", "")  # who set it knows it
    told = shown("bob", "u train\nn because quoted\nc\nq\n")
    assert "used (train), the reference says used (test): Table 2 is their own" in told  # purposes count too
    assert "\x1b" not in told
    assert "calibration" not in shown("bob", "n\nq\n")
    assert "calibration" in shown("cleo", "")
    whereused(reference.path, "calibrate", SLUG, "--draw", "1", "--reviewer", "lead")  # takes its place
    assert "calibration" not in shown("bob", "q\n")
    assert "calibration, 1 of 1" in shown("bob", "q\n", "--calibrate")
    assert reference.rows("SELECT title FROM calibration JOIN work USING (work_id) WHERE withdrawn_at IS NULL") == [("Work 4",)]
    assert "nobody has answered" in whereused(reference.path, "calibrate", SLUG).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        ((), 1, "no works with known answers yet"),
        (("--draw", "3"), 2, "goes with --reviewer"),
        (("--draw", "3", "--reviewer", "lead"), 1, "no work of faces has a final decision yet"),
        (("--set", "none.jsonl", "--reviewer", "lead"), 2, "does not exist"),
    ],
)
def test_wrong_calls_are_one_clear_line(queue: Scene, arguments: tuple[str, ...], code: int, why: str) -> None:
    done = whereused(queue.path, "calibrate", SLUG, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert why in done.stderr


def test_a_file_with_a_wrong_line_sets_nothing(reference: Scene, tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"ids": {"doi": "10.1234/w2"}, "label": "used"}\n{"ids": {"doi": "10.9999/x"}, "label": "used"}\n', encoding="utf-8")
    done = whereused(reference.path, "calibrate", SLUG, "--set", str(path), "--reviewer", "lead")
    assert done.returncode == 2
    assert "line 2: names no work of faces" in done.stderr
    assert reference.rows("SELECT count(*) FROM calibration WHERE withdrawn_at IS NULL") == [(3,)]
