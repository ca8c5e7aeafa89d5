"""What was corrected: final decisions that replaced one that had been published, and the answers of those who are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from db.connect import Database
from db.queries.scope import load_names


class Correction(NamedTuple):
    """One change of what had been published of a work; ``before`` and ``after`` are final decisions."""

    at: str
    work: str
    before: str
    after: str
    work_id: str


class Shown(NamedTuple):
    """An earlier publication: the newest moment of the database that it showed (UTC, ISO 8601), whether it showed ``all`` works
    or ``verified`` uses only, and how many decisions had been made for the dataset.

    Decisions are append-only, so their number says which ones it showed, whatever the clock said; -1 where nobody counted them.
    """

    as_of: str
    include: str
    decisions: int = -1

    def is_before(self, now: Shown) -> bool:
        """Whether a database that is at ``now`` can have shown this."""
        return self.as_of <= now.as_of and self.decisions <= now.decisions


class Reply(NamedTuple):
    """What an organisation that is named said, and what came of it.  ``slug`` None: it concerns every dataset."""

    slug: str | None
    received_on: str
    who: str
    what: str
    about: str | None
    outcome: str
    reason: str | None
    recorded_at: str


class _Spell(NamedTuple):
    """How long one decision stood: until it was replaced by another label, None where it stands; the same by the numbers of the
    decisions of the dataset.
    """

    label: str
    since: str
    until: str | None
    first: int
    end: int | None


_DECISIONS = """SELECT w.group_id, d.label, d.decided_at, row_number() OVER (ORDER BY d.decision_id)
                  FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = ? ORDER BY w.group_id, d.decision_id"""
_REPLIES = f"""SELECT {", ".join(Reply._fields)} FROM correction WHERE slug = ? OR slug IS NULL
                ORDER BY received_on DESC, correction_id DESC"""


def load_publications(db: Database, slug: str) -> list[Shown]:
    """The publications of a dataset that this database remembers, the oldest first."""
    rows = db.conn.execute("SELECT newest_at, include, decisions FROM publication WHERE slug = ?", [slug])
    return sorted(Shown(*row) for row in rows)


def load_corrections(db: Database, slug: str, shown: Iterable[Shown]) -> list[Correction]:
    """The final decisions of a dataset that replaced one which a publication had shown, newest first.

    What nobody saw is nobody's business: an undo or a slip before the first publication, an open conflict.  A decision that was
    published and is under review again is listed once it is closed, with the decision that closed it.
    """
    found = find_corrected(db, slug, shown)
    names = load_names(db, {group_id for group_id, *_ in found})
    told = [Correction(at, names[group_id][1] or "Untitled", before, after, names[group_id][0]) for group_id, at, before, after in found]
    return sorted(told, key=lambda c: (c.at, c.work, c.after), reverse=True)


def find_corrected(db: Database, slug: str, shown: Iterable[Shown]) -> list[tuple[int, str, str, str]]:
    """(group, when, before, after) of each of these corrections."""
    publications = sorted(set(shown))
    if not publications:
        return []
    return [
        (group_id, *change)
        for group_id, told in groupby(db.conn.execute(_DECISIONS, [slug]), itemgetter(0))
        for change in _changes(_spells([row[1:] for row in told]), publications)
    ]


def count_decisions(db: Database, slug: str) -> int:
    """How many decisions were ever made for a dataset."""
    [(n,)] = db.conn.execute("SELECT count(*) FROM decision WHERE slug = ?", [slug])
    return int(n)


def _spells(decisions: list[tuple[str, str, int]]) -> list[_Spell]:
    """The decisions on a work in their order; one that was only confirmed goes on."""
    begun = [next(told) for _, told in groupby(decisions, itemgetter(0))]
    ends: list[tuple[str | None, int | None]] = [*((since, first) for _, since, first in begun[1:]), (None, None)]
    return [_Spell(label, since, until, first, end) for (label, since, first), (until, end) in zip(begun, ends, strict=True)]


def _changes(spells: list[_Spell], publications: list[Shown]) -> Iterator[tuple[str, str, str]]:
    """(when, before, after) of each change from a decision that was shown to the next one that was, or that stands."""
    seen = [spell for spell in spells if spell.label != "open" and (spell.until is None or _was_shown(spell, publications))]
    for before, after in pairwise(seen):
        if before.label != after.label:
            yield after.since, before.label, after.label


def _was_shown(spell: _Spell, publications: list[Shown]) -> bool:
    """Whether a publication was made while the decision stood and it had a place in it."""
    return any(_stood(spell, shown) for shown in publications if shown.include == "all" or spell.label == "used")


def _stood(spell: _Spell, shown: Shown) -> bool:
    if shown.decisions < 0:
        return spell.since <= shown.as_of and (spell.until is None or shown.as_of < spell.until)
    return spell.first <= shown.decisions and (spell.end is None or shown.decisions < spell.end)


def load_replies(db: Database, slug: str) -> list[Reply]:
    """Every answer that concerns a dataset, newest first."""
    return [Reply(*row) for row in db.conn.execute(_REPLIES, [slug])]
