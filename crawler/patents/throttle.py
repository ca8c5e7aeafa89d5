"""The pace that services of patents ask for in their headers.

Open Patent Services: every answer carries ``X-Throttling-Control: busy (images=green:100, …, retrieval=green:100, search=green:15)``,
the requests allowed in 60 seconds for each group of services.  Several servers answer in turn, so the worst header of the last
60 seconds counts.  Black stands for a group that is suspended.  Reference guide 1.3.20, section 2.3.3.

Lens: ``x-rate-limit-remaining-request-per-minute``.  https://docs.api.lens.org/ (rate limiting)
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

WINDOW = 60.0  # seconds
_GROUP = re.compile(r"(\w+)=(green|yellow|red|black):(\d+)")
_SHARE = {"green": 1.0, "yellow": 0.75, "red": 0.5, "black": 0.0}  # of the allowed number that we take
_MARGIN = 0.001  # a request that falls out of the window has fallen out
_AS_MILLISECONDS = 1000.0  # the guide shows a Retry-After of 60000; what is above this is no number of seconds


class Throttle:
    """When the next request to a group of services (``retrieval``, ``search``) may leave; all times in seconds of one clock.

    ``at_first`` requests a window are taken before a header has told more, and never more than ``most``.
    """

    def __init__(self, at_first: float, most: float = WINDOW) -> None:
        self.at_first, self.most = at_first, most
        self._told: defaultdict[str, deque[tuple[float, float]]] = defaultdict(deque)  # when, requests a window
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._blocked: dict[str, float] = {}  # group → until when

    def take(self, header: str | None, now: float, retry_after: str | None = None) -> None:
        """Remember what an answer told.  ``Retry-After`` beside a black group is its suspension."""
        for group, colour, number in _GROUP.findall(header or ""):
            self._told[group].append((now, int(number) * _SHARE[colour]))
            if colour == "black":
                self._blocked[group] = max(self._blocked.get(group, 0.0), now + suspension(retry_after))

    def load(self, group: str, sent: Iterable[float], told: Iterable[tuple[float, float]], until: float, unit: float) -> None:
        """Go on from what was kept of a group, in seconds of ``unit`` each."""
        self._sent[group] = deque(at / unit for at in sent)
        self._told[group] = deque((at / unit, number) for at, number in told)
        self._blocked[group] = until / unit

    def dump(self, group: str, unit: float) -> tuple[list[float], list[tuple[float, float]], float]:
        """What to keep of a group: when requests left, what headers allowed, until when it is suspended."""
        told = [(at * unit, number) for at, number in self._told[group]]
        return [at * unit for at in self._sent[group]], told, self._blocked.get(group, 0.0) * unit

    def sent(self, group: str, now: float) -> None:
        """A request has left."""
        self._sent[group].append(now)

    def allowed(self, group: str, now: float) -> float:
        """Requests a window, by the worst header of the last one."""
        told = self._told[group]
        while told and now - told[0][0] > WINDOW:
            told.popleft()
        return min(self.most, min((number for _, number in told), default=self.at_first))

    def wait(self, group: str, now: float) -> float:
        """Seconds until the next request may leave: evenly spaced, and with those of the last window not too many."""
        sent, allowed = self._sent[group], self.allowed(group, now)
        while sent and now - sent[0] > WINDOW:
            sent.popleft()
        waits = [self._blocked.get(group, 0.0) - now]
        if allowed < 1:
            waits.append(self._told[group][-1][0] + WINDOW - now + _MARGIN)
        elif sent:
            waits.append(sent[-1] + WINDOW / allowed - now)
            if len(sent) >= int(allowed):
                waits.append(sent[len(sent) - int(allowed)] + WINDOW - now + _MARGIN)
        return max(0.0, *waits)


def suspension(retry_after: str | None) -> float:
    """Seconds of a Retry-After; a window where there is none."""
    try:
        value = float(retry_after or "")
    except ValueError:
        return WINDOW
    return value / 1000 if value > _AS_MILLISECONDS else max(1.0, value)


def is_minute_used(headers: Mapping[str, str]) -> bool:
    """Whether an answer of Lens tells that its minute is used up; names of headers in lower case."""
    left = headers.get("x-rate-limit-remaining-request-per-minute", "")
    return left.lstrip("-").isdigit() and int(left) <= 0


def quota_used(headers: Mapping[str, str], *, per_hour: float, per_week: float) -> str | None:
    """Which quota of bytes the headers of Open Patent Services say is used up; None where there is room.

    Free access: about 450 MB an hour, 4 GB a week (fair-use charter, https://www.epo.org/en/service-support/ordering/fair-use).
    """
    for name, limit, words in (
        ("x-individualquotaperhour-used", per_hour, "this hour's quota is used up"),
        (
            "x-registeredquotaperweek-used",
            per_week,
            "this week's quota is used up (it begins anew on Monday, or on the day of the contract)",
        ),
    ):
        used = headers.get(name, "")
        if used.isdigit() and int(used) >= limit:
            return words
    return None
