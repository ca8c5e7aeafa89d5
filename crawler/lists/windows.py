"""Windows of publication dates: a list that is too long to be read at once is read in parts.

A window is (first day, last day), both included; "" is an open end.  A work of which only the year is known counts as 1 January
of it; a work without date and year falls into no window.  https://api.semanticscholar.org/api-docs/graph (publicationDateOrYear)
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Self

from crawler.clock import this_year

Window = tuple[str, str]


class Kept:
    """A position among windows, a dataclass with ``window`` and ``rest``, as the row of its list or search keeps it."""

    __slots__ = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The position that a row holds; '{}' is the start."""
        values = json.loads(text)
        values["window"] = tuple(values["window"]) if values.get("window") else None
        values["rest"] = tuple(map(tuple, values.get("rest", ())))
        return cls(**values)

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)  # type: ignore[call-overload]


EARLIEST = date(1800, 1, 1)
UNKNOWN_SINCE = 1990  # where nobody knows when the cited work came out


def first_windows(since: int | None) -> tuple[Window, ...]:
    """The windows that a reading begins with; ``since`` is the year of the cited work.

    The first one should be as good as empty: a provider that answers it with a full page does not know windows.  The second
    holds works with wrong dates, the third nearly all.
    """
    year = max(EARLIEST.year + 1, since or UNKNOWN_SINCE) - 1  # a preprint may be cited before its paper comes out
    return (
        ("", (EARLIEST - timedelta(days=1)).isoformat()),
        (EARLIEST.isoformat(), date(year - 1, 12, 31).isoformat()),
        (date(year, 1, 1).isoformat(), ""),
    )


def halve(window: Window) -> tuple[Window, Window] | None:
    """A window in two, or None where it is a single day, or lies in the far future."""
    first = date.fromisoformat(window[0]) if window[0] else date(1, 1, 1)
    last = date.fromisoformat(window[1]) if window[1] else date(this_year() + 1, 12, 31)
    if first >= last:
        return None
    middle = first + (last - first) // 2
    return (window[0], middle.isoformat()), ((middle + timedelta(days=1)).isoformat(), window[1])


def is_sparse(window: Window) -> bool:
    """Whether few works are to be expected in it, so that it is read without a look at its size."""
    return window[0] in ("", EARLIEST.isoformat())


def is_test(window: Window) -> bool:
    """Whether it is the window that should be as good as empty."""
    return window[0] == ""
