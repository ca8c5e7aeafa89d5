"""Worker processes with a limit of time and memory for each task, so that a bad document hurts only itself.

A worker that hangs, runs out of memory or crashes is replaced; its task comes back as a failure with the reason, the
others go on.  Results come in the order of the tasks.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 8  # finished results that may wait for a slow one before them, for each worker
_CONTEXT = get_context("spawn")  # a fork would take the database handle and the threads along


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that came to nothing, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """For one task: seconds of wall clock; megabytes of address space of its process."""

    seconds: float = 120.0
    megabytes: float = 2048.0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    task: int | None = None
    deadline: float = 0.0


class Guard(Generic[T, R]):
    """Runs ``function`` (importable by name) over tasks in ``workers`` processes."""

    def __init__(self, function: Callable[[T], R], *, workers: int, limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._size = max(1, workers)
        self._workers: list[_Worker] = []

    def run(self, tasks: Sequence[T]) -> Iterator[tuple[T, R | Failure]]:
        """Each task with its result, in order."""
        done: dict[int, R | Failure] = {}
        next_task = next_out = 0
        try:
            while next_out < len(tasks):
                while next_task < len(tasks) and next_task - next_out < AHEAD * self._size and (worker := self._idle()) is not None:
                    self._start_task(worker, next_task, tasks[next_task])
                    next_task += 1
                done.update(self._collect())
                while next_out in done:
                    yield tasks[next_out], done.pop(next_out)
                    next_out += 1
        finally:
            self.close()

    def call(self, task: T) -> R | Failure:
        """One task, in a worker that stays for the next."""
        worker = self._idle()
        assert worker is not None, "one call at a time"
        self._start_task(worker, 0, task)
        while not (done := self._collect()):
            pass
        return done[0]

    def close(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            _kill(worker.process)
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers.clear()

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) < self._size:
            self._workers.append(self._spawn())
            return self._workers[-1]
        return None

    def _spawn(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_serve, args=(theirs, self._function, self._limits.megabytes), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _start_task(self, worker: _Worker, number: int, task: T) -> None:
        worker.task = number
        worker.deadline = time.monotonic() + self._limits.seconds + (5.0 if not worker.deadline else 0.0)  # the first one also imports
        with suppress(OSError):  # it is dead: _collect sees that
            worker.connection.send(task)

    def _collect(self) -> dict[int, R | Failure]:
        """Results and failures that have come, after waiting for at least one or for a deadline."""
        busy = [worker for worker in self._workers if worker.task is not None]
        timeout = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = set(wait([worker.connection for worker in busy], timeout))
        out: dict[int, R | Failure] = {}
        for worker in busy:
            assert worker.task is not None
            if worker.connection in ready:
                out[worker.task] = self._receive(worker)
            elif time.monotonic() >= worker.deadline:
                out[worker.task] = Failure(f"reading took longer than {self._limits.seconds:g} s")
                self._drop(worker)
            else:
                continue
            worker.task = None
        return out

    def _receive(self, worker: _Worker) -> R | Failure:
        try:
            result: Any = worker.connection.recv()
        except (EOFError, OSError):
            self._drop(worker)
            code = worker.process.exitcode
            how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            return Failure(f"the reader crashed on it ({how})")
        if isinstance(result, _Memory):
            return Failure(f"reading needs more than {self._limits.megabytes:g} MB of memory")
        if isinstance(result, Failure):
            return result
        value: R = result
        return value

    def _drop(self, worker: _Worker) -> None:
        _kill(worker.process)
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)


@dataclass(frozen=True, slots=True)
class _Memory:
    """Told by a worker whose memory was not enough."""


def _kill(process: BaseProcess) -> None:
    """End a worker with the programs that it started."""
    with suppress(ProcessLookupError, PermissionError):  # it may not have come so far as to have a group
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()


def _serve(connection: Connection, function: Callable[[Any], Any], megabytes: float) -> None:
    """The life of a worker: tasks come, results go, until the parent is gone."""
    os.setpgid(0, 0)  # programs that the reader starts end with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    limit = int(megabytes * 1024 * 1024)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            result = function(task)
        except MemoryError:
            result = _Memory()
        except Exception as error:
            result = Failure(f"the reader failed on it ({type(error).__name__}: {str(error)[:120]})")
        connection.send(result)


def _end_with_parent(parent: int) -> None:
    """Stop a long reading when the command that wanted it was killed."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.killpg(0, signal.SIGKILL)
