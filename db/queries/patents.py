"""What is known of a patent family beside its texts: for reviewers and for exports."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from db.connect import Database


@dataclass(frozen=True, slots=True)
class Family:
    """A patent family, judged and counted once.

    ``members`` are its publications in the database, the one that is shown first; ``listed`` those that services name beside
    them.  ``found_by`` says how it came in: (how, provider).  ``n_npl`` is the most entries of cited literature that one member has.
    """

    members: tuple[str, ...]
    listed: tuple[str, ...]
    found_by: tuple[tuple[str, str], ...]
    n_npl: int

    def lines(self) -> tuple[str, ...]:
        """In words for a reviewer."""
        listed = f"; listed too: {', '.join(self.listed)}" if self.listed else ""
        hows = ", ".join(f"{how} ({provider.replace('_', ' ')})" for how, provider in self.found_by)
        cited = "1 work that is no patent" if self.n_npl == 1 else f"{self.n_npl} works that are no patents"
        npl = f"; cites {cited}" if self.n_npl else ""
        return f"family: {', '.join(self.members) or 'no publication number'}{listed}", f"found by: {hows or 'unknown'}{npl}"


def load_family(db: Database, slug: str, work_ids: Iterable[int]) -> Family:
    """The family of the versions of one work, the preferred one first, as a dataset sees it."""
    works = json.dumps(list(work_ids))
    members = tuple(
        dict.fromkeys(
            str(row[0])
            for row in db.conn.execute(
                """SELECT e.value FROM json_each(?) j CROSS JOIN external_id e ON e.work_id = j.value AND e.scheme = 'publication_number'
                    WHERE e.is_primary = 1 ORDER BY j.key, e.value""",
                [works],
            )
        )
    )
    listed = db.conn.execute(
        "SELECT DISTINCT publication_number FROM patent_family_member WHERE work_id IN (SELECT value FROM json_each(?)) ORDER BY 1", [works]
    )
    found = db.conn.execute(
        """SELECT DISTINCT how, provider FROM finding WHERE slug = ? AND withdrawn_at IS NULL
              AND work_id IN (SELECT value FROM json_each(?)) ORDER BY how, provider""",
        [slug, works],
    ).fetchall()
    n_npl = db.conn.execute(
        """SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM npl_citation
            WHERE work_id IN (SELECT value FROM json_each(?)) GROUP BY work_id, provider)""",
        [works],
    ).fetchone()[0]
    return Family(
        members,
        tuple(str(row[0]) for row in listed if row[0] not in members),
        tuple((str(how), str(who)) for how, who in found),
        int(n_npl),
    )
