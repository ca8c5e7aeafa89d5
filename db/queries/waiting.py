"""What an operator of an unattended installation watches: works that wait for reviewers, and what providers refuse."""

from __future__ import annotations

from dataclasses import dataclass

from db.connect import Database
from db.queries.doubtful import load_doubtful
from db.queries.scope import SCOPE


@dataclass(frozen=True, slots=True)
class Backlog:
    """Works of a dataset without label and decision; ``since``: when the one that waits longest was found (UTC), None where none waits."""

    n_works: int
    since: str | None


def load_backlog(db: Database, slug: str) -> Backlog:
    """What waits for the reviewers of a dataset."""
    sql = f"""{SCOPE}
      SELECT count(*), min(first_at) FROM (
        SELECT s.group_id, min(f.retrieved_at) AS first_at
          FROM scope s JOIN work w ON w.group_id = s.group_id JOIN found f ON f.work_id = w.work_id AND f.slug = :slug
         WHERE s.group_id NOT IN (SELECT group_id FROM standing_label WHERE slug = :slug)
           AND s.group_id NOT IN (SELECT group_id FROM final)
         GROUP BY s.group_id)"""
    count, since = db.conn.execute(sql, {"slug": slug}).fetchone()
    return Backlog(int(count), since)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for people before a dataset's page is complete: conflicts of reviewers, affiliations, works without a label."""

    conflicts: int
    affiliations: int
    works: int


# The latest decision on a work says that its reviewers differ.
_CONFLICTS = """
  SELECT count(*) FROM (
    SELECT d.label, d.reason, row_number() OVER (PARTITION BY w.group_id ORDER BY d.decision_id DESC) AS newest
      FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = ?)
   WHERE newest = 1 AND label = 'open' AND reason = 'disagreement'"""


def load_waiting(db: Database, slug: str) -> Waiting:
    """What waits for ``adjudicate``, ``places`` and ``verify``."""
    [(conflicts,)] = db.conn.execute(_CONFLICTS, [slug])
    return Waiting(int(conflicts), len(load_doubtful(db, slug)), load_backlog(db, slug).n_works)


def load_problem_counts(db: Database) -> dict[str, int]:
    """How many lists, seeds and other subjects each provider refuses or fails to give, as of its last answer."""
    rows = db.conn.execute("SELECT provider, count(*) FROM crawl_problem GROUP BY 1 ORDER BY 1")
    return {str(provider): int(count) for provider, count in rows}


def load_suspect_counts(db: Database) -> dict[str, int]:
    """How many lists of each provider are not to be trusted as they were last read."""
    rows = db.conn.execute("SELECT provider, count(*) FROM crawl_list WHERE suspect IS NOT NULL GROUP BY 1 ORDER BY 1")
    return {str(provider): int(count) for provider, count in rows}


def load_last_runs(db: Database) -> list[tuple[str, str, str]]:
    """(command, status, time of its end in UTC) of the newest ended run of each command and status."""
    sql = "SELECT command, status, max(ended_at) FROM run WHERE ended_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    return [(str(command), str(status), str(ended)) for command, status, ended in db.conn.execute(sql)]
