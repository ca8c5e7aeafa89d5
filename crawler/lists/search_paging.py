"""How a search is read: nothing but the logic, so that it can be tried without a network.

A search comes in pages that a token (or cursor) leads through; the number of hits is an estimate.  Some searches end long
before it, the token gone: then the search is read again in windows of publication dates, each halved while it falls short.
Works without a date fall into no window; the reading without windows comes first for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crawler.lists.windows import UNKNOWN_SINCE, Kept, Window, halve

MAX_HITS = 10_000  # of one search; WHEREUSED_SEARCH_LIMIT
MAX_WINDOWS = 64  # of one search
TOLERANCE = 10  # hits, or a tenth, by which the estimate may be wrong
MAX_EMPTY = 3  # pages without a hit in a row, although a token leads on


@dataclass(frozen=True, slots=True)
class Slice(Kept):
    """Where a search stands: the page that ``token`` leads to, in a window of dates; ``rest`` are those that follow."""

    token: str | None = None
    window: Window | None = None
    rest: tuple[Window, ...] = ()
    n_in: int = 0  # hits of this slice
    n_all: int = 0  # … and of all, repeats too
    empty: int = 0
    n_windows: int = 0
    capped: bool = False


@dataclass(slots=True)
class SearchReading:
    """One reading of a search.  ``since``: the year of the dataset.  ``at_most``: stop after so many hits in this call."""

    position: Slice = field(default_factory=Slice)
    since: int | None = None
    cap: int = MAX_HITS
    at_most: int | None = None
    is_done: bool = False

    def take(self, n_rows: int, total: int | None, token: str | None, *, full: bool = False) -> None:
        """Take in a page and move on.  ``full``: it is as long as a page can be, and no token leads further."""
        at = self.position
        at = replace(at, n_in=at.n_in + n_rows, n_all=at.n_all + n_rows, empty=0 if n_rows else at.empty + 1)
        self.at_most = None if self.at_most is None else max(0, self.at_most - n_rows)
        if at.n_all >= self.cap and (token or at.rest or full):
            self._end(replace(at, capped=True))
        elif token and at.empty < MAX_EMPTY:
            self.position = replace(at, token=token)
        elif full or self._is_short(at, total):
            self._split(at)
        else:
            self._next(at)

    @staticmethod
    def _is_short(at: Slice, total: int | None) -> bool:
        return total is not None and total - at.n_in > max(TOLERANCE, total // 10)

    def _split(self, at: Slice) -> None:
        year = self.since or UNKNOWN_SINCE
        parts = halve(at.window) if at.window else (("", f"{year}-12-31"), (f"{year + 1}-01-01", ""))
        if parts is None or at.n_windows >= MAX_WINDOWS or _is_narrow(at.window):
            self._next(replace(at, capped=True))
        else:
            self._next(replace(at, rest=(*parts, *at.rest)))

    def _next(self, at: Slice) -> None:
        if at.rest:
            self.position = replace(at, token=None, window=at.rest[0], rest=at.rest[1:], n_in=0, empty=0, n_windows=at.n_windows + 1)
        else:
            self._end(at)

    def _end(self, at: Slice) -> None:
        self.position = replace(at, token=None, window=None, rest=(), n_in=0, empty=0)
        self.is_done = True

    @property
    def is_spent(self) -> bool:
        """Whether this call has had the hits that it asked for."""
        return self.at_most == 0


def _is_narrow(window: Window | None) -> bool:
    """Whether a window is so short that its estimate, not its reading, is to be doubted."""
    return bool(window and window[0] and window[1] and window[0][:7] == window[1][:7])
