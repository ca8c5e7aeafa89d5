"""What a call of the crawl has before it, and what it leaves: seeds, lists that are due, the state of each list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from db.connect import SOON

CONTINUES_HOURS = 24  # a call within this time after one that did not end goes on with its work


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed work to ask for.  ``papers`` are the (slug, position) of the dataset papers that it is."""

    papers: tuple[tuple[str, int], ...]
    title: str
    year: int | None
    arxiv: str | None
    doi: str | None
    s2: str | None
    work_id: int | None

    @property
    def subject(self) -> str:
        """How messages name it."""
        return f"{', '.join(dict.fromkeys(slug for slug, _ in self.papers))}: {self.title}"


@dataclass(frozen=True, slots=True)
class ListReport:
    """Where a list stands.  ``n_edges`` are the pairs that its last pass showed, ``n_without_id`` those among them without an id."""

    slugs: tuple[str, ...]
    title: str
    state: str
    capped: bool
    reported: int | None
    n_rows: int
    n_edges: int
    n_without_id: int
    n_new: int
    n_withdrawn: int
    provider: str = ""
    suspect: str | None = None
    run_id: int | None = None  # the call that read it to its end, and when
    completed_at: str | None = None

    @property
    def shortfall(self) -> int:
        """How many pairs the provider counts that its list did not show."""
        return max(0, (self.reported or 0) - self.n_edges)


def _ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


def load_seeds(db: Database, slugs: Iterable[str]) -> list[Seed]:
    """The seed works of these datasets, each once, in the order of the datasets."""
    found: dict[tuple[object, ...], Seed] = {}
    for slug in slugs:
        for position, title, year, arxiv, doi, s2, work_id in db.conn.execute(
            "SELECT position, title, year, arxiv, doi, s2, work_id FROM dataset_paper WHERE slug = ? ORDER BY position", [slug]
        ).fetchall():
            key = ("work", work_id) if work_id else (s2 or arxiv or doi or title,)
            papers = (*found[key].papers, (slug, position)) if key in found else ((slug, position),)
            found[key] = Seed(papers, title, year, arxiv, doi, s2, work_id)
    return list(found.values())


def load_corpus_seeds(db: Database, slugs: Iterable[str]) -> list[tuple[int, int]]:
    """(work, corpus id of Semantic Scholar) of the seed works of these datasets whose corpus id is known."""
    slugs = list(slugs)
    rows = db.conn.execute(
        f"""SELECT DISTINCT p.work_id, CAST(e.value AS INTEGER) FROM dataset_paper p
              JOIN external_id e ON e.work_id = p.work_id AND e.scheme = 'corpus'
             WHERE p.slug IN ({_marks(slugs)}) ORDER BY 1, 2""",
        slugs,
    )
    return [(int(work_id), int(corpus)) for work_id, corpus in rows]


def load_dois(db: Database, seed: Seed) -> list[str]:
    """All DOIs of a seed and of its other versions, that of arXiv too: by which providers other than Semantic Scholar know it."""
    rows = db.conn.execute(
        """SELECT e.scheme, e.value FROM external_id e JOIN work w USING (work_id)
            WHERE e.scheme IN ('doi', 'arxiv') AND w.group_id = (SELECT group_id FROM work WHERE work_id = ?)
            ORDER BY e.value""",
        [seed.work_id],
    ).fetchall()
    dois = [seed.doi] + [value for scheme, value in rows if scheme == "doi"]
    arxiv = [seed.arxiv] + [value for scheme, value in rows if scheme == "arxiv"]
    return list(dict.fromkeys([doi.lower() for doi in dois if doi] + [f"10.48550/arxiv.{value}" for value in arxiv if value]))


def list_crawled_slugs(db: Database) -> list[str]:
    """The datasets of which a list was begun."""
    rows = db.conn.execute(
        """SELECT DISTINCT d.slug FROM dataset d JOIN dataset_paper p USING (slug) JOIN crawl_list l ON l.work_id = p.work_id
           ORDER BY d.origin = 'user', d.position, d.slug"""
    )
    return [str(row[0]) for row in rows]


def list_derived_slugs(db: Database, slugs: Iterable[str]) -> list[tuple[str, str]]:
    """(dataset, derivative) for all datasets that were made from these, at any remove."""
    slugs = list(dict.fromkeys(slugs))
    return [
        (str(root), str(slug))
        for root, slug in db.conn.execute(
            f"""WITH RECURSIVE made (root, slug) AS (
                  SELECT ancestor, slug FROM dataset_ancestor WHERE ancestor IN ({_marks(slugs)})
                  UNION SELECT made.root, a.slug FROM dataset_ancestor a JOIN made ON a.ancestor = made.slug)
                SELECT made.root, made.slug FROM made JOIN dataset USING (slug) WHERE made.slug <> made.root ORDER BY 1, 2""",
            slugs,
        )
    ]


def is_fresh(db: Database, provider: str, work_id: int, *, days: float) -> bool:
    """Whether the last pass over a list ended less than ``days`` ago and no other has begun."""
    row = db.conn.execute(
        f"SELECT 1 FROM crawl_list WHERE provider = ? AND work_id = ? AND state = 'done' AND completed_at > ? AND completed_at < {SOON}",
        [provider, work_id, _ago(days=days)],
    ).fetchone()
    return row is not None


def is_done(db: Database, provider: str, work_id: int) -> bool:
    """Whether the last pass over a list came to its end."""
    sql = "SELECT 1 FROM crawl_list WHERE provider = ? AND work_id = ? AND state = 'done'"
    return db.conn.execute(sql, [provider, work_id]).fetchone() is not None


def is_done_in_unfinished_call(db: Database, provider: str, work_id: int, *, run_id: int) -> bool:
    """Whether a call that did not end (killed, failed, interrupted) has completed the list already; this call goes on from there.

    Only for a day: otherwise one list that always fails would keep all others from being read again.
    """
    row = db.conn.execute(
        """SELECT 1 FROM crawl_list WHERE provider = ?1 AND work_id = ?2 AND state = 'done' AND completed_at > ?4 AND run_id < ?3
              AND run_id > coalesce((SELECT max(run_id) FROM run WHERE command = 'crawl' AND status = 'done' AND run_id < ?3), 0)""",
        [provider, work_id, run_id, _ago(hours=CONTINUES_HOURS)],
    ).fetchone()
    return row is not None


def load_list_reports(db: Database, provider: str, slugs: Iterable[str]) -> list[ListReport]:
    """The state of the lists of these datasets, in the order of their seeds."""
    slugs = list(slugs)
    rows = db.conn.execute(
        f"""SELECT w.title, l.state, coalesce(json_extract(l.position, '$.capped'), 0), l.reported_count, l.n_rows, l.n_new, l.n_withdrawn,
                   l.suspect, group_concat(DISTINCT p.slug), l.run_id, l.completed_at,
                   (SELECT count(*) FROM citation c JOIN citation_sighting s USING (citation_id)
                     WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.last_pass = l.pass),
                   (SELECT count(*) FROM citation c JOIN citation_sighting s USING (citation_id)
                     WHERE c.cited_work_id = l.work_id AND s.provider = l.provider AND s.last_pass = l.pass
                       AND NOT EXISTS (SELECT 1 FROM external_id e WHERE e.work_id = c.citing_work_id AND e.scheme <> 'row'))
              FROM crawl_list l JOIN work w USING (work_id) JOIN dataset_paper p ON p.work_id = l.work_id
             WHERE l.provider = ? AND p.slug IN ({_marks(slugs)})
             GROUP BY l.work_id ORDER BY min(p.rowid)""",
        [provider, *slugs],
    ).fetchall()
    return [
        ListReport(
            tuple(names.split(",")),
            title or "(no title)",
            state,
            bool(capped),
            reported,
            n_rows,
            edges,
            without_id,
            new,
            withdrawn,
            provider,
            suspect,
            run_id,
            completed_at,
        )
        for title, state, capped, reported, n_rows, new, withdrawn, suspect, names, run_id, completed_at, edges, without_id in rows
    ]


def load_problems(db: Database, *, run_id: int) -> list[tuple[str, str]]:
    """(subject, reason) of what went wrong in a run."""
    rows = db.conn.execute("SELECT subject, reason FROM crawl_problem WHERE run_id = ? ORDER BY subject", [run_id])
    return [(str(subject), str(reason)) for subject, reason in rows]
