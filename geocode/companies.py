"""Companies: ROR holds one record for each country, "Google (Canada)", while papers print "Google, Zurich".

The printed country picks the record.  Where it has none, or none is printed, the company's own record is meant: the one
that is the parent of the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from geocode.candidate import Candidate


def find_head(family: Sequence[Candidate]) -> Candidate | None:
    """The company's own record among candidates for the same words; None where they are not of one company.

    One company: all are companies, and exactly one of them is a parent of others and no other's child, or bears the plain name
    itself, while the others have their country behind it.
    """
    records = {c.record.rec: c for c in family}
    if len(records) < 2 or any("company" not in c.record.types for c in family):
        return None
    heads = [
        c for c in records.values() if not records.keys().isdisjoint(c.record.children) and records.keys().isdisjoint(c.record.parents)
    ]
    heads = heads or [c for c in records.values() if c.method == "exact name"]
    return heads[0] if len(heads) == 1 else None
