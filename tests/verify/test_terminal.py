"""`verify` in a real pseudo-terminal of 80 by 24: every answer on disk before the next screen, whatever ends the session."""

from __future__ import annotations

import signal
import termios
import time
from pathlib import Path

import pytest

from tests.verify.factory import Scene
from tests.verify.terminal import review

# A reviewer's keys, and what the screen says once each is done.
KEYS = [
    ("u", "Used for what"), ("t", r"\[x\] t train"), ("e", r"\[x\] e test"), ("\n", r"saved: used \(train, test\)"),
    ("n", "saved: not used"), ("s", "skipped"), ("z", "taken back: skip"), ("d", "saved: unsure"), ("z", "taken back: unsure"),
    ("c", "saved: created"),
]  # fmt: skip
LABELS = [("Work 1", "used", ["test", "train"]), ("Work 2", "not_used", []), ("Work 3", "created", [])]

KEYS_OF = {"Work 1": KEYS[:4], "Work 2": [("n", "saved: not used")], "Work 3": [("c", "saved: created")]}


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
        again.expect("saved: not used.*Nothing is left for you")
        again.send("uc")  # meant for a work, and there is none: the screen stays, so that nothing lands in the shell
        again.expect("'c' is no key here; q quits")
        again.send("z")
        again.expect("taken back: not used.*Work 6")
        again.send("w")
        again.expect("Nothing is left for you")
        again.send("q")
        assert again.finish() == 0
        assert "2 labelled, 1 taken back, 0 left to judge" in again.seen


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
    assert scene.rows("SELECT count(*) FROM lease") == [(0,)], "that of the killed session went with the end of the next one"
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


def test_what_is_typed_ahead_of_a_work_is_no_answer_to_it(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("uvd\nnncq")  # all belongs to Work 1 up to the Enter; of the rest only the wish to leave is heard
        assert terminal.finish() == 0
    assert queue.standing() == [("Work 1", "used", ["derive", "validate"])]
    with review(queue) as terminal:
        terminal.expect("Work 2")
        terminal.send("n\x1b[200~nnn and more\x1b[201~nn")  # a paste goes as a whole
        terminal.expect("1 done.*Work 3")
        for _ in range(12):  # a key that is held down: one letter after the other, also while the screen is there
            terminal.send("n")
            time.sleep(0.03)
        terminal.expect("was dropped")
        terminal.send("c")
        terminal.expect("saved: created")
        terminal.send("q")
        assert terminal.finish() == 0
    assert queue.standing()[1:] in (
        [("Work 2", "not_used", []), ("Work 3", "created", [])],
        [("Work 2", "not_used", []), ("Work 3", "not_used", []), ("Work 4", "created", [])],  # the held key began after the pause
    )


def test_no_purpose_is_said_twice_and_a_wrong_key_once(queue: Scene) -> None:
    with review(queue) as terminal:
        terminal.expect("Work 1")
        for key, says in [
            ("u", "Used for what"), ("x", "'x' is no purpose"), ("t", r"\[x\] t train"), ("t", r"\[ \] t train"),
            ("\n", "No purpose chosen: Enter again saves without"), ("\n", "1 done.*saved: used, "),
            ("i", "authors: not known.*abstract: not known"), (" ", "Work 2"), ("e", "no page of a stored PDF holds these"),
            ("=", "2 done.*saved: used, .*Work 3"), ("z", "1 done.*taken back: used.*Work 2"),
            ("y", "your answers"), ("1\n", "Work 1.*you said used"), ("n", "5 left, 1 done.*saved: not used"),
        ]:  # fmt: skip
            terminal.send(key)
            terminal.expect(says)
        terminal.send("q")
        assert terminal.finish() == 0
        assert "2 labelled, 1 changed, 1 taken back, 5 left to judge" in terminal.seen
    assert queue.standing() == [("Work 1", "not_used", [])]


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
