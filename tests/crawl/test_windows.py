"""Lists beyond the 9,999 rows that can be reached: read in windows of publication dates."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

import pytest

from crawler.lists.paging import END, Position, Reading
from crawler.lists.windows import first_windows, halve

Row = tuple[str, str | None]  # key, date


def rows_of(n: int, undated: int = 40, first_year: int = 2015) -> list[Row]:
    """Newest first; every fourth with a year only; works without a date stand among the newest."""
    pick = random.Random(n)
    days = sorted((date(first_year, 1, 1) + timedelta(days=pick.randrange(3900)) for _ in range(n - undated)), reverse=True)
    rows: list[Row] = [(f"k{i}", f"{day.year}-01-01" if i % 4 == 0 else day.isoformat()) for i, day in enumerate(days)]
    for i in range(undated):
        rows.insert(pick.randrange(5000), (f"u{i}", None))
    return rows


def read(reading: Reading, rows: list[Row], windows: str = "own") -> list[tuple[object, int, int]]:
    """Read a list as a provider with or without windows shows it; returns what was asked."""
    asked: list[tuple[object, int, int]] = []
    while reading.state != "done":
        offset, limit = reading.ask()
        window = reading.position.window
        assert offset + limit <= END and 1 <= limit <= 1000
        asked.append((window, offset, limit))
        assert len(asked) < 400, "it doesn't end"
        shown = rows
        if window and windows != "ignored":
            reachable = rows[:END] if windows == "shared" else rows
            shown = [row for row in reachable if row[1] and window[0] <= row[1] <= (window[1] or "9999")]
        page = [key for key, _ in shown[offset : offset + limit]]
        reading.take(page, offset + limit if page and offset + limit < len(shown) else None)
        reading.position = Position.from_json(reading.position.to_json())
    return asked


def test_windows_cover_all_days_once() -> None:
    windows = list(first_windows(2015))
    for _ in range(60):
        window = windows.pop(2)
        windows[2:2] = halve(window) or (window,)
    for (_, last), (first, _) in pairwise(windows):
        assert date.fromisoformat(last) + timedelta(days=1) == date.fromisoformat(first)
    assert windows[0][0] == "" and windows[-1][1] == ""


def test_a_day_is_not_halved() -> None:
    assert halve(("2016-01-01", "2016-01-01")) is None
    assert halve(("2016-01-01", "2016-01-02")) == (("2016-01-01", "2016-01-01"), ("2016-01-02", "2016-01-02"))
    assert halve(("2900-01-01", "")) is None


def test_25_000_works_arrive_whole() -> None:
    rows = rows_of(25_000)
    reading = Reading(reported=25_000, since=2015)
    asked = read(reading, rows)
    assert reading.seen == {key for key, _ in rows}
    assert not reading.position.capped
    n_windows = len({window for window, _, _ in asked if window})
    closing = sum(window is None for window, _, _ in asked)
    assert closing <= 10
    assert len(asked) <= 1.15 * (ceil(25_000 / 1000) + n_windows + closing)


def test_works_without_a_date_come_by_the_list_without_windows() -> None:
    rows = rows_of(12_000)
    reading = Reading(reported=12_000, since=2015)
    asked = read(reading, rows)
    assert {key for key in reading.seen if key.startswith("u")} == {f"u{i}" for i in range(40)}
    assert next(ask for ask in asked if ask[0] is None) == (None, 0, 1000)


def test_list_that_turns_out_longer_than_counted() -> None:
    rows = rows_of(11_000)
    reading = Reading(reported=9_000, since=2015)
    asked = read(reading, rows)
    assert reading.seen == {key for key, _ in rows}
    assert asked[9] == (None, 9000, 999), "windows begin where the cap is met"
    assert not reading.position.capped


def test_provider_that_ignores_windows_costs_one_call() -> None:
    rows = rows_of(25_000)
    reading = Reading(reported=25_000, since=2015, missing={"old"})
    asked = read(reading, rows, "ignored")
    assert sum(window is not None for window, _, _ in asked) == 1
    assert len(reading.seen) == END
    assert reading.position.capped and not reading.withdraws


def test_windows_that_share_the_cap_are_found_out() -> None:
    rows = rows_of(25_000)
    reading = Reading(reported=25_000, since=2015, missing={"old"})
    read(reading, rows, "shared")
    assert len(reading.seen) == END
    assert reading.position.capped and not reading.withdraws


def test_too_many_works_of_one_day() -> None:
    rows: list[Row] = [(f"y{i}", "2019-01-01") for i in range(10_500)] + [(f"k{i}", "2017-05-05") for i in range(2000)]
    reading = Reading(reported=12_500, since=2015)
    read(reading, rows)
    assert reading.position.capped and not reading.withdraws
    assert {key for key in reading.seen if key.startswith("k")} == {f"k{i}" for i in range(2000)}


def test_what_is_gone_is_asked_for_twice() -> None:
    rows = rows_of(15_000)
    reading = Reading(reported=15_000, since=2015, missing={"gone", *(key for key, _ in rows)})
    read(reading, rows)
    assert reading.position.rounds == 2
    assert reading.missing == {"gone"} and reading.withdraws


@pytest.mark.parametrize("hole", [0, 3000])
def test_a_hole_in_a_window_is_read_around(hole: int) -> None:
    """A page of a window comes empty once, at its start or in its middle."""
    rows = rows_of(12_000, undated=0)
    reading = Reading(reported=12_000, since=2015)
    n_holes = 0
    while reading.state != "done":
        offset, limit = reading.ask()
        window = reading.position.window
        shown = [key for key, day in rows if not window or (day and window[0] <= day <= (window[1] or "9999"))]
        page = shown[offset : offset + limit]
        if window and window[0] > "2015" and (offset, limit) == (hole, 1000):
            page, n_holes = [], n_holes + 1
        reading.take(page, offset + limit if page and offset + limit < len(shown) else None)
    assert n_holes
    assert reading.seen == {key for key, _ in rows}
