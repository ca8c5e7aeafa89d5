"""Work of pure functions on a Dask cluster (https://distributed.dask.org/en/stable/), and the only module that knows Dask.

A task goes to a worker and comes back as a result; nobody but the caller writes anywhere, so a task may be computed twice
without harm.  A lost worker's tasks are given to others by the scheduler; those of a lost scheduler are handed in again when one
answers at the address.  Extra ``cluster``.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from db.errors import ProviderError, UsageError

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 6  # tasks under way for each thread of the cluster: two where they are computed, the others on their way
PATIENCE = 120.0  # seconds to wait for a scheduler or a worker before giving up
_LEAVE = 5.0  # seconds for saying goodbye
_LOOK = 1.0  # seconds after which a silent scheduler is looked at


@dataclass(frozen=True, slots=True)
class Lost:
    """A task whose workers died again and again, and why."""

    reason: str


def run_on_cluster(
    address: str, function: Callable[[T], R], make: Callable[[int], T], n: int, *, patience: float | None = None
) -> Iterator[R | Lost]:
    """``function`` (importable by name on the workers) over ``n`` tasks, the results in their order; ``make`` makes a task when it is due.

    Raises ProviderError where no scheduler or no worker can be had for ``patience`` seconds, and whatever ``function`` raises.
    """
    job = _Job(address, function, make, n, PATIENCE if patience is None else patience)
    try:
        yield from job.results()
    finally:
        job.close()


class _Job(Generic[T, R]):
    def __init__(self, address: str, function: Callable[[T], R], make: Callable[[int], T], n: int, patience: float) -> None:
        self._address, self._function, self._make, self._n, self._patience = address, function, make, n, patience
        self._arrived: SimpleQueue[tuple[int, int]] = SimpleQueue()  # (connection, task)
        self._under_way: dict[int, Any] = {}
        self._connection = 0
        self._client = self._connect()

    def results(self) -> Iterator[R | Lost]:
        done: dict[int, R | Lost] = {}
        begun = out = 0
        while out < self._n:
            while begun < self._n and begun - out < self._most:
                self._submit(begun)
                begun += 1
            done.update(self._collect())
            while out in done:
                yield done.pop(out)
                out += 1

    def close(self) -> None:
        """Take back what is under way, and go."""
        self._under_way.clear()  # the scheduler forgets tasks whose client is gone
        closing = threading.Thread(target=self._client.close, kwargs={"timeout": _LEAVE}, daemon=True)  # it hangs without a scheduler
        closing.start()
        closing.join(2 * _LEAVE)

    def _connect(self) -> Any:
        """A client with at least one worker; waits for them."""
        try:
            import distributed
        except ImportError as error:
            raise UsageError("--cluster needs more packages: pip install 'whereused[cluster]'") from error
        for name in ("distributed.client", "distributed.core", "distributed.comm.core", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost scheduler is told once, by ourselves
        try:
            make_client: Any = distributed.Client
            client: Any = make_client(self._address, timeout=self._patience, set_as_default=False)
        except ValueError as error:
            raise UsageError(f"--cluster {self._address}: {error}; give an address such as tcp://scheduler:8786") from error
        except (OSError, TimeoutError) as error:
            raise ProviderError(f"no Dask scheduler answers at {self._address}; start one with `dask scheduler`") from error
        self._await_workers(client)
        return client

    def _await_workers(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=self._patience)
        except (OSError, TimeoutError) as error:
            client.close(timeout=_LEAVE)
            raise ProviderError(f"no worker has joined {self._address}; start some with `dask worker {self._address}`") from error
        self._most = AHEAD * max(sum(client.nthreads().values()), 1)

    def _submit(self, number: int) -> None:
        future = self._client.submit(self._function, self._make(number), pure=False)
        self._under_way[number] = future
        connection = self._connection
        future.add_done_callback(lambda _: self._arrived.put((connection, number)))

    def _collect(self) -> dict[int, R | Lost]:
        """What has come, after waiting for at least one."""
        found: dict[int, R | Lost] = {}
        silent = time.monotonic()
        while not found:
            try:
                connection, number = self._arrived.get(timeout=_LOOK)
            except Empty:
                self._look(time.monotonic() - silent)
                continue
            while True:
                if connection == self._connection and number in self._under_way:
                    found |= self._fetch(number)
                if self._arrived.empty() or len(found) >= self._most:
                    break
                connection, number = self._arrived.get()
        return found

    def _fetch(self, number: int) -> dict[int, R | Lost]:
        from distributed import KilledWorker

        future = self._under_way[number]
        try:
            result: R | Lost = future.result(timeout=self._patience)
        except KilledWorker:
            result = Lost("the worker died on it several times")
        except (CancelledError, TimeoutError, OSError):  # the scheduler is gone, or the worker that had the result
            self._begin_again()
            return {}
        del self._under_way[number]
        return {number: result}

    def _look(self, silence: float) -> None:
        """Whether there is still somebody at work."""
        if self._client.status != "running":
            self._begin_again()
        elif silence > self._patience and not self._client.scheduler_info()["workers"]:
            raise ProviderError(f"all workers have left {self._address}; what was done is kept, the same command goes on from there")

    def _begin_again(self) -> None:
        """The same scheduler again or another one at its address, and everything that had not come back."""
        waiting = sorted(self._under_way)
        self._under_way.clear()
        self._connection += 1
        deadline = time.monotonic() + self._patience
        while self._client.status == "connecting" and time.monotonic() < deadline:  # it tries by itself, and can't be closed meanwhile
            time.sleep(_LOOK / 10)
        if self._client.status == "running":
            self._await_workers(self._client)
        else:
            self._client = self._connect()
        for number in waiting:
            self._submit(number)
