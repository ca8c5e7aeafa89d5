"""How a round of reviewing is done: how many reviewers a work gets, and whether it is a sample.  Only ``verify`` imports this."""

from __future__ import annotations

from dataclasses import dataclass

from db.connect import Database, now, writing
from db.decisions import Seat
from db.errors import UsageError


@dataclass(frozen=True, slots=True)
class Plan:
    """``reviewers_per_work`` None: no limit; ``sample`` None: all works."""

    reviewers_per_work: int | None = None
    sample: int | None = None
    seed: int = 1


def find_plan(db: Database, slug: str, round_: int) -> Plan | None:
    """The plan of a round; None where nobody has set one."""
    row = db.conn.execute(
        "SELECT reviewers_per_work, sample, seed FROM screening_round WHERE slug = ? AND round = ?", [slug, round_]
    ).fetchone()
    return Plan(*row) if row else None


def save_plan(db: Database, seat: Seat, *, reviewers: int | None, sample: int | None, seed: int | None) -> Plan:
    """The plan of the seat's round, with what this call sets; None leaves a part as it is.

    How many reviewers a work gets may change at any time.  A sample that stands can't: it would be another sample.
    """
    with writing(db):
        known = find_plan(db, seat.slug, seat.round)
        if reviewers is None and sample is None:
            return known or Plan()
        seed = seed if seed is not None else known.seed if known else 1
        if known and sample is not None and (known.sample, known.seed) != (sample, seed):
            was = f"a sample of {known.sample} with seed {known.seed}" if known.sample else "all works"
            raise UsageError(f"round {seat.round} of {seat.slug} was begun over {was}; take another number with --round")
        plan = Plan(reviewers or (known.reviewers_per_work if known else None), sample or (known.sample if known else None), seed)
        db.conn.execute(
            "INSERT INTO screening_round (slug, round, reviewers_per_work, sample, seed, reviewer_id, set_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (slug, round) DO UPDATE SET reviewers_per_work = excluded.reviewers_per_work, sample = excluded.sample, "
            "seed = excluded.seed, reviewer_id = excluded.reviewer_id, set_at = excluded.set_at",
            [seat.slug, seat.round, plan.reviewers_per_work, plan.sample, plan.seed, seat.reviewer_id, now()],
        )
    return plan
