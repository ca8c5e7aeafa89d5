"""Recording answers, one at a time or from a CSV file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from db.config import Config
from db.connect import one_line_errors, open_existing, open_for_reading, writing
from db.corrections import OUTCOMES, Answer, save_answer
from db.errors import UsageError
from db.queries import snapshot
from db.queries.corrections import Reply, load_replies
from db.queries.datasets import load_dataset

COLUMNS = ("dataset", "received_on", "who", "what", "about", "outcome", "reason")
_NEEDED = ("received_on", "who", "what", "outcome")
_PERSONAL = re.compile(r"\S@\S")


def make_answer(told: dict[str, str | None]) -> Answer:
    """An entry from its cells.  Raises UsageError that names the cell which is missing or wrong."""
    cells = {name: " ".join((told.get(name) or "").split()) or None for name in COLUMNS}
    for name in _NEEDED:
        if not cells[name]:
            raise UsageError(f"{name} is missing")
    try:
        date.fromisoformat(cells["received_on"] or "")
    except ValueError:
        raise UsageError(f"--received (received_on in a file) {cells['received_on']!r} is no day; write it as YYYY-MM-DD") from None
    if cells["outcome"] not in OUTCOMES:
        raise UsageError(f"outcome {cells['outcome']!r} is none of {', '.join(OUTCOMES)}")
    if any(_PERSONAL.search(cell or "") for cell in cells.values()):
        raise UsageError("an e-mail address stands in it; the list is public: name the organisation only")
    return Answer(
        cells["dataset"],
        cells["received_on"] or "",
        cells["who"] or "",
        cells["what"] or "",
        cells["about"],
        cells["outcome"] or "",
        cells["reason"],
    )


def run_add(config: Config, answers: list[Answer]) -> int:
    """Append the entries, all or none; how many were new."""
    db = open_existing(config.db)
    try:
        with one_line_errors(config.db), writing(db):
            return sum(save_answer(db, answer) for answer in answers)
    finally:
        db.close()


def read_file(path: Path) -> list[Answer]:
    """The entries of a CSV file with the columns ``COLUMNS``.  Raises UsageError with the line that is wrong."""
    return list(_read(path))


def _read(path: Path) -> Iterator[Answer]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
            if missing:
                raise UsageError(f"{path} has no column {missing[0]}; wanted are {', '.join(COLUMNS)}")
            for row in rows:
                try:
                    yield make_answer(row)
                except UsageError as error:
                    raise UsageError(f"{path}, line {rows.line_num}: {error}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} can't be read as CSV in UTF-8 ({error})") from error


def run_list(config: Config, slug: str) -> list[Reply]:
    """The answers that concern a dataset, newest first."""
    db = open_for_reading(config.db)
    try:
        with one_line_errors(config.db), snapshot(db):
            load_dataset(db, slug)
            return load_replies(db, slug)
    finally:
        db.close()
