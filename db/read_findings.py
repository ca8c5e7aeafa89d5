"""Works that came for one dataset and whose text names another: candidates of that one too, ``how`` is "read".

Only for datasets that somebody has begun with (a list or a search that was crawled, an import): otherwise reading would open all
of the catalogue.  Works that anything else has brought into the scope stay as they are, and the dataset's own papers are no uses.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.connect import now, writing
from db.read_rows import FULLTEXT
from db.works import save_provider

_UNSCOPED = """
  WITH begun AS (
    SELECT DISTINCT slug FROM finding WHERE how <> 'read'
    UNION SELECT p.slug FROM dataset_paper p JOIN crawl_list l ON l.work_id = p.work_id),
  named AS MATERIALIZED (
    SELECT DISTINCT m.work_id, m.slug, w.group_id FROM mention m JOIN work w USING (work_id)
     WHERE m.provider = :by AND m.slug IN (SELECT slug FROM begun))
  SELECT n.work_id, n.slug FROM named n
   WHERE NOT EXISTS (
           SELECT 1 FROM work v CROSS JOIN finding f ON f.work_id = v.work_id AND f.slug = n.slug
            WHERE v.group_id = n.group_id AND (f.how <> 'read' OR (f.work_id = n.work_id AND f.withdrawn_at IS NULL)))
     AND NOT EXISTS (
           SELECT 1 FROM work v CROSS JOIN citation c ON c.citing_work_id = v.work_id
             JOIN dataset_paper p ON p.work_id = c.cited_work_id AND p.slug = n.slug
            WHERE v.group_id = n.group_id)
     AND NOT EXISTS (
           SELECT 1 FROM dataset_paper p JOIN work s ON s.work_id = p.work_id WHERE p.slug = n.slug AND s.group_id = n.group_id)"""
_GONE = """provider = :by AND how = 'read' AND withdrawn_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM mention m WHERE m.work_id = finding.work_id AND m.slug = finding.slug AND m.provider = :by)"""


def has_read_findings(db: Database) -> bool:
    """Whether ``save_read_findings`` has anything to do."""
    values = {"by": FULLTEXT.name}
    found = db.conn.execute(f"{_UNSCOPED} LIMIT 1", values).fetchone()
    return bool(found or db.conn.execute(f"SELECT 1 FROM finding WHERE {_GONE} LIMIT 1", values).fetchone())


def save_read_findings(db: Database, *, run_id: int) -> int:
    """Bring the findings by reading up to date, in one transaction; how many are new.  One whose passage is gone is withdrawn."""
    with writing(db):
        save_provider(db, FULLTEXT)
        rows = db.conn.execute(_UNSCOPED, {"by": FULLTEXT.name}).fetchall()
        db.conn.executemany(
            """INSERT INTO finding (work_id, slug, provider, how, run_id, retrieved_at) VALUES (?, ?, ?, 'read', ?, ?)
               ON CONFLICT DO UPDATE SET withdrawn_at = NULL""",
            [(work_id, slug, FULLTEXT.name, run_id, now()) for work_id, slug in rows],
        )
        db.conn.execute(f"UPDATE finding SET withdrawn_at = :now WHERE {_GONE}", {"by": FULLTEXT.name, "now": now()})
    return len(rows)
