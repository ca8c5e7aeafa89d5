"""Final decisions on works: what the standing labels of the reviewers add up to.

Decisions are append-only and hang on a work; the latest one in the group of versions counts.  They are settled in the
same transaction as the label that changes them.  Only the stage ``verify`` imports this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from db.connect import Database, now, writing
from db.rules import DECIDING as DECIDING

UNSURE = "unsure"  # decides nothing alone, and keeps another's verdict from standing alone; no_access, which judged nothing, doesn't
JUDGING = (*DECIDING, UNSURE)
ADJUDICATED = "adjudicated"
OWN_CONFLICT = "(settled by one of the reviewers who differed)"  # ends the note of such a decision
# The versions of a work are judged together.
VERSIONS = "work_id IN (SELECT work_id FROM work WHERE group_id = (SELECT group_id FROM work WHERE work_id = ?))"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A label with what belongs to it; ``labelled_at`` only where it was decided elsewhere."""

    label: str
    purposes: tuple[str, ...] = ()
    note: str | None = None
    codebook: str | None = None
    labelled_at: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a reviewer sits: which dataset, which round."""

    slug: str
    reviewer_id: int
    round: int = 1

    @property
    def key(self) -> tuple[str, int, int]:
        """For ``WHERE slug = ? AND reviewer_id = ? AND round = ?``."""
        return (self.slug, self.reviewer_id, self.round)


@dataclass(frozen=True, slots=True)
class Vote:
    """A reviewer's verdict, as a decision weighs it."""

    reviewer_id: int
    label: str
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A final decision; label ``open`` says that there is none at the moment."""

    label: str
    purposes: tuple[str, ...]
    reason: str
    reviewer_id: int | None = None
    note: str | None = None


def purposes_json(purposes: Iterable[str]) -> str:
    """A set of purposes as the database keeps it: sorted JSON list."""
    return json.dumps(sorted(set(purposes)))


def decide(votes: Iterable[Vote]) -> Decision:
    """What the votes of all reviewers (the latest round of each) add up to.

    One deciding vote decides alone; several decide where they agree on the label, with the purposes of all of them;
    otherwise the work stays open.  Somebody who read the work and is unsure disagrees with a verdict on it, as ``agreement``
    counts it; where nobody has a verdict there is nothing to settle.  Who had no access has not judged.
    """
    judging = [vote for vote in votes if vote.label in JUDGING]
    deciding = [vote for vote in judging if vote.label in DECIDING]
    if not deciding:
        return Decision("open", (), "no verdict")
    if len({vote.label for vote in judging}) > 1:
        return Decision("open", (), "disagreement")
    first = deciding[0]
    if len(deciding) == 1:
        return Decision(first.label, first.purposes, "single reviewer", first.reviewer_id)
    purposes = sorted({purpose for vote in deciding for purpose in vote.purposes})
    return Decision(first.label, tuple(purposes), "agreement")


def load_votes(db: Database, work_id: int, slug: str) -> list[Vote]:
    """The votes on a work and its versions, one a reviewer: the standing label of their latest round."""
    rows = db.conn.execute(
        f"SELECT reviewer_id, label, purposes FROM standing_label WHERE {VERSIONS} AND slug = ? ORDER BY round", [work_id, slug]
    )
    return list({row[0]: Vote(row[0], row[1], tuple(json.loads(row[2]))) for row in rows}.values())


def find_decision(db: Database, work_id: int, slug: str) -> Decision | None:
    """The latest decision on a work or a version of it; None where there never was one."""
    row = db.conn.execute(
        f"SELECT label, purposes, reason, reviewer_id, note FROM decision WHERE {VERSIONS} AND slug = ? ORDER BY decision_id DESC LIMIT 1",
        [work_id, slug],
    ).fetchone()
    return Decision(row[0], tuple(json.loads(row[1])), row[2], row[3], row[4]) if row else None


def settle(db: Database, work_id: int, slug: str) -> None:
    """Bring the decision in line with the labels, inside the caller's transaction.

    An adjudication stands whatever is labelled later; only taking it back reopens the work.
    """
    latest, settled = find_decision(db, work_id, slug), decide(load_votes(db, work_id, slug))
    if latest is not None and (latest.reason == ADJUDICATED or (latest == settled and not _has_new_grounds(db, work_id, slug))):
        return
    if settled.label == "open" and (latest is None or latest.label == "open") and settled.reason == "no verdict":
        return
    add_decision(db, work_id, slug, settled)


def add_decision(db: Database, work_id: int, slug: str, decision: Decision) -> None:
    """Append a decision with the labels that it stands on, inside the caller's transaction."""
    cursor = db.conn.execute(
        "INSERT INTO decision (work_id, slug, label, purposes, reason, reviewer_id, note, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            work_id,
            slug,
            decision.label,
            purposes_json(decision.purposes),
            decision.reason,
            decision.reviewer_id,
            decision.note,
            now(),
        ],
    )
    db.conn.execute(f"INSERT INTO decision_label (decision_id, label_id) SELECT ?, {_GROUNDS}", [cursor.lastrowid, work_id, slug])


_GROUNDS = f"label_id FROM standing_label WHERE {VERSIONS} AND slug = ? AND label IN {JUDGING}"  # of all reviewers and rounds


def _has_new_grounds(db: Database, work_id: int, slug: str) -> bool:
    """Whether a decision that reads the same would stand on other labels than the latest one names."""
    named = db.conn.execute(
        f"SELECT label_id FROM decision_label WHERE decision_id = (SELECT max(decision_id) FROM decision WHERE {VERSIONS} AND slug = ?)",
        [work_id, slug],
    )
    return {row[0] for row in named} != {row[0] for row in db.conn.execute(f"SELECT {_GROUNDS}", [work_id, slug])}


def is_party(db: Database, work_id: int, slug: str, reviewer_id: int) -> bool:
    """Whether one of the labels in conflict is this person's."""
    return any(vote.reviewer_id == reviewer_id and vote.label in JUDGING for vote in load_votes(db, work_id, slug))


def save_adjudication(
    db: Database, work_id: int, slug: str, reviewer_id: int, label: str, purposes: Iterable[str], note: str | None = None
) -> None:
    """Settle a conflict by the word of one person, with the reason given; that they are a party to it stands behind the reason."""
    with writing(db):
        if is_party(db, work_id, slug, reviewer_id):
            note = f"{note} {OWN_CONFLICT}" if note else OWN_CONFLICT
        add_decision(db, work_id, slug, Decision(label, tuple(purposes), ADJUDICATED, reviewer_id, note))


def save_adjudication_undone(db: Database, slug: str, reviewer_id: int) -> tuple[int, str] | None:
    """Take back this person's newest adjudication that still counts; returns its work and label, None where there is none."""
    with writing(db):
        row = db.conn.execute(
            "SELECT d.work_id, d.label FROM decision d JOIN work w ON w.work_id = d.work_id "
            "WHERE d.slug = ? AND d.reviewer_id = ? AND d.reason = ? AND NOT EXISTS (SELECT 1 FROM decision e JOIN work v "
            "ON v.work_id = e.work_id WHERE v.group_id = w.group_id AND e.slug = d.slug AND e.decision_id > d.decision_id) "
            "ORDER BY d.decision_id DESC LIMIT 1",
            [slug, reviewer_id, ADJUDICATED],
        ).fetchone()
        if row is None:
            return None
        add_decision(db, row[0], slug, decide(load_votes(db, row[0], slug)))
        return int(row[0]), str(row[1])


def load_conflicts(db: Database, slug: str) -> list[int]:
    """Works whose reviewers disagree and that nobody has adjudicated, oldest conflict first; one work a group of versions."""
    rows = db.conn.execute(
        "SELECT work_id, min(label_id) FROM standing_label WHERE slug = ? AND label IN (SELECT value FROM json_each(?)) "
        "GROUP BY group_id HAVING count(DISTINCT reviewer_id) > 1 AND count(DISTINCT label) > 1 ORDER BY 2",
        [slug, json.dumps(JUDGING)],
    ).fetchall()
    return [work_id for work_id, _ in rows if is_conflict(db, work_id, slug)]


def is_conflict(db: Database, work_id: int, slug: str) -> bool:
    """Whether the reviewers of a work disagree and nobody has adjudicated it."""
    latest = find_decision(db, work_id, slug)
    adjudicated = latest is not None and latest.reason == ADJUDICATED
    return not adjudicated and decide(load_votes(db, work_id, slug)).reason == "disagreement"
