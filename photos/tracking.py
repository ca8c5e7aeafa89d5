"""How far the reading has come, in bytes of the files as they lie on the disk: also within a file of 15 GB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from rich.progress import Progress

from photos.engine import Engine

MIB = 1024**2
EVERY = 0.3  # seconds between two looks at a running query


class Track:
    """The bar of a call; files are told of in any order, each once."""

    def __init__(self, bars: Progress | None = None, files: Iterable[Path] = ()) -> None:
        self._bars, self._done, self._size = bars, 0, 0
        total = sum(path.stat().st_size for path in files)
        self._task = bars.add_task("read, MiB", total=-(-total // MIB)) if bars else None

    def start(self, path: Path) -> None:
        """A file begins; the one before it is done."""
        self._done += self._size
        self._size = path.stat().st_size
        self.at(0)

    def at(self, done: int) -> None:
        """So many bytes of the file were read."""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, completed=-(-(self._done + min(done, self._size)) // MIB))

    @contextmanager
    def watching(self, engine: Engine) -> Iterator[None]:
        """While the engine reads the whole file by itself: ask it how far it is."""
        stop = Event()

        def watch() -> None:
            while not stop.wait(EVERY):
                if (share := engine.progress()) > 0:
                    self.at(int(share * self._size))

        watcher = Thread(target=watch, daemon=True)
        if self._bars is not None and not self._bars.disable:
            watcher.start()
        try:
            yield
        finally:
            stop.set()
            if watcher.ident is not None:
                watcher.join()
