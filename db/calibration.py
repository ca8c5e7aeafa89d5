"""The reference of a dataset and what new reviewers said of it before they saw it.  Only ``verify`` imports this module.

An answer to the reference is no label: it decides nothing about the work, and no count of reviewed works holds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from db.connect import Database, now, writing
from db.decisions import DECIDING, VERSIONS, Verdict, find_decision, purposes_json


@dataclass(frozen=True, slots=True)
class Known:
    """A work of the reference with its right answer; ``note`` of the verdict says why."""

    calibration_id: int
    work_id: int
    title: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Given:
    """A reviewer's standing answer to a work of the reference."""

    calibration_id: int
    pseudonym: str
    reviewer_id: int
    verdict: Verdict


def load_reference(db: Database, slug: str) -> list[Known]:
    """The reference of a dataset, in the order in which it is asked; empty where there is none."""
    rows = db.conn.execute(
        "SELECT c.calibration_id, c.work_id, w.title, c.label, c.purposes, c.note FROM calibration c JOIN work w ON w.work_id = c.work_id "
        "WHERE c.slug = ? AND c.withdrawn_at IS NULL ORDER BY c.calibration_id",
        [slug],
    )
    return [Known(r[0], r[1], r[2], Verdict(r[3], tuple(json.loads(r[4])), r[5])) for r in rows]


def save_reference(db: Database, slug: str, reviewer_id: int, known: Iterable[tuple[int, Verdict]]) -> int:
    """Set the reference of a dataset (work and right answer, in the order to ask them) in the place of the one before; how many."""
    rows = [(slug, work_id, v.label, purposes_json(v.purposes), v.note, reviewer_id, now()) for work_id, v in known]
    with writing(db):
        db.conn.execute("UPDATE calibration SET withdrawn_at = ? WHERE slug = ? AND withdrawn_at IS NULL", [now(), slug])
        db.conn.executemany(
            "INSERT INTO calibration (slug, work_id, label, purposes, note, reviewer_id, set_at) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
        )
    return len(rows)


def load_answers(db: Database, slug: str, reviewer_id: int | None = None) -> list[Given]:
    """The standing answers to the reference, of one reviewer or of all."""
    rows = db.conn.execute(
        "SELECT a.calibration_id, r.pseudonym, a.reviewer_id, a.label, a.purposes, a.note, a.codebook, a.answered_at "
        "FROM calibration_answer a JOIN calibration c ON c.calibration_id = a.calibration_id "
        "JOIN reviewer r ON r.reviewer_id = a.reviewer_id "
        "WHERE c.slug = ? AND c.withdrawn_at IS NULL AND (? IS NULL OR a.reviewer_id = ?) AND a.label <> 'retracted' AND NOT EXISTS ("
        "  SELECT 1 FROM calibration_answer later WHERE later.calibration_id = a.calibration_id "
        "  AND later.reviewer_id = a.reviewer_id AND later.answer_id > a.answer_id) ORDER BY a.answer_id",
        [slug, reviewer_id, reviewer_id],
    )
    return [Given(r[0], r[1], r[2], Verdict(r[3], tuple(json.loads(r[4])), *r[5:])) for r in rows]


def save_answer(db: Database, reviewer_id: int, calibration_id: int, verdict: Verdict, evidence: str = "[]") -> None:
    """Append an answer."""
    with writing(db):
        db.conn.execute(
            "INSERT INTO calibration_answer (calibration_id, reviewer_id, label, purposes, note, codebook, evidence, answered_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(calibration_id, reviewer_id, verdict.label, purposes_json(verdict.purposes)),
                *(verdict.note, verdict.codebook, evidence, now()),
            ],
        )


def save_answer_undone(db: Database, slug: str, reviewer_id: int) -> Given | None:
    """Take back the reviewer's newest answer to the reference; None where there is none left."""
    standing = load_answers(db, slug, reviewer_id)
    if not standing:
        return None
    save_answer(db, reviewer_id, standing[-1].calibration_id, Verdict("retracted"))
    return standing[-1]


def wants_calibration(db: Database, slug: str, reviewer_id: int) -> bool:
    """Whether a reviewer is new to a dataset that has a reference: no label yet, and not the one who set it."""
    row = db.conn.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM label WHERE slug = :slug AND reviewer_id = :reviewer) AND NOT EXISTS "
        "(SELECT 1 FROM calibration WHERE slug = :slug AND reviewer_id = :reviewer AND withdrawn_at IS NULL)",
        {"slug": slug, "reviewer": reviewer_id},
    ).fetchone()
    return bool(row[0])


def load_calibrated(db: Database, slug: str, reviewer_id: int) -> set[int]:
    """The works, with all their versions, whose right answer a reviewer was told: they are not asked about them again."""
    rows = db.conn.execute(
        "SELECT v.work_id FROM calibration_answer a JOIN calibration c ON c.calibration_id = a.calibration_id "
        "JOIN work w ON w.work_id = c.work_id JOIN work v ON v.group_id = w.group_id WHERE c.slug = ? AND a.reviewer_id = ?",
        [slug, reviewer_id],
    )
    return {row[0] for row in rows}


def load_decided(db: Database, slug: str) -> list[tuple[int, Verdict]]:
    """The works of a dataset that have a final decision, with it; its note is the adjudicator's reason, else a reviewer's note."""
    decided: list[tuple[int, Verdict]] = []
    groups: set[int] = set()
    for work_id, group_id in db.conn.execute(
        "SELECT DISTINCT d.work_id, w.group_id FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = ? ORDER BY 1", [slug]
    ).fetchall():
        found = find_decision(db, work_id, slug)
        if group_id not in groups and found and found.label in DECIDING:
            decided.append((work_id, Verdict(found.label, found.purposes, found.note or _reviewers_note(db, slug, work_id, found.label))))
        groups.add(group_id)
    return decided


def _reviewers_note(db: Database, slug: str, work_id: int, label: str) -> str | None:
    row = db.conn.execute(
        f"SELECT note FROM standing_label WHERE {VERSIONS} AND slug = ? AND label = ? AND note IS NOT NULL ORDER BY label_id",
        [work_id, slug, label],
    ).fetchone()
    return str(row[0]) if row else None
