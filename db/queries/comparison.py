"""Affiliations by two hands: what the document prints, against what OpenAlex tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from db.connect import Database
from db.queries.places import PLACES
from db.queries.scope import SCOPE, load_names

PRINTED, TOLD = "front matter", "openalex"  # tiers
# Of a work, and of each institution that either side names for it.
VERDICTS = ("agree", "conflict", "pdf_only", "openalex_only")

# Institutions by work: where the printed strings lead (a reviewer's decision counts first), and OpenAlex's own ROR ids.
_SIDES = f"""{PLACES},
  {SCOPE.strip().removeprefix("WITH ")}
SELECT DISTINCT s.group_id, '{PRINTED}', led.ror_id, i.name
  FROM scope s JOIN work w ON w.group_id = s.group_id JOIN affiliation a ON a.work_id = w.work_id AND a.tier = '{PRINTED}'
  JOIN led ON led.string_id = a.string_id JOIN institution i ON i.ror_id = led.ror_id
UNION
SELECT DISTINCT s.group_id, '{TOLD}', r.ror_id, coalesce(i.name, r.name, r.ror_id)
  FROM scope s JOIN work w ON w.group_id = s.group_id JOIN affiliation a ON a.work_id = w.work_id AND a.tier = '{TOLD}'
  JOIN affiliation_ror r ON r.affiliation_id = a.affiliation_id LEFT JOIN institution i ON i.ror_id = r.ror_id"""


@dataclass(frozen=True, slots=True)
class ComparedWork:
    """One work, versions together: institutions by either side, as (ROR id, name), sorted."""

    id: str
    group_id: int
    title: str | None
    printed: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...]

    @property
    def verdict(self) -> str:
        """agree: they share an institution; conflict: both name some, none is shared; else who alone names any."""
        if self.printed and self.told:
            return "agree" if {ror for ror, _ in self.printed} & {ror for ror, _ in self.told} else "conflict"
        return "pdf_only" if self.printed else "openalex_only"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A dataset's works with an institution by either side, and counts by verdict, of works and of their institutions."""

    slug: str
    works: tuple[ComparedWork, ...]

    @property
    def n_works(self) -> dict[str, int]:
        """Works by verdict."""
        counts = Counter(work.verdict for work in self.works)
        return {verdict: counts[verdict] for verdict in VERDICTS}

    @property
    def n_institutions(self) -> dict[str, int]:
        """Pairs of work and institution: named by both, by one; those of works in conflict stand apart."""
        counts: Counter[str] = Counter()
        for work in self.works:
            printed, told = {ror for ror, _ in work.printed}, {ror for ror, _ in work.told}
            if work.verdict == "conflict":
                counts["conflict"] += len(printed | told)
            else:
                counts += Counter({"agree": len(printed & told), "pdf_only": len(printed - told), "openalex_only": len(told - printed)})
        return {verdict: counts[verdict] for verdict in VERDICTS}

    @property
    def conflicts(self) -> tuple[ComparedWork, ...]:
        """The works where the two sides share nothing: for a person to look at."""
        return tuple(work for work in self.works if work.verdict == "conflict")


def compare_affiliations(db: Database, slug: str) -> Comparison:
    """The comparison for a dataset, works in the order of their stable ids."""
    found: dict[int, dict[str, set[tuple[str, str]]]] = {}
    for group_id, tier, ror_id, name in db.conn.execute(_SIDES, {"slug": slug}):
        found.setdefault(group_id, {PRINTED: set(), TOLD: set()})[tier].add((ror_id, name))
    names = load_names(db, found)
    works = [
        ComparedWork(names[group_id][0], group_id, names[group_id][1], tuple(sorted(sides[PRINTED])), tuple(sorted(sides[TOLD])))
        for group_id, sides in found.items()
    ]
    return Comparison(slug, tuple(sorted(works, key=lambda work: work.id)))
