"""When the next request to a host may leave: the user's pace is Scrapy's download delay, this is what a provider's refusals add."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from time import monotonic
from typing import Protocol

from scrapy import Request
from scrapy.http import Response

LONGEST = 60.0  # in units


class Gate(Protocol):
    """What a spider knows of its provider's limits: asked before each request leaves, a second try too, and told each answer."""

    def wait(self, request: Request) -> float:
        """Seconds until it may leave."""

    def left(self, request: Request) -> None:
        """It leaves."""

    def answered(self, request: Request, response: Response) -> None:
        """What came back."""


async def pass_gate(gate: Gate, request: Request, stop: asyncio.Event) -> None:
    """Wait until a request may leave; ``stop`` ends the wait."""
    while (wait := gate.wait(request)) > 0 and not stop.is_set():
        await nap(wait, stop)
    gate.left(request)


class Pace:
    """One host's pace after refusals.

    ``interval`` is the normal distance between two requests in seconds, ``unit`` the second of the back-off rules: both
    shrink together where a user points the crawl at a server of their own and allows it a high rate.
    """

    def __init__(self, interval: float, unit: float) -> None:
        self.interval = interval
        self.unit = unit
        self._ready_at = 0.0
        self._extra = 0.0  # further distance between requests, since the host has refused
        self._lock = asyncio.Lock()

    async def turn(self, stop: asyncio.Event) -> None:
        """Wait until a request may leave; ``stop`` ends the wait."""
        async with self._lock:  # first come, first served
            while (wait := self._ready_at - monotonic()) > 0 and not stop.is_set():
                await nap(wait, stop)
            self._ready_at = monotonic() + self._extra

    def hold(self, seconds: float) -> None:
        """Nobody asks this host for so long."""
        self._ready_at = max(self._ready_at, monotonic() + seconds)

    def refused(self, tries: int) -> None:
        """Too many requests: wait 2, 4, 8 … 60 units with jitter, and go slower from now on.  Refusals that come together count once."""
        if self._ready_at - monotonic() <= self._extra:
            self._extra = min(2 * self._extra or self.interval, LONGEST * self.unit)
        self.hold(min(2.0**tries, LONGEST) * self.unit * random.uniform(0.8, 1.2))  # noqa: S311

    def answered(self) -> None:
        """All is well: back to the normal pace step by step."""
        self._extra = 0.0 if self._extra < 0.1 * self.interval else 0.9 * self._extra


def unit_of(interval: float) -> float:
    """The second of the back-off rules: a second, but where more than ten requests a second are allowed, the time of ten."""
    return min(1.0, 10 * interval)


async def nap(seconds: float, stop: asyncio.Event) -> None:
    """Sleep, but no longer than until ``stop``."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
