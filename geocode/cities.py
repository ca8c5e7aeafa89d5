"""Where a string points when no institution is found: a city, or honestly only a region or a country."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.gazetteer import City, Institution
from geocode.evidence import LARGE, NEAR_KM, Evidence, distance_km

MAYBE = 0.1  # probability from which a candidate speaks for its country
LIKELY = 0.3  # … louder than an e-mail address, which may be of the author's other house
CLEARLY = 10  # times the inhabitants of its namesakes: then a city is meant without a country beside it


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place that is no registry record; coordinates only for cities, in degrees, WGS 84."""

    provider: str
    key: str
    name: str
    country_code: str | None
    latitude: float | None
    longitude: float | None
    granularity: str
    score: float
    method: str


def find_place(evidence: Evidence, load_city: Callable[[int], City | None]) -> PlaceFound | None:
    """The place that the address of a string names; None where it names none, or places in several countries."""
    city = settled_city(evidence, load_city)
    if city:
        score = 0.9 if evidence.countries else 0.6
        method = "city and country" if evidence.countries else "large city"
        return PlaceFound("geonames", str(city.city_id), city.name, city.country_code, city.latitude, city.longitude, "city", score, method)
    if len(evidence.countries) == 1:
        country = next(iter(evidence.countries))
        regions = sorted(d for d in evidence.divisions if d.startswith(f"{country}."))
        if len(regions) == 1:
            return PlaceFound("geonames", f"region:{regions[0]}", regions[0], country, None, None, "region", 0.8, "region")
        return PlaceFound("geonames", f"country:{country}", country, country, None, None, "country", 0.8, "country")
    telling = {city.country_code for city_id, city in evidence.cities.items() if city_id in evidence.telling & evidence.loose}
    if not evidence.countries and len(evidence.inferred) == 1 and telling == evidence.inferred:
        country = next(iter(evidence.inferred))
        return PlaceFound("geonames", f"country:{country}", country, country, None, None, "country", 0.5, "country of its city")
    return None


def likely_country(evidence: Evidence, candidates: Sequence[tuple[Institution, float]], least: float = MAYBE) -> PlaceFound | None:
    """The country of the institutions that a string may mean, where it prints no place and they all stand in one country."""
    if evidence.countries or evidence.inferred or evidence.cities:
        return None
    countries = {record.country_code for record, score in candidates if score >= least}
    country = countries.pop() if len(countries) == 1 else None
    if country is None:
        return None
    return PlaceFound("geonames", f"country:{country}", country, country, None, None, "country", 0.4, "country of likely institutions")


def settled_city(evidence: Evidence, load_city: Callable[[int], City | None]) -> City | None:
    """The one city an address means: printed with its country, or large and without a rival of its name."""
    cities = [c for city_id, c in evidence.cities.items() if city_id in evidence.loose]
    if not cities or len(evidence.countries) > 1:
        return None
    if not evidence.countries:
        cities = [c for c in cities if c.population >= LARGE and not _rivalled(c, evidence, load_city)]
        if len({c.country_code for c in cities}) != 1:
            return None
    first = max(cities, key=lambda c: c.population)
    here = (first.latitude, first.longitude)
    if all(distance_km(here, (c.latitude, c.longitude)) < NEAR_KM * 2 for c in cities):
        return first
    return None


def _rivalled(city: City, evidence: Evidence, load_city: Callable[[int], City | None]) -> bool:
    others = [c for c in map(load_city, evidence.namesakes) if c and c.city_id != city.city_id and c.city_id not in evidence.cities]
    return any(c.population * CLEARLY > city.population for c in others)
