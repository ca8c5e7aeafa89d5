"""The year in which a crawl takes place: today's, or that of the crawl that is replayed."""

from __future__ import annotations

from datetime import UTC, datetime

_replayed: int | None = None


def this_year() -> int:
    """It says how far windows of dates go, and which years can be."""
    return _replayed or datetime.now(UTC).year


def pretend(year: int | None) -> None:
    """A replay takes place in the year of its archive; None: today."""
    global _replayed
    _replayed = year
