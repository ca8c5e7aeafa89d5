"""The works of a page saved together: what ``db.works.save_work`` does one by one, with a few statements for all of them.

Most works of a list meet nothing: none of their ids and no title like theirs is known, or they are known and stand as they are told.
Such works need no grouping and no look at each id.  All others go the way of single works.  Runs inside a transaction of the caller.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from db.connect import now
from db.forgetting import kept, load_hashes
from db.identity import title_key
from db.records import WorkRecord
from db.versions import BLOCK
from db.works import REFRESHED, ids_of_record, refreshed, save_work, values_of

Pair = tuple[str, str]
_COLUMNS = (
    "work_id", "group_id", "kind", "title", "year", "venue", "publication_date", "abstract", "publication_types", "authors",
    "title_key", "provider", "run_id", "retrieved_at",
)  # fmt: skip
_INSERT = f"INSERT INTO work ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


@dataclass(slots=True)
class _Row:
    """A record with what it could meet: its ids, the beginning of its title, the works that hold or share its ids."""

    record: WorkRecord
    ids: tuple[Pair, ...]
    key: str
    all_ids: frozenset[Pair]
    block: str
    met: set[int] = field(default_factory=set)


def save_works(db: Database, records: Sequence[WorkRecord], *, provider: str, run_id: int) -> list[int]:
    """Insert or refresh the works of these records and return their ids, one for each record."""
    rows = [_row(record) for record in records]
    if load_hashes(db, "author"):  # the ids stay those of the record as it was told: a hash of the first author may be among them
        for row in rows:
            row.record = replace(row.record, ids=row.ids, authors=kept(db, "author", row.record.authors))
    holders = _holders(db, {pair for row in rows for pair in row.all_ids})
    for row in rows:
        row.met = {work_id for pair in row.all_ids for work_id in holders.get(pair, ())}
    found = _unchanged(db, rows, provider) | _insert(db, _strangers(db, rows), provider, run_id)
    return [
        found[number] if number in found else save_work(db, row.record, provider=provider, run_id=run_id) for number, row in enumerate(rows)
    ]


def _row(record: WorkRecord) -> _Row:
    ids, key = ids_of_record(record), title_key(record.title)
    return _Row(record, ids, key, frozenset((*ids, *record.old_ids)), key[:BLOCK])


def _holders(db: Database, pairs: Collection[Pair]) -> dict[Pair, set[int]]:
    """The works that hold or share these ids."""
    found: dict[Pair, set[int]] = defaultdict(set)
    for table in ("external_id", "id_claim"):
        sql = f"""SELECT t.scheme, t.value, t.work_id FROM json_each(?) j
                  CROSS JOIN {table} t ON t.scheme = json_extract(j.value, '$[0]') AND t.value = json_extract(j.value, '$[1]')"""
        for scheme, value, work_id in db.conn.execute(sql, [json.dumps(list(pairs))]):
            found[scheme, value].add(int(work_id))
    return found


def _unchanged(db: Database, rows: Sequence[_Row], provider: str) -> dict[int, int]:
    """Row → its work, for those whose work holds all their ids and needs no change."""
    n_rows = Counter(work_id for row in rows for work_id in row.met)
    n_ids = Counter(pair for row in rows for pair in row.all_ids)
    single = {
        number: next(iter(row.met))
        for number, row in enumerate(rows)
        if len(row.met) == 1 and not row.record.old_ids and n_rows[next(iter(row.met))] == 1 and all(n_ids[pair] == 1 for pair in row.ids)
    }
    sql = f"SELECT work_id, {', '.join(REFRESHED)} FROM work WHERE work_id IN (SELECT value FROM json_each(?))"
    works = {
        work_id: dict(zip(REFRESHED, rest, strict=True)) for work_id, *rest in db.conn.execute(sql, [json.dumps(list(single.values()))])
    }
    held = _ids_held(db, works)
    return {
        number: work_id
        for number, work_id in single.items()
        if held[work_id].issuperset(rows[number].ids) and refreshed(works[work_id], rows[number].record, provider) == works[work_id]
    }


def _ids_held(db: Database, work_ids: Iterable[int]) -> dict[int, set[Pair]]:
    found: dict[int, set[Pair]] = defaultdict(set)
    sql = "SELECT work_id, scheme, value FROM external_id WHERE work_id IN (SELECT value FROM json_each(?))"
    for work_id, scheme, value in db.conn.execute(sql, [json.dumps(list(work_ids))]):
        found[work_id].add((scheme, value))
    return found


def _strangers(db: Database, rows: Sequence[_Row]) -> dict[int, _Row]:
    """The rows that meet nothing: no work and no other row has one of their ids or a title that begins like theirs."""
    n_ids = Counter(pair for row in rows for pair in row.all_ids)
    n_blocks = Counter(row.block for row in rows)
    sql = "SELECT DISTINCT substr(w.title_key, 1, 60) FROM json_each(?) j CROSS JOIN work w ON substr(w.title_key, 1, 60) = j.value"
    known = {row[0] for row in db.conn.execute(sql, [json.dumps([block for block in n_blocks if block])])}
    return {
        number: row
        for number, row in enumerate(rows)
        if not row.met
        and not row.record.old_ids
        and all(n_ids[pair] == 1 for pair in row.ids)
        and (not row.block or (n_blocks[row.block] == 1 and row.block not in known))
    }


def _insert(db: Database, rows: dict[int, _Row], provider: str, run_id: int) -> dict[int, int]:
    """Insert these works, each in a group of its own; row → work."""
    (last_work,) = db.conn.execute("SELECT coalesce(max(work_id), 0) FROM work").fetchone()
    (last_group,) = db.conn.execute("SELECT coalesce(max(group_id), 0) FROM work_group").fetchone()
    at = now()
    found = {number: last_work + i for i, number in enumerate(rows, 1)}
    db.conn.executemany("INSERT INTO work_group VALUES (?, ?)", [(last_group + i, last_work + i) for i, _ in enumerate(rows, 1)])
    db.conn.executemany(
        _INSERT,
        [(found[n], found[n] - last_work + last_group, *_fields(row.record), row.key, provider, run_id, at) for n, row in rows.items()],
    )
    db.conn.executemany(
        "INSERT INTO external_id (scheme, value, work_id, is_primary) VALUES (?, ?, ?, 1)",
        sorted((scheme, value, found[number]) for number, row in rows.items() for scheme, value in row.ids),
    )
    return found


def _fields(record: WorkRecord) -> Iterable[Any]:
    values = {"publication_types": "[]", "authors": "[]"} | values_of(record)
    return (values.get(name) for name in _COLUMNS[2:10])
