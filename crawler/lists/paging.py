"""How one pass over a list goes on from page to page: nothing but the logic, so that it can be tried without a network.

Lists are shown newest first and move while they are read: new citations push rows to later pages, removed ones pull them to
earlier pages.  So a pass reads to the end (``paging``), then again from the start (``closing``) until a page brings nothing
new; where that would leave rows of earlier passes missing, which would be withdrawn, it reads the whole list again, in
slices of another width.  https://api.semanticscholar.org/api-docs/graph (Paper Data, citations)

At most 9,999 rows of a list can be reached.  A longer one is read in windows of publication dates, each halved until it fits,
and then without windows (``closing``), since works without a date fall into none.  Whether a window has its own 9,999 rows is
not documented: a provider that doesn't know windows shows a full page where there can be none, and where windows bring no
more than 9,999 rows in all the list is cut off (``capped``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from crawler.lists.windows import Kept, Window, first_windows, halve, is_sparse, is_test

PAGE = 1000  # most rows of a page
CLOSING_PAGE = 999  # another width, so that a hole that belongs to a slice shows
END = 9999  # offset + limit must stay below 10,000
SMALLEST = 10
# Asked where a page came empty before its time: (rows to step back, width).  A step back shows the known end of the list.
PROBES = ((10, 500), (0, 100), (500, 700))
MAX_PROBES = 30
MAX_LAPS = 3  # of a list that gains rows faster than it is read; the rest comes with the next crawl


@dataclass(frozen=True, slots=True)
class Position(Kept):
    """Where a pass stands.  ``window`` is the one that is being read, ``rest`` those that follow it."""

    offset: int = 0
    limit: int = PAGE
    window: Window | None = None
    rest: tuple[Window, ...] = ()
    sizing: bool = False  # the next call asks whether the window is too large
    rounds: int = 0  # begun over the windows
    windowless: bool = False  # the provider knows no windows
    pages: int = 0  # read to the end, not counting the closing reading
    empty: int = 0  # empty answers in a row at this offset
    probes: int = 0  # … and in all
    ended: bool = False  # the last page named no next one, but too few rows came: one look further
    laps: int = 0  # closing readings that went past the first page and began again there
    capped: bool = False  # the list goes on where the provider shows no more


@dataclass(slots=True)
class Reading:
    """A pass over one list.

    ``seen``: keys that this pass has shown.  ``missing``: keys of earlier passes that it has not shown yet.  ``reported``:
    the provider's own count of citations.  ``at_most``: stop after so many rows in this call.  ``since``: the year of the
    cited work; None: the list is not read in windows.
    """

    position: Position = field(default_factory=Position)
    state: str = "paging"
    seen: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    had_rows: bool = False
    reported: int | None = None
    at_most: int | None = None
    since: int | None = None

    def __post_init__(self) -> None:
        if self.position == Position() and self.state == "paging" and (self.reported or 0) > END:
            self._start_windows()

    def ask(self) -> tuple[int, int]:
        """(offset, limit) of the next page."""
        if self.position.sizing:
            return END - 1, 1
        back, width = PROBES[self.position.empty - 1] if self.position.empty else (0, PAGE)
        offset = max(0, self.position.offset - back)
        again = self.state == "closing" and not (self.is_windowed and self.position.rounds == 1)  # else it is its first reading
        limit = min(self.position.limit, width, CLOSING_PAGE if again else PAGE, END - offset)
        return offset, max(1, limit if self.at_most is None else min(limit, self.at_most))

    def take(self, keys: list[str], following: int | None) -> int:
        """Take in a page and move on; returns the number of rows to count.  ``following``: offset of the next page, if any."""
        asked_to = sum(self.ask())
        full = len(keys) >= self.ask()[1]
        sizing = self.position.sizing
        new = set(keys) - self.seen
        self.seen |= new
        self.missing -= new
        n_rows = len(keys) if self.state == "paging" and not self.position.empty and not sizing else len(new)
        self.at_most = None if self.at_most is None else max(0, self.at_most - len(keys))
        if self.position.window:
            self._take_window(keys, asked_to, following, full)
        elif not keys and self._ends_too_soon():
            self.position = replace(self.position, empty=self.position.empty + 1, probes=self.position.probes + 1)
        elif self.state == "paging":
            ended = following is None and bool(keys) and self._stops_short(full)
            self._go_on(keys, asked_to if ended else following)
            self.position = replace(self.position, ended=ended)
        else:
            self._close(new, keys, following)
        return n_rows

    def _ends_too_soon(self) -> bool:
        spent = self.position.empty >= len(PROBES) or self.position.probes >= MAX_PROBES
        return not spent and not self.position.ended and (len(self.seen) < (self.reported or 0) or bool(self.missing))

    def _stops_short(self, full: bool) -> bool:
        """Whether a page without a next one is no good end: it is full, or far fewer rows came than the provider counts."""
        short = (self.reported or 0) - len(self.seen)
        return not self.position.ended and (short > 0 if full else short > max(SMALLEST, (self.reported or 0) // 10))

    def _go_on(self, keys: list[str], following: int | None) -> None:
        self.position = replace(self.position, empty=0, pages=self.position.pages + bool(keys))
        if keys and following is not None and following >= END:
            self.stop_at_cap()
        elif keys and following is not None:
            self.position = replace(self.position, offset=following)
        else:
            self._start_closing()

    def _start_closing(self) -> None:
        # A list that came in one answer can't have moved between two; but nothing is withdrawn on one answer alone.
        self.state = "closing" if self.position.pages > 1 or self.missing else "done"
        self.position = replace(self.position, offset=0, empty=0)

    def _close(self, new: Iterable[str], keys: list[str], following: int | None) -> None:
        short = (bool(self.missing) and self.withdraws) or (self.is_windowed and len(self.seen) < (self.reported or 0))
        goes_on = bool(new) or (short and not self.position.laps)
        self.position = replace(self.position, empty=0)
        if keys and following is not None and following < END and goes_on:
            self.position = replace(self.position, offset=following)
        elif self.position.offset and self.position.laps < MAX_LAPS and not self.is_windowed:  # what came at the top meanwhile
            self.position = replace(self.position, offset=0, laps=self.position.laps + 1)
        else:
            self._end()

    def _end(self) -> None:
        """The list is read; before anything of a long one is withdrawn its windows are read once more."""
        self.state = "done"
        self.position = replace(self.position, offset=0, capped=self.position.capped or self._is_cut_off())
        if self.position.rounds == 1 and self.missing and self.withdraws:
            self._start_windows()

    def _is_cut_off(self) -> bool:
        """Whether the windows brought no more than a list without them can: they share its 9,999 rows."""
        return self.is_windowed and len(self.seen) <= END and (self.reported or 0) > END + END // 10

    # ------------------------------------------------------------ windows

    def _start_windows(self) -> bool:
        """Read the list in windows from now on; False where that can't be done, or was done."""
        if self.since is None or self.position.windowless or self.position.rounds > 1:
            return False
        first, *rest = first_windows(self.since)
        self.state = "paging"
        rounds = self.position.rounds + 1
        self.position = replace(self.position, window=first, rest=tuple(rest), rounds=rounds, offset=0, empty=0, sizing=False)
        return True

    def _take_window(self, keys: list[str], asked_to: int, following: int | None, full: bool) -> None:
        """A page of a window, or the look at its size."""
        position = self.position
        assert position.window
        if position.sizing:
            self._halve() if keys else self._move(sizing=False)
        elif is_test(position.window) and full:
            self.give_up_windows()
        elif not keys and not position.ended and self._is_hole():
            again = max(position.empty, 1 if position.offset == 0 else 0) + 1  # a step back from the start is no step
            self._move(empty=again, probes=position.probes + 1)
        elif keys and following is not None and following >= END:
            self._halve()
        elif keys and following is not None:
            self._move(offset=following, empty=0, ended=False)
        elif full and not position.ended:  # no next page, but this one is full: one look further
            self._move(offset=asked_to, empty=0, ended=True)
        else:
            self._next_window()

    def _move(self, **changes: object) -> None:
        self.position = replace(self.position, **changes)  # type: ignore[arg-type]

    def _is_hole(self) -> bool:
        """Whether an empty page of a window is worth another look: in the middle of it always, at its start once."""
        position = self.position
        if position.window and is_test(position.window):
            return False
        return position.probes < MAX_PROBES and position.empty < (len(PROBES) if position.offset else 1)

    def _halve(self) -> None:
        assert self.position.window
        halves = halve(self.position.window)
        if halves is None:  # more than 9,999 works of one day
            self._move(capped=True)
            self._next_window()
        else:
            self._move(rest=(*halves, *self.position.rest))
            self._next_window()

    def _next_window(self) -> None:
        if self.position.rest:
            window, *rest = self.position.rest
            self._move(window=window, rest=tuple(rest), offset=0, empty=0, ended=False, sizing=not is_sparse(window))
        else:
            self.state = "closing"
            self._move(window=None, offset=0, empty=0, ended=False, sizing=False)

    def give_up_windows(self) -> None:
        """The provider doesn't know windows: as much of the list as it shows without them."""
        self.state = "paging"
        self._move(window=None, rest=(), windowless=True, offset=0, empty=0, pages=0, ended=False, sizing=False)

    @property
    def is_windowed(self) -> bool:
        """Whether the list is read in windows."""
        return self.position.rounds > 0 and not self.position.windowless

    def shrink(self) -> bool:
        """Ask for smaller pages from now on, as a large one timed out; False where they are as small as can be."""
        if self.position.limit <= SMALLEST:
            return False
        self.position = replace(self.position, limit=max(SMALLEST, self.position.limit // 2))
        return True

    def stop_at_cap(self) -> None:
        """The provider shows no more rows of what is being read."""
        if self.position.window:
            self._halve()
        elif self.state == "closing" and self.is_windowed:
            self._end()
        elif self.state == "closing":
            self._move(capped=True)
            self.state = "done"
        elif not self._start_windows():
            self._move(capped=True)
            self._start_closing()

    @property
    def is_spent(self) -> bool:
        """Whether this call has had the rows that it asked for."""
        return self.at_most == 0

    @property
    def withdraws(self) -> bool:
        """Whether what this pass has not shown is gone.  Not past a cap, and not where a list that had rows comes empty."""
        return not self.position.capped and not (self.had_rows and not self.seen)
