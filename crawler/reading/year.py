"""The year in which a document says that it came out: in a copyright line, a conference's line or arXiv's stamp of its first page.

A year in running text says nothing, so only lines of those kinds count, and only where they agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_YEAR = r"((?:19|20)\d\d)"
_COPYRIGHT = re.compile(rf"(?:©|\(c\)|\bcopyright\b)\s*(?:©|\(c\)|by)?\s*{_YEAR}\b(?!\s*[-–]\s*\d)", re.IGNORECASE)
_CONFERENCE = re.compile(
    r"^\W*(?:published (?:as a|in|at)|accepted (?:at|to|by|for)|to appear (?:in|at)|presented at|appears in|(?:in )?proceedings of|"
    r"\d{1,2}(?:st|nd|rd|th) (?:\S+ ){0,8}(?:conference|workshop|symposium|congress)\b)",
    re.IGNORECASE,
)
_STAMP = re.compile(
    rf"\barXiv:\s?\d{{4}}\.\d{{4,5}}v\d+\b.{{0,30}}\b\d{{1,2}} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* {_YEAR}\b"
)
LONGEST = 200  # letters; what is longer is running text


def find_year(lines: Iterable[str]) -> int | None:
    """The year that the lines of a first page tell; None where they tell none or several."""
    told: set[int] = set()
    stamped: set[int] = set()
    for line in lines:
        if len(line) <= LONGEST:
            told |= set(map(int, _COPYRIGHT.findall(line)))
            years = set(map(int, re.findall(rf"(?<![\d/.-]){_YEAR}(?![\d/])", line))) if _CONFERENCE.search(line) else set()
            told |= years if len(years) == 1 else set()
            stamped |= set(map(int, _STAMP.findall(line)))
    found = {year for year in told or stamped if year <= datetime.now(UTC).year + 1}
    return found.pop() if len(found) == 1 else None
