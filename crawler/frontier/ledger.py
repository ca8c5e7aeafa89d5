"""The pace of a provider or host in Redis, for processes on several machines; the clock is the server's."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crawler.frontier.server import PREFIX, one_error, open_redis
from crawler.manners.ledger import LONGEST_HOLD, State
from db.config import Config

HELD_MS = 5000  # a process that dies with a state open keeps the others from it for so long
_LOOK = 0.002
# state, lock; token, held → (state, seconds, microseconds), or nothing where another process has it open
_OPEN = """
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local told = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', told[1], told[2]}
"""
# state, lock; token, new state or ''
_CLOSE = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'EX', 86400) end
return redis.call('DEL', KEYS[2])
"""


class RedisLedger:
    """A state under a name; see ``crawler.manners.ledger``."""

    def __init__(self, redis: Any, address: str, name: str) -> None:
        self._address = address
        self._keys = [f"{PREFIX}pace:{name}", f"{PREFIX}pace:{name}:lock"]
        self._open, self._close = redis.register_script(_OPEN), redis.register_script(_CLOSE)

    @contextmanager
    def open(self, *, wait: bool = True) -> Iterator[State | None]:
        token = uuid.uuid4().hex
        with one_error(self._address):
            while (told := self._open(keys=self._keys, args=[token, HELD_MS])) is None and wait:
                time.sleep(_LOOK)
        if told is None:
            yield None
            return
        text, seconds, micro = told
        shift = time.monotonic() - (int(seconds) + int(micro) / 1e6)  # from the server's clock to that of this process
        state = decode(text, shift)
        try:
            yield state
        finally:
            after = encode(state, shift)
            with one_error(self._address):
                self._close(keys=self._keys, args=[token, b"" if after == text else after])


def encode(state: State, shift: float) -> bytes:
    """A state with the server's times, to the microsecond."""
    if state == State():
        return b""
    sent, told = [round(at - shift, 6) for at in state.sent], [(round(at - shift, 6), number) for at, number in state.told]
    ready_at = round(state.ready_at - shift, 6) if state.ready_at else 0.0
    return json.dumps({"sent": sent, "ready_at": ready_at, "extra": state.extra, "told": told}).encode()


def decode(text: bytes, shift: float) -> State:
    """A state with the times of this process; one that is none counts as a request that has just left."""
    if not text:
        return State()
    now = time.monotonic()
    try:
        told = json.loads(text)
        state = State([min(float(at) + shift, now) for at in told["sent"]], float(told["ready_at"]), float(told["extra"]))
        state.told = [(min(float(at) + shift, now), float(number)) for at, number in told["told"]]
    except (ValueError, KeyError, TypeError):
        return State([now])
    state.ready_at = min(state.ready_at + shift, now + LONGEST_HOLD) if state.ready_at else 0.0
    state.extra = min(max(state.extra, 0.0), 3600.0)
    return state


_clients: dict[str, Any] = {}  # address → client


def redis_ledger(config: Config, address: str, name: str) -> RedisLedger:
    """The state ``name`` in the Redis at ``address``."""
    if address not in _clients:
        _clients[address] = open_redis(config, address)
    return RedisLedger(_clients[address], address, name)
