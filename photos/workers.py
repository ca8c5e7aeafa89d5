"""Worker processes for pictures: limited in memory and time, replaced when they die, their answers in order.

A picture that kills its worker costs that picture alone: the others of its batch are done again one by one.
"""

from __future__ import annotations

import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
MEMORY = 4 * 1024**3  # bytes of address space, of which the libraries map more than they use
SECONDS = 60  # for one item
BATCH = 8
NICE = 5


def default_workers() -> int:
    """As many as the machine has processors, four at most."""
    return min(4, os.cpu_count() or 1)


def _start(memory: int) -> None:
    """Limits of a worker.  No core file: it would hold pictures."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the pool
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, also inside a network
    os.nice(NICE)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed can't end its workers, and they would wait for it for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(work: Callable[[Item], Answer], items: Sequence[Item], seconds: int) -> list[Answer]:
    answers = []
    for item in items:
        signal.alarm(seconds)
        answers.append(work(item))
        signal.alarm(0)
    return answers


class Workers(Generic[Item, Answer]):
    """``work`` must be a function of a module; ``killed`` is the answer for an item that ended its worker."""

    def __init__(
        self, work: Callable[[Item], Answer], killed: Answer, *, workers: int, memory: int = MEMORY, seconds: int = SECONDS
    ) -> None:
        self._work, self._killed, self._n, self._memory, self._seconds = work, killed, workers, memory, seconds

    def _pool(self, n: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(n, mp_context=get_context("spawn"), initializer=_start, initargs=(self._memory,))

    def run(self, items: Sequence[Item]) -> Iterator[tuple[int, list[Answer]]]:
        """(items that are done, answers of the latest batch), in the order of the items."""
        at = 0
        while at < len(items):
            for n, answers in self._run_until_broken(items[at:]):
                at += n
                yield at, answers
            for item in items[at : at + BATCH]:  # nothing is left here unless a worker died
                at += 1
                yield at, [self._alone(item)]

    def _run_until_broken(self, items: Sequence[Item]) -> Iterator[tuple[int, list[Answer]]]:
        """Batches until the end, or until one ends its worker."""
        batches = deque(items[start : start + BATCH] for start in range(0, len(items), BATCH))
        waiting: deque[Future[list[Answer]]] = deque()
        pool = self._pool(self._n)
        try:
            while batches or waiting:
                while batches and len(waiting) < 2 * self._n:
                    waiting.append(pool.submit(_do, self._work, batches.popleft(), self._seconds))
                answers = waiting.popleft().result()
                yield len(answers), answers
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _alone(self, item: Item) -> Answer:
        pool = self._pool(1)
        try:
            return pool.submit(_do, self._work, [item], self._seconds).result()[0]
        except BrokenProcessPool:
            return self._killed
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
