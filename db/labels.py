"""Labels read back: to compare reviewers, and to carry them to another database and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from db.connect import Database
from db.decisions import VERSIONS, Verdict
from db.queries.queue import load_ids


@dataclass(frozen=True, slots=True)
class Opinion:
    """A standing label of one reviewer on one work, for comparing reviewers."""

    work_id: int
    group_id: int
    pseudonym: str
    round: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LabelledWork:
    """A standing label with what names its work elsewhere; ``ids`` start with those of the version it was given on."""

    ids: tuple[tuple[str, str], ...]
    title: str | None
    year: int | None
    round: int
    verdict: Verdict


_OPINIONS = (
    "SELECT l.work_id, l.group_id, r.pseudonym, l.round, l.label, l.purposes, l.note, l.codebook, l.labelled_at "
    "FROM standing_label l JOIN reviewer r ON r.reviewer_id = l.reviewer_id WHERE l.slug = ?"
)


def load_opinions(db: Database, slug: str, work_id: int | None = None) -> list[Opinion]:
    """The standing labels of all reviewers on a dataset, or on one work and its versions."""
    where, values = (f" AND l.{VERSIONS}", [slug, work_id]) if work_id is not None else ("", [slug])
    rows = db.conn.execute(f"{_OPINIONS}{where} ORDER BY l.group_id, r.reviewer_id, l.round", values)
    return [Opinion(r[0], r[1], r[2], r[3], Verdict(r[4], tuple(json.loads(r[5])), *r[6:])) for r in rows]


def load_labels(db: Database, slug: str, reviewer_id: int) -> list[LabelledWork]:
    """The standing labels of one reviewer, in the order in which they were given."""
    rows = db.conn.execute(
        "SELECT l.work_id, w.title, w.year, l.round, l.label, l.purposes, l.note, l.codebook, l.labelled_at "
        "FROM standing_label l JOIN work w ON w.work_id = l.work_id WHERE l.slug = ? AND l.reviewer_id = ? ORDER BY l.label_id",
        [slug, reviewer_id],
    ).fetchall()
    return [LabelledWork(_ids_of_versions(db, r[0]), r[1], r[2], r[3], Verdict(r[4], tuple(json.loads(r[5])), *r[6:])) for r in rows]


def _ids_of_versions(db: Database, work_id: int) -> tuple[tuple[str, str], ...]:
    versions = db.conn.execute(
        f"SELECT work_id FROM work WHERE {VERSIONS} ORDER BY work_id = ? DESC, work_id", [work_id, work_id]
    ).fetchall()
    return load_ids(db, [version for (version,) in versions])


def find_works(db: Database, slug: str, ids: Iterable[tuple[str, str]]) -> list[int]:
    """The works found for a dataset that any of these ids names, one a group of versions."""
    found: dict[int, int] = {}
    for scheme, value in ids:
        for work_id, group_id in db.conn.execute(
            "SELECT w.work_id, w.group_id FROM external_id e JOIN work w ON w.work_id = e.work_id WHERE e.scheme = ? AND e.value = ? "
            "AND EXISTS (SELECT 1 FROM found f WHERE f.slug = ? AND f.work_id IN (SELECT work_id FROM work WHERE group_id = w.group_id))",
            [scheme, value, slug],
        ):
            found.setdefault(group_id, work_id)
    return list(found.values())
