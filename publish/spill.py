"""Values by number, put aside on disk and read back in the order of the numbers, in memory that doesn't grow with their number.

They lie in one temporary file, in segments, each of one range of numbers; a range is what is held in memory at once.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from math import isqrt
from tempfile import TemporaryFile
from typing import Any

BUFFER = 2_000  # values that wait in memory, at least
RANGE = 2_000  # values of one range, about and at least
SEGMENT = 20  # values of one segment, about: the list of segments is held in memory, and each is read by itself
PLAIN = 2  # marshal's version without references between values: quicker where none occurs twice


class Spill:
    """Values under the numbers 1 to ``last``, of which ``expected`` may come; what ``marshal`` writes can be a value."""

    def __init__(self, last: int, expected: int) -> None:
        # Ranges and their number grow with the root of all values, so that neither a range nor the list of segments gets large.
        self._last, self._n_ranges = max(last, 1), max(1, expected // max(RANGE, 4 * isqrt(expected)))
        self._buffer = max(BUFFER, SEGMENT * self._n_ranges)
        self._waiting: list[tuple[list[int], list[Any]]] = [([], []) for _ in range(self._n_ranges)]
        self._segments: list[list[tuple[int, int]]] = [[] for _ in range(self._n_ranges)]
        self._n_waiting = self._end = 0
        self._file = TemporaryFile()  # noqa: SIM115 — closed by ``close``

    def add(self, number: int, value: Any) -> None:
        """Put a value aside."""
        numbers, values = self._waiting[(number - 1) * self._n_ranges // self._last]
        numbers.append(number)
        values.append(value)
        self._n_waiting += 1
        if self._n_waiting >= self._buffer:
            self._flush()

    def _flush(self) -> None:
        for pair, segments in zip(self._waiting, self._segments, strict=True):
            if pair[0]:
                data = marshal.dumps(pair, PLAIN)
                self._file.write(data)
                segments.append((self._end, len(data)))
                self._end += len(data)
                pair[0].clear()
                pair[1].clear()
        self._n_waiting = 0

    def read(self) -> Iterator[tuple[int, list[Any]]]:
        """(number, its values as they came), by number."""
        self._flush()
        for segments in self._segments:
            held: dict[int, list[Any]] = {}
            for start, size in segments:
                self._file.seek(start)
                for number, value in zip(*marshal.loads(self._file.read(size)), strict=True):  # noqa: S302 — our own, unnamed file
                    held.setdefault(number, []).append(value)
            for number in sorted(held):
                yield number, held.pop(number)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()
