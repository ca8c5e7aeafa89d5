"""What was corrected: final decisions that replaced an earlier one, and the answers of those who are named."""

from __future__ import annotations

from typing import NamedTuple

from db.connect import Database
from db.queries.scope import load_names


class Correction(NamedTuple):
    """One change of what was said of a work; ``before`` and ``after`` are decisions, "open" where it is under review again."""

    at: str
    work: str
    before: str
    after: str
    work_id: str


class Reply(NamedTuple):
    """What an organisation that is named said, and what came of it.  ``slug`` None: it concerns every dataset."""

    slug: str | None
    received_on: str
    who: str
    what: str
    about: str | None
    outcome: str
    reason: str | None
    recorded_at: str


# Each decision beside the one before it.
_DECISIONS = """
  WITH told AS (
    SELECT w.group_id, d.decision_id, d.label, d.decided_at,
           lag(d.label) OVER (PARTITION BY w.group_id ORDER BY d.decision_id) AS before
      FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = :slug)
  SELECT group_id, decided_at, before, label FROM told WHERE before IS NOT NULL AND before <> 'open' AND before <> label"""
_REPLIES = f"""SELECT {", ".join(Reply._fields)} FROM correction WHERE slug = ? OR slug IS NULL
                ORDER BY received_on DESC, correction_id DESC"""


def load_corrections(db: Database, slug: str) -> list[Correction]:
    """Every final decision of a dataset that changed an earlier one, newest first."""
    rows = db.conn.execute(_DECISIONS, {"slug": slug}).fetchall()
    names = load_names(db, [row[0] for row in rows])
    told = [Correction(at, names[group_id][1] or "Untitled", before, after, names[group_id][0]) for group_id, at, before, after in rows]
    return sorted(told, key=lambda c: (c.at, c.work, c.after), reverse=True)


def load_replies(db: Database, slug: str) -> list[Reply]:
    """Every answer that concerns a dataset, newest first."""
    return [Reply(*row) for row in db.conn.execute(_REPLIES, [slug])]
