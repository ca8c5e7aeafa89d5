"""Labels read back: to compare reviewers, and to carry them to another database and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from db.connect import Database
from db.decisions import VERSIONS, Verdict
from db.identity import is_telling, title_key
from db.queries.own import UNASKED
from db.queries.queue import load_ids


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that lay before a reviewer when they answered."""

    quote: str
    page: int | None = None
    section: str | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """A standing label of one reviewer on one work, for comparing reviewers."""

    work_id: int
    group_id: int
    pseudonym: str
    round: int
    verdict: Verdict
    evidence: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledWork:
    """A standing label with what names its work elsewhere; ``ids`` start with those of the version it was given on."""

    ids: tuple[tuple[str, str], ...]
    title: str | None
    year: int | None
    round: int
    verdict: Verdict
    evidence: tuple[Shown, ...] = ()


_OPINIONS = (
    "SELECT l.work_id, l.group_id, r.pseudonym, l.round, l.label, l.purposes, l.note, l.codebook, l.labelled_at, x.evidence "
    "FROM standing_label l JOIN label x ON x.label_id = l.label_id JOIN reviewer r ON r.reviewer_id = l.reviewer_id WHERE l.slug = ?"
)


def load_opinions(db: Database, slug: str, work_id: int | None = None) -> list[Opinion]:
    """The standing labels of all reviewers on a dataset, or on one work and its versions."""
    where, values = (f" AND l.{VERSIONS}", [slug, work_id]) if work_id is not None else ("", [slug])
    rows = db.conn.execute(f"{_OPINIONS}{where} ORDER BY l.group_id, r.reviewer_id, l.round", values)
    return [Opinion(r[0], r[1], r[2], r[3], Verdict(r[4], tuple(json.loads(r[5])), *r[6:9]), _evidence(r[9])) for r in rows]


def _evidence(text: str) -> tuple[Shown, ...]:
    rows = json.loads(text)
    return tuple(Shown(row["quote"], row.get("page"), row.get("section"), row.get("provider")) for row in rows)


def load_labels(db: Database, slug: str, reviewer_id: int) -> list[LabelledWork]:
    """The standing labels of one reviewer, in the order in which they were given."""
    rows = db.conn.execute(
        "SELECT l.work_id, w.title, w.year, l.round, l.label, l.purposes, l.note, l.codebook, l.labelled_at, x.evidence "
        "FROM standing_label l JOIN label x ON x.label_id = l.label_id JOIN work w ON w.work_id = l.work_id "
        "WHERE l.slug = ? AND l.reviewer_id = ? ORDER BY l.label_id",
        [slug, reviewer_id],
    ).fetchall()
    return [
        LabelledWork(_ids_of_versions(db, r[0]), r[1], r[2], r[3], Verdict(r[4], tuple(json.loads(r[5])), *r[6:9]), _evidence(r[9]))
        for r in rows
    ]


def has_labels_of(db: Database, slug: str, reviewer_id: int, given: Iterable[tuple[str, str]]) -> bool:
    """Whether this reviewer gave one of these labels on a dataset: (time, label) tells them."""
    return (
        db.conn.execute(
            "SELECT 1 FROM label l JOIN json_each(?) j ON l.labelled_at = json_extract(j.value, '$[0]') "
            "AND l.label = json_extract(j.value, '$[1]') WHERE l.slug = ? AND l.reviewer_id = ? LIMIT 1",
            [json.dumps(list(given)), slug, reviewer_id],
        ).fetchone()
        is not None
    )


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


@dataclass(frozen=True, slots=True)
class ScreenedWork:
    """A work of a dataset as another screening tool gets it, with this reviewer's label where there is one."""

    ids: tuple[tuple[str, str], ...]
    title: str | None
    year: int | None
    venue: str | None
    abstract: str | None
    authors: tuple[str, ...]
    verdict: Verdict | None


def load_screened_works(db: Database, slug: str, reviewer_id: int, round_: int) -> list[ScreenedWork]:
    """All works of a dataset, the preferred version of each group, with the reviewer's standing label of the round."""
    rows = db.conn.execute(
        f"""
        WITH scope AS (SELECT DISTINCT w.group_id FROM found f JOIN work w ON w.work_id = f.work_id
                        WHERE f.slug = :slug AND f.withdrawn_at IS NULL AND w.group_id NOT IN ({UNASKED}))
        SELECT w.work_id, w.title, w.year, w.venue, w.abstract, w.authors, l.label, l.purposes, l.note, l.codebook, l.labelled_at
          FROM scope JOIN work_group g ON g.group_id = scope.group_id JOIN work w ON w.work_id = g.preferred_work_id
          LEFT JOIN standing_label l ON l.group_id = g.group_id AND l.slug = :slug AND l.reviewer_id = :reviewer AND l.round = :round
         ORDER BY w.work_id""",
        {"slug": slug, "reviewer": reviewer_id, "round": round_},
    ).fetchall()
    return [_screened(_ids_of_versions(db, row[0]), row) for row in rows]


def _screened(ids: tuple[tuple[str, str], ...], r: tuple[Any, ...]) -> ScreenedWork:
    verdict = Verdict(r[6], tuple(json.loads(r[7])), r[8], r[9], r[10]) if r[6] else None
    return ScreenedWork(ids, r[1], r[2], r[3], r[4], tuple(json.loads(r[5])), verdict)


def find_works_titled(db: Database, slug: str, title: str, year: int | None) -> list[int]:
    """The works of a dataset with this title (compared by letters and digits) and, where both tell it, this year."""
    if not is_telling(title):
        return []
    rows = db.conn.execute(
        "SELECT w.group_id, min(w.work_id) FROM work w WHERE w.title_key = ? AND (? IS NULL OR w.year IS NULL OR abs(w.year - ?) <= 1) "
        "AND EXISTS (SELECT 1 FROM found f WHERE f.slug = ? AND f.work_id IN (SELECT work_id FROM work WHERE group_id = w.group_id)) "
        "GROUP BY w.group_id",
        [title_key(title), year, year, slug],
    )
    return [row[1] for row in rows]


@dataclass(frozen=True, slots=True)
class Progress:
    """What one reviewer has done: works with a standing label, by label, and when the latest was given."""

    reviewer: str  # pseudonym
    n: int
    by_label: dict[str, int]
    latest_at: str


def load_progress(db: Database, slug: str, round_: int) -> list[Progress]:
    """Every reviewer of a round, those who have done most first."""
    counts: dict[str, dict[str, int]] = {}
    latest: dict[str, str] = {}
    for pseudonym, label, n, at in db.conn.execute(
        "SELECT r.pseudonym, l.label, count(DISTINCT l.group_id), max(l.labelled_at) FROM standing_label l "
        "JOIN reviewer r ON r.reviewer_id = l.reviewer_id WHERE l.slug = ? AND l.round = ? GROUP BY 1, 2 ORDER BY 3 DESC, 2",
        [slug, round_],
    ):
        counts.setdefault(pseudonym, {})[label] = n
        latest[pseudonym] = max(latest.get(pseudonym, ""), at)
    found = [Progress(name, sum(by.values()), by, latest[name]) for name, by in counts.items()]
    return sorted(found, key=lambda one: (-one.n, one.reviewer))


@dataclass(frozen=True, slots=True)
class Screened:
    """A work that has a label: how it first came before a reviewer, and whether it is held to be a use."""

    drawn: str | None
    is_use: bool


def load_screened(db: Database, slug: str) -> tuple[list[Screened], int]:
    """The labelled works of a dataset in the order of their first labels, and how many works have none."""
    rows = db.conn.execute(
        """
        SELECT x.drawn, g.is_use FROM label x JOIN (
          SELECT min(l.label_id) AS first, max(l.label = 'used') AS is_use FROM standing_label l
           WHERE l.slug = ? AND l.label <> 'no_access' GROUP BY l.group_id) g ON g.first = x.label_id ORDER BY x.label_id""",
        [slug],
    ).fetchall()
    unseen = db.conn.execute(
        "SELECT count(DISTINCT w.group_id) FROM found f JOIN work w ON w.work_id = f.work_id WHERE f.slug = :slug AND "
        f"f.withdrawn_at IS NULL AND w.group_id NOT IN (SELECT group_id FROM standing_label WHERE slug = :slug UNION {UNASKED})",
        {"slug": slug},
    ).fetchone()[0]
    return [Screened(row[0], bool(row[1])) for row in rows], int(unseen)
