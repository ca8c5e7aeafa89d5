"""Rows that don't count, each with its file, line and reason.  Their content stays where it is: it is personal."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from db.errors import StorageError

COLUMNS = ("file", "line", "reason")


class Rejects:
    """Writes ``rejects.csv`` as rows are refused; ``line`` counts from 1, or is the key of a JSON entry."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("w", encoding="utf-8", newline="", errors="replace")
        except OSError as error:
            raise StorageError(f"{self.path} can't be written ({error.strerror}); name another place with --out") from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, file: Path, line: object, reason: str) -> None:
        """One row that doesn't count."""
        self.reasons[reason] += 1
        self._writer.writerow((file.name, line, reason))

    @property
    def total(self) -> int:
        """How many rows were refused."""
        return sum(self.reasons.values())
