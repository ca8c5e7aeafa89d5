"""Companies: ROR holds one record for each country, "Google (Canada)", while papers print "Google, Zurich".

The printed country picks the record.  Where it has none, or none is printed, the company's own record is meant: the one
that is the parent of the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from geocode.candidates import Candidate


def find_head(family: Sequence[Candidate]) -> Candidate | None:
    """The company's own record among candidates for the same words; None where they are not all of one company.

    One company: each is a company, and one of them is the parent of all others.
    """
    records = {c.record.rec: c for c in family}
    if len(records) < 2 or any("company" not in c.record.types or c.method not in ("short name", "alias", "exact name") for c in family):
        return None
    for candidate in records.values():
        others = set(records) - {candidate.record.rec}
        if others <= set(candidate.record.children) or all(candidate.record.rec in records[rec].record.parents for rec in others):
            return candidate
    return None
