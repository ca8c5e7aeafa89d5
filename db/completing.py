"""What the crawl writes of single works that it asks a provider for: facts that are missing, counts of citations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from db.connect import SOON, now, writing
from db.records import FulltextPlace, WorkRecord
from db.works import save_fulltext_places, save_work

ASK_AGAIN_DAYS = 30.0  # a work that a provider did not know is asked for again after so long


@dataclass(frozen=True, slots=True)
class Wanted:
    """A work to ask for, by one of its ids."""

    work_id: int
    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a provider answers for a work; ``record`` is None where it does not know it."""

    wanted: Wanted
    record: WorkRecord | None
    places: tuple[tuple[str, FulltextPlace], ...] = ()
    n_citations: int | None = None


def _ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_untold(db: Database, slugs: Iterable[str], provider: str, schemes: tuple[str, ...], *, told: tuple[str, ...]) -> list[Wanted]:
    """Works of these datasets that the provider has not told of, each by the first of ``schemes`` that it has an id of.

    Those without a title or a year, or, where ``told`` names the provider's own ids, those without such an id and those of
    which it has told no more than a title.  Not those that it was asked for before, unless it did not know them and a month
    has passed.
    """
    rank = " ".join(f"WHEN '{scheme}' THEN {at}" for at, scheme in enumerate(schemes))
    own, of_schemes = (", ".join(f"'{scheme}'" for scheme in names) or "''" for names in (told, schemes))
    rows = db.conn.execute(
        f"""SELECT w.work_id, e.scheme, e.value, min(CASE e.scheme {rank} END * 10 + (1 - e.is_primary))
              FROM work w JOIN external_id e USING (work_id)
             WHERE w.kind = 'paper'
               AND w.work_id IN (SELECT work_id FROM found WHERE slug IN (SELECT value FROM json_each(?2)) AND withdrawn_at IS NULL)
               AND e.scheme IN ({of_schemes})
               AND (w.title IS NULL OR (w.year IS NULL AND (w.authors = '[]' OR NOT ?1)) OR (?1 AND NOT EXISTS (
                     SELECT 1 FROM external_id o WHERE o.work_id = w.work_id AND o.scheme IN ({own}))))
               AND NOT EXISTS (SELECT 1 FROM metadata_search m WHERE m.work_id = w.work_id AND m.provider = ?3
                                AND (m.known OR m.asked_at BETWEEN ?4 AND {SOON}))
             GROUP BY w.work_id ORDER BY w.work_id""",
        [bool(told), json.dumps(list(slugs)), provider, _ago(ASK_AGAIN_DAYS)],
    )
    return [Wanted(work_id, scheme, value) for work_id, scheme, value, _ in rows]


def load_seed_dois(db: Database, slugs: Iterable[str]) -> list[Wanted]:
    """The seed works of these datasets, each by a DOI of its own."""
    slugs = list(slugs)
    rows = db.conn.execute(
        f"""SELECT p.work_id, min(e.value) FROM dataset_paper p JOIN external_id e ON e.work_id = p.work_id AND e.scheme = 'doi'
             WHERE p.slug IN ({", ".join("?" * len(slugs))}) AND e.value NOT LIKE '10.48550/%' GROUP BY p.work_id ORDER BY 1""",
        slugs,
    )
    return [Wanted(work_id, "doi", doi) for work_id, doi in rows]


def save_facts(db: Database, answers: Iterable[Facts], *, provider: str, run_id: int) -> None:
    """What a provider answered for works, in one transaction.  The id that was asked for stays with the work that answers."""
    with writing(db):
        for facts in answers:
            wanted = facts.wanted
            if facts.record is not None:
                work_id = save_work(db, _with_asked(facts.record, wanted), provider=provider, run_id=run_id)
                for namer, place in facts.places:
                    save_fulltext_places(db, work_id, [place], provider=namer, run_id=run_id)
            if facts.n_citations is not None:
                _save_count(db, provider, wanted.work_id, facts.n_citations, run_id)
            db.conn.execute(
                """INSERT INTO metadata_search (provider, work_id, asked, known, asked_at) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET asked = excluded.asked, known = excluded.known, asked_at = excluded.asked_at""",
                [provider, wanted.work_id, f"{wanted.scheme}:{wanted.value}", facts.record is not None, now()],
            )


def _with_asked(record: WorkRecord, wanted: Wanted) -> WorkRecord:
    """The record with the id that was asked for; where it is another one of its scheme, it is an outdated or merged id."""
    asked = (wanted.scheme, wanted.value)
    if asked in record.ids:
        return record
    own = {scheme for scheme, _ in record.ids}
    old, ids = record.old_ids, record.ids
    old, ids = ((*old, asked), ids) if wanted.scheme in own else (old, (*ids, asked))
    return WorkRecord(
        record.title, record.kind, record.year, record.venue, record.publication_date, record.abstract, record.publication_types,
        record.authors, ids, old,
    )  # fmt: skip


def _save_count(db: Database, provider: str, work_id: int, n: int, run_id: int) -> None:
    db.conn.execute(
        """INSERT INTO citation_count (provider, work_id, n, run_id, retrieved_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET n = excluded.n, run_id = excluded.run_id, retrieved_at = excluded.retrieved_at
           WHERE n <> excluded.n""",
        [provider, work_id, n, run_id, now()],
    )
