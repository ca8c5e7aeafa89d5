"""The papers that made a dataset are no uses of it: which works they are, known to the crawl or only by their titles."""

from __future__ import annotations

from db.connect import Database

# Groups of versions that hold a paper of the dataset :slug.  One that no provider has tied to a work yet is known by its ids, or by
# its title and year; ``telling_key`` is NULL for a title of a few words, which other works may bear too.
OWN = """
  SELECT w.group_id FROM dataset_paper p JOIN work w ON w.work_id = p.work_id WHERE p.slug = :slug
  UNION
  SELECT w.group_id FROM dataset_paper p JOIN external_id e ON (e.scheme = 'doi' AND e.value = lower(p.doi))
      OR (e.scheme = 'arxiv' AND e.value = p.arxiv) JOIN work w ON w.work_id = e.work_id
   WHERE p.slug = :slug AND p.work_id IS NULL
  UNION
  SELECT w.group_id FROM dataset_paper p JOIN work w ON w.title_key = telling_key(p.title) AND w.kind = 'paper'
      AND (p.year IS NULL OR w.year IS NULL OR abs(p.year - w.year) <= 1)
   WHERE p.slug = :slug AND p.work_id IS NULL"""

# Those that came in by anything but citing another paper of the dataset: nobody needs to judge them.  One that does cite, as the
# paper of a second edition, is a citing work like any other, but never a use.
UNASKED = f"""
  SELECT o.group_id FROM ({OWN}) o WHERE NOT EXISTS (
    SELECT 1 FROM work v JOIN citation c ON c.citing_work_id = v.work_id JOIN dataset_paper p ON p.work_id = c.cited_work_id
      JOIN work s ON s.work_id = p.work_id WHERE v.group_id = o.group_id AND p.slug = :slug AND s.group_id <> o.group_id)"""


def is_own(db: Database, work_id: int, slug: str) -> bool:
    """Whether a work is a paper of the dataset, or another version of one."""
    sql = f"SELECT 1 FROM ({OWN}) JOIN work USING (group_id) WHERE work_id = :work LIMIT 1"
    return db.conn.execute(sql, {"slug": slug, "work": work_id}).fetchone() is not None
