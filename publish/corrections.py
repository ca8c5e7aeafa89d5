"""The public list of corrections: answers of organisations that are named, and decisions that were changed."""

from __future__ import annotations

from collections.abc import Iterable

from db.queries.corrections import Correction, Reply

CORRECTION_COLUMNS = ("dataset", "date", "kind", "who", "about", "what", "outcome", "reason")
OUTCOMES = {"open": "being looked into", "corrected": "corrected", "declined": "not changed", "noted": "printed here"}


def correction_rows(slug: str, replies: Iterable[Reply], changes: Iterable[Correction]) -> list[list[object]]:
    """Rows of ``CORRECTION_COLUMNS``: answers first, then changed decisions, each newest first."""
    answered: list[list[object]] = [[slug, r.received_on, "answer", r.who, r.about, r.what, r.outcome, r.reason] for r in replies]
    changed: list[list[object]] = [
        [slug, c.at[:10], "decision", None, c.work_id, c.work, "corrected", f"{c.before} → {c.after}"] for c in changes
    ]
    return [*answered, *changed]
