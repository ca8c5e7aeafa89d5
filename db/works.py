"""Saving works with their ids, whoever tells of them.  Every function runs inside a transaction of the caller.

A record goes to the work that already holds one of its ids.  Each field remembers who told it: a provider refreshes its
own fields, a better provider replaces those of a lesser one, nothing replaces a value by nothing.  So the content does
not depend on the order in which providers, pages and imports came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from db.connect import now
from db.forgetting import kept
from db.identity import natural_key, row_id, surname, title_key
from db.records import FulltextPlace, ProviderFacts, WorkRecord, json_list
from db.versions import new_group, regroup

# Whose word on title, year, venue … counts more.  One that is not named here stands before the last.
PRECEDENCE = (
    "semantic_scholar",
    "openalex",
    "crossref",
    "arxiv",
    "epo_ops",
    "google_patents",
    "lens",
    "uspto",
    "unpaywall",
    "opencitations",
)
LAST = "import"
# Ids that a service gives to one record each: two of them in one work would be two works.
_OWN_IDS = ("s2", "corpus", "openalex", "lens", "publication_number")
_FIELDS = ("kind", "title", "year", "venue", "publication_date", "abstract", "publication_types", "authors")
REFRESHED = (*_FIELDS, "provider", "field_providers")


def _precedence(provider: str) -> tuple[int, str]:
    place = PRECEDENCE.index(provider) if provider in PRECEDENCE else len(PRECEDENCE) + (provider == LAST)
    return place, provider


precedence = _precedence  # the order of providers for other modules of the floor: sort by it


def save_provider(db: Database, facts: ProviderFacts) -> None:
    """Register a provider, or bring what is known of it up to date."""
    values = [facts.name, facts.documentation, facts.terms, facts.licence, facts.attribution, facts.checked_on]
    db.conn.execute(
        """INSERT INTO provider (name, documentation, terms, licence, attribution, checked_on) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET documentation = excluded.documentation, terms = excluded.terms,
             licence = excluded.licence, attribution = excluded.attribution, checked_on = excluded.checked_on""",
        values,
    )


def save_work(db: Database, record: WorkRecord, *, provider: str, run_id: int) -> int:
    """Insert or refresh the work of a record and return its id.

    ``record.ids`` must be canonical (``db.identity.canonical_ids``).  A record without any id is known by its title,
    year and first author.  The provider must be registered.
    """
    ids = ids_of_record(record)
    record = replace(record, authors=kept(db, "author", record.authors)) if record.authors else record
    work_id = find_work(db, ids, record.old_ids)
    changed = False
    if work_id is None:
        work_id, changed = _insert(db, record, provider, run_id), True
    else:
        changed = _refresh(db, work_id, record, provider, run_id)
    changed = _save_ids(db, work_id, ids, record.old_ids) or changed
    if changed:
        regroup(db, work_id)
    return work_id


def ids_of_record(record: WorkRecord) -> tuple[tuple[str, str], ...]:
    """The ids of a record, or the one that its content gives it."""
    return record.ids or (("row", row_id(title_key(record.title), record.year, surname(record.authors[0]) if record.authors else "")),)


def find_work(db: Database, ids: Iterable[tuple[str, str]], old_ids: Iterable[tuple[str, str]] = ()) -> int | None:
    """The work that holds one of these ids: first by the ids a service gives, then by the others, then by older ones.

    A work that such a service knows by another id is another version, not this work.
    """
    ids, old_ids = list(ids), list(old_ids)
    own = [pair for pair in ids if pair[0] in _OWN_IDS]
    for candidates in (own, [pair for pair in ids if pair[0] not in _OWN_IDS], old_ids):
        holders = {work_id for pair in candidates if (work_id := holder_of(db, *pair)) is not None}
        fitting = [w for w in holders if candidates is own or not _known_by_another_id(db, w, {*ids, *old_ids})]
        if fitting:
            return min(fitting, key=lambda w: natural_key(_ids_of(db, w)))
    return None


def holder_of(db: Database, scheme: str, value: str) -> int | None:
    """The work that holds an id in canonical form."""
    row = db.conn.execute("SELECT work_id FROM external_id WHERE scheme = ? AND value = ?", [scheme, value]).fetchone()
    return int(row[0]) if row else None


def _ids_of(db: Database, work_id: int) -> list[tuple[str, str]]:
    """The ids that a work holds or shares."""
    sql = "SELECT scheme, value FROM external_id WHERE work_id = ?1 UNION SELECT scheme, value FROM id_claim WHERE work_id = ?1"
    return [(scheme, value) for scheme, value in db.conn.execute(sql, [work_id])]


def _known_by_another_id(db: Database, work_id: int, ids: set[tuple[str, str]]) -> bool:
    held = set(_ids_of(db, work_id))
    return any(
        of_scheme and asked and not of_scheme & asked
        for scheme in _OWN_IDS
        for of_scheme, asked in [({p for p in held if p[0] == scheme}, {p for p in ids if p[0] == scheme})]
    )


# ---------------------------------------------------------------- fields


def values_of(record: WorkRecord) -> dict[str, Any]:
    """The fields that the record knows, as they stand in the table."""
    values: dict[str, Any] = {name: getattr(record, name) for name in _FIELDS}
    values["publication_types"] = json_list(record.publication_types) if record.publication_types else None
    values["authors"] = json_list(record.authors) if record.authors else None
    return {name: value for name, value in values.items() if value not in (None, "")}


def _insert(db: Database, record: WorkRecord, provider: str, run_id: int) -> int:
    values = values_of(record)
    values |= {
        "group_id": new_group(db),
        "title_key": title_key(record.title),
        "provider": provider,
        "run_id": run_id,
        "retrieved_at": now(),
    }
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    return int(db.conn.execute(f"INSERT INTO work ({columns}) VALUES ({marks})", list(values.values())).lastrowid or 0)


def refreshed(old: dict[str, Any], record: WorkRecord, provider: str) -> dict[str, Any]:
    """The fields ``REFRESHED`` of a work after this provider has said what it may say."""
    told = json.loads(old["field_providers"])
    by = {name: told.get(name, old["provider"]) for name in _FIELDS if old[name] not in (None, "", "[]")}
    new = {name: old[name] for name in _FIELDS}
    for name, value in values_of(record).items():
        if name not in by or _precedence(provider) <= _precedence(by[name]):
            new[name], by[name] = value, provider
    best = min(provider, old["provider"], key=_precedence)
    exceptions = {name: who for name, who in sorted(by.items()) if who != best}
    return new | {"provider": best, "field_providers": json.dumps(exceptions)}


def _refresh(db: Database, work_id: int, record: WorkRecord, provider: str, run_id: int) -> bool:
    """Take over what this provider may say; True where something changed."""
    row = db.conn.execute(f"SELECT {', '.join(REFRESHED)} FROM work WHERE work_id = ?", [work_id]).fetchone()
    old = dict(zip(REFRESHED, row, strict=True))
    new = refreshed(old, record, provider)
    if new == old:
        return False
    new |= {"title_key": title_key(new["title"]), "run_id": run_id, "retrieved_at": now()}
    db.conn.execute(f"UPDATE work SET {', '.join(f'{name} = ?' for name in new)} WHERE work_id = ?", [*new.values(), work_id])
    return True


# ---------------------------------------------------------------- ids and groups


def save_ids(db: Database, work_id: int, ids: Iterable[tuple[str, str]], old_ids: Iterable[tuple[str, str]] = ()) -> bool:
    """Give ids to a work; ``old_ids`` are outdated ones.  An id that another work holds ties the two.  True where something changed."""
    changed = _save_ids(db, work_id, ids, old_ids)
    if changed:
        regroup(db, work_id)
    return changed


def _save_ids(db: Database, work_id: int, ids: Iterable[tuple[str, str]], old_ids: Iterable[tuple[str, str]]) -> bool:
    before = db.conn.total_changes
    ids = list(ids)
    for scheme, value in ids:
        _save_id(db, work_id, scheme, value, is_primary=1)
    for scheme, value in set(old_ids) - set(ids):
        _save_id(db, work_id, scheme, value, is_primary=0)
    if db.conn.total_changes == before:
        return False
    _settle_shared(db, work_id)
    return True


def _save_id(db: Database, work_id: int, scheme: str, value: str, *, is_primary: int) -> None:
    holder = holder_of(db, scheme, value)
    if holder is None:
        db.conn.execute(
            "INSERT INTO external_id (scheme, value, work_id, is_primary) VALUES (?, ?, ?, ?)", [scheme, value, work_id, is_primary]
        )
    elif holder != work_id:
        db.conn.execute("INSERT OR IGNORE INTO id_claim (scheme, value, work_id) VALUES (?, ?, ?)", [scheme, value, work_id])
    if not is_primary:  # once outdated, always outdated
        db.conn.execute("UPDATE external_id SET is_primary = 0 WHERE scheme = ? AND value = ? AND is_primary = 1", [scheme, value])


def _settle_shared(db: Database, work_id: int) -> None:
    """Of the works that share an id the one with the lowest natural key holds it, whichever came first."""
    shared = db.conn.execute(
        # Two halves, each by its index: one query with OR would read all ids for each work.
        """SELECT e.scheme, e.value, e.work_id FROM external_id e CROSS JOIN id_claim c USING (scheme, value) WHERE e.work_id = ?1
           UNION
           SELECT e.scheme, e.value, e.work_id FROM id_claim c CROSS JOIN external_id e USING (scheme, value) WHERE c.work_id = ?1""",
        [work_id],
    ).fetchall()
    for scheme, value, holder in shared:
        claims = db.conn.execute("SELECT work_id FROM id_claim WHERE scheme = ? AND value = ?", [scheme, value]).fetchall()
        best = min([holder, *(row[0] for row in claims)], key=lambda w: natural_key(_ids_of(db, w)))
        if best != holder:
            db.conn.execute("UPDATE id_claim SET work_id = ? WHERE scheme = ? AND value = ? AND work_id = ?", [holder, scheme, value, best])
            db.conn.execute("UPDATE external_id SET work_id = ? WHERE scheme = ? AND value = ?", [best, scheme, value])


def merge_groups(db: Database, work_ids: Iterable[int], *, scheme: str, value: str) -> None:
    """Tie works by a sign that is no id of one work, such as ("family", docdb family id): they become one group for good."""
    for work_id in sorted(set(work_ids)):
        db.conn.execute("INSERT OR IGNORE INTO id_claim (scheme, value, work_id) VALUES (?, ?, ?)", [scheme, value, work_id])
        regroup(db, work_id)


# ---------------------------------------------------------------- what hangs on a work


def save_finding(db: Database, work_id: int, slug: str, *, provider: str, how: str, url: str | None, run_id: int) -> bool:
    """Put a work into the scope of a dataset; True where it was not there, or was withdrawn."""
    cursor = db.conn.execute(
        """INSERT INTO finding (work_id, slug, provider, how, url, run_id, retrieved_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL""",
        [work_id, slug, provider, how, url, run_id, now()],
    )
    return cursor.rowcount > 0


def save_fulltext_places(db: Database, work_id: int, places: Iterable[FulltextPlace], *, provider: str, run_id: int) -> int:
    """Note where a full text may be had and return how many places are new."""
    return save_places(db, ((work_id, provider, place) for place in places), run_id=run_id)


def save_places(db: Database, named: Iterable[tuple[int, str, FulltextPlace]], *, run_id: int) -> int:
    """Note where full texts of works may be had, as (work, who named it, place), and return how many places are new.

    What came of asking at a known place stays; its rank only falls, and a licence is filled in.
    """
    given = [(work_id, place.url, provider, place.rank, place.licence) for work_id, provider, place in named]
    if not given:
        return 0
    n_new = db.conn.executemany(
        """INSERT OR IGNORE INTO fulltext (work_id, url, provider, rank, status, licence, run_id)
           VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6)""",
        [(*row, run_id) for row in given],
    ).rowcount
    db.conn.executemany(
        """UPDATE fulltext SET provider = ?3, rank = ?4, licence = coalesce(?5, licence)
           WHERE work_id = ?1 AND url = ?2 AND (rank, provider) > (?4, ?3)""",
        given,
    )
    db.conn.executemany(
        "UPDATE fulltext SET licence = ?3 WHERE work_id = ?1 AND url = ?2 AND licence IS NULL",
        [(work_id, url, licence) for work_id, url, _, _, licence in given if licence is not None],
    )
    return n_new
