"""Datasets that are not published, since the last reading of one of their lists is not to be trusted."""

from __future__ import annotations

from collections.abc import Iterable

from db.connect import Database
from db.queries.suspects import load_suspects


def find_refused(db: Database, slugs: Iterable[str]) -> dict[str, str]:
    """Dataset → why it is not published, for those with a suspect list."""
    found = ((slug, load_suspects(db, slug)) for slug in slugs)
    return {
        slug: "; ".join(f"{s.provider}: {s.reason}" for s in suspects) + ": the last crawl is suspect, crawl again"
        for slug, suspects in found
        if suspects
    }


def in_words(refused: dict[str, str]) -> str:
    """One line that says what to do."""
    told = "; ".join(f"{slug} ({why})" for slug, why in refused.items())
    return f"not published, what was published earlier stays: {told}; mend that, or say --accept-suspect"
