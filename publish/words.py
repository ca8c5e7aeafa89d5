"""Numbers and codes as people say them."""

from __future__ import annotations

from collections.abc import Iterable

from db.wording import noun

PURPOSES = {
    "train": "training",
    "validate": "validation",
    "test": "testing",
    "derive": "making another dataset",
    "embodiment": "what a patent protects",
}


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 work", "2,000 works"; ``many`` where the plural is not ``one`` with an s."""
    return f"{n:,} {noun(n, one, many)}"


def joined(words: Iterable[str]) -> str:
    """Words as a sentence lists them: "a, b and c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def purposes(codes: Iterable[str]) -> str:
    """What a dataset was used for."""
    return ", ".join(PURPOSES.get(code, code) for code in codes)
