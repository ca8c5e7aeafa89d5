"""What a provider claims of a dataset's lists, what came of it, and why full texts are missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from db.connect import Database

NO_PLACE = "no place known"
NOT_ASKED = "not asked for yet"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """All lists of one provider for one dataset.

    ``claimed`` are the rows that it counts, None where it tells no number; ``received`` those of the last readings;
    ``without_id`` and ``duplicates`` (rows that repeat a pair) are among them.  ``n_works`` are the citing works that stand now,
    versions of one work counted once; ``why_not`` counts those without a stored full text by reason.
    """

    slug: str
    provider: str
    claimed: int | None
    received: int
    without_id: int
    duplicates: int
    n_works: int
    with_full_text: int
    why_not: dict[str, int] = field(default_factory=dict)


_LISTS = """
  SELECT sum(l.reported_count), coalesce(sum(l.n_rows), 0),
         coalesce(sum((SELECT count(*) FROM citation c JOIN citation_sighting s USING (citation_id)
                        WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.last_pass = l.pass
                          AND NOT EXISTS (SELECT 1 FROM external_id e WHERE e.work_id = c.citing_work_id AND e.scheme <> 'row'))), 0),
         coalesce(sum(max(0, l.n_rows - (SELECT count(*) FROM citation c JOIN citation_sighting s USING (citation_id)
                                          WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.last_pass = l.pass))), 0)
    FROM (SELECT DISTINCT l.* FROM crawl_list l JOIN dataset_paper p ON p.work_id = l.work_id
           WHERE p.slug = :slug AND l.provider = :by) l"""
# The best of a group's places says why there is no full text: one that was not asked yet, else the one that was asked first.
_WORKS = f"""
  WITH citing AS MATERIALIZED (
    SELECT DISTINCT w.group_id FROM dataset_paper p JOIN citation c ON c.cited_work_id = p.work_id
      JOIN citation_sighting s USING (citation_id)
      JOIN work w ON w.work_id = c.citing_work_id WHERE p.slug = :slug AND s.provider = :by AND s.withdrawn_at IS NULL),
  places AS (
    SELECT g.group_id, f.status, f.reason,
           row_number() OVER (PARTITION BY g.group_id ORDER BY f.status <> 'stored', f.status <> 'pending', f.rank, f.url) AS nth
      FROM citing g JOIN work v USING (group_id) LEFT JOIN fulltext f ON f.work_id = v.work_id)
  SELECT CASE WHEN status = 'stored' THEN '' WHEN status = 'pending' THEN '{NOT_ASKED}' WHEN status IS NULL THEN '{NO_PLACE}'
              ELSE coalesce(reason, status) END, count(*)
    FROM places WHERE nth = 1 GROUP BY 1"""


def load_shortfall(db: Database, slug: str, provider: str) -> Shortfall:
    """The figures of one dataset and provider."""
    values = {"slug": slug, "by": provider}
    claimed, received, without_id, duplicates = db.conn.execute(_LISTS, values).fetchone()
    by_reason = {str(reason): int(n) for reason, n in db.conn.execute(_WORKS, values)}
    stored = by_reason.pop("", 0)
    why_not = dict(sorted(by_reason.items(), key=lambda item: (-item[1], item[0])))
    return Shortfall(slug, provider, claimed, received, without_id, duplicates, stored + sum(why_not.values()), stored, why_not)
