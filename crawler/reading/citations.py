"""Citations: where the text points to the reference that introduced a dataset, without its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.reading.entries import Key, citing, key_of
from crawler.reading.passages import Block, entries_of

_BRACKETS = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_RAISED = re.compile(r"(?<=[^\W\d_][^\W\d_])[.,;)]?([⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,–-][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*)")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
WIDEST = 12  # references that ``[3–14]`` may hold; a wider range is no citation


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the text that cites references; ``numbers`` is empty where it does so by a label, or by author and year."""

    block: Block
    start: int
    end: int
    numbers: frozenset[int] = frozenset()


def citations_of(blocks: Sequence[Block], keys: Iterable[Key]) -> list[Citation]:
    """The places of the body that cite one of these entries of the reference list."""
    wanted = set(keys)
    numbers = {key.number for key in wanted if key.number is not None}
    found = [citation for citation in _by_number(blocks) if numbers & citation.numbers] if numbers else []
    patterns = [pattern for key in wanted if not _is_shared(key, blocks) and (pattern := citing(key)) is not None]
    return found + [
        Citation(block, match.start(), match.end())
        for block in blocks
        if not block.in_references
        for pattern in patterns
        for match in pattern.finditer(block.text)
    ]


def _is_shared(key: Key, blocks: Sequence[Block]) -> bool:
    """Whether another entry is cited by the same author and year, so that the text doesn't tell which."""
    if not key.surname:
        return False
    others = [key_of(entry) for block in blocks if block.in_references for entry in entries_of(block)]
    return sum(other.surname == key.surname and bool(other.years & key.years) for other in others) > 1


def _by_number(blocks: Iterable[Block]) -> list[Citation]:
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
