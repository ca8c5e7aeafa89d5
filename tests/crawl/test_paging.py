"""The logic of a pass, against lists that behave as badly as the real ones."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.lists.paging import END, PAGE, Position, Reading


def read(reading: Reading, rows: list[str], *, holes: set[tuple[int, int]] = frozenset(), calls: int = 200) -> list[tuple[int, int]]:  # type: ignore[assignment]
    """Read a list to its end; returns what was asked.  A hole is an (offset, limit) that answers with nothing."""
    asked = []
    while reading.state != "done":
        offset, limit = reading.ask()
        assert offset + limit < 10_000
        assert 1 <= limit <= PAGE
        asked.append((offset, limit))
        assert len(asked) < calls, "it doesn't end"
        page = [] if (offset, limit) in holes else rows[offset : offset + limit]
        reading.take(page, offset + limit if page and offset + limit < len(rows) else None)
        reading.position = Position.from_json(reading.position.to_json())
    return asked


def keys(n: int) -> list[str]:
    return [f"k{i}" for i in range(n)]


def test_a_list_of_one_page_takes_one_call() -> None:
    reading = Reading(reported=700)
    assert read(reading, keys(700)) == [(0, 1000)]
    assert len(reading.seen) == 700


def test_unchanged_list_takes_its_pages_and_one_more() -> None:
    reading = Reading(reported=5300, missing=set(keys(5300)))
    assert len(read(reading, keys(5300))) == 6 + 1
    assert not reading.missing


def test_list_of_exactly_two_pages() -> None:
    assert read(Reading(reported=2000), keys(2000)) == [(0, 1000), (1000, 1000), (0, 999)]


def test_empty_list() -> None:
    reading = Reading(reported=0)
    assert read(reading, []) == [(0, 1000)]
    assert reading.withdraws


def test_rows_that_the_provider_counts_but_never_shows_cost_one_call() -> None:
    assert len(read(Reading(reported=1100), keys(1060))) == 3
    assert len(read(Reading(reported=3000), keys(1060))) == 4  # far fewer than counted: asked once whether that was the end


@given(st.integers(0, 3500), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_holes_are_read_around(n: int, seed: int) -> None:
    """A slice that comes empty although the list has rows there is asked in other slices."""
    pick = random.Random(seed)
    holes = {(pick.choice([0, 1000, 2000, 3000]), 1000)}
    reading = Reading(reported=n)
    read(reading, keys(n), holes=holes)
    assert reading.seen == set(keys(n))


def test_hole_of_every_slice_ends_and_tells_the_shortfall() -> None:
    reading = Reading(reported=2500)
    asked = []
    while reading.state != "done":
        offset, limit = reading.ask()
        asked.append((offset, limit))
        assert len(asked) < 20
        page = keys(2500)[offset : min(offset + limit, 1000)]
        reading.take(page, 1000 if page and offset == 0 else None)
    assert len(reading.seen) == 1000


def test_rows_that_move_down_are_caught_up_by_the_closing_reading() -> None:
    rows, reading = keys(2500), Reading(reported=2500)
    offset, limit = reading.ask()
    reading.take(rows[offset : offset + limit], 1000)
    rows[:0] = ["new0", "new1"]  # two citations arrive while the crawl pages
    read(reading, rows)
    assert reading.seen == set(rows)


def test_rows_that_arrive_during_the_closing_reading_are_caught_up_too() -> None:
    rows, reading, asked = keys(2500), Reading(reported=2500), 0
    while reading.state != "done":
        offset, limit = reading.ask()
        page = rows[offset : offset + limit]
        reading.take(page, offset + limit if offset + limit < len(rows) else None)
        asked += 1
        if asked in (1, 4):  # one while it pages, one behind the closing reading's first page
            rows.insert(0, f"new{asked}")
    assert reading.seen == set(rows)
    assert asked == 3 + 2 + 2 + 1


def test_a_list_that_gains_a_row_with_every_answer_ends() -> None:
    rows, reading, asked = keys(2500), Reading(reported=2500), 0
    while reading.state != "done":
        offset, limit = reading.ask()
        reading.take(rows[offset : offset + limit], offset + limit if offset + limit < len(rows) else None)
        asked += 1
        rows.insert(0, f"new{asked}")
    assert asked < 20
    assert len(reading.seen) > 2500


def test_a_removed_row_does_not_hide_another_one() -> None:
    """A removal pulls the next page's first row over the edge; the whole list is read again before anything is withdrawn."""
    rows, reading = keys(3000), Reading(reported=2999, missing=set(keys(3000)))
    for _ in range(2):
        offset, limit = reading.ask()
        reading.take(rows[offset : offset + limit], offset + limit)
    rows.remove("k3")  # now k2000 stands at 1999, which was read already
    read(reading, rows)
    assert reading.seen >= set(rows)
    assert not reading.missing


def test_nothing_is_withdrawn_on_one_answer_alone() -> None:
    rows = keys(20)
    reading = Reading(reported=20, missing=set(rows))
    reading.take(rows[:15], None)  # an answer that lost five rows on the way
    assert read(reading, rows) == [(0, 999)]
    assert not reading.missing


@given(st.integers(1, 3200), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_a_hole_in_the_closing_reading_withdraws_nothing(n: int, seed: int) -> None:
    pick = random.Random(seed)
    gone = "gone"
    reading = Reading(reported=n, missing={*keys(n), gone})
    read(reading, keys(n), holes={(pick.choice([0, 999, 1998, 2997]), 999), (pick.choice([0, 1000, 2000]), 1000)})
    assert reading.missing == {gone}


def test_cap_is_reported_and_withdraws_nothing() -> None:
    reading = Reading(reported=12_000, missing={"old"})
    asked = read(reading, keys(12_000))
    assert asked[9] == (9000, 999)
    assert len(reading.seen) == END
    assert reading.position.capped
    assert not reading.withdraws


def test_list_that_comes_empty_withdraws_nothing() -> None:
    reading = Reading(reported=50, had_rows=True, missing=set(keys(50)))
    read(reading, [])
    assert not reading.withdraws


def test_smaller_pages_until_they_are_as_small_as_can_be() -> None:
    reading = Reading()
    sizes = [reading.ask()[1]]
    while reading.shrink():
        sizes.append(reading.ask()[1])
    assert sizes == [1000, 500, 250, 125, 62, 31, 15, 10]


def test_a_trial_stops_and_the_next_call_goes_on() -> None:
    reading = Reading(reported=2500, at_most=300)
    offset, limit = reading.ask()
    assert (offset, limit) == (0, 300)
    reading.take(keys(2500)[:300], 300)
    assert reading.is_spent and reading.state == "paging"
    again = Reading(position=reading.position, seen=reading.seen, reported=2500)
    assert read(again, keys(2500))[0] == (300, 1000)
    assert len(again.seen) == 2500
