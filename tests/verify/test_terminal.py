"""`verify` in a real pseudo-terminal of 80 by 24: every key, every answer on disk before the next screen."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import stat
import termios
from pathlib import Path

import pytest

from db.connect import writing
from tests.verify.factory import SLUG, Scene
from tests.verify.terminal import Terminal

# A reviewer's keys, and what the screen says once each is done.
KEYS = [
    ("u", "Used for what"), ("t", r"\[x\] t train"), ("e", r"\[x\] e test"), ("\n", r"saved: used \(train, test\)"),
    ("n", "saved: not used"), ("s", "skipped"), ("z", "taken back: skip"), ("d", "saved: unsure"), ("z", "taken back: unsure"),
    ("c", "saved: created"),
]  # fmt: skip
LABELS = [("Work 1", "used", ["test", "train"]), ("Work 2", "not_used", []), ("Work 3", "created", [])]

KEYS_OF = {"Work 1": KEYS[:4], "Work 2": [("n", "saved: not used")], "Work 3": [("c", "saved: created")]}


def review(scene: Scene, *arguments: str, reviewer: str = "ann", env: dict[str, str] | None = None) -> Terminal:
    return Terminal(scene.path, "verify", SLUG, "--reviewer", reviewer, *arguments, env=env)


def test_every_key_is_saved_before_the_next_work_is_drawn(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        for key, confirmation in [*KEYS, ("a", "saved: no access"), ("w", "saved: wrong work")]:
            terminal.send(key)
            terminal.expect(confirmation)
            terminal.expect(r"\x1b\[\?7h")
            assert terminal.fits(80, 24)
            if "saved" in confirmation:  # another connection sees it already
                _, label, _ = max(queue.standing(), key=lambda row: row[0])
                assert label.replace("_", " ") in confirmation
        terminal.send("q")
        assert terminal.finish() == 0
        assert termios.tcgetattr(terminal.slave) == terminal.mode_before
    assert queue.standing() == [*LABELS, ("Work 4", "no_access", []), ("Work 5", "wrong_work", [])]
    with review(queue) as again:
        again.expect("1 left")
        again.expect("Work 6")
        again.send("n")
        again.expect("5 left|1 labelled, 0 left to judge")
        assert again.finish() == 0


@pytest.mark.parametrize("killed_after", range(1, len(KEYS) + 1))
def test_kill_at_any_keystroke_loses_and_doubles_nothing(tmp_path: Path, killed_after: int) -> None:
    scene = Scene(tmp_path / "whereused.db")
    for number in range(1, 7):
        scene.work(f"Work {number}", score=1 - number / 10, mentions=1)
    confirmed: list[tuple[str, str, list[str]]] = []
    with review(scene) as terminal:
        terminal.expect("Work 1")
        for key, confirmation in KEYS[: killed_after - 1]:
            terminal.send(key)
            terminal.expect(confirmation)
        confirmed = scene.standing()
        terminal.send(KEYS[killed_after - 1][0])
        terminal.kill()
    after = scene.standing()
    last = KEYS[killed_after - 1][0]
    if last == "z":
        assert after in (confirmed, confirmed[:-1])
    else:
        assert after[: len(confirmed)] == confirmed
        assert len(after) <= len(confirmed) + 1
    finish_as_asked(scene)
    assert scene.standing() == LABELS
    n_kept = scene.rows("SELECT count(*) FROM label WHERE label <> 'retracted'")[0][0]
    n_undone = scene.rows("SELECT count(*) FROM label WHERE label = 'retracted'")[0][0]
    assert n_kept - n_undone == len(LABELS)
    scene.db.close()


def finish_as_asked(scene: Scene) -> None:
    """A new session in which the reviewer answers what the screen asks, and puts off all but the first three."""
    with review(scene) as terminal:
        if any(label == "unsure" for _, label, _ in scene.standing()):
            terminal.send("z")  # that undo did not come through
            terminal.expect("taken back: unsure")
        while len(scene.standing()) < len(LABELS):
            title = terminal.expect(r"Work \d(?=\x1b)")
            for key, confirmation in KEYS_OF.get(title, [("s", "skipped")]):
                terminal.send(key)
                terminal.expect(confirmation)
        terminal.send("q")
        assert terminal.finish() == 0


def test_typing_ahead_answers_in_order(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.send("uvd\nnncq")  # before the first screen is there
        assert terminal.finish() == 0
    assert queue.standing() == [
        ("Work 1", "used", ["derive", "validate"]),
        ("Work 2", "not_used", []),
        ("Work 3", "not_used", []),
        ("Work 4", "created", []),
    ]


def test_undo_goes_back_into_earlier_sessions(queue: Scene) -> None:
    for _ in range(2):
        with review(queue) as terminal:
            terminal.expect("answer|Work")
            terminal.send("nnq")
            assert terminal.finish() == 0
    with review(queue) as terminal:
        for title in ("Work 4", "Work 3", "Work 2", "Work 1"):
            terminal.send("z")
            terminal.expect(rf"taken back: not used.*{title}")
        terminal.send("z")
        terminal.expect("there is nothing to take back")
        terminal.send("cq")
        assert terminal.finish() == 0
    assert queue.standing() == [("Work 1", "created", [])]


def test_ctrl_c_ends_with_130_and_keeps_everything(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("n")
        terminal.expect("saved: not used.*Work 2")
        terminal.send("u\x03")
        assert terminal.finish() == 130
        assert "Traceback" not in terminal.seen
        assert termios.tcgetattr(terminal.slave) == terminal.mode_before
    assert queue.standing() == [("Work 1", "not_used", [])]


@pytest.mark.parametrize("end", ["\x04", "hang up"])
def test_the_end_of_the_terminal_is_a_clean_end(queue: Scene, end: str) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("n")
        terminal.expect("Work 2")
        if end == "\x04":
            terminal.send(end)
            assert terminal.finish() == 0
        else:
            terminal.process.send_signal(signal.SIGHUP)
            assert terminal.finish() == -signal.SIGHUP
    assert queue.standing() == [("Work 1", "not_used", [])]


def test_keys_without_meaning_and_pasted_text_are_no_answers(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        # arrows, function keys, Alt-n, Delete, a mouse report, a paste full of answer keys
        terminal.send("\x1b[A\x1b[D\x1bOA\x1bOP\x1b[15~\x1b[3~\x1b[M\x1b[200~unused and created\n\x1b[201~")
        terminal.send("x")
        terminal.expect("'x' is no key here")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.standing() == []


def test_a_note_is_kept_at_once_and_goes_with_the_label(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("mpretrained modelx\x7f 预训练\n")
        terminal.expect("note saved")
        terminal.kill()
    with review(queue) as terminal:
        terminal.expect("note: pretrained model 预训练")
        terminal.send("n")
        terminal.expect("saved")
        terminal.send("z")
        terminal.expect("note: pretrained model 预训练")  # undo gives it back
        terminal.send("d")
        terminal.expect("saved: unsure")
        terminal.send("mdropped\x1b")
        terminal.expect("Work 2")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.rows("SELECT label, note FROM standing_label") == [("unsure", "pretrained model 预训练")]
    assert queue.rows("SELECT * FROM label_draft") == []


def test_back_out_of_used(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("ut")
        terminal.expect(r"\[x\] t train")
        terminal.send("t")
        terminal.expect(r"\[ \] t train")
        terminal.send("\x1b")
        terminal.expect("u used")
        terminal.send("n")
        terminal.expect("saved: not used")
    assert queue.standing() == [("Work 1", "not_used", [])]


def test_the_screen_follows_the_window(queue: Scene) -> None:
    first = queue.rows("SELECT min(work_id) FROM finding")[0][0]
    for number in range(30):
        queue.mention(first, f"We report accuracy on ManyFaces in run {number}. " + "It is long. " * 20)
    with review(queue) as terminal:
        terminal.expect(r"q quit\x1b\[\?7h")
        assert terminal.fits(80, 24)
        for columns, lines in ((40, 12), (200, 50), (22, 8), (80, 24)):
            terminal.resize(columns, lines)
            terminal.expect(r"q quit\x1b\[\?7h")
            assert terminal.fits(columns, lines), terminal.frame()
        shown = terminal.frame()
        terminal.send(" ")
        terminal.expect(r"q quit\x1b\[\?7h")
        assert terminal.frame() != shown
        assert terminal.fits(80, 24)
        terminal.send("h")
        terminal.expect("any other key goes back")
        assert terminal.fits(80, 24)
        terminal.send("n")  # goes back, and is no answer
        terminal.expect("q quit")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.standing() == []


NASTY = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x1b\\大规模人脸识别 😀 \x9b31mred \u202eevil\u202c a\x00b\r\nc\u2028d e" + "\u0301" * 40


def test_foreign_text_cannot_touch_the_terminal(scene: Scene) -> None:
    work = scene.work(NASTY, ids={"doi": "10.1/\x1b[2J", "url": "javascript:alert(1)"})
    scene.mention(work, f"We test on ManyFaces {NASTY}", section=NASTY, alias="ManyFaces")
    scene.institution(work, NASTY, None)
    scene.institution(work, "x", NASTY, city=NASTY)
    scene.work("長い題名" * 200 + "x" * 500)
    with review(scene) as terminal:
        terminal.expect("大规模人脸识别 😀")
        terminal.expect("q quit")
        assert terminal.fits(80, 24)
        frame = "\n".join(terminal.frame())
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e]", frame)
        assert "]0;owned\x07" not in terminal.seen
        assert "ZXZpbA" not in terminal.seen
        assert "javascript" not in terminal.seen
        terminal.send("n")
        terminal.expect("長い題名")
        terminal.expect("q quit")
        assert terminal.fits(80, 24)
    piped_title = scene.rows("SELECT title FROM work WHERE work_id = ?", work)[0][0]
    assert piped_title == NASTY  # shown clean, kept as it came


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "vt100"}])
def test_without_colour(queue: Scene, env: dict[str, str]) -> None:
    with review(queue, env=env) as terminal:
        terminal.expect("q quit")
        terminal.send("q")
        assert terminal.finish() == 0
        if "NO_COLOR" in env:
            assert not re.search(r"\x1b\[[0-9;]*3[0-7][;m]", terminal.seen)
        assert "ManyFaces" in terminal.seen


@pytest.mark.parametrize("how", [("--plain",), ("dumb",)])
def test_plain_lines_at_a_terminal(queue: Scene, how: tuple[str]) -> None:
    plain = how == ("--plain",)
    with review(queue, *(how if plain else ()), env=None if plain else {"TERM": "dumb"}) as terminal:
        terminal.expect("answer: ")
        terminal.send("u\n")
        terminal.expect("used for what")
        terminal.send("train, e\n")
        terminal.expect(r"saved: used \(train, test\)")
        terminal.send("nonsense\n")
        terminal.expect("'nonsense' is no answer")
        terminal.send("u trian\n")
        terminal.expect("'trian' is no purpose")
        terminal.send("z\n")
        terminal.expect("taken back: used")
        terminal.send("u\n\n")
        terminal.expect("saved: used, ")
        terminal.send("q\n")
        assert terminal.finish() == 0
        assert "\x1b" not in terminal.seen
    assert queue.standing() == [("Work 1", "used", [])]


def test_open_starts_the_reviewers_command_at_the_page(queue: Scene, tmp_path: Path) -> None:
    first = queue.rows("SELECT min(work_id) FROM finding")[0][0]
    stored = queue.pdf(first)
    queue.db.conn.execute("UPDATE mention SET page = 7 WHERE work_id = ?", [first])
    fifo, viewer = tmp_path / "opened", tmp_path / "viewer"
    os.mkfifo(fifo)
    viewer.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {fifo}\n')
    viewer.chmod(viewer.stat().st_mode | stat.S_IXUSR)
    reader = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    try:
        with review(queue, env={"WHEREUSED_OPEN": f"{viewer} --page={{page}} {{target}}"}) as terminal:
            terminal.expect("Work 1")
            terminal.send("o")
            terminal.expect("opened")
            assert select.select([reader], [], [], 10)[0]
            assert os.read(reader, 4096).decode() == f"--page=7|{stored}|"
            terminal.send("n")
            terminal.expect("Work 2")
            terminal.send("o")
            assert select.select([reader], [], [], 10)[0]
            assert os.read(reader, 4096).decode() == "--page=1|https://doi.org/10.1234/w3|"
    finally:
        os.close(reader)


def test_open_without_a_desktop_names_the_place(queue: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("o")
        terminal.expect("no desktop here; open https://doi.org/10.1234/w2")
    with review(queue, env={"WHEREUSED_OPEN": "/no/such/viewer"}) as terminal:
        terminal.send("o")
        terminal.expect("can't be started")


def test_skipped_works_come_at_the_end_and_postponed_ones_another_day(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        for key, title in zip("spnnn", ["Work 2", "Work 3", "Work 4", "Work 5", "Work 6"], strict=True):
            terminal.send(key)
            terminal.expect(rf"\n\S*{title}\b")
        terminal.kill()
    with review(queue) as terminal:
        terminal.expect("2 left.*Work 6")
        terminal.send("n")
        terminal.expect("1 left.*Work 1")
        terminal.send("n")
        assert terminal.finish() == 0
    assert [row[0] for row in queue.standing()] == ["Work 1", "Work 3", "Work 4", "Work 5", "Work 6"]
    queue.db.conn.execute("UPDATE label_draft SET drafted_at = '2020-01-01T00:00:00Z'")
    with review(queue) as terminal:
        terminal.expect("1 left.*Work 2")


def test_two_reviewers_at_once_share_the_queue_and_do_not_see_each_other(queue: Scene) -> None:
    with review(queue) as ann:
        ann.expect("Work 1")
        with review(queue, reviewer="bob") as bob:
            bob.expect("Work 2")  # what lies before one lies before nobody else
            ann.send("ue\n")
            ann.expect("saved: used.*Work 3")
            bob.send("z")
            bob.expect("there is nothing to take back")
            assert "0.90" not in bob.seen
            assert "said" not in bob.seen
            bob.send("n")
            bob.expect(r"saved: not used.*the score said.*Work 4")  # not Work 1: ann has just done it
            ann.send("q")
            assert ann.finish() == 0
            bob.send("q")
            assert bob.finish() == 0
    with review(queue, reviewer="bob") as bob:  # later and alone: an opinion of his own on the same works
        bob.expect("Work 1")
        bob.send("nq")
        assert bob.finish() == 0
    work = queue.rows("SELECT work_id FROM work WHERE title = 'Work 1'")[0][0]
    assert queue.decision(work) == ("open", "[]", "disagreement")
    with Terminal(queue.path, "adjudicate", SLUG, "--reviewer", "cleo") as cleo:
        cleo.expect(r"reviewer-1 said used \(test\).*reviewer-2 said not used")
        assert "ann" not in cleo.seen.replace("can't", "")
        cleo.send("uv\n")
        cleo.expect("why?")
        cleo.send("only the subset counts\n")
        assert cleo.finish() == 0
    assert queue.decision(work) == ("used", '["validate"]', "adjudicated")
    assert queue.rows("SELECT d.note, count(*) FROM decision d JOIN decision_label USING (decision_id) WHERE reason = 'adjudicated'") == [
        ("only the subset counts", 2)
    ]


def test_two_terminals_of_one_reviewer_label_no_work_twice(queue: Scene) -> None:
    with review(queue) as one:
        one.expect("Work 1")
        with review(queue) as two:
            two.expect("Work 2")
            one.send("n")
            one.expect("saved.*Work 3")
            two.send("c")
            two.expect("saved.*Work 4")
    assert sorted(row[0] for row in queue.standing()) == ["Work 1", "Work 2"]


def test_the_history_and_the_search_lead_back_to_a_work(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("nn")
        terminal.expect("Work 3")
        terminal.send("y")
        terminal.expect(r"1  .*not used: Work 2 \(2020\).*2  .*not used: Work 1")
        assert terminal.fits(80, 24)
        terminal.send("2\n")
        terminal.expect("Work 1.*you said not used; an answer replaces it")
        terminal.send("c")
        terminal.expect("saved: created.*Work 3")
        terminal.send("/work 5\n")
        terminal.expect(r"1 works with 'work 5'.*not answered: Work 5")
        terminal.send("1\n")
        terminal.expect("Work 5")
        terminal.send("d")
        terminal.expect("saved: unsure.*Work 3")
        terminal.send("/10.1234/w3\n\x1b")  # by its DOI, and back
        terminal.expect("Work 3")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.standing() == [("Work 1", "created", []), ("Work 2", "not_used", []), ("Work 5", "unsure", [])]
    assert queue.rows("SELECT label FROM label ORDER BY label_id") == [("not_used",), ("not_used",), ("created",), ("unsure",)]


def test_other_datasets_of_the_family_are_asked_about(queue: Scene) -> None:
    first = queue.rows("SELECT min(work_id) FROM finding")[0][0]
    with writing(queue.db):
        queue.dataset("smallfaces", "SmallFaces", "SmallFaces")
        queue._add("dataset_ancestor", slug="smallfaces", ancestor=SLUG)
    queue.mention(first, "We also test on SmallFaces.", slug="smallfaces", alias="SmallFaces")
    with review(queue) as terminal:
        terminal.expect(r"also named: SmallFaces \(1\)")
        terminal.send("ut\n")
        terminal.expect(r"Also uses\?.*\[ \] 1 SmallFaces")
        terminal.send("1e\n\n")
        terminal.expect(r"saved: used \(train\), also smallfaces \(test\)")
        mine = "SELECT slug, label, purposes FROM standing_label ORDER BY slug"
        assert queue.rows(mine) == [(SLUG, "used", '["train"]'), ("smallfaces", "used", '["test"]')]
        assert queue.rows("SELECT how FROM found WHERE slug = 'smallfaces'") == [("mention",)]
        terminal.send("z")
        terminal.expect("taken back")
        assert queue.rows(mine) == []


def test_assist_shows_the_suggestion_first(queue: Scene) -> None:
    with review(queue, "--assist") as terminal:
        terminal.expect(r"suggestion: used \(0.90\) trained on")


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
def test_stopped_and_continued_it_draws_again(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("q quit")
        terminal.process.send_signal(signal.SIGSTOP)
        os.waitpid(terminal.process.pid, os.WUNTRACED)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.expect("q quit")
        terminal.send("n")
        terminal.expect("saved")
