"""Who has which work before them: leases keep two sessions from the same work.  Only ``verify`` imports this module.

A lease is void when it has expired, or when its session ran on this machine and its process is gone: a session that was
killed blocks nobody.
"""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from db.connect import Database, now, writing
from db.decisions import VERSIONS, Seat

LASTS = timedelta(minutes=15)  # longer than most works take; a work that takes longer is still saved, once


def new_holder() -> str:
    """A name for a session: machine, process, and a number that no later process shares."""
    return f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Whether the process of a session on this machine has ended; False for other machines, where nobody can tell."""
    machine, pid, _ = holder.rsplit(" ", 2)
    if machine != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a work stands in a round: labelled by this reviewer, by how many others, and held in another session."""

    mine: bool
    others: int
    held_by_me: bool  # in another session of the same reviewer
    held: int  # reviewers, this one aside, before whom it lies


def take_lease(db: Database, seat: Seat, work_id: int, holder: str, most: int | None, *, wait: bool) -> Standing:
    """Look at a work, and hold it for this session where it is free, all in one transaction.

    It is free unless this reviewer labelled it or holds it elsewhere, ``most`` reviewers have it, or (with ``wait``) another
    one has it just now.  A session holds one work: the one before is given back.  ``is_free`` says whether it was taken.
    """
    with writing(db):
        standing = _standing(db, seat, work_id, holder)
        db.conn.execute("DELETE FROM lease WHERE holder = ?", [holder])
        if is_free(standing, most, wait=wait):
            expires = (datetime.now(UTC) + LASTS).strftime("%Y-%m-%dT%H:%M:%SZ")
            db.conn.execute(
                "INSERT INTO lease (slug, round, work_id, reviewer_id, holder, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                [seat.slug, seat.round, work_id, seat.reviewer_id, holder, expires],
            )
    return standing


def is_free(standing: Standing, most: int | None, *, wait: bool) -> bool:
    """Whether a session may be given the work."""
    if standing.mine or standing.held_by_me or (wait and standing.held):
        return False
    return most is None or standing.others + standing.held < most


def _standing(db: Database, seat: Seat, work_id: int, holder: str) -> Standing:
    labelled = [
        row[0]
        for row in db.conn.execute(
            f"SELECT reviewer_id FROM standing_label WHERE {VERSIONS} AND slug = ? AND round = ?", [work_id, seat.slug, seat.round]
        )
    ]
    leases = db.conn.execute(
        f"SELECT reviewer_id, holder FROM lease WHERE slug = ? AND round = ? AND {VERSIONS} AND holder <> ? AND expires_at > ?",
        [seat.slug, seat.round, work_id, holder, now()],
    )
    holding = {reviewer_id for reviewer_id, session in leases if not is_gone(session)} - set(labelled)
    me = seat.reviewer_id
    return Standing(me in labelled, len(set(labelled) - {me}), me in holding, len(holding - {me}))


def find_present(db: Database, seat: Seat) -> list[int]:
    """The other reviewers who are at work on the dataset and round just now."""
    rows = db.conn.execute(
        "SELECT reviewer_id, holder FROM lease WHERE slug = ? AND round = ? AND reviewer_id <> ? AND expires_at > ?",
        [seat.slug, seat.round, seat.reviewer_id, now()],
    )
    return sorted({reviewer_id for reviewer_id, holder in rows if not is_gone(holder)})


def give_back(db: Database, holder: str) -> None:
    """End the leases of a session, and sweep away those that are void."""
    with writing(db):
        db.conn.execute("DELETE FROM lease WHERE holder = ? OR expires_at <= ?", [holder, now()])
        gone = [row for row in db.conn.execute("SELECT DISTINCT holder FROM lease").fetchall() if is_gone(row[0])]
        db.conn.executemany("DELETE FROM lease WHERE holder = ?", gone)
