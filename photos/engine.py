"""The analytical engine, and the only module that knows DuckDB (https://duckdb.org/docs/stable/).

Everything runs inside ``MEMORY``; what doesn't fit goes to a folder that is removed in the end.  No extension is ever
loaded from a network: JSON and Parquet are part of the wheel.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from db.errors import StorageError

MEMORY = "640MiB"  # of the engine's buffers; with Python and the reader's own buffers the process stays under 1 GiB
THREADS = 4
_SCRATCH = ".photos-"
_PATTERN = re.compile(r"[*?\[]")


class BadRowsError(Exception):
    """The engine met a row that it can't read as it was told; the careful reader says which."""


class Engine:
    """One connection.  ``scratch`` is a folder for pieces of input, removed with it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self._connection = connection
        self.scratch = scratch

    def input(self, path: Path) -> str:
        """A file to read, as an SQL literal.  The engine takes ``*``, ``?`` and ``[`` for patterns, so such a name gets another one."""
        if not _PATTERN.search(str(path.absolute())):
            return quoted(path)
        link = self.scratch / f"input-{len(list(self.scratch.iterdir()))}"
        link.symlink_to(path.absolute())
        return quoted(link)

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Execute a statement.  BadRowsError where the input isn't as told, StorageError where the disk or the memory is full."""
        try:
            self._connection.execute(sql, list(values))
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise BadRowsError(str(error).splitlines()[0]) from error
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise StorageError(f"photos: {str(error).splitlines()[0]}; free some disk space or memory and run the same command") from error

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        self.run(sql, values)
        return self._connection.fetchall()

    def progress(self) -> float:
        """The share of the running query that is done, as the engine guesses it; may be asked from another thread."""
        return max(0.0, float(self._connection.query_progress())) / 100

    def one(self, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
        """The one row of a query."""
        return self.rows(sql, values)[0]

    def batches(self, sql: str, size: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some at a time."""
        self.run(sql)
        while batch := self._connection.fetchmany(size):
            yield batch


def _sweep(folder: Path) -> None:
    """Remove what calls left that were killed; a call that is alive keeps its own."""
    for left in folder.glob(f"{_SCRATCH}*-*"):
        number = left.name.removeprefix(_SCRATCH).split("-")[0]
        if number.isdigit() and not Path("/proc", number).exists() and Path("/proc").is_dir():
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def open_engine(folder: Path) -> Iterator[Engine]:
    """An engine whose scratch space lies in ``folder``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        place = None if _PATTERN.search(str(folder.absolute())) else folder
        holder = TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", dir=place)
    except OSError as error:
        raise StorageError(f"{folder} can't be written ({error.strerror}); name another place") from error
    with holder as name:
        connection = duckdb.connect(
            config={
                "threads": min(THREADS, os.cpu_count() or 1),
                "memory_limit": MEMORY,
                "temp_directory": name,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        for option in ("enable_progress_bar = true", "enable_progress_bar_print = false"):  # `progress` gets an answer, nothing is printed
            connection.execute(f"SET {option}")
        try:
            yield Engine(connection, Path(name))
        finally:
            connection.close()


def quoted(path: Path) -> str:
    """A path as an SQL literal."""
    return "'" + str(path.absolute()).replace("'", "''") + "'"
