"""What the crawl writes of searches: works that name a dataset, whether they cite its paper or not.

A search is one query of one provider for the names of one dataset.  A hit becomes a finding that names the query, and the
sentences that name the dataset become mentions by the provider.  Searches withdraw nothing: a text that has named the
dataset goes on doing so, and what a search engine shows changes from day to day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.connect import SOON, now, writing
from db.errors import DatabaseError
from db.provider_affiliations import GivenAffiliation, save_affiliations
from db.queries.own import is_own
from db.records import FulltextPlace, WorkRecord
from db.works import find_work, save_finding, save_fulltext_places, save_work

MAX_QUOTES = 5  # kept of one work, dataset and provider


@dataclass(frozen=True, slots=True)
class Search:
    """One search; ``kind`` and ``query`` as in table ``search_list``."""

    provider: str
    slug: str
    kind: str
    query: str

    @property
    def how(self) -> str:
        """How a finding tells of it."""
        return f"{self.kind}: {self.query}"

    @property
    def key(self) -> list[object]:
        return [self.provider, self.slug, self.kind, self.query]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A work that a search shows; ``quotes`` are (name as it stands, sentence, section)."""

    work: WorkRecord
    quotes: tuple[tuple[str, str, str | None], ...] = ()
    places: tuple[tuple[str, FulltextPlace], ...] = ()
    affiliations: tuple[GivenAffiliation, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchStep:
    """A page of a search: from position ``before`` to ``after``, with ``n_rows`` hits, named or not."""

    search: Search
    url: str
    pass_number: int
    before: str
    after: str
    is_done: bool
    n_rows: int
    reported: int | None = None
    capped: bool = False


_KEY = "provider = ? AND slug = ? AND kind = ? AND query = ?"


def open_search(db: Database, search: Search) -> tuple[int, str]:
    """Begin a reading of a search or go on with it: its pass and position."""
    with writing(db):
        db.conn.execute(
            """INSERT INTO search_list (provider, slug, kind, query, pass, state, started_at) VALUES (?, ?, ?, ?, 1, 'paging', ?)
               ON CONFLICT DO NOTHING""",
            [*search.key, now()],
        )
        db.conn.execute(
            f"""UPDATE search_list SET pass = pass + 1, state = 'paging', position = '{{}}', n_rows = 0, n_named = 0, n_new = 0, capped = 0,
                       started_at = ? WHERE {_KEY} AND state = 'done'""",
            [now(), *search.key],
        )
        number, position = db.conn.execute(f"SELECT pass, position FROM search_list WHERE {_KEY}", search.key).fetchone()
    return int(number), str(position)


def save_search_page(db: Database, step: SearchStep, hits: Iterable[SearchHit], *, run_id: int) -> None:
    """A page of a search and the position after it, in one transaction.

    DatabaseError where the search doesn't stand at ``step.before``: another crawl has moved it.
    """
    with writing(db):
        hits = list(hits)
        n_new = sum(_save_hit(db, step, hit, run_id) for hit in hits)
        moved = db.conn.execute(
            f"""UPDATE search_list SET position = ?, state = ?, n_rows = n_rows + ?, n_named = n_named + ?, n_new = n_new + ?,
                       reported_count = max(coalesce(reported_count, 0) * (position <> '{{}}'), coalesce(?, 0)), capped = ?
                 WHERE {_KEY} AND pass = ? AND position = ? AND state <> 'done'""",
            [
                *(step.after, "done" if step.is_done else "paging", step.n_rows, len(hits), n_new, step.reported, step.capped),
                *(*step.search.key, step.pass_number, step.before),
            ],
        )
        if moved.rowcount != 1:
            raise DatabaseError("another crawl has moved on with the same search; wait for it to end, then try again")
        if step.is_done:
            db.conn.execute(f"UPDATE search_list SET completed_at = ?, run_id = ? WHERE {_KEY}", [now(), run_id, *step.search.key])


def _save_hit(db: Database, step: SearchStep, hit: SearchHit, run_id: int) -> bool:
    """Save a hit; True where its work was in the scope of the dataset by nothing else.  The dataset's own papers are no uses."""
    search = step.search
    known = find_work(db, hit.work.ids, hit.work.old_ids) if hit.work.ids else None
    if known is not None and is_own(db, known, search.slug):
        return False
    work_id = save_work(db, hit.work, provider=search.provider, run_id=run_id)
    if is_own(db, work_id, search.slug):
        return False
    for namer in sorted({namer for namer, _ in hit.places}):
        save_fulltext_places(db, work_id, [place for by, place in hit.places if by == namer], provider=namer, run_id=run_id)
    save_affiliations(db, work_id, hit.affiliations, tier=search.provider, version=search.provider)
    is_new = db.conn.execute("SELECT 1 FROM found WHERE work_id = ? AND slug = ? LIMIT 1", [work_id, search.slug]).fetchone() is None
    save_finding(db, work_id, search.slug, provider=search.provider, how=search.how, url=step.url, run_id=run_id)
    _save_quotes(db, work_id, search, hit.quotes)
    return is_new


def _save_quotes(db: Database, work_id: int, search: Search, quotes: Iterable[tuple[str, str, str | None]]) -> None:
    """Add the passages that are not there yet, up to the limit."""
    where = [work_id, search.slug, search.provider]
    known = db.conn.execute("SELECT quote, position FROM mention WHERE work_id = ? AND slug = ? AND provider = ?", where).fetchall()
    new = [quote for quote in quotes if quote[1] not in {row[0] for row in known}]
    first = max((row[1] for row in known), default=-1) + 1
    db.conn.executemany(
        "INSERT INTO mention (work_id, slug, provider, position, alias, quote, section, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*where, first + at, *quote, search.provider) for at, quote in enumerate(new[: max(0, MAX_QUOTES - len(known))])],
    )


def is_search_done(db: Database, search: Search, *, since: str, run_id: int | None = None) -> bool:
    """Whether the search was read to its end after ``since``; with ``run_id`` only by a call that did not end itself."""
    after = 0
    if run_id is not None:
        sql = "SELECT coalesce(max(run_id), 0) FROM run WHERE command = 'crawl' AND status = 'done' AND run_id < ?"
        after = int(db.conn.execute(sql, [run_id]).fetchone()[0])
    row = db.conn.execute(
        f"SELECT 1 FROM search_list WHERE {_KEY} AND state = 'done' AND completed_at BETWEEN ? AND {SOON} AND run_id > ? AND run_id < ?",
        [*search.key, since, after, run_id or 1 << 62],
    ).fetchone()
    return row is not None
