"""The files that labels travel in.

JSONL: one object a line with ``dataset, ids, title, year, label, purposes, note, round, codebook, labelled_at, reviewer,
evidence``; ``ids`` maps schemes (doi, arxiv, s2, …) to values, ``evidence`` lists the passages that lay before the reviewer.
CSV: the same names but ``evidence`` as columns, one column for each scheme, purposes separated by spaces.  ``reviewer`` is
the pseudonym.  To bring labels in, an id and ``label`` are enough.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.errors import UsageError
from db.identity import SCHEMES
from verify.foreign import FORMATS, kind_of_csv, read_foreign

COLUMNS = ("dataset", "title", "year", "label", "purposes", "note", "round", "codebook", "labelled_at", "reviewer")
_FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would run a cell that begins so


def check_path(path: Path) -> None:
    """Raises UsageError where the ending of a file doesn't tell its format."""
    _is_csv(path)


def _is_csv(path: Path) -> bool:
    kind = path.suffix.lower()
    if kind not in (".csv", ".jsonl", ".ndjson") and str(path) != "-":
        raise UsageError(f"{path}: name a file that ends in .jsonl, .csv or .ris")
    return kind == ".csv"


def write_text(path: Path, text: str) -> None:
    """Write a whole file or nothing; ``-`` is stdout."""
    if str(path) == "-":
        sys.stdout.write(text)
    else:
        _write(path, text)


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write the rows as the ending of ``path`` says (``-``: JSONL on stdout): the whole file or none of it."""
    write_text(path, _csv_text(rows) if _is_csv(path) else "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _csv_text(rows: list[dict[str, Any]]) -> str:
    schemes = [scheme for scheme in SCHEMES if any(scheme in row["ids"] for row in rows)]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*schemes, *COLUMNS], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells = {**row["ids"], **row, "purposes": " ".join(row["purposes"])}
        writer.writerow({name: _guarded(value) for name, value in cells.items()})
    return out.getvalue()


def _guarded(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except FileNotFoundError as error:
        raise UsageError(f"{path.parent} does not exist; make it first, or name another file") from error


def read_rows(path: Path, member: str, kind: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, row) of each line; a line that is no JSON object gives a row with the key ``error``.

    ``kind`` is one of foreign.FORMATS; without it the ending and the column names tell.  ``member`` is the reviewer's name.
    """
    text = _read(path)
    if kind is None:
        kind = "ris" if path.suffix.lower() == ".ris" else kind_of_csv(_header(text)) if _is_csv(path) else None
    if kind in FORMATS:
        yield from read_foreign(kind, text, member)
    elif path.suffix.lower() == ".csv":
        yield from _csv_rows(path, text)
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, _json_row(line)


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not in UTF-8; save it as UTF-8 and try again") from error


def _header(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline="")), [])


def _json_row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):  # a number of five thousand digits is one, too
        return {"error": "is no JSON"}
    return row if isinstance(row, dict) else {"error": "is no JSON object"}


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        if "label" not in (reader.fieldnames or ()):
            raise UsageError(f"{path} has no column named label; the first line must name the columns")
        for row in reader:
            cells = {name: value for name, value in row.items() if name and value not in (None, "")}
            unguarded = {name: value[1:] if value[:1] == "'" and value[1:].startswith(_FORMULA) else value for name, value in cells.items()}
            yield reader.line_num, {**unguarded, "ids": {s: unguarded[s] for s in SCHEMES if s in unguarded}}
    except csv.Error as error:
        raise UsageError(f"{path} line {reader.line_num} is no CSV ({error})") from error
