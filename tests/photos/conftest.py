"""The command as a user calls it, and what it wrote."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from whereused import main


@dataclass(frozen=True)
class Desk:
    """A folder with a database to be; ``audit`` returns audit.json."""

    folder: Path

    @property
    def db(self) -> Path:
        return self.folder / "w.db"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def call(self, *args: object, code: int = 0) -> str:
        """stdout of `whereused ARGS`, which has to end with this code."""
        result = CliRunner().invoke(main, ["-q", "--db", str(self.db), *map(str, args)])
        if result.exception and not isinstance(result.exception, SystemExit) and code == 0:
            raise result.exception
        got = getattr(result.exception, "exit_code", result.exit_code)
        assert got == code, result.output
        return result.stdout if code == 0 else str(result.exception)

    def audit(self, *args: object) -> dict[str, Any]:
        self.call("photos", "audit", *args, "--out", self.out)
        found: dict[str, Any] = json.loads((self.out / "audit.json").read_text())
        return found

    def licences(self) -> dict[str, int]:
        with (self.out / "licences.csv").open() as file:
            return {row["licence"]: int(row["count"]) for row in csv.DictReader(file)}

    def rejects(self) -> list[tuple[str, str]]:
        """(line, reason) of each refused row."""
        with (self.out / "rejects.csv").open() as file:
            return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
