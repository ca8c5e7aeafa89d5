"""What the crawl writes of lists: seed works, pages of citations with the position after them, passes.

A list is the works that one provider shows as citing one seed.  A pass is one complete reading of it; it may take several
calls of the command.  A page, its rows and the new position are one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.bulk import save_works
from db.citations import CitationRow, Sighting, save_citations
from db.connect import now, writing
from db.errors import DatabaseError
from db.provider_affiliations import save_affiliations
from db.records import WorkRecord
from db.works import holder_of, save_places, save_work


@dataclass(frozen=True, slots=True)
class ListState:
    """A list as the last page left it.

    ``seen`` are the keys (ids of schemes s2 and row) that this pass has shown; ``standing`` those that earlier passes
    showed, that are not withdrawn and that this pass has not shown yet.
    """

    work_id: int
    pass_number: int
    state: str
    position: str
    completed_at: str | None
    seen: frozenset[str]
    standing: frozenset[str]


@dataclass(frozen=True, slots=True)
class ListStep:
    """A step of a pass over the list of ``cited`` (id of ``scheme``): from position ``before`` to ``after``.

    ``n_rows`` is added to the pass's rows.  With ``withdraws`` a pass that ends (``state`` done) withdraws what it has not shown,
    with ``spares_undated`` only works with a date or a year: a long list that is read by dates may hide the others.
    """

    provider: str
    cited: str
    url: str
    pass_number: int
    before: str
    after: str
    state: str
    n_rows: int
    withdraws: bool = False
    spares_undated: bool = False
    scheme: str = "s2"
    work_id: int | None = None  # the cited work, where it was known before this call
    reported: int | None = None  # the provider's count, where a page tells a newer one


PRIMARY = "semantic_scholar"  # whose record is the seed work
SUSPECT_SHARE = 0.15

# ---------------------------------------------------------------- seeds and passes


def save_seed(
    db: Database,
    papers: Iterable[tuple[str, int]],
    record: WorkRecord,
    *,
    provider: str,
    run_id: int,
    confirmed: bool,
    known: int | None = None,
) -> int:
    """Save a seed work and tie the dataset papers (slug, position) to it; within a transaction of the caller.

    ``confirmed`` says that a person has seen the hit of a title search and agreed.  ``known``: the work that a former answer
    has tied to them; a provider that holds another version of it changes nothing in that.
    """
    if known is not None and provider != PRIMARY:
        if any(scheme == provider for scheme, _ in record.ids):
            save_work(db, record, provider=provider, run_id=run_id)
        return known
    work_id = save_work(db, record, provider=provider, run_id=run_id)
    s2 = next((value for scheme, value in record.ids if scheme == "s2"), None)
    for slug, position in papers:
        db.conn.execute(
            """UPDATE dataset_paper SET work_id = ?, s2 = coalesce(s2, ?), confirmed_at = CASE WHEN ? THEN ? ELSE confirmed_at END
               WHERE slug = ? AND position = ?""",
            [work_id, s2, confirmed, now(), slug, position],
        )
    return work_id


def open_pass(db: Database, provider: str, work_id: int, pass_number: int, reported: int | None) -> None:
    """Begin a pass over a list, or go on with it; within a transaction of the caller."""
    db.conn.execute(
        """INSERT INTO crawl_list (provider, work_id, pass, state, reported_count, started_at) VALUES (?1, ?2, ?3, 'paging', ?4, ?5)
           ON CONFLICT DO UPDATE SET reported_count = ?4""",
        [provider, work_id, pass_number, reported, now()],
    )
    db.conn.execute(
        """UPDATE crawl_list SET pass = ?3, state = 'paging', position = '{}', n_rows = 0, n_new = 0, n_withdrawn = 0, started_at = ?4
           WHERE provider = ?1 AND work_id = ?2 AND pass < ?3""",
        [provider, work_id, pass_number, now()],
    )


def find_list(db: Database, provider: str, work_id: int) -> ListState | None:
    """A list with its keys, or None where it was never begun."""
    row = db.conn.execute(
        "SELECT pass, state, position, completed_at FROM crawl_list WHERE provider = ? AND work_id = ?", [provider, work_id]
    ).fetchone()
    if row is None:
        return None
    keys = db.conn.execute(
        """SELECT e.value, s.last_pass, s.withdrawn_at IS NULL
             FROM citation c JOIN citation_sighting s USING (citation_id)
             JOIN external_id e ON e.work_id = c.citing_work_id AND e.scheme IN ('s2', 'row')
            WHERE c.cited_work_id = ? AND s.provider = ?""",
        [work_id, provider],
    ).fetchall()
    number, state, position, completed_at = row
    seen = frozenset(value for value, last, _ in keys if last == number)
    standing = frozenset(value for value, last, stands in keys if last < number and stands)
    return ListState(work_id, number, state, position, completed_at, seen, standing)


# ---------------------------------------------------------------- pages


def save_page(db: Database, step: ListStep, rows: Iterable[CitationRow], *, run_id: int) -> None:
    """One page with its rows and the position after it, in one transaction.

    DatabaseError where the list doesn't stand at ``step.before``: another crawl has moved it.
    """
    with writing(db):
        work_id = _list_of(db, step)
        n_new = _save_rows(db, step, work_id, list(rows), run_id)
        moved = db.conn.execute(
            """UPDATE crawl_list SET position = ?, state = ?, n_rows = n_rows + ?, n_new = n_new + ?,
                      reported_count = coalesce(?, reported_count)
               WHERE provider = ? AND work_id = ? AND pass = ? AND position = ? AND state <> 'done'""",
            [step.after, step.state, step.n_rows, n_new, step.reported, step.provider, work_id, step.pass_number, step.before],
        )
        if moved.rowcount != 1:
            raise DatabaseError("another crawl has moved on with the same list; wait for it to end, then try again")
        if step.state == "done":
            _end_pass(db, step, work_id, run_id)


def _list_of(db: Database, step: ListStep) -> int:
    """The cited work under which the list of a step is kept: the seed, or a version of it that the provider knows."""
    if step.work_id is not None:
        return step.work_id
    held = holder_of(db, step.scheme, step.cited)
    row = db.conn.execute(
        """SELECT l.work_id FROM crawl_list l JOIN work w USING (work_id)
            WHERE l.provider = ?1 AND w.group_id = (SELECT group_id FROM work WHERE work_id = ?2)
              AND (l.work_id = ?2 OR ?3 <> ?4)
            ORDER BY l.work_id <> ?2, l.work_id""",
        [step.provider, held, step.provider, PRIMARY],
    ).fetchone()
    assert row is not None, "the seed is saved before its list"
    return int(row[0])


def _save_rows(db: Database, step: ListStep, cited: int, rows: Sequence[CitationRow], run_id: int) -> int:
    """Save the rows of a page; returns how many pairs the provider shows for the first time."""
    citing = save_works(db, [row.work for row in rows], provider=step.provider, run_id=run_id)
    named = [(work_id, namer, place) for work_id, row in zip(citing, rows, strict=True) for namer, place in row.places]
    save_places(db, sorted(named, key=lambda entry: entry[1]), run_id=run_id)
    for work_id, row in zip(citing, rows, strict=True):
        if row.affiliations:
            save_affiliations(db, work_id, row.affiliations, tier=step.provider, version=step.provider)
    at = Sighting(cited, step.provider, step.url, step.pass_number, run_id)
    return save_citations(db, at, zip(citing, rows, strict=True))


def _end_pass(db: Database, step: ListStep, work_id: int, run_id: int) -> None:
    n_withdrawn, suspect = 0, _find_suspicion(db, step, work_id)
    if step.withdraws:
        n_withdrawn = db.conn.execute(
            """UPDATE citation_sighting SET withdrawn_at = ? WHERE provider = ? AND last_pass < ? AND withdrawn_at IS NULL
               AND citation_id IN (SELECT citation_id FROM citation JOIN work ON work.work_id = citing_work_id
                                    WHERE cited_work_id = ? AND (NOT ? OR year IS NOT NULL OR publication_date IS NOT NULL))""",
            [now(), step.provider, step.pass_number, work_id, step.spares_undated],
        ).rowcount
    db.conn.execute(
        "UPDATE crawl_list SET completed_at = ?, run_id = ?, n_withdrawn = ?, suspect = ? WHERE provider = ? AND work_id = ?",
        [now(), run_id, n_withdrawn, suspect, step.provider, work_id],
    )
    db.conn.execute(  # the history of passes: by it a withdrawn citation's last_pass leads to the run that last saw it
        """INSERT INTO crawl_pass (provider, work_id, pass, run_id, completed_at, n_rows, n_new, n_withdrawn, suspect)
           SELECT provider, work_id, pass, run_id, completed_at, n_rows, n_new, n_withdrawn, suspect FROM crawl_list
            WHERE provider = ? AND work_id = ?""",
        [step.provider, work_id],
    )


def _find_suspicion(db: Database, step: ListStep, work_id: int) -> str | None:
    """Why a pass that ends is not to be trusted, or None: it showed nothing of what stood, or over 15 % less."""
    stood, gone = db.conn.execute(
        """SELECT count(*), coalesce(sum(s.last_pass < ?1), 0) FROM citation c JOIN citation_sighting s USING (citation_id)
            WHERE c.cited_work_id = ?2 AND s.provider = ?3 AND s.withdrawn_at IS NULL AND s.first_pass < ?1""",
        [step.pass_number, work_id, step.provider],
    ).fetchone()
    if stood and gone == stood:
        return f"none of the {stood} citing works that stood before was shown"
    return f"{gone} of the {stood} citing works that stood before were not shown" if gone > SUSPECT_SHARE * stood else None


# ---------------------------------------------------------------- derivatives


def save_derived(db: Database, slug: str, derivative: str, *, run_id: int) -> None:
    """Put the works that cite a derivative into the scope of the dataset that it was made from; ``how`` names the derivative."""
    how = f"derived: {derivative}"
    with writing(db):
        db.conn.execute(
            """INSERT INTO finding (work_id, slug, provider, how, url, run_id, retrieved_at, withdrawn_at)
               SELECT work_id, ?1, provider, ?2, min(url), ?3, ?4, CASE WHEN count(withdrawn_at) = count(*) THEN max(withdrawn_at) END
                 FROM found WHERE slug = ?5 AND how = 'citation' GROUP BY work_id, provider
               ON CONFLICT DO UPDATE SET withdrawn_at = excluded.withdrawn_at WHERE withdrawn_at IS NOT excluded.withdrawn_at""",
            [slug, how, run_id, now(), derivative],
        )


# ---------------------------------------------------------------- problems


def save_problem(db: Database, provider: str, subject: str, reason: str, *, run_id: int) -> None:
    """Note what a provider refused or failed to give."""
    with writing(db):
        db.conn.execute(
            """INSERT INTO crawl_problem (provider, subject, reason, run_id, recorded_at) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET reason = excluded.reason, run_id = excluded.run_id, recorded_at = excluded.recorded_at""",
            [provider, subject, reason, run_id, now()],
        )


def forget_problem(db: Database, provider: str, subject: str) -> None:
    """The provider has given it after all; within a transaction of the caller."""
    db.conn.execute("DELETE FROM crawl_problem WHERE provider = ? AND subject = ?", [provider, subject])
