"""What the crawl writes of patents beside the patents themselves: searches with their positions, parts that were asked for.

Inside a transaction of the caller, but for what only reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from db.connect import now
from db.errors import DatabaseError


@dataclass(frozen=True, slots=True)
class SearchStep:
    """A step of the search for one dataset: from position ``before`` to ``after``; ``n_hits`` are the rows of the page."""

    slug: str
    before: str
    after: str
    is_done: bool
    n_hits: int
    reported: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a patent (biblio, claims, description, page) and what came: ``reason`` where the service has none."""

    number: str
    part: str
    reason: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SearchState:
    """Where a search stands."""

    slug: str
    provider: str
    state: str
    position: str
    n_hits: int
    reported: int | None
    completed_at: str | None


def open_search(db: Database, provider: str, slug: str, *, run_id: int) -> str:
    """Begin a search, or go on with one that did not end; the position from which it goes on."""
    db.conn.execute(
        """INSERT INTO patent_search (provider, slug, state, run_id, started_at) VALUES (?1, ?2, 'paging', ?3, ?4)
           ON CONFLICT DO UPDATE SET state = 'paging', pass = pass + 1, position = '{}', n_hits = 0, run_id = ?3, started_at = ?4
             WHERE state = 'done'""",
        [provider, slug, run_id, now()],
    )
    row = db.conn.execute("SELECT position FROM patent_search WHERE provider = ? AND slug = ?", [provider, slug]).fetchone()
    return str(row[0])


def save_step(db: Database, provider: str, step: SearchStep, *, run_id: int) -> None:
    """The position after a page; the last one withdraws the findings that this pass did not show, where it showed any at all.

    DatabaseError where the search doesn't stand at ``step.before``.
    """
    moved = db.conn.execute(
        """UPDATE patent_search SET position = ?, state = ?, n_hits = n_hits + ?, reported_count = coalesce(?, reported_count), run_id = ?,
                  completed_at = CASE WHEN ? THEN ? ELSE completed_at END
            WHERE provider = ? AND slug = ? AND position = ? AND state = 'paging'""",
        [step.after, "done" if step.is_done else "paging", step.n_hits, step.reported, run_id, step.is_done, now(), provider, step.slug,
         step.before],
    )  # fmt: skip
    if moved.rowcount != 1:
        raise DatabaseError("another crawl has moved on with the same search; wait for it to end, then try again")
    if step.is_done:
        db.conn.execute(
            """UPDATE finding SET withdrawn_at = ?3 WHERE provider = ?1 AND slug = ?2 AND withdrawn_at IS NULL
                  AND EXISTS (SELECT 1 FROM patent_hit h JOIN patent_search s USING (provider, slug)
                               WHERE h.provider = ?1 AND h.slug = ?2 AND h.how = finding.how AND h.work_id = finding.work_id
                                 AND h.last_pass < s.pass AND s.n_hits > 0)""",
            [provider, step.slug, now()],
        )


def save_hit(db: Database, provider: str, slug: str, how: str, work_id: int) -> None:
    """Note that the pass under way has shown a patent."""
    db.conn.execute(
        """INSERT INTO patent_hit (provider, slug, how, work_id, last_pass)
           SELECT provider, slug, ?, ?, pass FROM patent_search WHERE provider = ? AND slug = ?
           ON CONFLICT DO UPDATE SET last_pass = excluded.last_pass WHERE last_pass < excluded.last_pass""",
        [how, work_id, provider, slug],
    )


def is_searched(db: Database, provider: str, slug: str, *, days: float) -> bool:
    """Whether the last search for a dataset ended less than ``days`` ago and no other has begun."""
    since = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sql = "SELECT 1 FROM patent_search WHERE provider = ? AND slug = ? AND state = 'done' AND completed_at > ?"
    return db.conn.execute(sql, [provider, slug, since]).fetchone() is not None


def load_searches(db: Database, slugs: Iterable[str]) -> list[SearchState]:
    """The searches for these datasets, by dataset and provider."""
    sql = """SELECT slug, provider, state, position, n_hits, reported_count, completed_at FROM patent_search
              WHERE slug IN (SELECT value FROM json_each(?)) ORDER BY slug, provider"""
    return [SearchState(*row) for row in db.conn.execute(sql, [json.dumps(list(slugs))])]


def save_part(db: Database, provider: str, part: Part, *, run_id: int) -> None:
    """Note that a part was asked for."""
    db.conn.execute(
        """INSERT INTO patent_part (provider, publication_number, part, status, reason, sha256, run_id, retrieved_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET status = excluded.status, reason = excluded.reason, sha256 = excluded.sha256, run_id = excluded.run_id,
             retrieved_at = excluded.retrieved_at""",
        [provider, part.number, part.part, "none" if part.reason else "told", part.reason, part.sha256, run_id, now()],
    )


def load_missing(db: Database, slugs: Sequence[str], provider: str, part: str, offices: Iterable[str] = ()) -> list[str]:
    """The publication numbers in the scope of these datasets of which this part was never asked for; of these offices only."""
    sql = """SELECT DISTINCT e.value FROM external_id e JOIN work w USING (work_id) JOIN found f USING (work_id)
              WHERE e.scheme = 'publication_number' AND e.is_primary = 1 AND w.kind = 'patent' AND f.withdrawn_at IS NULL
                AND f.slug IN (SELECT value FROM json_each(?1))
                AND (?4 = '[]' OR substr(e.value, 1, 2) IN (SELECT value FROM json_each(?4)))
                AND NOT EXISTS (SELECT 1 FROM patent_part p WHERE p.provider = ?2 AND p.publication_number = e.value AND p.part = ?3)
              ORDER BY e.value"""
    values = [json.dumps(list(slugs)), provider, part, json.dumps(list(offices))]
    return [str(row[0]) for row in db.conn.execute(sql, values)]
