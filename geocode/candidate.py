"""A candidate: a record together with the span of content words that made us think of it, and the ways to find one."""

from __future__ import annotations

from dataclasses import dataclass

from db.gazetteer import Institution


@dataclass(slots=True)
class Candidate:
    """A record that a span of content words [start, end) may mean.

    ``name_share``: how much of the name's weight stands in the span; ``span_share``: how much of the span's weight the
    name explains; ``likeness``: of the spellings; all 0..1, and 1 for an exact name.
    """

    record: Institution
    start: int
    end: int
    method: str  # exact name, alias, short name, bare name, former name, campus, other word order, house of the city, acronym, similar name
    name: tuple[str, ...]
    name_share: float = 1.0
    span_share: float = 1.0
    likeness: float = 1.0
    again: int = 0  # other words of the string that lead to the same record


METHOD = {
    "display": "exact name", "label": "exact name", "alias": "alias", "short": "short name", "bare": "bare name", "former": "former name",
}  # fmt: skip
BY_NAME = frozenset((*METHOD.values(), "campus"))
FULL = BY_NAME - {"bare name"}  # … that leave no doubt which words are meant
REPEATED = frozenset((*BY_NAME, "other word order", "acronym"))
ORDER = {**dict.fromkeys(BY_NAME, 4), "campus": 3, "bare name": 3, "other word order": 2, "acronym": 2, "similar name": 1}
