"""When the next request to a provider or host may leave."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from scrapy import Request
from scrapy.http import Response

from crawler.manners.ledger import Ledger, OwnLedger, State
from crawler.manners.ledger_choice import ledger_of

if TYPE_CHECKING:
    from crawler.providers import Provider
    from db.config import Config

LONGEST = 60.0  # in units
AT_ONCE = 20  # requests that are looked back upon where more than one a second is allowed
SLACK = 1.04  # answers to a pace that is kept to the millisecond would be refused where the network crowds requests together
CATCH_UP = 0.75  # of the distance, after a request that left late
BUSY = 0.002  # seconds until another look at a ledger that another process has open


class Pace:
    """The pace of one provider or host.

    ``interval`` is the distance between two requests in seconds (0: somebody else keeps it), ``unit`` the second of the back-off
    rules: both shrink together where a user points the crawl at a server of their own and allows it a high rate.  With the
    ledger of a provider the pace holds for all processes that ask it with this key, and for those that come later.

    A request that leaves late, as this process was at work on an answer, is made up for, but never so that more requests leave
    in the time of ``AT_ONCE`` than are allowed in it, nor at less than three quarters of the distance.
    """

    def __init__(self, interval: float, unit: float, ledger: Ledger | None = None) -> None:
        self.interval = interval
        self.unit = unit
        self.ledger = ledger or OwnLedger()
        self.several = min(AT_ONCE, max(1, int(1 / interval + 1e-9))) if interval else 0
        self._lock = asyncio.Lock()

    async def turn(self, stop: asyncio.Event) -> None:
        """Wait until a request may leave; ``stop`` ends the wait."""
        async with self._lock:  # first come, first served
            while not stop.is_set() and (wait := self.try_turn()) > 0:
                await nap(wait, stop)

    def try_turn(self) -> float:
        """Take the turn and answer 0, or how many seconds to wait before asking again."""
        with self.ledger.open(wait=False) as state:
            if state is None:
                return BUSY
            at = monotonic()
            wait = max(0.0, self._next(state) - at)
            if not wait:
                state.sent = [*state.sent, at][-max(1, self.several) :]
            return wait

    def _next(self, state: State) -> float:
        """When the next request may leave."""
        if not state.sent:
            return state.ready_at
        distance = self.interval * (SLACK if self.several <= 1 else CATCH_UP) + state.extra
        due = [state.ready_at, state.sent[-1] + distance]
        if 1 < self.several <= len(state.sent):
            due.append(state.sent[-self.several] + self.several * self.interval * SLACK)
        return max(due)

    def hold(self, seconds: float) -> None:
        """Nobody asks for so long."""
        with self.ledger.open() as state:
            assert state
            state.ready_at = max(state.ready_at, monotonic() + seconds)

    def refused(self, tries: int) -> None:
        """Too many requests: wait 2, 4, 8 … 60 units with jitter, and go slower from now on.  Refusals that come together count once."""
        with self.ledger.open() as state:
            assert state
            if state.ready_at - monotonic() <= state.extra:
                state.extra = min(2 * state.extra or self.interval or self.unit, LONGEST * self.unit)
            wait = min(2.0**tries, LONGEST) * self.unit * random.uniform(0.8, 1.2)  # noqa: S311
            state.ready_at = max(state.ready_at, monotonic() + wait)

    def answered(self) -> None:
        """All is well: back to the normal pace step by step."""
        with self.ledger.open() as state:
            assert state
            state.extra = 0.0 if state.extra < 0.1 * (self.interval or self.unit) else 0.9 * state.extra


class Gate(Protocol):
    """What a spider knows of its provider's limits beyond the pace: asked before each request, a second try too; told each answer."""

    def wait(self, request: Request) -> float:
        """Seconds until it may leave."""

    def enter(self, request: Request) -> bool:
        """It leaves now, if it still may: what another process asked in between counts too."""

    def answered(self, request: Request, response: Response) -> float:
        """What came back; for so many seconds nobody asks the provider for anything."""


async def pass_gate(gate: Gate | None, pace: Pace, request: Request, stop: asyncio.Event) -> None:
    """Wait until both the gate and the pace let a request leave; ``stop`` ends the wait."""
    while not stop.is_set():
        if gate and (wait := gate.wait(request)) > 0:
            await nap(wait, stop)
            continue
        await pace.turn(stop)
        if gate is None or gate.enter(request):
            return


class Unhurried(Pace):
    """For answers that come from an archive: nobody waits for them."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0)

    def try_turn(self) -> float:
        return 0.0


def pace_of(provider: Provider, config: Config) -> Pace:
    """The pace of a provider, shared by all processes of the user."""
    interval = provider.interval(config)
    return Pace(interval, unit_of(interval), ledger_of(provider.name, provider.url(config), provider.key(config), config))


def unit_of(interval: float) -> float:
    """The second of the back-off rules: a second, but where more than ten requests a second are allowed, the time of ten."""
    return min(1.0, 10 * interval)


async def nap(seconds: float, stop: asyncio.Event) -> None:
    """Sleep, but no longer than until ``stop``."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
