"""The populated places around a point: those of the index that is asked, however many are asked in one process."""

from __future__ import annotations

from pathlib import Path

from db.gazetteer import City
from db.gazetteer_build import create_index, finish_index, save_cities
from db.ground import find_flaw


def index(path: Path, *cities: City) -> Path:
    """An index of these cities alone."""
    db = create_index(path.with_name("new.db"))
    save_cities(db, cities)
    finish_index(db, path.with_name("new.db"), path, {"built_at": "2026-01-01T00:00:00Z", "cities": str(len(cities))})
    return path


def test_a_new_index_in_the_place_of_another_is_read_anew(tmp_path: Path) -> None:
    vienna = City(1, "Vienna", "AT", "09", 48.2, 16.37, 1_900_000)
    brno = City(2, "Brno", "CZ", "78", 49.2, 16.6, 380_000)
    path = index(tmp_path / "a.db", vienna)
    assert find_flaw(path, 48.2, 16.3, "CZ") is None  # nothing is known of that country
    index(path, vienna, brno)
    assert find_flaw(path, 48.2, 16.3, "CZ") == "the point lies in AT, not in CZ"
    other = index(tmp_path / "b.db", vienna)
    assert find_flaw(other, 48.2, 16.3, "CZ") is None
    assert find_flaw(path, 48.2, 16.3, "CZ") is not None
