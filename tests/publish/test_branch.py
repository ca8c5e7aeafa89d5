"""A branch in another city than the registry's seat stands where the document says."""

from __future__ import annotations

from db.queries.places import PlaceRow, as_place

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
