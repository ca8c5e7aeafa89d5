"""What the screen of `verify` shows in windows of any size, and what of strangers' text and stray keys never gets through."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import stat
from pathlib import Path

import pytest

from tests.verify.factory import Scene
from tests.verify.terminal import review


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
    scene.work("長い題名" * 200 + "x" * 500, ids={"url": "https://example.org/\x1b]0;owned\x07"})
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
        terminal.send("o")
        terminal.expect("there is no PDF and no link to open")
        assert "owned" not in terminal.seen
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


def test_a_terminal_without_utf8_shows_question_marks(scene: Scene) -> None:
    scene.work("大规模 faces")
    with review(scene, "--plain", env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}) as terminal:
        terminal.expect(r"title: \?\?\? faces")
        terminal.expect("answer: ")
        terminal.send("q\n")
        assert terminal.finish() == 0


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


def test_open_without_a_desktop_names_the_whole_place(queue: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = queue.pdf(queue.rows("SELECT min(work_id) FROM finding")[0][0])
    queue.db.conn.execute("UPDATE mention SET page = 7")
    queue.db.conn.execute("UPDATE dataset SET name = 'Many Faces of Unconstrained Environments and of Other Places'")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with review(queue) as terminal:
        terminal.expect("Work 1")
        terminal.send("o")
        terminal.expect("no desktop here")
        terminal.expect("q quit")
        assert f"no desktop here; open {stored}, page 7 yourself".replace(" ", "") in "".join(terminal.frame()).replace(" ", "")
        assert terminal.fits(80, 24)
        for key, title in zip("ncn", ("Work 2", "Work 3", "Work 4"), strict=True):
            terminal.send(key)
            terminal.expect(title)
        terminal.expect("q quit")
        assert re.fullmatch(r"Many Faces.*…: 3 left, 3 done, \d+/min, 1 min", terminal.frame()[0]), terminal.frame()[0]
    with review(queue, env={"WHEREUSED_OPEN": "/no/such/viewer"}) as terminal:
        terminal.send("o")
        terminal.expect("can't be started")


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
