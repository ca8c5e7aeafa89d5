"""Where affiliation strings lead.  A reviewer's decision on a string counts before the matcher's, also before the next ``geocode``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from db.queries.records import Place
from db.queries.successors import key_of


def places_of(strings: str | None = None) -> str:
    """The common table ``led``: one row for each place of a string, the matches that no reviewer contradicts and what a
    reviewer named instead.  ``strings`` is a query for the ids of the strings that are asked for; without it, all.
    """
    match_in, verdict_in = (f"AND {name}.string_id IN ({strings})" if strings else "" for name in ("m", "v"))
    return f"""
  WITH verdict AS MATERIALIZED (SELECT string_id, ror_id, also, max(decision_id) AS decision_id FROM place_decision GROUP BY string_id),
  led AS (
    SELECT m.string_id, m.position, m.ror_id, m.place_id, m.score, m.method,
           m.ror_id IS NOT NULL AND v.string_id IS NOT NULL AS reviewed, m.city, m.latitude, m.longitude, m.printed_country
      FROM string_match m LEFT JOIN verdict v ON v.string_id = m.string_id
     WHERE (v.string_id IS NULL OR m.ror_id = v.ror_id OR m.ror_id IN (SELECT value FROM json_each(v.also))
            OR (v.ror_id IS NULL AND m.place_id IS NOT NULL)) {match_in}
    UNION ALL
    SELECT v.string_id, 0, v.ror_id, NULL, 1.0, 'reviewer', 1, NULL, NULL, NULL, NULL
      FROM verdict v JOIN institution i ON i.ror_id = v.ror_id
     WHERE NOT EXISTS (SELECT 1 FROM string_match m WHERE m.string_id = v.string_id AND m.ror_id = v.ror_id) {verdict_in})"""


PLACES = places_of()

# A wrong pin weighs most there.  Police and their colleges are government (geocode/sectors.py).
SENSITIVE = ("military", "government")


def spoken_for_once(ror_id: str) -> str:
    """Whether fewer than two sources name an institution: two works, or a document and a provider beside it.

    Each work counts once by what it prints itself and once by what others tell of it.  The first count stops as soon as there are two.
    """
    printed = f"""w.group_id, a.tier IN ('front matter', 'assignee') FROM string_match o JOIN affiliation a ON a.string_id = o.string_id
      JOIN work w ON w.work_id = a.work_id WHERE o.ror_id = {ror_id}"""
    told = f"""w.group_id, 0 FROM affiliation_ror r JOIN affiliation a ON a.affiliation_id = r.affiliation_id
      JOIN work w ON w.work_id = a.work_id WHERE r.ror_id = {ror_id}"""
    return f"""CASE WHEN 2 > (SELECT count(*) FROM (SELECT DISTINCT {printed} LIMIT 2))
      THEN 2 > (SELECT count(*) FROM (SELECT {printed} UNION SELECT {told} LIMIT 2)) ELSE 0 END"""


# CASE asks only for the sensitive ones (AND would ask for all).
# A string may print a branch in another country than the seat's: then nothing of the seat is where it stands.
_SEAT = "CASE WHEN led.printed_country IS NULL THEN i.{} END"
COLUMNS = f"""led.ror_id, i.name || coalesce(' (now ' || i.now || ')', ''), coalesce(led.printed_country, i.country_code),
  {_SEAT.format("city")}, {_SEAT.format("latitude")}, {_SEAT.format("longitude")}, i.sector, i.gazetteer,
  p.provider, p.provider_key, p.name, p.country_code, p.latitude, p.longitude, p.granularity, led.score, led.method, led.reviewed,
  led.city, led.latitude, led.longitude, p.institution, p.sector,
  CASE WHEN i.sector IN {SENSITIVE} THEN {spoken_for_once("led.ror_id")} END"""


class PlaceRow(NamedTuple):
    """A row of ``COLUMNS``: the registry's record (its ROR id first) or the place, and how the string led there."""

    ror_id: str | None
    name: str | None
    country_code: str | None  # of the record, or of the branch that the string prints
    city: str | None
    latitude: float | None
    longitude: float | None
    sector: str | None
    gazetteer: str | None
    provider: str | None
    provider_key: str | None
    place_name: str | None
    place_country_code: str | None
    place_latitude: float | None
    place_longitude: float | None
    granularity: str | None
    score: float | None
    method: str | None
    reviewed: int | None
    printed_city: str | None  # where the string prints a city far from the registry's seat, and its point
    printed_latitude: float | None
    printed_longitude: float | None
    institution: str | None = None  # of a place: the name of the institution there that no registry has
    place_sector: str | None = None
    alone: int | None = None  # of a sensitive sector, and only one source speaks for it


# On the map: a valid point at institution or city level.
HAS_POINT = f"""(abs(coalesce(led.latitude, {_SEAT.format("latitude")}, p.latitude)) <= 90
  AND abs(coalesce(led.longitude, {_SEAT.format("longitude")}, p.longitude)) <= 180
  AND (led.ror_id IS NOT NULL OR p.granularity IN ('institution', 'city')))"""


def _point(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    return latitude, longitude


def as_place(row: PlaceRow, keys: Mapping[str, str]) -> Place | None:
    """The place of a row; None where the string leads nowhere.  ``keys`` are those of ``db.queries.successors``."""
    if row.score is None or row.method is None:
        return None
    if row.ror_id is not None:
        return _registered(row, row.ror_id, row.score, row.method, keys.get(row.ror_id) or key_of(row.ror_id))
    return _unregistered(row, row.score, row.method)


def _registered(row: PlaceRow, ror_id: str, score: float, method: str, key: str) -> Place:
    latitude, longitude = _point(row.latitude, row.longitude)
    place = Place(
        key=key,
        ror_id=ror_id,
        name=row.name,
        country_code=row.country_code,
        city=row.city,
        latitude=latitude,
        longitude=longitude,
        granularity="institution",
        sector=row.sector,
        provider="ror",
        gazetteer=row.gazetteer,
        score=score,
        method=method,
        reviewed=bool(row.reviewed),
        alone=bool(row.alone),
    )
    if row.printed_latitude is None:
        return place
    # A branch: the registry has the seat, the document prints another city, and the city is where they were.
    latitude, longitude = _point(row.printed_latitude, row.printed_longitude)
    key = f"{key}-{slugged(row.printed_city or '')}"
    return place._replace(key=key, city=row.printed_city, latitude=latitude, longitude=longitude, granularity="city", provider="geonames")


def slugged(text: str) -> str:
    """A name as it stands in an id: small letters and digits of any script, joined by hyphens."""
    return "-".join(re.findall(r"\w+", text.casefold()))


def _unregistered(row: PlaceRow, score: float, method: str) -> Place:
    granularity = row.granularity or "country"
    is_point = granularity in ("institution", "city")  # the middle of a country is no place to show
    latitude, longitude = _point(row.place_latitude, row.place_longitude) if is_point else (None, None)
    return Place(
        key=f"{row.provider}-{row.provider_key}",
        ror_id=None,
        name=row.institution or (row.place_name if granularity == "institution" else None),
        country_code=row.place_country_code,
        city=row.place_name if granularity == "city" else None,
        latitude=latitude,
        longitude=longitude,
        granularity=granularity,
        sector=row.place_sector or ("other" if granularity == "institution" or row.institution else None),
        provider=row.provider or "",
        gazetteer=None,
        score=score,
        method=method,
        reviewed=bool(row.reviewed),
    )
