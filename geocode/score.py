"""How sure we are of a candidate: what speaks for and against it, as numbers, and the model that weighs them.

``features`` names each sign once (FEATURES is the order of the model's columns); ``Model`` turns them into a probability.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from geocode.candidates import Candidate, CandidateFinder
from geocode.citybuild import place_key
from geocode.evidence import NEAR_KM, Evidence, distance_km
from geocode.normalise import fold, words
from geocode.segments import Text
from geocode.words import ORGANISATION, STOP, UNIT

METHODS = ("exact name", "alias", "short name", "former name", "campus", "other word order", "acronym", "similar name")
TYPES = ("education", "company", "healthcare", "government", "facility", "nonprofit", "other", "archive")
FEATURES = (
    *METHODS, *TYPES,
    "words", "weight", "rarest", "letters", "whole segment", "starts segment", "ends segment", "crossings", "before: joined",
    "before: of", "before: organisation", "after: joined", "after: of", "after: unit", "bracketed", "country right", "country wrong",
    "country inferred right", "country inferred wrong", "division right", "division wrong", "city right", "city in name", "city near",
    "city far", "city none", "namesakes", "equal rivals", "beaten", "parent named", "child named", "inside longer", "overlapped",
    "contains", "name share", "span share", "likeness", "segment explained", "head word", "only units", "is address", "inactive",
    "segments", "other names", "domain", "initial capital", "shouting", "place name", "parent evidence", "has children", "has parent",
    "before weight",
    "after weight", "company here", "company elsewhere",
)  # fmt: skip

# Signs that can only speak for a candidate (1) or against it (-1): the training keeps to that.
DIRECTIONS = {
    **dict.fromkeys(("whole segment", "country right", "country inferred right", "division right", "city right", "city near"), 1),
    **dict.fromkeys(("parent named", "name share", "span share", "likeness", "segment explained", "company here", "weight"), 1),
    **dict.fromkeys(("country wrong", "country inferred wrong", "division wrong", "city far", "equal rivals", "beaten"), -1),
    **dict.fromkeys(("inside longer", "overlapped", "is address", "company elsewhere", "namesakes"), -1),
}

EXACT = frozenset(("exact name", "alias", "short name", "former name", "campus"))
Row = list[float]


@lru_cache(maxsize=100_000)
def place_phrase(name: str) -> str:
    """A place name as it stands in ``Evidence.phrase``."""
    return f" {' '.join(fold(w) for w in words(name))} "


def place_signs(c: Candidate, evidence: Evidence, span_phrase: str) -> dict[str, float]:
    """What the printed places say of a record."""
    record, signs = c.record, {}
    if evidence.countries:
        signs["country right" if record.country_code in evidence.countries else "country wrong"] = 1.0
    elif evidence.inferred:
        signs["country inferred right" if record.country_code in evidence.inferred else "country inferred wrong"] = 1.0
    if evidence.divisions and record.region:
        same = place_phrase(record.region) in evidence.phrase or not evidence.namesakes.isdisjoint(record.city_ids)
        if any(d.startswith(f"{record.country_code}.") for d in evidence.divisions):
            signs["division right" if same else "division wrong"] = 1.0
    if record.city:
        phrase = place_phrase(record.city)
        if evidence.phrase.count(phrase) > span_phrase.count(phrase) or not evidence.namesakes.isdisjoint(record.city_ids):
            signs["city right"] = 1.0
        if phrase in span_phrase:
            signs["city in name"] = 1.0
    if not evidence.cities:
        signs["city none"] = 1.0
    elif "city right" not in signs and record.latitude is not None and record.longitude is not None:
        here = (record.latitude, record.longitude)
        near = any(distance_km(here, (x.latitude, x.longitude)) < NEAR_KM for x in evidence.cities.values())
        signs["city near" if near else "city far"] = 1.0
    return signs


def place_rank(c: Candidate, signs: dict[str, float]) -> float:
    """How well a record fits the printed places, to compare records of one name."""
    return (
        0.25 * (c.record.status == "active")
        + 4 * signs.get("city right", 0)
        + 3 * signs.get("city near", 0)
        - signs.get("city far", 0)
        + signs.get("city in name", 0) * 0.5
        + 2 * (signs.get("division right", 0) - signs.get("division wrong", 0))
        + 8 * (signs.get("country right", 0) - signs.get("country wrong", 0))
        + 4 * (signs.get("country inferred right", 0) - signs.get("country inferred wrong", 0))
    )


class Scene:
    """All candidates of one string, so that each can be seen beside the others."""

    def __init__(self, text: Text, evidence: Evidence, candidates: list[Candidate], finder: CandidateFinder, domains: set[int]) -> None:
        self.text, self.evidence, self.candidates, self.finder, self.domains = text, evidence, candidates, finder, domains
        self.signs = [place_signs(c, evidence, self._phrase(c)) for c in candidates]
        self.ranks = [place_rank(c, s) + self._kin_rank(c) for c, s in zip(candidates, self.signs, strict=True)]
        self.by_span: dict[tuple[int, int], list[int]] = defaultdict(list)
        for n, c in enumerate(candidates):
            self.by_span[(c.start, c.end)].append(n)
        self.exact_spans = sorted({(c.start, c.end) for c in candidates if c.method in EXACT})
        self.named = {c.record.rec for c in candidates if c.method in EXACT}
        self.whole = {c.record.rec for c in candidates if c.method in EXACT and self.is_whole(c)}
        self.seats = {(c.start, c.end, c.record.country_code) for c in candidates if c.record.rec in self.whole and self.is_whole(c)}
        shouting = [w for w in text.raw if w.isalpha()]
        self.shouting = bool(shouting) and all(w.isupper() for w in shouting)

    def _phrase(self, c: Candidate) -> str:
        where = self.text.where
        return f" {' '.join(self.text.folded[where[c.start] : where[c.end - 1] + 1])} "

    def _kin_rank(self, c: Candidate) -> float:
        named = {o.record.rec for o in self.candidates if o.method in EXACT and (o.start, o.end) != (c.start, c.end)}
        return 3.0 * (not named.isdisjoint(c.record.parents)) + 1.0 * (not named.isdisjoint(c.record.children))

    def is_whole(self, c: Candidate) -> bool:
        """Whether a span is one or several whole segments."""
        bounds = self.text.bounds
        return c.start == bounds[self.text.of[c.start]][0] and c.end == bounds[self.text.of[c.end - 1]][1]

    def row(self, n: int) -> Row:
        """The features of candidate ``n``, in the order of FEATURES."""
        c, text = self.candidates[n], self.text
        signs = dict(self.signs[n])
        signs[c.method] = 1.0
        for type_ in c.record.types:
            signs[type_] = 1.0
        self._shape(c, signs)
        self._company(n, c, signs)
        signs["bracketed"] = float(text.bracketed[text.of[c.start]])
        signs["segments"] = float(min(len(text.bounds), 8))
        signs["domain"] = float(c.record.rec in self.domains)
        signs["shouting"] = float(self.shouting)
        signs["name share"], signs["span share"], signs["likeness"] = c.name_share, c.span_share, c.likeness
        return [signs.get(name, 0.0) for name in FEATURES]

    def _shape(self, c: Candidate, signs: dict[str, float]) -> None:
        """Where the span stands and what it is made of."""
        text, of, bounds = self.text, self.text.of, self.text.bounds
        weights = [self.finder.weight(w) for w in set(c.name)]
        first, last = bounds[of[c.start]][0], bounds[of[c.end - 1]][1]
        signs["words"], signs["weight"], signs["rarest"] = float(len(c.name)), sum(weights), max(weights)
        signs["letters"] = float(min(30, sum(map(len, c.name))))
        signs["starts segment"], signs["ends segment"] = float(c.start == first), float(c.end == last)
        signs["whole segment"] = signs["starts segment"] * signs["ends segment"]
        signs["crossings"] = float(of[c.end - 1] - of[c.start])
        self._neighbours(c, signs, first, last)
        taken, where = self.evidence.taken, text.where
        segment = [n for n in range(first, last) if where[n] not in taken] or list(range(first, last))
        explained = self.finder.total([text.words[n] for n in segment if c.start <= n < c.end])
        signs["segment explained"] = explained / (self.finder.total([text.words[n] for n in segment]) or 1.0)
        span = text.words[c.start : c.end]
        signs["head word"] = float(any(w in ORGANISATION for w in span))
        signs["only units"] = float(all(w in UNIT or self.finder.weight(w) < 6 for w in span))
        signs["is address"] = sum(where[n] in taken for n in range(c.start, c.end)) / (c.end - c.start)
        signs["initial capital"] = float(text.raw[where[c.start]][0].isupper())
        signs["place name"] = float(len(c.name) <= 3 and bool(self.finder.is_place("".join(c.name))))

    def _neighbours(self, c: Candidate, signs: dict[str, float], first: int, last: int) -> None:
        text, where = self.text, self.text.where
        if c.start > first:
            gap = where[c.start] - where[c.start - 1] - 1
            signs["before: of" if gap else "before: joined"] = 1.0
            signs["before weight"] = 0.0 if gap else self.finder.weight(text.words[c.start - 1])
            signs["before: organisation"] = float(text.words[c.start - 1] in ORGANISATION or text.words[c.start - 1] in UNIT)
        if c.end < last and where[c.end] not in self.evidence.taken:
            gap = where[c.end] - where[c.end - 1] - 1
            follower = text.folded[where[c.end - 1] + 1]
            signs["after: of" if gap and follower in STOP else "after: joined"] = 1.0
            signs["after weight"] = self.finder.weight(text.words[c.end])
            signs["after: unit"] = float(text.words[c.end] in UNIT)

    def _company(self, n: int, c: Candidate, signs: dict[str, float]) -> None:
        """The other candidates: rivals for the span, kin, and names around it."""
        rivals = [m for m in self.by_span[(c.start, c.end)] if m != n and self.candidates[m].record.rec != c.record.rec]
        signs["namesakes"] = float(min(10, len(rivals)))
        signs["equal rivals"] = float(min(5, sum(self.ranks[m] == self.ranks[n] for m in rivals)))
        signs["beaten"] = float(any(self.ranks[m] > self.ranks[n] for m in rivals))
        others = self.named - {c.record.rec}
        signs["parent named"] = float(not others.isdisjoint(c.record.parents))
        signs["child named"] = float(not others.isdisjoint(c.record.children))
        signs["has children"] = float(min(10, len(c.record.children)))
        signs["has parent"] = float(bool(c.record.parents))
        for start, end in self.exact_spans:
            if (start, end) == (c.start, c.end):
                continue
            if start <= c.start and c.end <= end:
                signs["inside longer"] = 1.0
            elif c.start <= start and end <= c.end:
                signs["contains"] = 1.0
            elif start < c.end and c.start < end:
                signs["overlapped"] = 1.0
        seats = {country for start, end, country in self.seats if end <= c.start or c.end <= start}
        signs["company here"] = float(c.record.country_code in seats)
        signs["company elsewhere"] = float(bool(seats) and c.record.country_code not in seats)
        signs["other names"] = float(min(5, len(self.whole - {c.record.rec})))


__all__ = ["EXACT", "FEATURES", "METHODS", "Row", "Scene", "place_key", "place_phrase"]
