"""The geocoding services, as they answer: places, nothing, refusals; asked once and slowly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.config import Config
from db.errors import ProviderError, UsageError
from geocode.run import run
from geocode.service import PlaceService, chosen
from tests.geocode.conftest import Archive
from tests.geocode.server import Loopback, as_json, serving

VILLAGE = "Foo Startup, Golmhausen, Germany"
NOMINATIM = {
    "place_id": 105224518,
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0. https://osm.org/copyright",
    "osm_type": "relation",
    "osm_id": 62422,
    "lat": "52.4088",
    "lon": "12.9732",
    "class": "boundary",
    "type": "administrative",
    "place_rank": 16,
    "addresstype": "village",
    "display_name": "Golmhausen, Brandenburg, Germany",
    "boundingbox": ["52.3", "52.5", "12.9", "13.0"],
    "address": {"village": "Golmhausen", "state": "Brandenburg", "country": "Germany", "country_code": "de"},
}
PHOTON = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [12.9732, 52.4088]},
    "properties": {"osm_id": 62422, "osm_type": "R", "osm_key": "place", "osm_value": "village", "name": "Golmhausen", "countrycode": "DE"},
}
REFUSAL = b"<html>\n<head>\n<title>Bandwidth limit exceeded</title>\n</head>\n<body>You have been temporarily blocked</body></html>"


def online(archive: Archive, server: Loopback, name: str = "NOMINATIM") -> Config:
    return replace(archive.config, values={f"{name}_URL": server.url + "/maps", f"RATE_{name}": "1000", "CONTACT": "ops@example.org"})


def places(archive: Archive) -> list[tuple[Any, ...]]:
    """The places of the strings; of an institution's key what names the place."""
    return archive.rows(
        "SELECT provider, CASE WHEN p.institution IS NULL THEN provider_key ELSE substr(provider_key, 1, length(provider_key) - 14) END, "
        "p.name, country_code, p.latitude, p.longitude, granularity "
        "FROM string_match JOIN place p USING (place_id)"
    )


def test_nominatim_places_what_is_left_and_is_asked_once(archive: Archive) -> None:
    archive.add(VILLAGE)
    archive.add("Bar Startup, Golmhausen, Germany")
    archive.add("Department of Computer Science, Stanford University, Stanford, CA, USA")
    with serving(lambda asked: as_json([NOMINATIM])) as server:
        assert run(archive.config, []).n_online == 0
        assert server.asked == []
        report = run(online(archive, server), [], online=True)
        assert (report.n_online, report.problem) == (2, None)
        assert places(archive)[0] == ("nominatim", "R62422", "Golmhausen", "DE", 52.4088, 12.9732, "city")
        run(online(archive, server), [], online=True, again=True)
    (asked,) = server.asked  # the second string and the second run were answered from what was kept
    assert asked.path == "/maps/search"
    assert "Golmhausen" in asked.query["q"][0]
    assert "Startup" in asked.query["q"][0] or asked.query["q"][0].startswith("Golmhausen")
    assert asked.agent.startswith("whereused/")
    assert "ops@example.org" in asked.agent


def test_photon_where_its_address_is_set(archive: Archive) -> None:
    archive.add(VILLAGE)
    with serving(lambda asked: as_json({"type": "FeatureCollection", "features": [PHOTON]})) as server:
        assert run(online(archive, server, "PHOTON"), [], online=True).n_online == 1
    assert places(archive) == [("photon", "R62422", "Golmhausen", "DE", 52.4088, 12.9732, "city")]


PELIAS = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [12.9732, 52.4088]},
    "properties": {
        "gid": "whosonfirst:locality:101748819", "layer": "locality", "source": "whosonfirst", "name": "Golmhausen", "country_a": "DEU",
    },
}  # fmt: skip
GEONAMES = {"geonameId": 2921044, "lat": "52.4088", "lng": "12.9732", "fcl": "P", "toponymName": "Golmhausen", "countryCode": "DE"}


def test_pelias_tells_what_came_from_openstreetmap(archive: Archive) -> None:
    archive.add(VILLAGE)
    answer = {"type": "FeatureCollection", "features": [{**PELIAS, "properties": {**PELIAS["properties"], "layer": "venue"}}, PELIAS]}  # type: ignore[dict-item]
    with serving(lambda asked: as_json(answer)) as server:
        config = online(archive, server, "PELIAS")
        assert run(replace(config, values={**config.values, "PELIAS_KEY": "k"}), [], online=True).n_online == 1
    assert places(archive) == [("pelias", "whosonfirst:locality:101748819", "Golmhausen", "DE", 52.4088, 12.9732, "city")]
    osm = {
        **PELIAS,
        "geometry": {"type": "Point", "coordinates": [12.5, 52.1]},
        "properties": {**PELIAS["properties"], "source": "openstreetmap", "gid": "osm:1"},
    }  # type: ignore[dict-item]
    archive.add("Foo Startup, Golmheim, Germany")
    with serving(lambda asked: as_json({"type": "FeatureCollection", "features": [osm]})) as server:
        assert run(online(archive, server, "PELIAS"), [], online=True).n_online == 1
    assert {row[0] for row in places(archive)} == {"pelias", "pelias_osm"}
    assert server.asked[0].path == "/maps/v1/search"


def test_geonames_with_its_own_words_for_refusals(archive: Archive) -> None:
    archive.add(VILLAGE)
    with serving(lambda asked: as_json({"status": {"message": "the hourly limit is exceeded", "value": 19}})) as server:
        config = online(archive, server, "GEONAMES")
        config = replace(config, values={**config.values, "GEONAMES_KEY": "me"})
        problem = run(config, [], online=True).problem
    assert problem is not None
    assert "hourly limit" in problem
    with serving(lambda asked: as_json({"totalResultsCount": 2, "geonames": [{**GEONAMES, "fcl": "H"}, GEONAMES]})) as server:
        config = replace(config, values={**config.values, "GEONAMES_URL": server.url})
        assert run(config, [], online=True).n_online == 1
    assert places(archive) == [("geonames", "2921044", "Golmhausen", "DE", 52.4088, 12.9732, "city")]
    assert server.asked[0].query["username"] == ["me"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"GEOCODER": "bing"}, "GEOCODER is 'bing'"), ({"GEOCODER": "pelias"}, "PELIAS_URL"), ({"GEOCODER": "geonames"}, "GEONAMES_KEY"),
    ],
)  # fmt: skip
def test_what_a_service_needs_is_said(values: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        PlaceService(Config(values=values))


def test_two_processes_keep_one_pace(tmp_path: Path) -> None:
    waits: list[float] = []
    with serving(lambda asked: as_json([])) as server:
        config = Config(gazetteer=tmp_path / "g.db", values={"NOMINATIM_URL": server.url})
        for _ in range(3):  # each with its own clock, as in three processes
            PlaceService(config, sleep=waits.append).fetch_places("a")
    assert len(waits) == 2
    assert all(0.5 < wait <= 1 for wait in waits)


@pytest.mark.parametrize(
    "change",
    [
        {"lat": "12.9732", "lon": "52.4088"},  # swapped
        {"lat": "47.8", "lon": "16.2"},  # in Austria, whatever its words say
        {"address": {"village": "Golmhausen", "country_code": "at"}},  # another country than the printed one
        {"lat": "0", "lon": "0"},
        {"lat": "nan?", "lon": "1"},
        {"lat": "120", "lon": "1"},
        {"class": "waterway", "type": "stream", "addresstype": "stream"},
        {"class": "boundary", "addresstype": "country", "place_rank": 4},
    ],
)
def test_an_answer_that_can_not_be_believed_is_left(archive: Archive, change: dict[str, Any]) -> None:
    archive.add(VILLAGE)
    with serving(lambda asked: as_json([{**NOMINATIM, **change}])) as server:
        assert run(online(archive, server), [], online=True).n_online == 0
    assert [row[0] for row in places(archive)] == ["geonames"]  # the country that the string prints


def test_an_empty_answer_is_kept_too(archive: Archive) -> None:
    archive.add(VILLAGE)
    with serving(lambda asked: as_json([])) as server:
        for _ in range(2):
            assert run(online(archive, server), [], online=True).n_online == 0
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "kind"), [(403, "text/html"), (429, "text/html"), (200, "text/html"), (401, "text/plain")])
def test_a_refusal_ends_the_service_for_the_run(archive: Archive, status: int, kind: str) -> None:
    for n in range(3):
        archive.add(f"Foo Startup, Golmhausen{n}, Germany")
    with serving(lambda asked: (status, kind, REFUSAL)) as server:
        report = run(online(archive, server), [], online=True)
    assert len(server.asked) == 1
    assert report.problem is not None
    assert "refuses" in report.problem
    assert "\n" not in report.problem
    assert report.total == 3  # decided offline all the same
    assert archive.rows("SELECT count(*) FROM service_cache") == [(0,)]


def test_a_failing_server_is_asked_again_and_then_left(archive: Archive) -> None:
    archive.add(VILLAGE)
    answers = [(503, "text/plain", b"later"), as_json([NOMINATIM])]
    with serving(lambda asked: answers.pop(0)) as server:
        assert run(online(archive, server), [], online=True).n_online == 1
    with serving(lambda asked: (503, "text/plain", b"later")) as server:
        archive.add("Foo Startup, Golmstadt, Germany")
        report = run(online(archive, server), [], online=True)
    assert len(server.asked) == 3
    assert report.problem is not None
    assert "can't be reached" in report.problem


def test_the_pace_is_kept() -> None:
    waits: list[float] = []
    with serving(lambda asked: as_json([])) as server:
        service = PlaceService(Config(values={"NOMINATIM_URL": server.url}), sleep=waits.append)
        for query in "abc":
            service.fetch_places(query)
    assert len(waits) == 2
    assert all(0.5 < wait <= 1 for wait in waits)  # one request a second is Nominatim's policy


def test_nobody_there_is_one_line() -> None:
    service = PlaceService(Config(values={"NOMINATIM_URL": "http://127.0.0.1:9", "RATE_NOMINATIM": "1000"}))
    with pytest.raises(ProviderError, match="can't be reached"):
        service.fetch_places("Golm")


def test_a_setting_that_is_no_address_is_the_users() -> None:
    with pytest.raises(UsageError, match="NOMINATIM_URL"):
        PlaceService(Config(values={"NOMINATIM_URL": "nominatim"}))


def test_the_service_whose_address_is_set_is_asked_nominatim_before_the_others() -> None:
    urls = {"NOMINATIM_URL": "http://127.0.0.1:9", "PHOTON_URL": "http://127.0.0.1:8"}
    assert chosen(Config(values={})) == "nominatim"
    assert chosen(Config(values={"PHOTON_URL": urls["PHOTON_URL"]})) == "photon"
    assert chosen(Config(values=urls)) == "nominatim"
    assert chosen(Config(values=urls | {"GEOCODER": "photon"})) == "photon"
