"""The country of a name that begins the names of many houses, nearly all of one country."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from db.config import Config
from geocode.gazetteer import import_dump
from geocode.matcher import Matcher
from tests.geocode.registry import records, ror, write_dump

FIELDS = ("Chemistry", "Physics", "Optics", "History", "Biology", "Robotics", "Ethnology", "Ornithology", "Metals", "Colloids", "Law")


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """Eleven Orrery Institutes, ten of them in Germany, and as many Astrolabe Institutes in two countries by turns."""
    folder = tmp_path_factory.mktemp("families")
    german, other = (next(r for r in records() if _country(r) == code) for code in ("DE", "US"))
    orrery = [_house(f"Orrery Institute for {field}", other if n == 0 else german, n) for n, field in enumerate(FIELDS)]
    astrolabe = [_house(f"Astrolabe Institute for {field}", (german, other)[n % 2], 50 + n) for n, field in enumerate(FIELDS)]
    config = Config(db=folder / "a.db", gazetteer=folder / "g.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geocode.citybuild.SMALLEST", 50_000)
        import_dump(config, write_dump(folder, rows=[*records(), *orrery, *astrolabe]))
    found = Matcher(config.gazetteer)
    yield found
    found.close()


def _country(record: dict[str, Any]) -> str:
    return str(record["locations"][0]["geonames_details"]["country_code"])


def _house(name: str, like: dict[str, Any], at: int) -> dict[str, Any]:
    names = [{"value": name, "types": ["ror_display", "label"], "lang": "en"}]
    return {"id": ror(f"0zz{at:06}"), "names": names, "types": ["facility"], "status": "active", "locations": like["locations"]}


@pytest.mark.parametrize(
    ("printed", "country"),
    [
        ("Orrery Institute", "DE"),
        ("Astrolabe Institute", None),  # as many in another country
        ("Orrery", None),  # one word begins too much
        ("Orrery Institute, Boston, USA", "US"),  # what is printed counts
        ("Department of Tides, Orrery Institute", None),  # more than the name
    ],
)
def test_a_family_of_houses_tells_the_country(families: Matcher, printed: str, country: str | None) -> None:
    answer = families.match(printed)
    assert not answer.matches
    assert (answer.place.country_code if answer.place else None) == country
    if printed == "Orrery Institute":
        assert answer.place and (answer.place.granularity, answer.place.latitude) == ("country", None)  # no pin
