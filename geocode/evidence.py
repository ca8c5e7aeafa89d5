"""What a string says about the place: countries, divisions and cities, with where they stand in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from sqlite_utils import Database

from db.gazetteer import City, load_city, load_city_ids, load_keys
from geocode.citybuild import place_key
from geocode.countries import load_letters, load_places, realm_of
from geocode.segments import Text
from geocode.words import COMMON, NAME_GOES_ON, ORGANISATION, STOP, UNIT

LONGEST = 5  # words of a place name
LARGE = 100_000  # inhabitants of a city that needs no country beside it to be meant
KNOWN = 15_000  # … of one that is worth a thought
NEAR_KM = 40.0
POSTAL = frozenset(("cedex", "cedx"))  # "75252 Paris Cedex 05"
NEW = frozenset(("new", "baja"))  # before a name they make it another place's: New England, Baja California
AND = frozenset(("and", "et", "und", "y", "e"))
# Letters that are a US state's and, behind a city of another country, a division of that one.
SAME_LETTERS = {"US.WA": "AU.08"}


class _Named(NamedTuple):
    """Words that name one city or several; not loose: they are part of a longer name."""

    first: int
    end: int
    ids: tuple[int, ...]
    loose: bool
    key: str
    native: bool  # printed in another script than Latin


@dataclass(slots=True)
class Evidence:
    """Places of a string.  ``countries`` and ``divisions`` are printed; ``inferred`` countries follow from a city alone."""

    countries: set[str] = field(default_factory=set)
    realm: set[str] = field(default_factory=set)  # the printed countries with their territories
    inferred: set[str] = field(default_factory=set)
    divisions: set[str] = field(default_factory=set)
    cities: dict[int, City] = field(default_factory=dict)  # by GeoNames id, as settled
    loose: set[int] = field(default_factory=set)  # ids of the cities that stand as an address, not inside a name
    telling: set[int] = field(default_factory=set)  # ids of cities, also inside a name, that are in one country without doubt
    namesakes: set[int] = field(default_factory=set)  # ids of all cities that a printed name can mean there
    taken: set[int] = field(default_factory=set)  # numbers of the words that are part of a printed place
    phrase: str = ""  # all folded words, with spaces around


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(min(1.0, sqrt(h)))


class PlaceFinder:
    """Finds places in strings; keeps what it has looked up."""

    def __init__(self, db: Database) -> None:
        self._places = load_places()
        self._letters = load_letters()
        self.city_ids = load_city_ids(db)
        divisions = self._division_keys = load_keys(db, "region_key")
        self._divisions: Callable[[str], tuple[str, ...]] = lambda key: tuple(divisions.get(key, "").split())
        self.city: Callable[[int], City | None] = lru_cache(100_000)(lambda city_id: load_city(db, city_id))

    def find(self, text: Text) -> Evidence:
        """All places of a string; ambiguous city names are settled by the countries and divisions printed with them."""
        evidence = Evidence(phrase=f" {' '.join(text.folded)} ")
        named: list[_Named] = []
        start = 0
        while start < len(text.folded):
            end = start
            while end < len(text.folded) and text.segment[end] == text.segment[start]:
                end += 1
            self._peel(text, evidence, named, self._opening(text, evidence, start, end), end)
            start = end
        self._settle_georgia(evidence, named)
        self._settle_letters(evidence, named)
        evidence.realm = realm_of(evidence.countries)
        self._settle(evidence, named)
        return evidence

    def _opening(self, text: Text, evidence: Evidence, start: int, end: int) -> int:
        """Where a segment begins behind a country that ends the house before: "…, Israel and Stanford University"."""
        for first in range(min(start + 3, end - 2), start, -1):
            code = self._places.get("".join(text.folded[start:first]))
            if code and text.folded[first] in AND and len(code) == 2:
                evidence.countries.add(code)
                evidence.taken.update(range(start, first))
                return first
        return start

    def _peel(self, text: Text, evidence: Evidence, named: list[_Named], start: int, end: int) -> None:
        """Take places off the end of a segment, the longest first, until something else stands there."""
        last, stop = end == len(text.folded), end
        while end > start:
            word = text.raw[end - 1]
            numbered = end < stop and len(text.raw[end]) <= 3 and text.raw[end].isdigit()
            numeral = not word.isalpha() and any(c.isdigit() for c in word)
            if numeral or text.folded[end - 1] in POSTAL or (text.folded[end - 1] in STOP and end - 1 > start):
                end -= 1
                continue
            for first in range(max(start, end - LONGEST), end):
                key = "".join(text.folded[first:end])
                if self._is_no_place(key, text.raw[first], end - first):
                    continue
                in_name = first > start and text.folded[first - 1] in NAME_GOES_ON
                alone = last and (end == stop or text.raw[end][0].isdigit())  # "CH-8092 Zürich", but not "ETH Zurich"
                is_area = self._area(text, evidence, key, first, end, first == start, in_name, alone)
                if is_area or self._name(text, named, key, first, end, not in_name, numbered):
                    end = first
                    break
            else:
                return

    def _is_no_place(self, key: str, printed: str, size: int) -> bool:
        """Whether neither an area nor a city is called so, as most runs of words: what is looked at no further."""
        if key in self._places or key in self._division_keys or (size == 1 and len(printed) <= 3):
            return False
        return (printed.islower() and printed.isascii()) or not self.city_ids(key)

    def _area(self, text: Text, evidence: Evidence, key: str, first: int, end: int, whole: bool, in_name: bool, last: bool) -> bool:
        """Note a country or division; False where the run is none, or is a city too."""
        code = self._places.get(key)
        letters = text.raw[first]
        if len(key) == 2 and first > 0 and text.raw[first - 1].isdigit():
            return False  # a Dutch postcode: "1090 GB Amsterdam"
        if code is None and end - first == 1 and len(letters) in (2, 3) and letters.isupper():
            code = self._letters.get(letters)
            if code and (first == 0 or ("." not in code and not (last and whole))):
                code = None  # bare letters name a country only as a last segment of their own
        if (
            code is None
            and whole
            and (found := self._divisions(key))
            and len(found) == 1
            and len(key) > 3
            and not self._elsewhere(key, found[0])
        ):
            code = found[0]
        if code is None:
            return False
        country, _, division = code.partition(".")
        if in_name or (first > 0 and text.folded[first - 1] in NEW):  # "University of Georgia", "New England": part of a name
            return True
        evidence.countries.add(country)
        evidence.taken.update(range(first, end))
        if division:
            evidence.divisions.add(code)
        return not self._is_city_too(key, code)

    def _elsewhere(self, key: str, code: str) -> bool:
        """Whether a region's name is a city's in another country: Santa Cruz is not Argentina alone."""
        country = code.partition(".")[0]
        cities = (c for c in map(self.city, self.city_ids(key)[:40]) if c)
        return any(c.country_code != country and c.population >= KNOWN for c in cities)

    def _is_telling(self, city: City, namesakes: list[City]) -> bool:
        """Whether a city's name is of one country alone, regions included: Paraná is in Argentina, and a state of Brazil."""
        if city.population < KNOWN or not self._is_one_country(city, namesakes):
            return False
        return all(code.startswith(f"{city.country_code}.") for code in self._divisions(place_key(city.name)))

    def _is_city_too(self, key: str, code: str) -> bool:
        """Whether the name of an area is its city's as well: Singapore, Beijing, New York, but no small Ohio somewhere."""
        city = self.city(ids[0]) if (ids := self.city_ids(key)) else None
        return city is not None and city.population >= LARGE and f"{city.country_code}.{city.admin1}".startswith(code)

    def _name(self, text: Text, named: list[_Named], key: str, first: int, end: int, loose: bool, numbered: bool) -> bool:
        """Note a run that names cities; a number behind a small one is a house in a street of that name."""
        word, printed = text.folded[first], text.raw[first]
        if end - first == 1 and (word in ORGANISATION or word in UNIT or word in STOP or word in COMMON or len(key) < 2):
            return False
        if printed.islower() and printed.isascii():
            return False
        ids = self.city_ids(key)
        if ids:
            large = (city := self.city(ids[0])) is not None and city.population >= LARGE
            named.append(_Named(first, end, ids, loose and (large or not numbered), key, not printed[0].isascii()))
        return bool(ids)

    def _settle_georgia(self, evidence: Evidence, named: list[_Named]) -> None:
        """The one name that is a country and a US state: the city or the country beside it decides."""
        if "GE" not in evidence.countries:
            return
        places = [c for name in named if name.loose for c in map(self.city, name.ids[:40]) if c]
        american = any(c.country_code == "US" and c.admin1 == "GA" for c in places) and not any(c.country_code == "GE" for c in places)
        if "US" in evidence.countries or american:
            evidence.countries = (evidence.countries - {"GE"}) | {"US"}
            evidence.divisions.add("US.GA")

    def _settle_letters(self, evidence: Evidence, named: list[_Named]) -> None:
        """In print, "Perth, WA" is in Western Australia, "Spokane, WA" in Washington."""
        places = [c for name in named if name.loose for c in map(self.city, name.ids[:40]) if c]
        for code, other in SAME_LETTERS.items():
            if evidence.divisions != {code} or evidence.countries != {code[:2]}:
                continue
            there = {f"{c.country_code}.{c.admin1}" for c in places if c.population >= KNOWN}
            if other in there and code not in there:
                evidence.divisions, evidence.countries = {other}, {other[:2]}

    def _settle(self, evidence: Evidence, named: list[_Named]) -> None:
        for name in named:
            cities = [c for c in map(self.city, name.ids[:40]) if c]
            if evidence.countries:
                cities = [c for c in cities if c.country_code in evidence.realm]
            if evidence.divisions:
                cities = [c for c in cities if f"{c.country_code}.{c.admin1}" in evidence.divisions] or cities
            if not cities:
                continue
            if evidence.divisions and not any(f"{c.country_code}.{c.admin1}" in evidence.divisions for c in cities):
                name = name._replace(loose=False)  # "Newbury, MA" is no Newbury elsewhere
            best = max(cities, key=lambda c: c.population)
            evidence.cities[best.city_id] = best
            if place_key(best.name) == name.key and self._is_telling(best, cities):
                evidence.telling.add(best.city_id)
            evidence.namesakes.update(c.city_id for c in cities)
            if name.loose:
                evidence.loose.add(best.city_id)
                evidence.taken.update(range(name.first, name.end))
                own = place_key(best.name) == name.key or name.native  # GeoNames lists nicknames: Topeka was "Google" once
                if not evidence.countries and not own:
                    evidence.loose.discard(best.city_id)
                elif not evidence.countries and self._is_one_country(best, cities):
                    evidence.inferred.add(best.country_code)

    @staticmethod
    def _is_one_country(best: City, cities: list[City]) -> bool:
        """Whether a city tells its country: it is large or alone, and its namesakes elsewhere are small beside it."""
        elsewhere = max((c.population for c in cities if c.country_code != best.country_code), default=0)
        return (best.population >= LARGE or len(cities) == 1) and elsewhere * 10 < best.population
