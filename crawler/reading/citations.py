"""Citations by number: where the text points to the reference that introduced a dataset, without its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.reading.passages import Block

_NUMBER = re.compile(r"\s*\[?(\d{1,3})[\].]\s")
_BRACKETS = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_RAISED = re.compile(r"(?<=[^\W\d_][^\W\d_])[.,;)]?([⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,–-][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*)")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
WIDEST = 12  # references that ``[3–14]`` may hold; a wider range is no citation


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the text that cites references by number."""

    block: Block
    start: int
    end: int
    numbers: frozenset[int]


def entry_number(entry: str) -> int | None:
    """The number that an entry of a reference list begins with."""
    match = _NUMBER.match(entry)
    return int(match[1]) if match else None


def citations(blocks: Iterable[Block]) -> list[Citation]:
    """All citations by number in the body: in brackets or raised, whichever the document has more of."""
    body = [block for block in blocks if not block.in_references]
    bracketed = [citation for block in body for citation in _in(block, _BRACKETS)]
    by_mark = [citation for block in body for citation in _in(block, _RAISED)]
    return bracketed if len(bracketed) >= len(by_mark) else by_mark


def _in(block: Block, pattern: re.Pattern[str]) -> Iterator[Citation]:
    for match in pattern.finditer(block.text):
        numbers = _numbers(match[1].translate(_PLAIN))
        if numbers:
            yield Citation(block, match.start(1) - (pattern is _BRACKETS), match.end(), numbers)


def _numbers(text: str) -> frozenset[int]:
    """``3, 5–7`` → 3, 5, 6, 7."""
    found: set[int] = set()
    for part in re.split(r"[,;]", text):
        low, _, high = (piece.strip() for piece in re.sub("–", "-", part).partition("-"))
        if low:
            last = int(high or low)
            found.update(range(int(low), last + 1) if last - int(low) <= WIDEST else ())
    return frozenset(found)
