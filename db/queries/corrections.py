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
    """An earlier publication: the newest moment of the database that it showed (UTC, ISO 8601), and whether it showed ``all``
    works or ``verified`` uses only.
    """

    as_of: str
    include: str


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
    """How long one decision stood: until it was replaced by another label, None where it stands."""

    label: str
    since: str
    until: str | None


_DECISIONS = """SELECT w.group_id, d.label, d.decided_at FROM decision d JOIN work w ON w.work_id = d.work_id
                 WHERE d.slug = ? ORDER BY w.group_id, d.decision_id"""
_REPLIES = f"""SELECT {", ".join(Reply._fields)} FROM correction WHERE slug = ? OR slug IS NULL
                ORDER BY received_on DESC, correction_id DESC"""


def load_corrections(db: Database, slug: str, shown: Iterable[Shown]) -> list[Correction]:
    """The final decisions of a dataset that replaced one which a publication had shown, newest first.

    What nobody saw is nobody's business: an undo or a slip before the first publication, an open conflict.  A decision that was
    published and is under review again is listed once it is closed, with the decision that closed it.
    """
    publications = sorted(set(shown))
    if not publications:
        return []
    rows = db.conn.execute(_DECISIONS, [slug])
    found = [
        (group_id, *change)
        for group_id, told in groupby(rows, itemgetter(0))
        for change in _changes(_spells([(label, at) for _, label, at in told]), publications)
    ]
    names = load_names(db, {group_id for group_id, *_ in found})
    told = [Correction(at, names[group_id][1] or "Untitled", before, after, names[group_id][0]) for group_id, at, before, after in found]
    return sorted(told, key=lambda c: (c.at, c.work, c.after), reverse=True)


def _spells(decisions: list[tuple[str, str]]) -> list[_Spell]:
    """The decisions on a work in their order; one that was only confirmed goes on."""
    begun = [(label, next(told)[1]) for label, told in groupby(decisions, itemgetter(0))]
    ends = [*(since for _, since in begun[1:]), None]
    return [_Spell(label, since, until) for (label, since), until in zip(begun, ends, strict=True)]


def _changes(spells: list[_Spell], publications: list[Shown]) -> Iterator[tuple[str, str, str]]:
    """(when, before, after) of each change from a decision that was shown to the next one that was, or that stands."""
    seen = [spell for spell in spells if spell.label != "open" and (spell.until is None or _was_shown(spell, publications))]
    for before, after in pairwise(seen):
        if before.label != after.label:
            yield after.since, before.label, after.label


def _was_shown(spell: _Spell, publications: list[Shown]) -> bool:
    """Whether a publication was made while the decision stood and it had a place in it."""
    printed = [shown.as_of for shown in publications if shown.include == "all" or spell.label == "used"]
    return any(spell.since <= at and (spell.until is None or at < spell.until) for at in printed)


def load_replies(db: Database, slug: str) -> list[Reply]:
    """Every answer that concerns a dataset, newest first."""
    return [Reply(*row) for row in db.conn.execute(_REPLIES, [slug])]
