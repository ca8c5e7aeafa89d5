"""GeoJSON: valid by RFC 7946, and saying "used" only where that was verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from publish.rules import CAVEAT

Json = dict[str, Any]
PROPERTIES = {
    "dataset", "institution", "ror_id", "sector", "city", "country_code", "granularity", "match_score", "n_works", "n_verified",
    "first_year", "last_year", "works",
}  # fmt: skip
WORK = {"title", "year", "venue", "url", "doi", "kind", "decision", "evidence"}


def check_rfc7946(collection: Json) -> None:
    """What RFC 7946 asks of a FeatureCollection of points."""
    assert collection["type"] == "FeatureCollection"
    assert not {"coordinates", "geometries", "geometry", "properties", "crs"} & set(collection)
    ids = [feature["id"] for feature in collection["features"]]
    assert len(ids) == len(set(ids))
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert not {"coordinates", "geometries", "features"} & set(feature)
        longitude, latitude = feature["geometry"]["coordinates"]
        assert feature["geometry"]["type"] == "Point"
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90
        assert isinstance(feature["properties"], dict)


@pytest.mark.parametrize("include", ["verified", "all"])
@pytest.mark.parametrize("slug", ["alpha", "beta", "gamma"])
def test_collection_is_valid_and_whole(exported: Callable[..., str], slug: str, include: str) -> None:
    collection = json.loads(exported("geojson", include, slug))
    check_rfc7946(collection)
    assert {"dataset", "as_of", "run_id", "attribution", "caveat", "counts", "unlocated"} <= set(collection)
    assert (collection["dataset"], collection["caveat"], collection["run_id"]) == (slug, CAVEAT, 3)
    for feature in collection["features"]:
        assert set(feature["properties"]) >= PROPERTIES
        assert feature["properties"]["granularity"] in ("institution", "city")
        for work in feature["properties"]["works"]:
            assert set(work) >= WORK
            assert work["evidence"] is None or set(work["evidence"]) == {"quote", "page", "provider"}


def test_an_empty_result_is_still_a_collection(exported: Callable[..., str]) -> None:
    collection = json.loads(exported("geojson", "verified", "gamma"))
    assert collection["features"] == []
    assert collection["counts"] == dict.fromkeys(collection["counts"], 0)


def test_coordinates_are_longitude_then_latitude(features: Callable[..., dict[str, Json]]) -> None:
    assert features()["Example University"]["geometry"]["coordinates"] == [-122.3, 47.65]
    assert features()["Example Date Line College"]["geometry"]["coordinates"] == [179.99, -16.5]
    assert features()["Example Defence Laboratory"]["geometry"]["coordinates"] == [-179.99, -44.0]


def test_verified_shows_used_works_at_sure_or_reviewed_places(features: Callable[..., dict[str, Json]]) -> None:
    verified = features("verified")
    assert set(verified) == {
        "Example University", "Example Company", "Example Date Line College", "Example Defence Laboratory", "Example Clinic",
        "Example Reviewed College", "Example City",
    }  # fmt: skip
    assert {feature["properties"]["status"] for feature in verified.values()} == {"verified"}
    assert all(f["properties"]["n_works"] == f["properties"]["n_verified"] == len(f["properties"]["works"]) for f in verified.values())
    assert [work["title"] for work in verified["Example University"]["properties"]["works"]] == ["Faces at scale"]
    assert verified["Example Date Line College"]["properties"]["match_score"] == 0.5  # below the bar, but its exact name
    assert [w["withdrawn"] for w in verified["Example Clinic"]["properties"]["works"]] == [True]


def test_all_adds_the_rest_as_candidates(features: Callable[..., dict[str, Json]]) -> None:
    everything = features("all")
    assert everything["Example Ministry"]["properties"]["status"] == "candidate"
    university = everything["Example University"]["properties"]
    assert (university["status"], university["n_works"], university["n_verified"]) == ("verified", 3, 1)
    assert {w["title"]: (w["status"], w["decision"]) for w in university["works"]} == {
        "Faces at scale": ("verified", "used"),
        "Decided, then reopened": ("candidate", None),
        "Cites it only": ("candidate", "not_used"),
    }
    unsure = everything["Example Unsure College"]["properties"]  # a verified use, but not at that place
    assert (unsure["status"], unsure["n_verified"]) == ("candidate", 0)
    titles = [work["title"] for feature in everything.values() for work in feature["properties"]["works"]]
    assert "Another work altogether" not in titles, "a misfiled record stands on the map"
    assert "Withdrawn" not in titles, "a withdrawn citation stands on the map"


def test_city_level_is_honest(features: Callable[..., dict[str, Json]]) -> None:
    city = features("verified")["Example City"]["properties"]
    assert (city["granularity"], city["institution"], city["ror_id"], city["city"]) == ("city", None, None, "Example City")


def test_coarser_places_stand_by_country(exported: Callable[..., str]) -> None:
    entries = json.loads(exported("geojson", "verified"))["unlocated"]
    told = {entry["country_code"]: {work["title"] for work in entry["works"]} for entry in entries}
    nowhere = {"Method for recognising examples", "Used, but where?"}
    assert told == {"BR": {"Known by its country"}, "CH": {"Known by its country"}, None: nowhere}


@pytest.mark.parametrize("include", ["verified", "all"])
def test_no_work_is_lost(exported: Callable[..., str], lines: Callable[..., dict[str, Json]], include: str) -> None:
    collection = json.loads(exported("geojson", include))
    shown = {w["title"] for f in collection["features"] for w in f["properties"]["works"]}
    shown |= {w["title"] for entry in collection["unlocated"] for w in entry["works"]}
    assert shown == set(lines(include)) - {"Another work altogether"}


def test_evidence_is_the_most_telling_sentence(features: Callable[..., dict[str, Json]]) -> None:
    [work] = features("verified")["Example Company"]["properties"]["works"]
    assert work["evidence"] == {"quote": "We train on Alpha Faces, ask example.edu.", "page": 4, "provider": "fulltext"}
    [candidate] = features("all")["Example Ministry"]["properties"]["works"]
    assert candidate["evidence"]["provider"] == "semantic_scholar"


@pytest.mark.parametrize("include", ["verified", "all"])
@pytest.mark.parametrize("slug", ["alpha", "beta", "gamma"])
def test_lines_of_features_are_the_same_features(exported: Callable[..., str], slug: str, include: str) -> None:
    collection = json.loads(exported("geojson", include, slug))
    told = {name: collection[name] for name in ("as_of", "run_id", "attribution", "caveat")}
    lines = exported("geojsonl", include, slug).splitlines()
    assert [json.loads(line) for line in lines] == [feature | told for feature in collection["features"]]
    assert [list(json.loads(line)["properties"]) for line in lines] == [list(f["properties"]) for f in collection["features"]]
