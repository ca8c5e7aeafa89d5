"""Progress on stderr: lines in a log, bars on a terminal that no title out of an answer can break or command."""

from __future__ import annotations

import re
from itertools import count
from types import SimpleNamespace

import pytest

from db import progress
from db.config import Config
from db.wording import plain

HOSTILE = "[/b] [red]title\x1b]0;x\x07\x9b2J\u202e"


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty seconds pass between any two looks at the clock."""
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=count(0, 20).__next__))


@pytest.mark.usefixtures("_slow")
def test_a_long_job_says_a_line_a_minute_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bars(Config()) as bars:
        for _ in bars.track(range(9), description="publish"):
            pass
        task = bars.add_task(plain(HOSTILE), total=None)
        bars.advance(task, 5)
    out, err = capsys.readouterr()
    assert out == "" and [line for line in err.splitlines() if line.startswith("publish")] == [
        "publish: 3 of 9",
        "publish: 6 of 9",
        "publish: 9 of 9",
    ]
    assert err.isascii() and re.search(r"^\[/b\] \[red\]title [^\x1b\x07]*: 5$", err, re.M), err


def test_what_is_done_soon_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for verbosity in (0, -1):
        with progress.progress_bars(Config(verbosity=verbosity)) as bars:
            list(bars.track(range(1000), description="read"))
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("_slow")
def test_steps_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.steps(Config(), "gazetteer") as tell:
        for megabytes in range(7):
            tell(f"fetched {megabytes} of 40 MB")
        tell("keys")
    told = ["fetched 0 of 40 MB", "fetched 3 of 40 MB", "fetched 6 of 40 MB", "keys"]
    assert capsys.readouterr().err.splitlines() == [f"gazetteer: {line}" for line in told]
    with progress.steps(Config(verbosity=-1), "gazetteer") as tell:
        tell("keys")
    assert capsys.readouterr().err == ""


def test_a_bar_shows_any_title(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # https://rich.readthedocs.io/en/stable/console.html#terminal-detection
    with progress.progress_bars(Config()) as bars:
        bars.advance(bars.add_task(plain(HOSTILE), total=2))
    with progress.steps(Config(), "gazetteer") as tell:
        tell(HOSTILE)
    shown = capsys.readouterr().err
    assert "[/b] [red]title" in shown and not re.search("\x1b\\]|\x07|\x9b|\u202e", shown)
