"""Which records a string may mean: exact names by keys, acronyms, the houses of a city, likely names by their rare words.

What ``geocode.pruning`` leaves of them is weighed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache

from sqlite_utils import Database

from db.gazetteer import Institution, load_institutions, load_keys
from db.succession import load_living
from geocode.candidate import FULL, METHOD, Candidate
from geocode.evidence import Evidence
from geocode.lexicon import USUAL, Lexicon
from geocode.normalise import name_tokens, ordered_key, set_key, word_number
from geocode.pruning import without_echoes, without_strangers
from geocode.segments import Text
from geocode.similar import SimilarFinder
from geocode.words import ORGANISATION, SEAT, UNIT

LONGEST = 14  # content words of a name
CROSSINGS = 3  # segment borders that a name may cross: "University of California, San Diego"
LONGEST_SET = 9  # words of a name in any order
ACRONYM = 12  # letters
NAMESAKES = 40  # records of one acronym
IN_ONE_CITY = 15  # houses of one kind; where there are more, the city says nothing
HOPE = 0.2  # share times likeness of a house of the city below which it has never been meant
BRANCHES = 300  # names that hold a brand, at most
CAMPUS = 0.6  # share of a campus' name that its house's must be; with less it has never been meant
GENERIC = 6.0  # weight of a word below which it names a kind of house, not one house


class CandidateFinder:
    """Finds candidates; holds the keys of the index in memory and reads records as they are needed."""

    def __init__(self, db: Database, city_ids: Callable[[str], tuple[int, ...]]) -> None:
        self.city_ids = city_ids  # GeoNames ids of the cities of a name
        self._ordered = load_keys(db, "ordered_key")
        self._sorted: list[str] = []  # the keys, when they are first asked for in order
        self._sets = load_keys(db, "word_set")
        self.lexicon = Lexicon(db)
        self._similar = SimilarFinder(self.lexicon)
        self.heirs = load_living(db)
        self.record = load_institutions(db)
        acronyms = load_keys(db, "acronym")
        self._acronym: Callable[[str], tuple[int, ...]] = lambda key: tuple(map(int, acronyms.get(key, "").split()))
        seats = load_keys(db, "seat_key")
        self._seats: Callable[[str], tuple[int, ...]] = lambda key: tuple(map(int, seats.get(key, "").split()))
        self._city_words: Callable[[str], tuple[str, ...]] = lru_cache(50_000)(lambda name: tuple(name_tokens(name)))

    def find(self, text: Text, evidence: Evidence) -> list[Candidate]:
        """The candidates of a string that are worth weighing."""
        return without_echoes(without_strangers(self.find_all(text, evidence), evidence, text), self.lexicon.total, text.words)

    def find_all(self, text: Text, evidence: Evidence) -> list[Candidate]:
        """All candidates of a string, in the order of their spans within each way of finding them."""
        cities = list(dict.fromkeys(self._city_words(city.name) for city in evidence.cities.values()))
        found = self._exact(text, cities)
        found += self._acronyms(text, evidence.taken)
        found += self._houses(text, evidence, {(c.start, c.end) for c in found if c.method in FULL and c.method != "short name"})
        found += self._campuses(found, evidence)
        at_home = [c for c in found if not evidence.countries or c.record.country_code in evidence.realm]
        for start, end in self._open_segments(text, at_home, evidence.taken):
            for likely in self._similar.find(text, start, end, evidence.taken):
                span = start + likely.start, start + likely.end
                found.append(Candidate(self.record(likely.rec), *span, "similar name", likely.name, *likely.shares))
        return found

    def _exact(self, text: Text, cities: list[tuple[str, ...]]) -> list[Candidate]:
        found: list[Candidate] = []
        words, of, where, ordered, sets = text.words, text.of, text.where, self._ordered, self._sets
        places = [(ordered_key(list(city)), set_key(city), set(city)) for city in cities]
        weights, numbers = list(map(self.lexicon.weight, words)), list(map(word_number, words))
        strange = [word not in self.lexicon.number for word in words]
        for start in range(len(words)):
            key, number, seen, rarest, segment, in_names = "", 0, set[str](), 0.0, of[start], True
            part = start > 0 and segment == of[start - 1] and where[start] == where[start - 1] + 1  # of a longer name
            part = part and weights[start - 1] >= GENERIC
            for end in range(start + 1, bisect_right(of, segment + CROSSINGS, start, min(start + LONGEST, len(words))) + 1):
                word = words[end - 1]
                key += word
                exact = ordered.get(key)
                if exact is not None and self._is_by_chance(text, start, end, weights[start]):
                    exact = None
                if exact is not None:
                    found += self._named(exact, start, end, None)
                if strange[end - 1] or not in_names:  # of no name, but maybe a piece of one: "Sense Time"
                    in_names = False
                    continue
                if word not in seen:
                    seen.add(word)
                    number += numbers[end - 1]
                rarest = weights[end - 1] if weights[end - 1] > rarest else rarest
                if end - start > LONGEST_SET or (exact is None and of[end - 1] != segment) or (part and rarest < GENERIC):
                    continue  # no "University, Baltimore" in "Johns Hopkins University, Baltimore"
                if exact is None and end - start > 1 and number in sets:
                    found += self._reordered(sets[number], start, end, seen)
                for city, city_number, city_words in places:
                    if (hits := ordered.get(key + city)) is not None:
                        found += self._named(hits, start, end, "campus")  # "University of California, 445 Campbell Hall, Berkeley"
                    if (hits := sets.get(number + city_number)) is not None and seen.isdisjoint(city_words):
                        found += self._reordered(hits, start, end, seen | city_words)
        return found

    @staticmethod
    def _is_by_chance(text: Text, start: int, end: int, weight: float) -> bool:
        """Whether a run of words is somebody's name, but not meant here."""
        if end - start == 1:
            return weight < GENERIC and len(text.words) > 1  # "Laboratory"
        of = text.of  # "Graduate School of [Science, Tokyo University]"
        return of[end - 1] != of[start] != of[start + 1] and start != text.bounds[of[start]][0]

    def named(self, name: str) -> list[Institution]:
        """The records that bear exactly this name, or its short form, or did."""
        key = ordered_key(name_tokens(name))
        hits = (self._ordered.get(key) or "").split()
        records = [self.lexicon.name_rec[int(hit)] for hit in hits]
        return [self.record(rec) for rec in dict.fromkeys([*records, *self._acronym(key)])]

    def family(self, words: list[str]) -> list[Institution]:
        """The records whose names begin with these words: all the houses of the Max Planck Society for "Max Planck Institute"."""
        if not self._sorted:
            self._sorted = sorted(self._ordered)
        key = ordered_key(words)
        found = self._sorted[bisect_left(self._sorted, key) : bisect_right(self._sorted, key + chr(0x10FFFF))]
        recs = {self.lexicon.name_rec[int(hit)] for name in found for hit in self._ordered[name].split()}
        return [self.record(rec) for rec in sorted(recs)]

    def is_brand(self, words: list[str]) -> bool:
        """Whether the most telling word stands in companies' names twice as often as in other houses': Siemens, not Amazon or Meta."""
        number = self.lexicon.number.get(max(words, key=self.lexicon.weight))
        if number is None or self.lexicon.frequency(number) > BRANCHES:
            return False
        recs = {self.lexicon.name_rec[name] for name in self.lexicon.names_with(number)}
        n_companies = sum("company" in self.record(rec).types for rec in recs)
        return n_companies >= 2 * (len(recs) - n_companies)

    def bearers(self, name: tuple[str, ...]) -> int:
        """How many names of the index are spelled so."""
        hits = self._ordered.get(ordered_key(list(name)))
        return hits.count(" ") + 1 if hits else 0

    def _reordered(self, hits: str, start: int, end: int, words: set[str]) -> list[Candidate]:
        """Names of the same words in any order; the fewer filling words differ, the likelier."""
        found = self._named(hits, start, end, "other word order")
        total = self.lexicon.total
        for c in found:
            inside = set(c.name)
            if inside != words:
                shared = total(inside & words)
                c.name_share, c.span_share = shared / total(inside), shared / total(words)
        return found

    def _named(self, hits: str, start: int, end: int, method: str | None) -> list[Candidate]:
        best: dict[int, int] = {}
        lexicon = self.lexicon
        names = sorted(map(int, hits.split(" ")), key=lexicon.kind_number) if " " in hits else [int(hits)]
        for name in names:
            best.setdefault(lexicon.name_rec[name], name)
        return [
            Candidate(self.record(rec), start, end, method or METHOD[lexicon.kind(name)], lexicon.spelled(name))
            for rec, name in best.items()
        ]

    def _acronyms(self, text: Text, taken: set[int]) -> list[Candidate]:
        found: list[Candidate] = []
        for n, where in enumerate(text.where):
            raw = text.raw[where]
            if where in taken and len(raw) <= 3:
                continue  # the letters of a state or country
            if 2 <= len(raw) <= ACRONYM and text.words[n] not in USUAL and sum(map(str.isupper, raw)) >= 2:
                found += self._abbreviated(text.words[n], n, n + 1)
                if n + 1 < len(text.words) and text.of[n] == text.of[n + 1]:
                    found += self._goes_on(text, n)
        return found

    def _goes_on(self, text: Text, n: int) -> list[Candidate]:
        """Acronyms of a word and the one behind it: "INESC-ID"; "IIIT-Delhi" where the house with the letters IIITD is named so."""
        word, printed = text.words[n + 1], text.raw[text.where[n + 1]]
        if printed.isupper():
            return self._abbreviated(text.words[n] + word, n, n + 2)
        telling = printed[0].isupper() and word not in USUAL
        likely = self._abbreviated(text.words[n] + word[0], n, n + 2) if telling else []
        return [c for c in likely if word in self.lexicon.display(c.record.rec)]

    def _abbreviated(self, key: str, start: int, end: int) -> list[Candidate]:
        return [Candidate(self.record(rec), start, end, "acronym", (key,)) for rec in self._acronym(key)[:NAMESAKES]]

    def _houses(self, text: Text, evidence: Evidence, named: set[tuple[int, int]]) -> list[Candidate]:
        """Houses of the printed city where the string names but their kind: "Universität Frankfurt", "University Hospital, Nantes"."""
        found: list[Candidate] = []
        for start, end in self._kinds(text, evidence.taken):
            if any(first <= start and end <= last and last - first > end - start for first, last in named):
                continue
            kinds = SEAT.intersection(text.words[start:end])
            for city_id in evidence.cities:
                lists = [self._seats(f"{kind}@{city_id}") for kind in kinds]
                recs = set(lists[0]).intersection(*lists[1:]) if lists else set()
                if 0 < len(recs) <= IN_ONE_CITY:
                    houses = (self._house(rec, text, start, end, evidence.cities[city_id].name) for rec in sorted(recs))
                    found += [house for house in houses if house.name_share * house.likeness >= HOPE]
        return found

    def _campuses(self, found: list[Candidate], evidence: Evidence) -> list[Candidate]:
        """Parts of a house in the printed city whose names go on where its own ends: "University of Colorado, Aurora"."""
        result: list[Candidate] = []
        known = {c.record.rec for c in found}
        for c in found if evidence.cities else ():
            if c.method not in FULL or not c.record.children or "education" not in c.record.types:
                continue
            kinds = SEAT.intersection(c.name)
            here = {rec for city in evidence.cities for kind in kinds for rec in self._seats(f"{kind}@{city}")}
            for rec in sorted(here.intersection(c.record.children) - known):
                name = self.lexicon.display(rec)
                if set(c.name) < set(name):
                    share = self.lexicon.total(c.name) / self.lexicon.total(name)
                    if share >= CAMPUS:
                        result.append(Candidate(self.record(rec), c.start, c.end, "campus", name, share, 1.0, share))
        return result

    def _kinds(self, text: Text, taken: set[int]) -> Iterable[tuple[int, int]]:
        """Runs of words that name a kind of house and nothing else, beside an address or at an end of their segment."""
        weight = self.lexicon.weight
        for first, last in text.bounds:
            n = first
            while n < last:
                end = n
                while end < last and weight(text.words[end]) < GENERIC and text.where[end] not in taken:
                    end += 1
                if end > n and not SEAT.isdisjoint(text.words[n:end]):
                    while n < end and text.words[n] not in SEAT and text.words[n] in UNIT:
                        n += 1
                    yield n, end
                n = max(end, n + 1)

    def _house(self, rec: int, text: Text, start: int, end: int, city: str) -> Candidate:
        total, span = self.lexicon.total, set(text.words[start:end])
        name = self.lexicon.display(rec)
        shared = total(span.union(self._city_words(city)).intersection(name))
        share = shared / (total(name) or 1.0)
        return Candidate(
            self.record(rec), start, end, "house of the city", name, share, total(span.intersection(name)) / total(span), share
        )

    def _open_segments(self, text: Text, found: list[Candidate], taken: set[int]) -> list[tuple[int, int]]:
        """Segments whose words are not explained yet and that may hold a name."""
        covered = {n for c in found if c.method in FULL and c.end - c.start > 1 for n in range(c.start, c.end)}
        any_exact = bool(covered)
        result = []
        for start, end in text.bounds:
            own = [n for n in range(start, end) if text.where[n] not in taken and not text.words[n].isdigit()]
            free = [n for n in own if n not in covered]
            if not free:
                continue
            organised = any(text.words[n] in ORGANISATION and text.words[n] not in UNIT for n in range(start, end))
            if text.words[start] in UNIT and any_exact and not organised:
                continue
            if len(free) == len(own) or organised:
                result.append((start, end))
        return result
