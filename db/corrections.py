"""Corrections: what those who are named said, and what came of it.  Append-only; only ``verify`` imports this module."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from db.connect import Database, now
from db.errors import UsageError

OUTCOMES = ("open", "corrected", "declined", "noted")


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry of the public list.  ``slug`` None: it concerns every dataset; ``received_on`` is YYYY-MM-DD."""

    slug: str | None
    received_on: str
    who: str
    what: str
    about: str | None
    outcome: str
    reason: str | None


def save_answer(db: Database, answer: Answer) -> bool:
    """Append an entry; False where the same one stands already.  Inside a transaction of the caller.

    Raises UsageError for a dataset that isn't there.
    """
    if answer.slug is not None and not db.conn.execute("SELECT 1 FROM dataset WHERE slug = ?", [answer.slug]).fetchone():
        raise UsageError(f"no dataset {answer.slug!r} in this database; `whereused datasets list` names them")
    same = "slug IS ? AND received_on = ? AND who = ? AND what = ? AND about IS ? AND outcome = ? AND reason IS ?"
    if db.conn.execute(f"SELECT 1 FROM correction WHERE {same}", astuple(answer)).fetchone():
        return False
    db.conn.execute(
        "INSERT INTO correction (slug, received_on, who, what, about, outcome, reason, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [*astuple(answer), now()],
    )
    return True
