"""How sure we are of a candidate: what speaks for and against it, as numbers, and the model that weighs them.

A row of features is put together from what is told of the words (once for each span), of the record, of its places, of its
name, and of its company; FEATURES names the columns in this order.  ``Model`` turns a row into a probability.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from math import fsum, log

from rapidfuzz import fuzz

from db.gazetteer import NAME_ONLY, Institution
from geocode.candidate import Candidate
from geocode.candidates import CandidateFinder
from geocode.evidence import Evidence
from geocode.segments import Text
from geocode.signs import place_phrase, place_rank, place_signs
from geocode.words import DEPARTMENT, ORGANISATION, STOP, UNIT

METHODS = (
    "exact name", "alias", "short name", "bare name", "former name", "campus", "other word order", "house of the city",
    "acronym", "similar name",
)  # fmt: skip
TYPES = ("education", "company", "healthcare", "government", "facility", "nonprofit", "other", "archive")
SPAN = (
    "weight", "whole segment", "starts segment", "ends segment", "crossings", "before: joined", "before: of", "before: organisation",
    "before weight", "after: joined", "after: of", "after: unit", "after: organisation", "after weight", "bracketed", "segment explained",
    "head word", "only units", "is address", "initial capital", "segment", "segments", "segment is unit", "span weight share", "capitals",
    "kind before", "kind after", "rarest left",
)  # fmt: skip
HEADS = ("university", "hospital", "institute", "center", "school", "laboratory", "key", "department", "society", "ministry", "code")
RECORD = (*TYPES, *HEADS, "name only", "inactive", "has children", "has parent", "domains", "has city", "parents")
PLACE = (
    "country right", "country wrong", "country inferred right", "country inferred wrong", "division right", "division wrong", "city right",
    "city in name", "city near", "city far", "city none", "distance", "address",
)  # fmt: skip
NAME = ("words", "name weight", "rarest", "letters", "name share", "span share", "likeness", "place name", "name in string",
        "display in string", "display likeness", "missing weight", "bearers")  # fmt: skip
COMPANY = (
    "namesakes", "equal rivals", "beaten", "rivals here", "parent named", "child named", "inside longer", "overlapped", "contains",
    "strong others", "weight elsewhere", "house in city",
    "company here", "company elsewhere", "other names", "domain", "shouting", "found again", "best weight share", "houses", "similar ahead",
    "share to best", "rank lead",
)  # fmt: skip
FEATURES = (*METHODS, *SPAN, *RECORD, *PLACE, *NAME, *COMPANY)

RIVAL = 0.95  # share of a candidate's likeness from which another one for the same words is its rival
TELLING = 8.0  # weight of a word of its name that bears witness for an acronym
LEAD = 12.0  # in the ranks of places; more is as good
EXACT = frozenset(("exact name", "alias", "short name", "former name", "campus"))
_KIND = {
    **dict.fromkeys(DEPARTMENT, 1.0),
    **dict.fromkeys(("institute", "center", "college", "academy"), 2.0),
    **dict.fromkeys(("university", "polytechnic"), 3.0),
    **dict.fromkeys(("hospital", "clinic", "infirmary"), 4.0),
}
_HEADS = {head: frozenset((head,)) for head in HEADS} | {
    "hospital": frozenset(("hospital", "clinic", "infirmary")),
    "school": frozenset(("school", "faculty", "college")),
    "department": frozenset(("department", "division", "unit", "group", "team", "service")),
    "society": frozenset(("society", "academy", "association", "council", "foundation", "system")),
    "ministry": frozenset(("ministry", "agency", "administration", "bureau", "authority")),
}
Row = list[float]
Span = tuple[int, int]
_METHOD_ROWS = {method: [float(method == other) for other in METHODS] for method in METHODS}


class Scene:
    """All candidates of one string, so that each can be seen beside the others."""

    def __init__(self, text: Text, evidence: Evidence, candidates: list[Candidate], finder: CandidateFinder, domains: set[int]) -> None:
        self.text, self.evidence, self.candidates, self.finder, self.domains = text, evidence, candidates, finder, domains
        self.heirs = finder.heirs
        self._segments: dict[Span, tuple[Sequence[int], float]] = {}
        self.by_span: dict[Span, list[int]] = defaultdict(list)
        for n, c in enumerate(candidates):
            self.by_span[(c.start, c.end)].append(n)
        self._phrases = {span: self._phrase(*span) for span in self.by_span}
        self.signs = [place_signs(c.record, evidence, self._phrases[(c.start, c.end)]) for c in candidates]
        exact = [c for c in candidates if c.method in EXACT]
        self.named = {c.record.rec for c in exact}
        self._named_at: dict[int, set[Span]] = defaultdict(set)
        for c in exact:
            self._named_at[c.record.rec].add((c.start, c.end))
        self.ranks = [place_rank(c.record, s) + self._kin_rank(c) for c, s in zip(candidates, self.signs, strict=True)]
        strange = {n for n, signs in enumerate(self.signs) if "country wrong" in signs}
        self.exact_spans = sorted({(c.start, c.end) for n, c in enumerate(candidates) if c.method in EXACT and n not in strange})
        whole = [c for c in exact if self.is_whole(c)]
        self.whole = {c.record.rec for c in whole}
        self.seats = {(c.start, c.end, c.record.country_code) for c in whole}
        self._weigh()

    def _weigh(self) -> None:
        """What is the same for all candidates, or for all of a span."""
        text, total = self.text, self.finder.lexicon.total
        shouting = [w for w in text.raw if w.isalpha()]
        self.shouting = float(bool(shouting) and all(w.isupper() for w in shouting))
        self._all_words = set(text.words)
        self._string_weight = total(text.words) or 1.0
        self._weights = {span: total(text.words[span[0] : span[1]]) for span in self.by_span}
        self._best_weight = max((self._weights[span] for span in self.exact_spans), default=0.0)
        self._span_rows = {span: self._span_row(*span) for span in self.by_span}
        self._span_company = {span: self._around(*span) for span in self.by_span}
        self.spelled = [c.method == "acronym" and self._is_spelled(c) for c in self.candidates]
        self._strength = [c.name_share * c.likeness for c in self.candidates]
        self._best_share: dict[int, float] = {}
        for c in self.candidates:
            segment = text.of[c.start]
            self._best_share[segment] = max(self._best_share.get(segment, 0.0), c.name_share * c.likeness)
        strong = [n for n, s in enumerate(self._strength) if s >= RIVAL and "country wrong" not in self.signs[n]]
        self._strong = {self.candidates[n].record.rec for n in strong}
        self._houses = {self.candidates[n].record.rec for n in strong if "education" in self.candidates[n].record.types}
        self._house_cities = {
            c for n in strong if "education" in self.candidates[n].record.types for c in self.candidates[n].record.city_ids
        }
        self._strong_spans = {(c.start, c.end) for c in (self.candidates[n] for n in strong)}
        self._apart = {span: self._beside(*span) for span in self.by_span}

    def _is_spelled(self, c: Candidate) -> bool:
        """Whether a telling word of the full name stands beside an acronym: "МГУ имени Ломоносова"."""
        lexicon, words = self.finder.lexicon, self.text.words
        shown = lexicon.display(c.record.rec)
        if c.end - c.start > 1 and c.record.city and f" {words[c.end - 1]} " in place_phrase(c.record.city):
            return True  # "IIIT-Delhi"
        beside = {*words[: c.start], *words[c.end :]}
        return any(lexicon.weight(word) >= TELLING for word in beside.intersection(shown))

    def _phrase(self, start: int, end: int) -> str:
        where = self.text.where
        return f" {' '.join(self.text.folded[where[start] : where[end - 1] + 1])} "

    def _kin_rank(self, c: Candidate) -> float:
        span = (c.start, c.end)
        return 3.0 * self._has_named(c.record.parents, span) + 1.0 * self._has_named(c.record.children, span)

    def _has_named(self, recs: tuple[int, ...], span: Span) -> bool:
        """Whether one of the records is named in other words than these."""
        named = self._named_at
        return not named.keys().isdisjoint(recs) and any(rec in named and named[rec] != {span} for rec in recs)

    def is_whole(self, c: Candidate) -> bool:
        """Whether a span is one or several whole segments."""
        bounds, of = self.text.bounds, self.text.of
        return c.start == bounds[of[c.start]][0] and c.end == bounds[of[c.end - 1]][1]

    def row(self, n: int) -> Row:
        """The features of candidate ``n``, in the order of FEATURES."""
        c, signs = self.candidates[n], self.signs[n].get
        return [
            *_METHOD_ROWS[c.method],
            *self._span_rows[(c.start, c.end)],
            *_record_row(c.record, self.finder.lexicon.own_words(c.record.rec, c.record.name)),
            *[signs(name, 0.0) for name in PLACE],
            *self._name_row(c),
            *self._company_row(n, c),
        ]

    def _span_row(self, start: int, end: int) -> Row:
        """Where the span stands and what it is made of."""
        text, where, of, bounds, weight = self.text, self.text.where, self.text.of, self.text.bounds, self.finder.lexicon.weight
        first, last = bounds[of[start]][0], bounds[of[end - 1]][1]
        starts, ends = start == first, end == last
        joined = preceded = house_before = before = 0.0
        if not starts:
            gap = where[start] - where[start - 1] - 1
            joined, preceded = float(not gap), float(gap > 0)
            before = 0.0 if gap else weight(text.words[start - 1])
            house_before = float(text.words[start - 1] in ORGANISATION or text.words[start - 1] in UNIT)
        follows = goes_on = unit_after = house_after = after = 0.0
        taken = self.evidence.taken
        if not ends and where[end] not in taken:
            gap = where[end] - where[end - 1] - 1
            goes_on = float(gap > 0 and text.folded[where[end - 1] + 1] in STOP)
            follows, after = 1.0 - goes_on, weight(text.words[end])
            unit_after, house_after = float(text.words[end] in UNIT), float(text.words[end] in ORGANISATION)
        segment, all_of_it = self._unplaced(first, last)
        rest = [text.words[m] for m in segment if not start <= m < end]
        span = text.words[start:end]
        inside = span if len(rest) + len(span) == len(segment) else [text.words[m] for m in segment if start <= m < end]
        explained = self.finder.lexicon.total(inside) / all_of_it
        own = self._weights[(start, end)]
        raw = text.raw[where[start]]
        return [
            *(own, float(starts and ends), float(starts), float(ends), float(of[end - 1] - of[start]), joined, preceded, house_before),
            *(before, follows, goes_on, unit_after, house_after, after, float(text.bracketed[of[start]]), explained),
            *(float(not ORGANISATION.isdisjoint(span)), float(all(w in UNIT or weight(w) < 6 for w in span))),
            *(sum(where[m] in taken for m in range(start, end)) / (end - start), float(raw[0].isupper()), float(min(of[start], 8))),
            *(float(min(len(bounds), 8)), float(text.words[first] in DEPARTMENT), own / self._string_weight),
            float(sum(map(str.isupper, raw)) if end - start == 1 else 0),
            *(_kind(text.words[first:start]), _kind(text.words[end:last])),
            max(map(weight, rest), default=0.0),
        ]

    def _unplaced(self, first: int, last: int) -> tuple[Sequence[int], float]:
        """The words of a segment, or of several, that name no place, or all of them where all do; and what they tell together."""
        if (first, last) not in self._segments:
            taken, where, words = self.evidence.taken, self.text.where, self.text.words
            numbers = [m for m in range(first, last) if where[m] not in taken] or range(first, last)
            self._segments[first, last] = numbers, self.finder.lexicon.total([words[m] for m in numbers]) or 1.0
        return self._segments[first, last]

    def _name_row(self, c: Candidate) -> Row:
        lexicon, weight, there = self.finder.lexicon, self.finder.lexicon.weight, self._all_words
        tokens = dict.fromkeys(c.name)
        weights = [weight(w) for w in tokens]
        name_weight = fsum(weights)
        held = fsum([w for token, w in zip(tokens, weights, strict=True) if token in there])
        shown = lexicon.display(c.record.rec)
        shown_weight = lexicon.total(shown) or 1.0
        shown_held = lexicon.total(there.intersection(shown))
        same = shown == c.name and c.likeness == 1.0
        likeness = 1.0 if same else fuzz.ratio("".join(self.text.words[c.start : c.end]), "".join(shown)) / 100
        return [
            *(float(len(c.name)), name_weight, max(weights, default=0.0), float(min(30, sum(map(len, c.name))))),
            *(c.name_share, c.span_share, c.likeness, float(len(c.name) <= 3 and bool(self.finder.city_ids("".join(c.name))))),
            *(held / (name_weight or 1.0), shown_held / shown_weight, likeness, name_weight * (1 - c.name_share)),
            float(min(10, self.finder.bearers(c.name))),
        ]

    def _around(self, start: int, end: int) -> tuple[float, float, float]:
        """(stands inside a longer exact name, overlaps one, contains one)."""
        inside = overlapped = contains = 0.0
        for first, last in self.exact_spans:
            if (first, last) == (start, end):
                continue
            if first <= start and end <= last:
                inside = 1.0
            elif start <= first and last <= end:
                contains = 1.0
            elif first < end and start < last:
                overlapped = 1.0
        return inside, overlapped, contains

    def _beside(self, start: int, end: int) -> tuple[float, set[str | None], list[int]]:
        """(weight of the most telling strong name that stands apart, countries of whole ones there, candidates that do not)."""
        elsewhere = max((self._weights[s] for s in self._strong_spans if s[1] <= start or end <= s[0]), default=0.0)
        seats = {country for first, last, country in self.seats if last <= start or end <= first}
        return elsewhere, seats, [n for n, o in enumerate(self.candidates) if o.start < end and start < o.end]

    def _company_row(self, n: int, c: Candidate) -> Row:
        """The other candidates: rivals for the span, kin, and names around it."""
        span, rank, ranks, record, strength = (c.start, c.end), self.ranks[n], self.ranks, c.record, self._strength
        own, rec, country = strength[n], record.rec, record.country_code
        elsewhere, seats, meeting = self._apart[span]
        same_city = rec not in self._houses and not self._house_cities.isdisjoint(record.city_ids)
        rivals = [m for m in self.by_span[span] if m != n and strength[m] >= own * RIVAL]
        theirs = [ranks[m] for m in rivals]
        best = max(theirs, default=-LEAD * 9)
        here = sum([self.candidates[m].record.country_code == country for m in rivals])
        inside, overlapped, contains = self._span_company[span]
        ahead = sum([strength[m] > own for m in meeting])
        parent, child = self._names_other(record.parents, rec), self._names_other(record.children, rec)
        weight = self._weights[span]
        return [
            *(float(min(10, len(rivals))), float(min(5, theirs.count(rank))), float(best > rank), float(min(10, here))),
            *(float(parent), float(child), inside, overlapped, contains),
            *(float(min(5, len(self._strong) - (rec in self._strong))), elsewhere, float(same_city)),
            *(float(country in seats), float(bool(seats) and country not in seats)),
            *(float(min(5, len(self.whole) - (rec in self.whole))), float(rec in self.domains), self.shouting),
            *(float(min(3, c.again)), min(3.0, weight / (self._best_weight or weight or 1.0))),
            float(min(5, len(self._houses) - (rec in self._houses))),
            *(float(min(8, ahead)), own / (self._best_share[self.text.of[c.start]] or 1.0)),
            max(-LEAD, min(LEAD, rank - best)),
        ]

    def _names_other(self, kin: tuple[int, ...], rec: int) -> bool:
        return not self._strong.isdisjoint(kin) and any(other in self._strong and other != rec for other in kin)


def _kind(words: list[str]) -> float:
    """What the words beside a span make of it: nothing, a department of it, an institute, a hospital."""
    return max([_KIND.get(word, 0.0) for word in words]) if words else 0.0


@lru_cache(maxsize=50_000)
def _record_row(record: Institution, words: tuple[str, ...]) -> tuple[float, ...]:
    heads = [float(not _HEADS[head].isdisjoint(words)) for head in HEADS[:-1]]
    return (
        *(float(type_ in record.types) for type_ in TYPES),
        *heads,
        float(any(word[-1].isdigit() and word[0].isalpha() for word in words)),
        float(record.status == NAME_ONLY),
        float(record.status not in ("active", NAME_ONLY)),
        float(min(10, len(record.children))),
        float(bool(record.parents)),
        log(1 + len(record.domains)),
        float(record.city is not None),
        float(min(5, len(record.parents))),
    )
