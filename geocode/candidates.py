"""Which records a string may mean: exact names by keys, acronyms, then likely names by their rare words.

A candidate is a record together with the span of content words that made us think of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from db.gazetteer import (
    Institution,
    Name,
    find_hits,
    load_frequencies,
    load_institution,
    load_keys,
    load_name,
    load_postings,
)
from geocode.evidence import Evidence
from geocode.normalise import name_tokens, ordered_key, sorted_key
from geocode.segments import Text
from geocode.words import COMMON, ORGANISATION, UNIT

LONGEST = 14  # content words of a name
CROSSINGS = 2  # segment borders that a name may cross: "University of California, San Diego"
TOO_COMMON = 1_500  # a word in more names than this leads to no candidates
# As the model saw them in training: in a small registry, such as the demo's, "university" is no rare word, and names tell as much.
REGISTRY_NAMES, USUAL, EVERYWHERE = 58_000, 1_000, 14_000
KEPT = 8  # similar names kept for a segment
RARE_WORDS = 4  # words of a segment that are asked for names
LIKELY = 0.5  # the least share of a name's weight that a segment must hold


@dataclass(slots=True)
class Candidate:
    """A record that a span of content words [start, end) may mean.

    ``name_share``: how much of the name's weight stands in the span; ``span_share``: how much of the span's weight the
    name explains; ``likeness``: of the spellings; all 0..1, and 1 for an exact name.
    """

    record: Institution
    start: int
    end: int
    method: str  # exact name, alias, short name, former name, campus, other word order, acronym, similar name
    name: tuple[str, ...]
    name_share: float = 1.0
    span_share: float = 1.0
    likeness: float = 1.0


_USUAL = UNIT | ORGANISATION | COMMON
_METHOD = {"display": "exact name", "label": "exact name", "alias": "alias", "short": "short name", "former": "former name"}


class CandidateFinder:
    """Finds candidates; holds the keys of the index in memory and reads records as they are needed."""

    def __init__(self, db: Database) -> None:
        self._ordered = load_keys(db, "ordered_key")
        self._sorted = load_keys(db, "sorted_key")
        self._frequency = load_frequencies(db)
        self._n_names = max(REGISTRY_NAMES, max(self._frequency.values(), default=1) * 4)
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        self.record: Callable[[int], Institution] = lru_cache(200_000)(lambda rec: load_institution(db, rec))
        self._name: Callable[[int], Name] = lru_cache(200_000)(lambda name_id: load_name(db, name_id))
        self._postings = lru_cache(20_000)(lambda token: load_postings(db, token))
        self._acronym: Callable[[str], tuple[int, ...]] = lru_cache(50_000)(lambda key: tuple(map(int, find_hits(db, "acronym", key))))
        self.is_place: Callable[[str], bool] = lru_cache(50_000)(lambda key: bool(find_hits(db, "city_key", key)))
        self._corrected: Callable[[str], str | None] = lru_cache(50_000)(self._correct)

    def weight(self, word: str) -> float:
        """How much a word tells: the logarithm of its rarity among all names."""
        usual = EVERYWHERE if word == "university" else USUAL if word in _USUAL else 0
        return log(1 + self._n_names / (1 + max(self._frequency.get(word, 0), usual)))

    def total(self, words: list[str] | tuple[str, ...]) -> float:
        return sum(self.weight(w) for w in set(words))

    def find(self, text: Text, evidence: Evidence) -> list[Candidate]:
        """All candidates of a string, in the order of their spans within each way of finding them."""
        found = self._exact(text, [ordered_key(name_tokens(city.name)) for city in evidence.cities.values()])
        found += self._acronyms(text)
        for start, end in self._open_segments(text, found, evidence.taken):
            found += self._similar(text, start, end, evidence.taken)
        return _without_echoes(found)

    def _exact(self, text: Text, cities: list[str]) -> list[Candidate]:
        found: list[Candidate] = []
        size = len(text.words)
        for start in range(size):
            key = ""
            for end in range(start + 1, min(start + LONGEST, size) + 1):
                if text.of[end - 1] - text.of[start] > CROSSINGS:
                    break
                key += text.words[end - 1]
                if (hits := self._ordered.get(key)) is not None:
                    found += self._named(hits, start, end, None)
                    for city in cities:  # the campus: "University of California, 445 Campbell Hall, Berkeley"
                        if (hits := self._ordered.get(key + city)) is not None:
                            found += self._named(hits, start, end, "campus")
                elif 1 < end - start <= 8 and text.of[start] == text.of[end - 1] and (hits := self._reordered(text.words[start:end])):
                    found += self._named(hits, start, end, "other word order")
        return found

    def _reordered(self, words: list[str]) -> str | None:
        return self._sorted.get(sorted_key(words)) if len(set(words)) == len(words) else None

    def _named(self, hits: str, start: int, end: int, method: str | None) -> list[Candidate]:
        best: dict[int, Name] = {}
        for hit in hits.split(" "):
            name = self._name(int(hit))
            best.setdefault(name.rec, name)
        return [Candidate(self.record(rec), start, end, method or _METHOD[name.kind], name.tokens) for rec, name in best.items()]

    def _acronyms(self, text: Text) -> list[Candidate]:
        found = []
        for n, where in enumerate(text.where):
            raw = text.raw[where]
            if 2 <= len(raw) <= 12 and sum(c.isupper() for c in raw) >= max(2, len(raw) * 0.5):
                key = ordered_key([text.words[n]])
                found += [Candidate(self.record(rec), n, n + 1, "acronym", (key,)) for rec in self._acronym(key)[:40]]
        return found

    def _open_segments(self, text: Text, found: list[Candidate], taken: set[int]) -> list[tuple[int, int]]:
        """Segments whose words are not explained yet and that may hold a name."""
        covered = {n for c in found if c.method != "acronym" and c.end - c.start > 1 for n in range(c.start, c.end)}
        any_exact = bool(covered)
        result = []
        for start, end in text.bounds:
            free = [n for n in range(start, end) if n not in covered and text.where[n] not in taken and not text.words[n].isdigit()]
            if not free:
                continue
            organised = any(text.words[n] in ORGANISATION and text.words[n] not in UNIT for n in range(start, end))
            if text.words[start] in UNIT and any_exact and not organised:
                continue
            if len(free) == end - start or organised:
                result.append((start, end))
        return result

    def _similar(self, text: Text, start: int, end: int, taken: set[int]) -> list[Candidate]:
        positions = [n for n in range(start, end) if text.where[n] not in taken] or list(range(start, end))
        words = {n: self._corrected(text.words[n]) for n in positions}
        known = sorted({w for w in words.values() if w and self._frequency[w] <= TOO_COMMON}, key=lambda w: self._frequency[w])
        scores: dict[int, float] = defaultdict(float)
        for word in known[:RARE_WORDS]:
            weight = self.weight(word)
            for name_id in self._postings(word):
                scores[name_id] += weight
        top = sorted(scores, key=lambda name_id: (-scores[name_id], name_id))[: KEPT * 4]
        candidates = [c for name_id in top if (c := self._compare(text, words, self._name(name_id)))]
        candidates.sort(key=lambda c: -c.name_share * c.likeness)
        best: dict[int, Candidate] = {}
        for c in candidates:
            best.setdefault(c.record.rec, c)
        return list(best.values())[:KEPT]

    def _compare(self, text: Text, words: dict[int, str | None], name: Name) -> Candidate | None:
        inside = set(name.tokens)
        shared = [n for n, word in words.items() if word in inside]
        if not shared:
            return None
        name_share = self.total([words[n] or "" for n in shared]) / self.total(name.tokens)
        if name_share < LIKELY:
            return None
        start, end = min(shared), max(shared) + 1
        span = text.words[start:end]
        return Candidate(
            *(self.record(name.rec), start, end, "similar name", name.tokens, name_share),
            span_share=min(1.0, self.total([words[n] or "" for n in shared]) / self.total(span)),
            likeness=fuzz.token_sort_ratio(" ".join(span), " ".join(name.tokens)) / 100,
        )

    def _correct(self, word: str) -> str | None:
        """The word as the registry spells it: itself, or the one word that is a misprint away; None where there is none."""
        if word in self._frequency:
            return word
        if len(word) < 6 or not word.isalpha():
            return None
        if not self._by_initial:
            for known in self._frequency:
                if len(known) >= 5:
                    self._by_initial[known[0]].append(known)
        pool = [w for w in self._by_initial.get(word[0], ()) if abs(len(w) - len(word)) <= 1]
        hit = process.extractOne(word, pool, scorer=fuzz.ratio, score_cutoff=86)
        return hit[0] if hit else None


def _without_echoes(found: list[Candidate]) -> list[Candidate]:
    """Candidates without the similar names of records that are there by their exact name already."""
    exact = {c.record.rec for c in found if c.method not in ("acronym", "similar name")}
    return [c for c in found if c.method != "similar name" or c.record.rec not in exact]
