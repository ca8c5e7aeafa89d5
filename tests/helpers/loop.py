"""Run a coroutine wherever the test finds itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def in_a_loop(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``story()`` returns, from a thread of its own: the browser opened once for all tests leaves a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(story())).result()
