"""What became of the registry's withdrawn and closed records: kept in the gazetteer index, and in the main database for all stages.

The index holds every such record with its heirs; ``geocode`` copies those with exactly one heir to ``ror_successor`` and
moves the reviewers' decisions along, so that nobody else needs the index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.places import load_place_decisions, save_place_verdict

_TABLE = """CREATE TABLE IF NOT EXISTS succession (
  ror_id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, heirs TEXT NOT NULL) STRICT, WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A record that the registry withdrew or closed; ``heirs``: the records at the end of its chain of successors."""

    ror_id: str
    name: str
    status: str
    heirs: tuple[str, ...]


# ---------------------------------------------------------------- in the index


def save_succession(index: Database, ended: Iterable[Ended]) -> None:
    """Write into an index that is being built."""
    index.conn.execute(_TABLE)
    rows = ((e.ror_id, e.name, e.status, " ".join(e.heirs)) for e in ended)
    index.conn.executemany("INSERT OR REPLACE INTO succession VALUES (?, ?, ?, ?)", rows)


def load_succession(index: Database) -> list[Ended]:
    """All ended records; [] where the index was built without them."""
    try:
        rows = index.conn.execute("SELECT ror_id, name, status, heirs FROM succession ORDER BY ror_id").fetchall()
    except sqlite3.OperationalError:
        return []
    return [Ended(ror_id, name, status, tuple(heirs.split())) for ror_id, name, status, heirs in rows]


def load_living(index: Database) -> dict[str, str]:
    """Closed records with one house that took them over: id → its id."""
    return {e.ror_id: e.heirs[0] for e in load_succession(index) if e.status != "withdrawn" and len(e.heirs) == 1}


# ---------------------------------------------------------------- in the main database


def save_successors(db: Database, successors: Mapping[str, str], release: str) -> None:
    """Make these the successors that stages see; inside a transaction of the caller.

    An id that an earlier release sent somewhere and this one doesn't know keeps its way: features stay stable.
    """
    db.conn.executemany(
        "INSERT INTO ror_successor (ror_id, successor, gazetteer) VALUES (?, ?, ?) "
        "ON CONFLICT (ror_id) DO UPDATE SET successor = excluded.successor, gazetteer = excluded.gazetteer "
        "WHERE successor <> excluded.successor",
        [(old, new, release) for old, new in sorted(successors.items())],
    )


def load_successors(db: Database) -> dict[str, str]:
    """Old ROR id → the id that stands for it now (full URLs)."""
    return dict(db.conn.execute("SELECT ror_id, successor FROM ror_successor"))


def load_predecessors(db: Database) -> dict[str, list[str]]:
    """ROR id → the ids that were merged into it, sorted: what keeps an exported id stable over merges."""
    found: dict[str, list[str]] = {}
    for old, new in db.conn.execute("SELECT ror_id, successor FROM ror_successor ORDER BY ror_id"):
        found.setdefault(new, []).append(old)
    return found


def move_decisions(db: Database) -> int:
    """Repeat the decisions that name a merged institution with its successor; how many.  Inside a transaction of the caller.

    The old row stays, the new one names it (``moved_from``).
    """
    successors, moved = load_successors(db), 0
    for decision in load_place_decisions(db).values():
        verdict = decision.verdict
        ids = tuple(dict.fromkeys(successors.get(ror_id, ror_id) for ror_id in verdict.ror_ids))
        if ids == verdict.ror_ids:
            continue
        verdict = replace(verdict, ror_ids=ids, kind="institution" if len(ids) == 1 else "institutions")
        save_place_verdict(db, decision.string_id, verdict, decision.reviewer_id, moved_from=decision.decision_id)
        moved += 1
    return moved
