"""What reviewers leave behind: labels, taken-back labels, notes, works put off.  The write module of the stage ``verify``.

Labels are append-only.  The latest row of a reviewer, round, dataset and group of versions counts, and a row
``retracted`` says that none does (view ``standing_label``).  Every function here is one transaction, and the final
decision is settled in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from db.connect import Database, now, writing
from db.decisions import VERSIONS, purposes_json, settle
from db.decisions import Verdict as Verdict  # what callers hand to save_label
from db.errors import UsageError


@dataclass(frozen=True, slots=True)
class Reviewer:
    """``name`` is private; what is exported is ``pseudonym``."""

    reviewer_id: int
    name: str
    pseudonym: str


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
class Undone:
    """What an undo took back: ``what`` is a label, or skip or postpone."""

    work_id: int
    what: str
    purposes: tuple[str, ...] = ()


MINE = "slug = ? AND reviewer_id = ? AND round = ?"


def find_reviewer(db: Database, name: str) -> Reviewer | None:
    """The reviewer of this name; raises UsageError for one who was removed."""
    row = db.conn.execute("SELECT reviewer_id, pseudonym, removed_at FROM reviewer WHERE name = ?", [name]).fetchone()
    if row and row[2]:
        raise UsageError(f"reviewer {name!r} was removed on {row[2][:10]}; choose another name")
    return Reviewer(row[0], name, row[1]) if row else None


def save_reviewer(db: Database, name: str) -> Reviewer:
    """The reviewer of this name, added with the next pseudonym (reviewer-1, reviewer-2, …) at first use."""
    with writing(db):
        known = find_reviewer(db, name)
        if known:
            return known
        taken = [pseudonym.removeprefix("reviewer-") for (pseudonym,) in db.conn.execute("SELECT pseudonym FROM reviewer")]
        pseudonym = f"reviewer-{1 + max((int(number) for number in taken if number.isdecimal()), default=0)}"
        cursor = db.conn.execute("INSERT INTO reviewer (name, pseudonym, added_at) VALUES (?, ?, ?)", [name, pseudonym, now()])
        return Reviewer(int(cursor.lastrowid or 0), name, pseudonym)


def find_label(db: Database, seat: Seat, work_id: int) -> Verdict | None:
    """The reviewer's standing label on a work, or a version of it, in this round."""
    row = db.conn.execute(
        f"SELECT label, purposes, note, codebook, labelled_at FROM standing_label WHERE {VERSIONS} AND {MINE}",
        [work_id, *seat.key],
    ).fetchone()
    return Verdict(row[0], tuple(json.loads(row[1])), *row[2:]) if row else None


def save_label(db: Database, seat: Seat, work_id: int, verdict: Verdict, *, replace: bool = False) -> bool:
    """Append a label and settle the decision; the note that was left before is taken into it.

    Without ``replace`` a label that stands already (given in another terminal meanwhile) is kept: False.
    """
    with writing(db):
        if not replace and find_label(db, seat, work_id):
            return False
        note = verdict.note or find_note(db, seat, work_id)
        _add_label(db, seat, work_id, verdict, note)
        db.conn.execute(f"DELETE FROM label_draft WHERE {MINE} AND {VERSIONS}", [*seat.key, work_id])
        settle(db, work_id, seat.slug)
    return True


def _add_label(db: Database, seat: Seat, work_id: int, verdict: Verdict, note: str | None) -> None:
    db.conn.execute(
        "INSERT INTO label (work_id, slug, reviewer_id, round, label, purposes, note, codebook, labelled_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [work_id, *seat.key, verdict.label, purposes_json(verdict.purposes), note, verdict.codebook, verdict.labelled_at or now()],
    )


def was_imported(db: Database, seat: Seat, work_id: int, verdict: Verdict) -> bool:
    """Whether this very label, known by its time, was written before, even if it was changed or taken back since."""
    row = db.conn.execute(
        f"SELECT 1 FROM label WHERE {MINE} AND {VERSIONS} AND label = ? AND labelled_at = ?",
        [*seat.key, work_id, verdict.label, verdict.labelled_at],
    ).fetchone()
    return row is not None


def save_deferral(db: Database, seat: Seat, work_id: int, kind: str) -> None:
    """Put a work off: ``skip`` to the end of the queue, ``postpone`` to another day."""
    with writing(db):
        db.conn.execute(f"DELETE FROM label_draft WHERE kind <> 'note' AND {MINE} AND {VERSIONS}", [*seat.key, work_id])
        _add_draft(db, seat, work_id, kind, None)


def save_note(db: Database, seat: Seat, work_id: int, note: str | None) -> None:
    """Keep a note until the label takes it; None removes it."""
    with writing(db):
        db.conn.execute(f"DELETE FROM label_draft WHERE kind = 'note' AND {MINE} AND {VERSIONS}", [*seat.key, work_id])
        if note:
            _add_draft(db, seat, work_id, "note", note)


def find_note(db: Database, seat: Seat, work_id: int) -> str | None:
    """The note that this reviewer left at a work before labelling it."""
    row = db.conn.execute(
        f"SELECT note FROM label_draft WHERE kind = 'note' AND {MINE} AND {VERSIONS} ORDER BY draft_id DESC", [*seat.key, work_id]
    ).fetchone()
    return str(row[0]) if row else None


def _add_draft(db: Database, seat: Seat, work_id: int, kind: str, note: str | None) -> None:
    db.conn.execute(
        "INSERT INTO label_draft (work_id, slug, reviewer_id, round, kind, note, after_label_id, drafted_at) "
        "VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(label_id), 0) FROM label WHERE reviewer_id = ?), ?)",
        [work_id, *seat.key, kind, note, seat.reviewer_id, now()],
    )


def save_undo(db: Database, seat: Seat) -> Undone | None:
    """Take back the newest answer of this reviewer, dataset and round; None where there is none left.

    Called again it goes one further back, into earlier sessions too.  A note of the label is kept for the next answer.
    """
    with writing(db):
        label = db.conn.execute(
            f"SELECT label_id, work_id, label, purposes, note FROM standing_label WHERE {MINE} ORDER BY label_id DESC LIMIT 1",
            seat.key,
        ).fetchone()
        put_off = db.conn.execute(
            "SELECT draft_id, work_id, kind, after_label_id FROM label_draft "
            f"WHERE kind <> 'note' AND {MINE} ORDER BY draft_id DESC LIMIT 1",
            seat.key,
        ).fetchone()
        if put_off and (label is None or put_off[3] >= label[0]):
            db.conn.execute("DELETE FROM label_draft WHERE draft_id = ?", [put_off[0]])
            return Undone(put_off[1], put_off[2])
        if label is None:
            return None
        _, work_id, text, purposes, note = label
        _add_label(db, seat, work_id, Verdict("retracted"), None)
        if note and not find_note(db, seat, work_id):
            _add_draft(db, seat, work_id, "note", note)
        settle(db, work_id, seat.slug)
        return Undone(work_id, text, tuple(json.loads(purposes)))
