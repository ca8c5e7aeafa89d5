"""One pair of a citing and a cited work as a provider shows it: the sighting, and the sentences around the reference.

Every function runs inside a transaction of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.connect import now
from db.provider_affiliations import GivenAffiliation
from db.records import Context, FulltextPlace, WorkRecord


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
    """Which provider shows a pair, in which list (``url``), in which pass over it."""

    citation_id: int
    provider: str
    url: str
    pass_number: int
    run_id: int


def save_sighting(db: Database, at: Sighting, row: CitationRow) -> int | None:
    """Note that the provider shows a pair; returns the pass that showed it last before.

    A repeat in one pass, such as a second record of one work, adds to what the pass showed.
    """
    where = [at.citation_id, at.provider]
    sql = "SELECT last_pass, is_influential, intents FROM citation_sighting WHERE citation_id = ? AND provider = ?"
    last_pass, influential, intents = db.conn.execute(sql, where).fetchone() or (None, None, "[]")
    if last_pass is None:
        db.conn.execute(
            """INSERT INTO citation_sighting (citation_id, provider, url, first_pass, last_pass, run_id, retrieved_at)
               VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)""",
            [*where, at.url, at.pass_number, at.run_id, now()],
        )
    again = last_pass == at.pass_number
    told = [value for value in (row.is_influential, influential if again else None) if value is not None]
    db.conn.execute(
        """UPDATE citation_sighting SET last_pass = ?, url = ?, is_influential = ?, intents = ?, withdrawn_at = NULL
           WHERE citation_id = ? AND provider = ?""",
        [at.pass_number, at.url, max(told, default=None), _intents([*row.intents, *(json.loads(intents) if again else [])]), *where],
    )
    return None if last_pass is None else int(last_pass)


def _intents(intents: Iterable[str]) -> str:
    return json.dumps(sorted(set(intents)), ensure_ascii=False)


def save_contexts(db: Database, citation_id: int, provider: str, contexts: Iterable[Context], *, keep: bool) -> None:
    """The contexts of a pair as the provider gives them now; with ``keep`` those that it has stay before them."""
    where = [citation_id, provider]
    old = db.conn.execute(
        "SELECT text, intents FROM citation_context WHERE citation_id = ? AND provider = ? ORDER BY position", where
    ).fetchall()
    told = [(context.text, _intents(context.intents)) for context in contexts]
    new = list(dict.fromkeys([*old, *told] if keep else told))
    if new == old:
        return
    db.conn.execute("DELETE FROM citation_context WHERE citation_id = ? AND provider = ?", where)
    db.conn.executemany(
        "INSERT INTO citation_context (citation_id, provider, position, text, intents) VALUES (?, ?, ?, ?, ?)",
        [(citation_id, provider, position, text, intents) for position, (text, intents) in enumerate(new)],
    )
