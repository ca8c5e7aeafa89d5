"""The command ``match``: strings in, answers out, one at a time; memory stays flat however many there are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO

from geocode.assignees import spelled_out
from geocode.explain import explain
from geocode.finding import answer_to
from geocode.matcher import Answer, Matcher

LONGEST_LINE = 1_000_000  # bytes; what is beyond belongs to no affiliation and is passed over
KEPT = 50_000  # answers kept for strings that come again
KEPT_LENGTH = 1_000  # characters of a string that is worth keeping
COLUMNS = (
    "line", "affiliation", "ror_id", "name", "country_code", "city", "latitude", "longitude", "sector", "score", "method", "reason",
)  # fmt: skip


def read_lines(source: BinaryIO) -> Iterator[str]:
    """The lines of a stream, whatever bytes are in them; of an endless line only its beginning."""
    while line := source.readline(LONGEST_LINE):
        whole = line.endswith(b"\n")
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")
        while not whole and (rest := source.readline(LONGEST_LINE)):
            whole = rest.endswith(b"\n")


def answers(matcher: Matcher, source: BinaryIO, *, explained: bool = False) -> Iterator[dict[str, object]]:
    """An answer for each line, in order; a string that comes again soon is not matched again."""

    def find(text: str) -> dict[str, object]:
        answer = answer_to(matcher, text)
        return as_json(text, answer) | ({"explanation": explain(matcher, spelled_out(text), answer)} if explained else {})

    remembered: Callable[[str], dict[str, object]] = lru_cache(KEPT)(find)
    for text in read_lines(source):
        yield (remembered if len(text) <= KEPT_LENGTH else find)(text)


def as_json(affiliation: str, answer: Answer) -> dict[str, object]:
    """An answer as scripts read it: ``ror_ids`` and ``institutions`` hold accepted matches only.

    ``successor`` stands with a closed institution that another one took over.
    """
    institutions = [
        {
            "ror_id": m.institution.ror_id,
            "name": m.institution.name,
            "country_code": m.country_code,
            "city": m.city,
            "latitude": m.latitude,
            "longitude": m.longitude,
            "sector": m.institution.sector,
            "score": round(m.score, 4),
            "method": m.method,
        }
        | ({"successor": m.successor.ror_id} if m.successor else {})
        for m in answer.matches
    ]
    return {
        "affiliation": affiliation,
        "ror_ids": [m.institution.ror_id for m in answer.matches],
        "institutions": institutions,
        "reason": answer.reason,
    }


def jsonl(found: Iterator[dict[str, object]]) -> Iterator[str]:
    """One JSON object a line."""
    return map(json.dumps, found)


def csv_lines(found: Iterator[dict[str, object]]) -> Iterator[str]:
    """A table with one row for each institution, and one for each string without any; ``line`` counts from 1."""
    yield ",".join(COLUMNS)
    for number, answer in enumerate(found, 1):
        institutions = answer["institutions"]
        assert isinstance(institutions, list)
        for institution in institutions or [{}]:
            row = {**institution, "line": number, "affiliation": answer["affiliation"], "reason": answer["reason"]}
            yield _csv([row.get(column) for column in COLUMNS])


def _csv(cells: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, made harmless; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
