"""A branch in another city than the registry's seat stands where the document says."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from db.queries.places import COLUMNS, HAS_POINT, PLACES, PlaceRow, as_place

SEAT = ("https://ror.org/00njsd438", "Google (United States)", "US", "Mountain View", 37.38605, -122.08385, "commercial", "v2.9")
NOWHERE = (None,) * 7


def test_the_printed_city_wins_over_the_seat() -> None:
    place = as_place(PlaceRow(*SEAT, *NOWHERE, 0.95, "exact name", 0, "New York", 40.71427, -74.00597), {})
    assert place is not None
    assert (place.city, place.latitude, place.longitude) == ("New York", 40.71427, -74.00597)
    assert (place.key, place.granularity, place.provider) == ("00njsd438-new-york", "city", "geonames")


def test_without_a_printed_city_it_stands_at_the_seat() -> None:
    place = as_place(PlaceRow(*SEAT, *NOWHERE, 0.95, "exact name", 0, None, None, None), {})
    assert place is not None
    assert (place.key, place.city, place.granularity, place.provider) == ("00njsd438", "Mountain View", "institution", "ror")


def test_in_another_country_without_a_city_it_stands_nowhere(database: Path, tmp_path: Path) -> None:
    """The seat's point is no place of a branch abroad."""
    db = sqlite3.connect(shutil.copy(database, tmp_path / "copy.db"))
    db.execute("UPDATE string_match SET printed_country = 'AQ' WHERE ror_id IS NOT NULL")
    joined = "FROM led LEFT JOIN institution i ON i.ror_id = led.ror_id LEFT JOIN place p ON p.place_id = led.place_id"
    rows = [PlaceRow(*row) for row in db.execute(f"{PLACES} SELECT {COLUMNS} {joined}")]
    places = [place for row in rows if (place := as_place(row, {})) and place.ror_id]
    (n_pins,) = db.execute(f"{PLACES} SELECT count(*) {joined} WHERE led.printed_country IS NOT NULL AND {HAS_POINT}").fetchone()
    db.close()
    assert n_pins == 0
    assert ("AQ", None, None) in {(place.country_code, place.city, place.latitude) for place in places}
