"""What all requests to one provider know of each other, also those of other processes and of earlier ones.

One small file for each provider and key, ``<provider>-<hash>.json`` in the user's state folder (``Config.state``): when the last requests
left, until when nobody asks, and how much slower than usual.  Of the key only a hash stands in the name.

Times are those of the monotonic clock, which all processes of a machine share and which no correction of the time of day moves.
It begins anew with each start of the machine, so the file names the start (``boot``); after another one the time of day tells how
long ago things were, and where that clock was set back they count as if they were now: rather a wait too long than one too short.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

LONGEST_HOLD = 86_400.0  # seconds; what lies farther ahead is a broken file
KEPT_DAYS = 30.0  # files that nobody has used for so long are removed


@dataclass(slots=True)
class State:
    """``sent``: when requests left, the newest last; ``ready_at``: nobody asks before; ``extra``: distance added to the usual one.

    ``told``: what the provider's headers allowed, as (when, requests a window), where it tells (``crawler.patents.throttle``).
    """

    sent: list[float] = field(default_factory=list)
    ready_at: float = 0.0
    extra: float = 0.0
    told: list[tuple[float, float]] = field(default_factory=list)


class Ledger(Protocol):
    """Where a state is kept."""

    def open(self, *, wait: bool = True) -> AbstractContextManager[State | None]:
        """The state, to be changed; None where another process has it open at this moment and ``wait`` says no."""


class OwnLedger:
    """A state of this process alone."""

    def __init__(self) -> None:
        self.state = State()

    @contextmanager
    def open(self, *, wait: bool = True) -> Iterator[State | None]:
        yield self.state


class FileLedger:
    """A state in a file; who has it open holds its lock, which goes with the process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self, *, wait: bool = True) -> Iterator[State | None]:
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            before = file.read()
            state = decode(before)
            yield state
            if (after := encode(state)) != before:
                file.seek(0)
                file.write(after)
                file.truncate()


def encode(state: State) -> bytes:
    """A state as the file holds it."""
    if state == State():
        return b""
    told = {"boot": _boot(), "at": time.time(), "now": time.monotonic()}
    return json.dumps(told | {"sent": state.sent, "ready_at": state.ready_at, "extra": state.extra, "told": state.told}).encode()


def decode(text: bytes) -> State:
    """A state from the file; one that was half written when its process died counts as a request that has just left."""
    if not text:
        return State()
    now = time.monotonic()
    try:
        told = json.loads(text)
        state = State([float(at) for at in told["sent"]], float(told["ready_at"]), float(told["extra"]))
        state.told = [(float(at), float(number)) for at, number in told.get("told", ())]
        if told.get("boot") != _boot():
            shift = now - float(told["now"]) - max(0.0, time.time() - float(told["at"]))
            before = [(at + shift, number) for at, number in state.told]
            state = State([at + shift for at in state.sent], state.ready_at + shift, state.extra, before)
    except (ValueError, KeyError, TypeError):
        return State([now])
    state.sent = [min(at, now) for at in state.sent]
    state.told = [(min(at, now), number) for at, number in state.told]
    state.ready_at, state.extra = min(state.ready_at, now + LONGEST_HOLD), min(max(state.extra, 0.0), 3600.0)
    return state


def _boot() -> str:
    """Which start of the machine this is; "" where the system doesn't say."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def named(provider: str, url: str, key: str | None) -> str:
    """Under which name; of the key only a hash stands in it."""
    return f"{provider}-{hashlib.sha256(' '.join(('whereused', url, key or '')).encode()).hexdigest()[:16]}"


def open_ledger(provider: str, url: str, key: str | None, folder: Path) -> Ledger:
    """The ledger of a provider at this address for this key in ``folder``; one of this process alone where that can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _forget_old(folder)
        ledger = FileLedger(folder / f"{named(provider, url, key)}.json")
        with ledger.open():
            return ledger
    except OSError:
        return OwnLedger()


def _forget_old(folder: Path) -> None:
    for path in folder.glob("*.json"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
                path.unlink()
