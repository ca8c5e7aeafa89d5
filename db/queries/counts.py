"""The denominators of a dataset, counted over works (groups of versions), and the shortfall against a provider's own count."""

from __future__ import annotations

from dataclasses import dataclass

from db.connect import Database
from db.queries.places import HAS_POINT, PLACES
from db.queries.scope import SCOPE

# The names under which the denominators leave the house, with what each means.
DENOMINATORS = {
    "found": "works that a provider or an import shows",
    "with_full_text": "works with a stored full text",
    "read": "works whose full text was read",
    "located": "works with a place at institution or city level",
    "reviewed": "works with a reviewer's label or a final decision",
    "used": "works whose final decision is: used",
    "withdrawn": "verified uses whose citation is no longer shown",
}

_COUNTS = f"""{SCOPE},
  full_text AS MATERIALIZED (
    SELECT w.group_id, max(d.sha256 IS NOT NULL) AS is_read
      FROM fulltext f JOIN work w ON w.work_id = f.work_id
      LEFT JOIN document_state d ON d.sha256 = f.sha256 AND d.stage = 'read' AND d.status = 'done'
     WHERE f.status = 'stored' AND f.sha256 IS NOT NULL GROUP BY w.group_id),
  labelled AS MATERIALIZED (SELECT DISTINCT group_id FROM standing_label WHERE slug = :slug)
SELECT count(*), count(t.group_id), coalesce(sum(t.is_read), 0), count(coalesce(l.group_id, f.group_id)),
       coalesce(sum(f.label = 'used'), 0), coalesce(sum(s.withdrawn), 0)
  FROM scope s
  LEFT JOIN full_text t ON t.group_id = s.group_id
  LEFT JOIN labelled l ON l.group_id = s.group_id
  LEFT JOIN final f ON f.group_id = s.group_id"""

# A record that reviewers found to be another work is on no map.
_LOCATED = f"""{PLACES},
  pointed AS MATERIALIZED (
    SELECT DISTINCT w.group_id FROM led
      LEFT JOIN institution i ON i.ror_id = led.ror_id
      LEFT JOIN place p ON p.place_id = led.place_id
      JOIN placing_affiliation a ON a.string_id = led.string_id
      JOIN work w ON w.work_id = a.work_id
     WHERE {HAS_POINT}),
  {SCOPE.strip().removeprefix("WITH ")}
SELECT count(*) FROM scope s JOIN pointed USING (group_id) LEFT JOIN final f ON f.group_id = s.group_id
 WHERE f.label IS NULL OR f.label <> 'wrong_work'"""


def load_counts(db: Database, slug: str) -> dict[str, int]:
    """The denominators under the names of ``DENOMINATORS``."""
    found, with_full_text, read, reviewed, used, withdrawn = db.conn.execute(_COUNTS, {"slug": slug}).fetchone()
    located = db.conn.execute(_LOCATED, {"slug": slug}).fetchone()[0]
    return dict(zip(DENOMINATORS, (found, with_full_text, read, located, reviewed, used, withdrawn), strict=True))


@dataclass(frozen=True, slots=True)
class ListCount:
    """One provider's list of citing works of one paper: its own count against the pairs that we hold.

    ``rows`` are those of the last reading, repeats too; ``without_id`` and ``withdrawn`` count pairs; ``cut_off``: it shows no
    more; ``suspect`` says why the last reading is not to be trusted.
    """

    provider: str
    paper: str
    reported: int | None
    harvested: int
    state: str
    completed_at: str | None
    rows: int = 0
    without_id: int = 0
    withdrawn: int = 0
    cut_off: bool = False
    suspect: str | None = None

    @property
    def shortfall(self) -> int | None:
        """How many citations the provider counts but did not hand out; None where it gives no count."""
        return None if self.reported is None else max(0, self.reported - self.harvested)


def load_list_counts(db: Database, slug: str) -> list[ListCount]:
    """Every list of every provider for the papers of a dataset, by provider and paper."""
    sql = """SELECT l.provider, p.title, l.reported_count,
                    (SELECT count(*) FROM citation c JOIN citation_sighting s ON s.citation_id = c.citation_id
                      WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.withdrawn_at IS NULL),
                    l.state, l.completed_at, l.n_rows,
                    (SELECT count(*) FROM citation c JOIN citation_sighting s ON s.citation_id = c.citation_id
                      WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.withdrawn_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM external_id e WHERE e.work_id = c.citing_work_id AND e.scheme <> 'row')),
                    (SELECT count(*) FROM citation c JOIN citation_sighting s ON s.citation_id = c.citation_id
                      WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.withdrawn_at IS NOT NULL),
                    coalesce(json_extract(l.position, '$.capped'), 0), l.suspect
               FROM crawl_list l JOIN dataset_paper p ON p.work_id = l.work_id
              WHERE p.slug = ? ORDER BY l.provider, p.position"""
    return [ListCount(*(*row[:9], bool(row[9]), row[10])) for row in db.conn.execute(sql, [slug])]


def load_fulltext_counts(db: Database, slug: str) -> dict[str, dict[str, int]]:
    """Works of a dataset by the best that came of their places, the reasons of places that gave nothing, and of works with a
    stored full text why its names and houses could not be read.
    """
    works = "SELECT DISTINCT work_id FROM found WHERE slug = ? AND withdrawn_at IS NULL"
    states = db.conn.execute(
        f"""SELECT state, count(*) FROM (
              SELECT CASE WHEN max(f.status = 'stored') THEN 'stored' WHEN max(f.status = 'pending') THEN 'pending'
                          WHEN max(f.status = 'refused') THEN 'refused' WHEN max(f.status = 'failed') THEN 'failed' ELSE 'no_place' END
                     AS state
                FROM ({works}) w LEFT JOIN fulltext f USING (work_id) GROUP BY w.work_id) GROUP BY 1 ORDER BY 1""",
        [slug],
    )
    reasons = db.conn.execute(
        f"""SELECT reason, count(*) FROM fulltext WHERE status IN ('failed', 'refused') AND work_id IN ({works})
             GROUP BY 1 ORDER BY 2 DESC, 1""",
        [slug],
    )
    unread = db.conn.execute(
        f"""SELECT s.reason, count(DISTINCT f.work_id) FROM fulltext f JOIN document_state s ON s.sha256 = f.sha256 AND s.stage = 'read'
             WHERE f.status = 'stored' AND f.work_id IN ({works}) AND s.reason IS NOT NULL AND s.reason NOT LIKE 'recognised by %'
             GROUP BY 1 ORDER BY 2 DESC, 1""",
        [slug],
    )
    found = {"works": states, "reasons": reasons, "unread": unread}
    return {name: {str(key): int(n) for key, n in rows} for name, rows in found.items()}


def load_last_retrieved(db: Database, slug: str) -> str | None:
    """When anything was last found for a dataset."""
    row = db.conn.execute("SELECT max(retrieved_at) FROM found WHERE slug = ?", [slug]).fetchone()
    return str(row[0]) if row[0] else None
