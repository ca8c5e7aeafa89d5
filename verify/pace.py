"""How fast a session goes, in words for the head of the screen."""

from __future__ import annotations

import time
from collections import deque

AFTER = 3  # answers before a pace means anything
LATEST = 50  # answers that the pace is taken from
PAUSE_S = 600.0  # a longer gap is a break, not work


class Pace:
    """Counts answers of one session; breaks are left out."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._gaps: deque[float] = deque(maxlen=LATEST)

    def tick(self) -> None:
        """An answer was given."""
        at = time.monotonic()
        if at - self._last < PAUSE_S:
            self._gaps.append(at - self._last)
        self._last = at

    def words(self, left: int, *, brief: bool = False) -> str:
        """The words behind a comma: 3.1 a minute, about 40 min left; in brief 3.1/min, 40 min.  Empty where too little is known."""
        if len(self._gaps) < AFTER:
            return ""
        each = max(sum(self._gaps) / len(self._gaps), 0.01)
        minutes = left * each / 60
        ahead = f"{minutes / 60:.0f} h" if minutes >= 100 else f"{max(minutes, 1):.0f} min"
        rate = f"{60 / each:.0f}" if each < 6 else f"{60 / each:.1f}"
        return f", {rate}/min, {ahead}" if brief else f", {rate} a minute, about {ahead} left"
