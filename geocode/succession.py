"""What a new release of the registry changes: records merged, withdrawn, closed, renamed, new, and lost without a word.

ROR keeps withdrawn records, with a relationship "successor" where there is one:
https://ror.readme.io/docs/relationships · https://ror.readme.io/docs/status
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.succession import Ended

RawRecord = Mapping[str, Any]
LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A record as an index has it."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.  ``kind``: merged, split, withdrawn, closed, renamed, new, lost."""

    kind: str
    ror_id: str
    name: str
    now: str = ""  # the new name, or the heirs' ids


KINDS = ("merged", "split", "withdrawn", "closed", "renamed", "new", "lost")


def find_ended(records: Sequence[RawRecord], name_of: Mapping[str, str]) -> list[Ended]:
    """The withdrawn and inactive records with the ends of their chains of successors."""
    by_id = {str(r["id"]): r for r in records}
    ended = (ror_id for ror_id, r in by_id.items() if r.get("status") in ("withdrawn", "inactive"))
    return [Ended(ror_id, name_of[ror_id], str(by_id[ror_id]["status"]), _heirs(by_id, ror_id)) for ror_id in sorted(ended)]


def _heirs(by_id: Mapping[str, RawRecord], ror_id: str) -> tuple[str, ...]:
    """Where the chains of successors end; a withdrawn end is none, a circle leads nowhere."""
    ends: list[str] = []
    seen, todo = {ror_id}, _successors(by_id[ror_id])
    for _ in range(LONGEST_CHAIN):
        following: list[str] = []
        for heir in todo:
            if heir in seen or heir not in by_id:
                continue
            seen.add(heir)
            further = _successors(by_id[heir])
            if by_id[heir].get("status") != "active" and further:
                following += further
            elif by_id[heir].get("status") != "withdrawn":
                ends.append(heir)
        todo = following
    return tuple(sorted(set(ends)))


def _successors(record: RawRecord) -> list[str]:
    return [str(r["id"]) for r in record.get("relationships") or () if r.get("type") == "successor" and r.get("id")]


def successors(ended: Iterable[Ended]) -> dict[str, str]:
    """Old id → new id, where there is exactly one heir; a split institution needs a person."""
    return {e.ror_id: e.heirs[0] for e in ended if len(e.heirs) == 1}


def compare(
    before: Mapping[str, Known], after: Mapping[str, Known], ended: Sequence[Ended], before_ended: Sequence[Ended] = ()
) -> list[Change]:
    """The differences, by kind and id.  ``after`` may hold withdrawn records, ``before`` holds none.

    ``before_ended``: what the old index knew to have ended; it is told only once.
    """
    known = {e.ror_id: (e.status, e.heirs) for e in before_ended}
    changes = [_end(e) for e in ended if known.get(e.ror_id) != (e.status, e.heirs) and e.ror_id in {**before, **known}]
    for ror_id, old in before.items():
        new = after.get(ror_id)
        if new is None:
            changes.append(Change("lost", ror_id, old.name))
        elif new.status != "withdrawn" and new.name != old.name:
            changes.append(Change("renamed", ror_id, old.name, new.name))
    first_seen = (i for i, r in after.items() if before and i not in before and i not in known and r.status == "active")
    changes += [Change("new", ror_id, after[ror_id].name) for ror_id in first_seen]
    return sorted(changes, key=lambda c: (KINDS.index(c.kind), c.ror_id))


def _end(ended: Ended) -> Change:
    kind = {0: "withdrawn" if ended.status == "withdrawn" else "closed", 1: "merged"}.get(len(ended.heirs), "split")
    return Change(kind, ended.ror_id, ended.name, " ".join(ended.heirs))
