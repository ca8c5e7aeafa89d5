"""The campaigns of benchmarks/reviewing.py, small: kills at random keystrokes, and two terminals at once."""

from __future__ import annotations

from benchmarks.reviewing import kills, two


def test_nothing_confirmed_is_lost_or_doubled() -> None:
    assert "4 kills" in kills(n_works=24, n_kills=4, seed=3)


def test_two_terminals_label_no_work_twice() -> None:
    assert "no work twice" in two(12)
