"""Pairs of a citing and a cited work as a provider shows them: the sighting, and the sentences around the reference.

A page of them is read, changed in memory and written together.  Every function runs inside a transaction of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlite_utils import Database

from db.connect import now
from db.provider_affiliations import GivenAffiliation
from db.records import Context, FulltextPlace, WorkRecord, json_list


@dataclass(frozen=True, slots=True)
class CitationRow:
    """A citing work as it stands in a list.  ``places`` are (who named it, place) of its full text."""

    work: WorkRecord
    contexts: tuple[Context, ...] = ()
    intents: tuple[str, ...] = ()
    is_influential: bool | None = None
    places: tuple[tuple[str, FulltextPlace], ...] = ()
    affiliations: tuple[GivenAffiliation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """Which provider shows the rows of a page, in which list (``url``) of the works that cite ``cited``, in which pass over it."""

    cited: int
    provider: str
    url: str
    pass_number: int
    run_id: int


@dataclass(slots=True)
class _Pair:
    """A pair as the provider has shown it so far.  ``last_pass``: the pass that showed it last; None: none did.

    ``contexts`` are (text, intents); ``is_changed`` says whether they are to be written.
    """

    citation_id: int
    last_pass: int | None = None
    is_known: bool = False
    influential: int | None = None
    intents: str = "[]"
    contexts: list[tuple[str, str]] = field(default_factory=list)
    is_changed: bool = False


def save_citations(db: Database, at: Sighting, rows: Iterable[tuple[int, CitationRow]]) -> int:
    """Note that the provider shows these works as citing one; returns how many pairs it shows for the first time."""
    rows = list(rows)
    pairs = _load(db, at, [citing for citing, _ in rows])
    for citing, row in rows:
        _take(pairs[citing], row, at.pass_number)
    _write_sightings(db, at, pairs.values())
    _write_contexts(db, at.provider, [pair for pair in pairs.values() if pair.is_changed])
    return sum(not pair.is_known for pair in pairs.values())


def _take(pair: _Pair, row: CitationRow, pass_number: int) -> None:
    """Take in a row.  A repeat in one pass, such as a second record of one work, adds to what the pass showed."""
    again = pair.last_pass == pass_number
    told = [int(value) for value in (row.is_influential, pair.influential if again else None) if value is not None]
    contexts = [(context.text, _intents(context.intents)) for context in row.contexts]
    new = list(dict.fromkeys([*pair.contexts, *contexts] if again else contexts))
    pair.influential, pair.is_changed = max(told, default=None), pair.is_changed or new != pair.contexts
    pair.intents = _intents([*row.intents, *(json.loads(pair.intents) if again else [])])
    pair.contexts, pair.last_pass = new, pass_number


def _intents(intents: Iterable[str]) -> str:
    return json_list(sorted(set(intents))) if intents else "[]"


# ---------------------------------------------------------------- in the database


def _load(db: Database, at: Sighting, citing: Iterable[int]) -> dict[int, _Pair]:
    """Citing work → pair with the cited one; pairs that were not there are made."""
    works = dict.fromkeys(citing)
    sql = "SELECT citing_work_id, citation_id FROM citation WHERE cited_work_id = ? AND citing_work_id IN (SELECT value FROM json_each(?))"
    known = dict(db.conn.execute(sql, [at.cited, json.dumps(list(works))]).fetchall())
    (last,) = db.conn.execute("SELECT coalesce(max(citation_id), 0) FROM citation").fetchone()
    new = {work_id: last + i for i, work_id in enumerate((w for w in works if w not in known), 1)}
    db.conn.executemany(
        "INSERT INTO citation (citation_id, citing_work_id, cited_work_id) VALUES (?, ?, ?)",
        [(citation_id, work_id, at.cited) for work_id, citation_id in new.items()],
    )
    _load_shown(db, at.provider, shown := {citation_id: _Pair(citation_id) for citation_id in known.values()})
    return {work_id: shown[known[work_id]] if work_id in known else _Pair(new[work_id]) for work_id in works}


def _load_shown(db: Database, provider: str, pairs: dict[int, _Pair]) -> None:
    """What the provider has shown of these pairs."""
    where, values = "provider = ? AND citation_id IN (SELECT value FROM json_each(?))", [provider, json.dumps(list(pairs))]
    sql = f"SELECT citation_id, last_pass, is_influential, intents FROM citation_sighting WHERE {where}"
    for citation_id, last_pass, influential, intents in db.conn.execute(sql, values):
        pair = pairs[citation_id]
        pair.is_known, pair.last_pass, pair.influential, pair.intents = True, last_pass, influential, intents
    sql = f"SELECT citation_id, text, intents FROM citation_context WHERE {where} ORDER BY citation_id, position"
    for citation_id, text, intents in db.conn.execute(sql, values):
        pairs[citation_id].contexts.append((text, intents))


def _write_sightings(db: Database, at: Sighting, pairs: Iterable[_Pair]) -> None:
    told = {known: [(p.influential, p.intents, p.citation_id) for p in pairs if p.is_known is known] for known in (False, True)}
    db.conn.executemany(
        """INSERT INTO citation_sighting (is_influential, intents, citation_id, provider, url, first_pass, last_pass, run_id, retrieved_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)""",
        [(*row, at.provider, at.url, at.pass_number, at.run_id, now()) for row in told[False]],
    )
    db.conn.executemany(
        """UPDATE citation_sighting SET is_influential = ?1, intents = ?2, last_pass = ?6, url = ?5, withdrawn_at = NULL
           WHERE citation_id = ?3 AND provider = ?4""",
        [(*row, at.provider, at.url, at.pass_number) for row in told[True]],
    )


def _write_contexts(db: Database, provider: str, pairs: list[_Pair]) -> None:
    db.conn.executemany(
        "DELETE FROM citation_context WHERE citation_id = ? AND provider = ?", [(p.citation_id, provider) for p in pairs if p.is_known]
    )
    db.conn.executemany(
        "INSERT INTO citation_context (citation_id, provider, position, text, intents) VALUES (?, ?, ?, ?, ?)",
        [(p.citation_id, provider, at, text, intents) for p in pairs for at, (text, intents) in enumerate(p.contexts)],
    )
