"""How one pass over a list goes on from page to page: nothing but the logic, so that it can be tried without a network.

Lists are shown newest first and move while they are read: new citations push rows to later pages, removed ones pull them to
earlier pages.  So a pass reads to the end (``paging``), then again from the start (``closing``) until a page brings nothing
new; where that would leave rows of earlier passes missing, which would be withdrawn, it reads the whole list again, in
slices of another width.  https://api.semanticscholar.org/api-docs/graph (Paper Data, citations)
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

PAGE = 1000  # most rows of a page
CLOSING_PAGE = 999  # another width, so that a hole that belongs to a slice shows
END = 9999  # offset + limit must stay below 10,000
SMALLEST = 10
# Asked where a page came empty before its time: (rows to step back, width).  A step back shows the known end of the list.
PROBES = ((10, 500), (0, 100), (500, 700))
MAX_PROBES = 30


@dataclass(frozen=True, slots=True)
class Position:
    """Where a pass stands.  ``window`` is a range of publication dates, for lists that are too long to be read in one."""

    offset: int = 0
    limit: int = PAGE
    window: str | None = None
    pages: int = 0  # read to the end, not counting the closing reading
    empty: int = 0  # empty answers in a row at this offset
    probes: int = 0  # … and in all
    ended: bool = False  # the last page named no next one, but too few rows came: one look further
    capped: bool = False  # the list goes on where the provider shows no more

    @classmethod
    def from_json(cls, text: str) -> Position:
        """The position that a list row holds; '{}' is the start."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(slots=True)
class Reading:
    """A pass over one list.

    ``seen``: keys that this pass has shown.  ``missing``: keys of earlier passes that it has not shown yet.  ``reported``:
    the provider's own count of citations.  ``at_most``: stop after so many rows in this call.
    """

    position: Position = field(default_factory=Position)
    state: str = "paging"
    seen: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    had_rows: bool = False
    reported: int | None = None
    at_most: int | None = None

    def ask(self) -> tuple[int, int]:
        """(offset, limit) of the next page."""
        back, width = PROBES[self.position.empty - 1] if self.position.empty else (0, PAGE)
        offset = max(0, self.position.offset - back)
        limit = min(self.position.limit, width, CLOSING_PAGE if self.state == "closing" else PAGE, END - offset)
        return offset, max(1, limit if self.at_most is None else min(limit, self.at_most))

    def take(self, keys: list[str], following: int | None) -> int:
        """Take in a page and move on; returns the number of rows to count.  ``following``: offset of the next page, if any."""
        asked_to = sum(self.ask())
        full = len(keys) >= self.ask()[1]
        new = set(keys) - self.seen
        self.seen |= new
        self.missing -= new
        n_rows = len(keys) if self.state == "paging" and not self.position.empty else len(new)
        self.at_most = None if self.at_most is None else max(0, self.at_most - len(keys))
        if not keys and self._ends_too_soon():
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
        if keys and following is not None:
            self.position = replace(self.position, offset=following, capped=following >= END)
        if not keys or following is None or following >= END:
            self._start_closing()

    def _start_closing(self) -> None:
        # A list that came in one answer can't have moved between two; but nothing is withdrawn on one answer alone.
        self.state = "closing" if self.position.pages > 1 or self.missing else "done"
        self.position = replace(self.position, offset=0, empty=0)

    def _close(self, new: Iterable[str], keys: list[str], following: int | None) -> None:
        goes_on = bool(new) or (bool(self.missing) and self.withdraws)
        self.position = replace(self.position, empty=0)
        if keys and following is not None and following < END and goes_on:
            self.position = replace(self.position, offset=following)
        else:
            self.state = "done"
            self.position = replace(self.position, offset=0)

    def shrink(self) -> bool:
        """Ask for smaller pages from now on, as a large one timed out; False where they are as small as can be."""
        if self.position.limit <= SMALLEST:
            return False
        self.position = replace(self.position, limit=max(SMALLEST, self.position.limit // 2))
        return True

    def stop_at_cap(self) -> None:
        """The provider refuses to go further."""
        self.position = replace(self.position, capped=True)
        if self.state == "paging":
            self._start_closing()
        else:
            self.state = "done"

    @property
    def is_spent(self) -> bool:
        """Whether this call has had the rows that it asked for."""
        return self.at_most == 0

    @property
    def withdraws(self) -> bool:
        """Whether what this pass has not shown is gone.  Not past a cap, and not where a list that had rows comes empty."""
        return not self.position.capped and not (self.had_rows and not self.seen)
