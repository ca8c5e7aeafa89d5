"""Searches of Open Patent Services: queries in CQL for the names of a dataset, and the way through long lists of hits.

There is no full-text index: ``ta`` is title or abstract, in English.  A call gives 100 hits, a query 2,000 at most, so longer
lists are read by windows of the publication date (``pd within "20190101 20190331"``).  Reference guide 1.3.20, sections 3.1, 4.2.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.clock import this_year

PAGE, REACHABLE = 100, 2000  # hits a call, hits a query
TERMS = 10  # names a query: more terms are refused
EARLIEST, ANCIENT = date(1900, 1, 1), "19700101"

Window = tuple[int, str, str]  # query, first and last day (YYYYMMDD); "" for both: all


def make_queries(names: Sequence[str]) -> list[str]:
    """The queries that together find every name."""
    terms = list(dict.fromkeys(" ".join(name.replace('"', " ").split()).casefold() for name in names))
    chunks = [terms[at : at + TERMS] for at in range(0, len(terms), TERMS)]
    return [" or ".join(f'ta="{term}"' for term in chunk) for chunk in chunks]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a search stands: the windows still to read, the first one from hit ``begin`` on."""

    windows: tuple[Window, ...]
    begin: int = 1

    @staticmethod
    def load(position: str, n_queries: int) -> Walk:
        """From its JSON; ``{}`` is the start."""
        told = json.loads(position)
        if "windows" not in told:
            return Walk(tuple((at, "", "") for at in range(n_queries)))
        return Walk(tuple((at, first, last) for at, first, last in told["windows"] if at < n_queries), told["begin"])

    def dump(self) -> str:
        """As JSON."""
        return json.dumps({"windows": self.windows, "begin": self.begin})

    def query(self, queries: Sequence[str]) -> str:
        """The CQL of the window at hand."""
        at, first, last = self.windows[0]
        return f'({queries[at]}) and pd within "{first} {last}"' if first else queries[at]

    @property
    def range(self) -> str:
        """The hits to ask for."""
        return f"{self.begin}-{min(self.begin + PAGE - 1, REACHABLE)}"

    @property
    def is_ancient(self) -> bool:
        """Whether the window at hand ends before there were image datasets: a long list in it means that windows don't work."""
        last = self.windows[0][2]
        return bool(last) and last < ANCIENT

    def split(self, total: int) -> Walk | None:
        """The way on where there are more hits than a query reaches: two windows in place of this one; None for a single day."""
        at, first, last = self.windows[0]
        if total <= REACHABLE or self.begin > 1:
            return None
        start = date.fromisoformat(first) if first else EARLIEST
        end = date.fromisoformat(last) if last else date(this_year() + 1, 12, 31)  # only an upper end
        if start >= end:
            return None
        middle = start + (end - start) // 2
        halves = ((at, _day(start), _day(middle)), (at, _day(middle + timedelta(days=1)), _day(end)))
        return Walk((*halves, *self.windows[1:]))

    def turn(self, total: int) -> Walk:
        """The way on after a page of a list of ``total`` hits."""
        following = self.begin + PAGE
        if following <= min(total, REACHABLE):
            return Walk(self.windows, following)
        return Walk(self.windows[1:])


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
