"""What a reviewer did and can look up: earlier answers, works by words, other datasets that a work names."""

from __future__ import annotations

import json
from dataclasses import dataclass

from db.connect import Database
from db.decisions import VERSIONS
from db.identity import SCHEMES, canonical


@dataclass(frozen=True, slots=True)
class Entry:
    """A work in a list; ``label`` is this reviewer's own standing one."""

    work_id: int
    title: str | None
    year: int | None
    label: str | None = None
    purposes: tuple[str, ...] = ()
    note: str | None = None
    labelled_at: str | None = None


@dataclass(frozen=True, slots=True)
class AlsoNamed:
    """Another dataset of the same family that the body of a work names, and how often."""

    slug: str
    name: str
    n_mentions: int


_MINE = "l.slug = :slug AND l.reviewer_id = :reviewer AND l.round = :round"


def load_history(db: Database, slug: str, reviewer_id: int, round_: int, limit: int = 200) -> list[Entry]:
    """The reviewer's standing labels, newest first."""
    rows = db.conn.execute(
        "SELECT w.work_id, w.title, w.year, l.label, l.purposes, l.note, l.labelled_at FROM standing_label l "
        f"JOIN work w ON w.work_id = l.work_id WHERE {_MINE} ORDER BY l.label_id DESC LIMIT :limit",
        {"slug": slug, "reviewer": reviewer_id, "round": round_, "limit": limit},
    )
    return [_entry(row) for row in rows]


def _entry(row: tuple[int, str | None, int | None, str | None, str | None, str | None, str | None]) -> Entry:
    return Entry(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])) if row[4] else (), row[5], row[6])


def find_entries(db: Database, slug: str, reviewer_id: int, round_: int, words: str, limit: int = 50) -> list[Entry]:
    """Works of the dataset that hold all the words in title, venue, year or an id; one a group of versions."""
    texts = [word.casefold() for word in words.split()]
    ids = [value for scheme in SCHEMES if (value := _as_id(scheme, words))]
    rows = db.conn.execute(
        """
        WITH scope AS (SELECT DISTINCT w.group_id FROM found f JOIN work w ON w.work_id = f.work_id WHERE f.slug = :slug),
        hit AS (SELECT DISTINCT w.group_id FROM scope JOIN work w ON w.group_id = scope.group_id
                 WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) j WHERE instr(lower(
                         coalesce(w.title, '') || ' ' || coalesce(w.venue, '') || ' ' || coalesce(w.year, '')), j.value) = 0)
                    OR EXISTS (SELECT 1 FROM external_id e JOIN json_each(:ids) j ON e.value = j.value WHERE e.work_id = w.work_id))
        SELECT g.preferred_work_id, w.title, w.year, l.label, l.purposes, l.note, l.labelled_at
          FROM hit JOIN work_group g ON g.group_id = hit.group_id JOIN work w ON w.work_id = g.preferred_work_id
          LEFT JOIN standing_label l ON l.group_id = hit.group_id AND l.slug = :slug AND l.reviewer_id = :reviewer AND l.round = :round
         ORDER BY w.year DESC, w.title LIMIT :limit""",
        {"slug": slug, "reviewer": reviewer_id, "round": round_, "words": json.dumps(texts, ensure_ascii=False)}
        | {"ids": json.dumps(ids), "limit": limit},
    )
    return [_entry(row) for row in rows]


def _as_id(scheme: str, words: str) -> str | None:
    return canonical(scheme, words) if scheme not in ("row", "file", "dblp", "acl", "mag") else None


def load_also_named(db: Database, slug: str, work_id: int, reviewer_id: int, round_: int) -> list[AlsoNamed]:
    """Ancestors and derivatives of a dataset that the work names outside of its reference list.

    Left out are those that this reviewer has labelled for the work already.
    """
    rows = db.conn.execute(
        f"""
        WITH RECURSIVE below (slug) AS (SELECT :slug UNION SELECT a.slug FROM dataset_ancestor a JOIN below b ON a.ancestor = b.slug),
        above (slug) AS (SELECT :slug UNION SELECT a.ancestor FROM dataset_ancestor a JOIN above b ON a.slug = b.slug)
        SELECT d.slug, d.name, count(*) FROM mention m JOIN dataset d ON d.slug = m.slug
         WHERE m.{VERSIONS.replace("?", ":work")} AND NOT m.in_references AND d.slug <> :slug
           AND d.slug IN (SELECT slug FROM below UNION SELECT slug FROM above)
           AND NOT EXISTS (SELECT 1 FROM standing_label l WHERE l.slug = d.slug AND l.reviewer_id = :reviewer AND l.round = :round
                             AND l.group_id = (SELECT group_id FROM work WHERE work_id = :work))
         GROUP BY d.slug ORDER BY count(*) DESC, d.position, d.slug LIMIT 9""",
        {"slug": slug, "work": work_id, "reviewer": reviewer_id, "round": round_},
    )
    return [AlsoNamed(*row) for row in rows]


def count_postponed(db: Database, slug: str, reviewer_id: int, round_: int, after: str) -> int:
    """How many works this reviewer put off to another day, later than ``after`` (UTC, ISO 8601): the queue leaves them out."""
    row = db.conn.execute(
        "SELECT count(DISTINCT w.group_id) FROM label_draft d JOIN work w ON w.work_id = d.work_id WHERE d.kind = 'postpone' "
        "AND d.slug = ? AND d.reviewer_id = ? AND d.round = ? AND d.drafted_at >= ?",
        [slug, reviewer_id, round_, after],
    ).fetchone()
    return int(row[0])
