"""What searches for the names of a dataset brought, and what providers count that don't list citations."""

from __future__ import annotations

from dataclasses import dataclass

from db.connect import Database


@dataclass(frozen=True, slots=True)
class SearchCount:
    """A search as its last reading left it.

    ``n_rows`` are the hits of that reading, ``reported`` the provider's own count of them, an estimate.  ``n_works`` are the
    works that it has ever found to name the dataset, ``n_without_citation`` those among them that no list shows as citing.
    """

    provider: str
    slug: str
    kind: str
    query: str
    state: str
    reported: int | None
    n_rows: int
    n_new: int
    capped: bool
    completed_at: str | None
    n_works: int
    n_without_citation: int

    @property
    def is_worth_a_line(self) -> bool:
        """Whether it brought anything, or was not read to its end: a dataset has one for each of its names."""
        return bool(self.n_rows or self.n_works or self.capped or self.state != "done")


@dataclass(frozen=True, slots=True)
class CitationCount:
    """How many citations of a dataset's paper a provider counts without listing them."""

    provider: str
    slug: str
    paper: str
    n: int
    retrieved_at: str


def load_search_counts(db: Database, slug: str) -> list[SearchCount]:
    """The searches for a dataset, by provider and kind; versions of one work count once."""
    sql = """
      WITH cited AS MATERIALIZED (
        SELECT DISTINCT w.group_id FROM citation c JOIN citation_sighting s USING (citation_id)
          JOIN dataset_paper p ON p.work_id = c.cited_work_id
          JOIN work w ON w.work_id = c.citing_work_id WHERE p.slug = :slug AND s.withdrawn_at IS NULL),
      named AS MATERIALIZED (
        SELECT DISTINCT f.provider, f.how, w.group_id FROM finding f JOIN work w USING (work_id)
         WHERE f.slug = :slug AND f.withdrawn_at IS NULL),
      counted AS (
        SELECT provider, how, count(*) AS n, sum(group_id NOT IN (SELECT group_id FROM cited)) AS n_without FROM named GROUP BY 1, 2)
      SELECT l.provider, l.slug, l.kind, l.query, l.state, l.reported_count, l.n_rows, l.n_new, l.capped, l.completed_at,
             coalesce(c.n, 0), coalesce(c.n_without, 0)
        FROM search_list l LEFT JOIN counted c ON c.provider = l.provider AND c.how = l.kind || ': ' || l.query
       WHERE l.slug = :slug ORDER BY l.provider, l.kind, l.query"""
    rows = db.conn.execute(sql, {"slug": slug})
    return [SearchCount(*(*row[:8], bool(row[8]), *row[9:])) for row in rows]


def load_citation_counts(db: Database, slug: str) -> list[CitationCount]:
    """The counts of a dataset's papers, by provider and paper."""
    sql = """SELECT c.provider, p.slug, p.title, c.n, c.retrieved_at FROM citation_count c JOIN dataset_paper p USING (work_id)
              WHERE p.slug = ? ORDER BY c.provider, p.position"""
    return [CitationCount(*row) for row in db.conn.execute(sql, [slug])]
