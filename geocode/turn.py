"""One request at a time to a service, for all processes of a user: the pace that Nominatim's policy asks of the whole application.

The time of the last request stands in a small file beside the gazetteer index; whoever holds its lock may ask.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from db.errors import StorageError


class Turn:
    """``with turn.taken():`` waits until ``pause`` seconds after the last request of anybody and keeps others away meanwhile."""

    def __init__(self, path: Path, pause: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._path, self._pause, self._sleep = path, pause, sleep
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{path.parent} can't be made ({error.strerror}); name another place with WHEREUSED_GAZETTEER") from error
        self._lock = FileLock(path.with_name(path.name + ".lock"))

    @contextmanager
    def taken(self, attempt: int = 0) -> Iterator[None]:
        """The time of one request; each further attempt waits twice as long."""
        with self._lock:
            pause = self._pause * 2**attempt
            wait = min(self._last() + pause - time.time(), pause)  # at most that, also where the clock was set back
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self._path.write_text(f"{time.time():.3f}", encoding="ascii")

    def _last(self) -> float:
        with suppress(OSError, ValueError):
            return float(self._path.read_text(encoding="ascii"))
        return 0.0
