"""Is a point where it is said to be?  Cities by name, and the country around a point: offline, from the gazetteer's cities.

The index holds GeoNames' populated places from 1,000 inhabitants on (CC BY 4.0).  A point is in a country where one of its
places is near; so a point up to NEAR_KM beyond a border passes, and a desert station passes within FAR_KM of the next place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from sqlite_utils import Database

from db.gazetteer import City, load_meta, open_gazetteer

NEAR_KM, FAR_KM = 60.0, 400.0
NULL_ISLAND = 0.01  # degrees around 0, 0: nobody lives there
# Codes under which one place is found with different publishers; a point in one of them passes for the others.
_KIN = (
    "CN HK MO TW", "US PR GU VI AS MP UM", "FR GF GP MQ RE YT NC PF PM WF BL MF TF", "GB GI IM JE GG FK BM KY VG", "NL CW AW SX BQ",
    "DK GL FO", "FI AX", "NO SJ BV", "IL PS", "RS XK", "MA EH", "UA RU", "CY NC", "AU CX CC NF HM", "NZ CK NU TK", "ES IC",
)  # fmt: skip


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(min(1.0, sqrt(h)))


def kin_of(country_code: str) -> frozenset[str]:
    """The codes that pass for a country."""
    return frozenset(code for kin in _KIN if country_code in kin.split() for code in kin.split()) | {country_code}


Cells = dict[tuple[int, int], list[tuple[float, float, str]]]  # whole degrees → points in them, with their countries
_kept: dict[object, Cells] = {}  # of the index that was asked last; nobody changes them


def _load_cells(index: Database) -> Cells:
    """The populated places of an index, read once in a process (0.3 s): a desk for places asks for each point anew."""
    key = index.conn.execute("PRAGMA database_list").fetchone()[2], *load_meta(index).items()
    if key not in _kept:
        cells: Cells = {}
        for lat, lon, code in index.conn.execute("SELECT latitude, longitude, country_code FROM city"):
            cells.setdefault((int(lat // 1), int(lon // 1)), []).append((lat, lon, code))
        _kept.clear()
        _kept[key] = cells
    return _kept[key]


class Ground:
    """The populated places of the index, for asking what lies around a point.  Loads them at the first question."""

    def __init__(self, index: Database) -> None:
        self._index = index
        self._cells: Cells = {}

    def find_flaw(self, latitude: float, longitude: float, country_code: str | None) -> str | None:
        """What is wrong with a point that is said to be in a country, in words; None where nothing is.

        No point at all, null island, swapped axes or a wrong sign, another country, nowhere near the country.
        """
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return f"{latitude} {longitude} is no point: latitudes go to 90 degrees, longitudes to 180"
        if abs(latitude) < NULL_ISLAND and abs(longitude) < NULL_ISLAND:
            return "0, 0 is no place: it stands for missing coordinates"
        if not country_code or self._is_in(latitude, longitude, country_code, NEAR_KM) is not False:
            return None
        if abs(longitude) <= 90 and self._is_in(longitude, latitude, country_code, NEAR_KM):
            return f"latitude and longitude seem swapped: {longitude} {latitude} is in {country_code}"
        for lat, lon in ((-latitude, longitude), (latitude, -longitude), (-latitude, -longitude)):
            if self._is_in(lat, lon, country_code, NEAR_KM):
                return f"a sign seems wrong: {lat} {lon} is in {country_code}"
        nearest = self.country_at(latitude, longitude)
        if nearest:
            return f"the point lies in {nearest}, not in {country_code}"
        return None if self._is_in(latitude, longitude, country_code, FAR_KM) else f"the point lies far from any place of {country_code}"

    def country_at(self, latitude: float, longitude: float) -> str | None:
        """The country of the nearest populated place; None where none is near."""
        near = ((distance_km((latitude, longitude), (lat, lon)), code) for lat, lon, code in self._around(latitude, longitude, NEAR_KM))
        distance, code = min(near, default=(NEAR_KM + 1, ""))
        return code if distance <= NEAR_KM else None

    def _is_in(self, latitude: float, longitude: float, country_code: str, within: float) -> bool | None:
        """Whether a place of the country (or its kin) is near; None where the index has no place of that country."""
        self._load()
        kin = kin_of(country_code)
        if not kin & self._countries:
            return None
        here = (latitude, longitude)
        return any(code in kin and distance_km(here, (lat, lon)) <= within for lat, lon, code in self._around(latitude, longitude, within))

    def _around(self, latitude: float, longitude: float, km: float) -> Iterator[tuple[float, float, str]]:
        self._load()
        rows = int(km / 111) + 1
        columns = min(int(km / (111 * max(cos(radians(min(abs(latitude) + rows, 89))), 0.02))) + 1, 180)
        for row in range(int(latitude // 1) - rows, int(latitude // 1) + rows + 1):
            for column in range(int(longitude // 1) - columns, int(longitude // 1) + columns + 1):
                yield from self._cells.get((row, (column + 180) % 360 - 180), ())

    def _load(self) -> None:
        if self._cells:
            return
        self._cells = _load_cells(self._index)
        self._countries = frozenset(code for cell in self._cells.values() for _, _, code in cell)


def find_flaw(path: Path, latitude: float, longitude: float, country_code: str | None) -> str | None:
    """``Ground.find_flaw`` for one point.  Raises UsageError where there is no index."""
    with closing(open_gazetteer(path).conn) as conn:
        return Ground(Database(conn)).find_flaw(latitude, longitude, country_code)


def find_cities(path: Path, name: str, country_code: str | None = None, limit: int = 9) -> list[City]:
    """Cities whose name is or begins with the words given (accents and case don't matter), whole names and large ones first.

    Raises UsageError where there is no index.
    """
    wanted = _plain(name)
    if not wanted:
        return []
    with closing(open_gazetteer(path).conn) as conn:
        conn.create_function("plain", 1, _plain, deterministic=True)
        rows = conn.execute(
            "SELECT city_id, name, country_code, admin1, latitude, longitude, population FROM city "
            "WHERE (?2 IS NULL OR country_code = ?2) AND substr(plain(name), 1, ?3) = ?1 "
            "ORDER BY plain(name) <> ?1, population DESC, city_id LIMIT ?4",
            [wanted, country_code, len(wanted), limit],
        ).fetchall()
    return [City(*row) for row in rows]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c)).split())
