"""The pace that Open Patent Services asks for in its headers.

Every answer carries ``X-Throttling-Control: busy (images=green:100, …, retrieval=green:100, search=green:15)``: requests allowed
in 60 seconds for each group of services.  Several servers answer in turn, so the worst header of the last 60 seconds counts.
Black stands for a group that is suspended.  Reference guide 1.3.20, section 2.3.3.
"""

from __future__ import annotations

import re
from collections import deque

WINDOW = 60.0  # seconds
_GROUP = re.compile(r"(\w+)=(green|yellow|red|black):(\d+)")
_SHARE = {"green": 1.0, "yellow": 0.75, "red": 0.5, "black": 0.0}  # of the allowed number that we take


class Throttle:
    """What one group of services (``retrieval``, ``search``, ``inpadoc``) allows; times are monotonic seconds."""

    def __init__(self, group: str, at_first: int) -> None:
        self.group, self.at_first = group, at_first
        self._told: deque[tuple[float, float]] = deque()  # when, requests a window

    def take(self, header: str | None, now: float) -> None:
        """Remember what an answer told."""
        for group, colour, number in _GROUP.findall(header or ""):
            if group == self.group:
                self._told.append((now, int(number) * _SHARE[colour]))

    def interval(self, now: float) -> float:
        """Seconds until the next request may leave; a whole window where the group is suspended."""
        while self._told and now - self._told[0][0] > WINDOW:
            self._told.popleft()
        allowed = min((number for _, number in self._told), default=float(self.at_first))
        return WINDOW / allowed if allowed >= 1 else WINDOW
