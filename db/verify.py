"""What reviewers leave behind: labels, taken-back labels, notes, works put off.  The write module of the stage ``verify``.

Labels are append-only.  The latest row of a reviewer, round, dataset and group of versions counts, and a row
``retracted`` says that none does (view ``standing_label``).  Every function here is one transaction, and the final
decision is settled in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from db.connect import Database, now, writing
from db.decisions import VERSIONS, purposes_json, settle
from db.decisions import Seat as Seat
from db.decisions import Verdict as Verdict  # what callers hand to save_label
from db.errors import UsageError
from db.forgetting import is_forgotten, save_tombstone


@dataclass(frozen=True, slots=True)
class Reviewer:
    """``name`` is private; what is exported is ``pseudonym``."""

    reviewer_id: int
    name: str
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stood before the reviewer: the passages (as JSON), whether the suggestion too, how the work came up."""

    evidence: str = "[]"
    assisted: bool = False
    drawn: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back: ``what`` is a label, or skip or postpone; ``restored`` the label that stands again instead."""

    work_id: int
    what: str
    purposes: tuple[str, ...] = ()
    restored: str | None = None


MINE = "slug = ? AND reviewer_id = ? AND round = ?"


def find_reviewer(db: Database, name: str) -> Reviewer | None:
    """The reviewer of this name; raises UsageError for one who was removed."""
    row = db.conn.execute("SELECT reviewer_id, pseudonym, removed_at FROM reviewer WHERE name = ?", [name]).fetchone()
    if row and row[2]:
        raise UsageError(f"reviewer {name!r} was removed on {row[2][:10]}; choose another name")
    return Reviewer(row[0], name, row[1]) if row else None


def find_other(db: Database, who: str, name: str) -> Reviewer | None:
    """The reviewer with the pseudonym or name ``who``, where that is somebody else than the one of this ``name``."""
    row = db.conn.execute(
        "SELECT reviewer_id, name, pseudonym FROM reviewer WHERE (pseudonym = ?1 OR name = ?1) AND name <> ?2", [who, name]
    ).fetchone()
    return Reviewer(*row) if row else None


def save_reviewer(db: Database, name: str) -> Reviewer:
    """The reviewer of this name, added with the next pseudonym (reviewer-1, reviewer-2, …) at first use."""
    with writing(db):
        known = find_reviewer(db, name)
        if known:
            return known
        if is_forgotten(db, "reviewer", name):
            raise UsageError("a reviewer of this name asked to be forgotten; choose another name")
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


def save_label(
    db: Database,
    seat: Seat,
    work_id: int,
    verdict: Verdict,
    *,
    replace: bool = False,
    seen: Circumstances = Circumstances(),
    also: Sequence[tuple[str, Verdict]] = (),
) -> bool:
    """Append a label and settle the decision; the note that was left before is taken into it.

    Without ``replace`` a label that stands already (given in another terminal meanwhile) is kept: False.  ``also`` are
    verdicts on other datasets (slug first) that the same work uses; they are taken back with this one.
    """
    with writing(db):
        if not replace and find_label(db, seat, work_id):
            return False
        note = verdict.note or find_note(db, seat, work_id)
        label_id = _add_label(db, seat, work_id, verdict, note, seen)
        db.conn.execute(f"DELETE FROM label_draft WHERE {MINE} AND {VERSIONS}", [*seat.key, work_id])
        settle(db, work_id, seat.slug)
        for slug, other in also:
            _add_also(db, Seat(slug, seat.reviewer_id, seat.round), work_id, other, seen, label_id)
    return True


def _add_also(db: Database, seat: Seat, work_id: int, verdict: Verdict, seen: Circumstances, label_id: int) -> None:
    """A label on another dataset; the work comes into its scope by the passage that names it."""
    db.conn.execute(
        "INSERT OR IGNORE INTO finding (work_id, slug, provider, how, retrieved_at) "
        f"SELECT work_id, slug, min(provider), 'mention', ? FROM mention WHERE slug = ? AND {VERSIONS} AND NOT EXISTS "
        f"(SELECT 1 FROM found f WHERE f.slug = mention.slug AND f.{VERSIONS}) GROUP BY work_id, slug LIMIT 1",
        [now(), seat.slug, work_id, work_id],
    )
    _add_label(db, seat, work_id, verdict, verdict.note, Circumstances(seen.evidence, seen.assisted, "chosen"), label_id)
    settle(db, work_id, seat.slug)


def _add_label(
    db: Database,
    seat: Seat,
    work_id: int,
    verdict: Verdict,
    note: str | None,
    seen: Circumstances = Circumstances(),
    asked_with: int | None = None,
) -> int:
    time = verdict.labelled_at or now()
    cursor = db.conn.execute(
        "INSERT INTO label (work_id, slug, reviewer_id, round, label, purposes, note, codebook, labelled_at, evidence, assisted, drawn, "
        "asked_with) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(work_id, *seat.key, verdict.label, purposes_json(verdict.purposes), note, verdict.codebook, time),
            *(seen.evidence, int(seen.assisted), seen.drawn, asked_with),
        ],
    )
    return int(cursor.lastrowid or 0)


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

    Called again it goes one further back, into earlier sessions too.  An answer that had replaced another one gives way to
    it again.  A note of the label is kept for the next answer.
    """
    with writing(db):
        label = db.conn.execute(
            "SELECT s.label_id, s.work_id, s.label, s.purposes, s.note, coalesce(l.restores, l.label_id) AS place "
            f"FROM (SELECT * FROM standing_label WHERE {MINE}) s JOIN label l ON l.label_id = s.label_id ORDER BY place DESC LIMIT 1",
            seat.key,
        ).fetchone()
        put_off = db.conn.execute(
            "SELECT draft_id, work_id, kind, after_label_id FROM label_draft "
            f"WHERE kind <> 'note' AND {MINE} ORDER BY draft_id DESC LIMIT 1",
            seat.key,
        ).fetchone()
        if put_off and (label is None or put_off[3] >= label[5]):
            db.conn.execute("DELETE FROM label_draft WHERE draft_id = ?", [put_off[0]])
            return Undone(put_off[1], put_off[2])
        if label is None:
            return None
        return _take_back(db, seat, *label)


def _take_back(db: Database, seat: Seat, label_id: int, work_id: int, text: str, purposes: str, note: str | None, place: int) -> Undone:
    before = _label_before(db, seat, work_id, place)
    _add_label(db, seat, work_id, Verdict("retracted"), None)
    _take_back_also(db, place, work_id)
    if note and not find_note(db, seat, work_id):
        _add_draft(db, seat, work_id, "note", note)
    if before:
        _restore(db, before[0])
    settle(db, work_id, seat.slug)
    return Undone(work_id, text, tuple(json.loads(purposes)), before[1] if before else None)


def _label_before(db: Database, seat: Seat, work_id: int, place: int) -> tuple[int, str] | None:
    """The label that the one at ``place`` replaced (id, label); None where the work had none then."""
    row = db.conn.execute(
        f"SELECT label_id, label FROM label WHERE {MINE} AND {VERSIONS} AND label_id < ? ORDER BY label_id DESC LIMIT 1",
        [*seat.key, work_id, place],
    ).fetchone()
    return (row[0], row[1]) if row and row[1] != "retracted" else None


def _restore(db: Database, label_id: int) -> None:
    """Put a label that was replaced back: a row that repeats it, at its old place in the history."""
    columns = "work_id, slug, reviewer_id, round, label, purposes, note, codebook, labelled_at, evidence, assisted, drawn, asked_with"
    db.conn.execute(
        f"INSERT INTO label ({columns}, restores) SELECT {columns}, coalesce(restores, label_id) FROM label WHERE label_id = ?", [label_id]
    )


def _take_back_also(db: Database, label_id: int, work_id: int) -> None:
    """Take back what was said of other datasets in the same answer, where it still stands."""
    rows = db.conn.execute(
        "SELECT slug, reviewer_id, round FROM standing_label WHERE label_id IN (SELECT label_id FROM label WHERE asked_with = ?)",
        [label_id],
    ).fetchall()
    for row in rows:
        seat = Seat(*row)
        _add_label(db, seat, work_id, Verdict("retracted"), None)
        settle(db, work_id, seat.slug)


def save_reviewer_forgotten(db: Database, reviewer: Reviewer) -> int:
    """Put the pseudonym in the place of a reviewer's name, and remove what was unfinished; returns how many labels stay.

    The name is overwritten in the file itself, not only unlinked (https://www.sqlite.org/pragma.html#pragma_secure_delete).
    """
    db.conn.execute("PRAGMA secure_delete = ON")
    with writing(db):
        values = [reviewer.reviewer_id]
        save_tombstone(db, "reviewer", reviewer.name)
        db.conn.execute("UPDATE reviewer SET name = pseudonym, removed_at = ? WHERE reviewer_id = ?", [now(), *values])
        db.conn.execute("DELETE FROM label_draft WHERE reviewer_id = ?", values)
        db.conn.execute("DELETE FROM lease WHERE reviewer_id = ?", values)
        kept = int(db.conn.execute("SELECT count(*) FROM label WHERE reviewer_id = ? AND label <> 'retracted'", values).fetchone()[0])
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return kept
