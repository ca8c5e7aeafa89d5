"""JSONL: every key of the format, and nothing that must not leave the house."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Json = dict[str, Any]
KEYS = {
    "id": str, "kind": str, "title": str, "year": int | None, "venue": str | None, "ids": dict, "versions": list, "dataset": str,
    "found_by": list, "fulltext": dict, "affiliations": list, "mentions": list, "use": list, "labels": list, "decision": dict | None,
}  # fmt: skip
INSTITUTION = {"ror_id", "name", "country_code", "city", "latitude", "longitude", "granularity", "sector", "score", "method"}
IDS = {"s2", "corpus", "doi", "arxiv", "openalex", "publication_number", "file", "url"}


def test_each_line_has_every_key(lines: Callable[..., dict[str, Json]]) -> None:
    assert len(lines()) == 13
    for line in lines().values():
        assert set(line) == set(KEYS)
        assert all(isinstance(line[key], kind) for key, kind in KEYS.items())
        assert set(line["ids"]) <= IDS and None not in line["ids"].values()
        for version in line["versions"]:
            assert set(version) == {"kind", "title", "year", "ids"}
        for found in line["found_by"]:
            assert set(found) >= {"provider", "how", "run", "retrieved_at"}
        assert set(line["fulltext"]) == {"status", "sha256", "url", "licence", "reason"}
        for affiliation in line["affiliations"]:
            assert set(affiliation) >= {"text", "tier", "institution", "reason"}
            assert affiliation["institution"] is None or set(affiliation["institution"]) >= INSTITUTION
            assert (affiliation["institution"] is None) == bool(affiliation["reason"])
        for label in line["labels"]:
            assert set(label) == {"dataset", "reviewer", "round", "label", "purposes", "at"}
        for mention in line["mentions"]:
            assert set(mention) >= {"dataset", "quote", "page", "section", "provider"}
        assert line["decision"] is None or set(line["decision"]) == {"label", "purposes", "reason", "reviewer", "at"}


def test_versions_of_a_work_are_one_line(lines: Callable[..., dict[str, Json]]) -> None:
    line = lines()["Faces at scale"]
    assert line["id"] == "doi:10.5555/pub_1"
    assert line["ids"] == {"doi": "10.5555/pub_1"}
    assert [version["ids"].get("arxiv") for version in line["versions"]] == [None, "1801.00001"]
    assert line["fulltext"]["status"] == "stored"
    assert line["decision"]["purposes"] == ["train", "test"]  # decided on the preprint, counts for the work
    assert [(label["reviewer"], label["label"]) for label in line["labels"]] == [("reviewer-a", "used"), ("reviewer-b", "used")]
    assert line["use"] == [{"dataset": "alpha", "score": 0.9, "reasons": ["trains"]}]
    assert {mention["dataset"] for mention in line["mentions"]} == {"alpha", "beta"}
    assert len(line["found_by"]) == 1, "both versions are shown by the same list"


def test_rows_without_ids_and_file_names(lines: Callable[..., dict[str, Json]]) -> None:
    assert lines()["A row without any id"]["ids"] == {}
    assert lines()["A row without any id"]["id"] == "row:" + "f" * 32
    assert lines()["Known by its country"]["ids"] == {"file": "coarse"}


def test_reopened_and_taken_back_verdicts_do_not_count(lines: Callable[..., dict[str, Json]]) -> None:
    assert lines()["Decided, then reopened"]["decision"] is None
    assert lines()["Label taken back"]["labels"] == []


def test_withdrawn_is_left_out_unless_verified_then_flagged(lines: Callable[..., dict[str, Json]]) -> None:
    assert "Withdrawn" not in lines()
    assert lines()["Withdrawn but verified"]["found_by"][0]["withdrawn_at"] == "2026-03-05T10:00:00Z"


def test_verified_lines_are_the_used_works(lines: Callable[..., dict[str, Json]]) -> None:
    assert set(lines("verified")) == {title for title, line in lines().items() if line["decision"] and line["decision"]["label"] == "used"}


def test_no_point_at_country_level(lines: Callable[..., dict[str, Json]]) -> None:
    brazil = lines()["Known by its country"]["affiliations"][0]["institution"]
    assert (brazil["granularity"], brazil["latitude"], brazil["longitude"]) == ("country", None, None)


@pytest.mark.parametrize("format_", ["geojson", "geojsonl", "csv", "jsonl", "ris", "bibtex"])
def test_nothing_private_leaves(exported: Callable[..., str], format_: str) -> None:
    text = exported(format_)
    for secret in ("private name", "someone.there@", "first.author@", "javascript:"):
        assert secret not in text
    assert ("Exämple" in text) == (format_ in ("ris", "bibtex")), "authors stand in the bibliographic formats only"
    assert "Semantic Scholar" in text, "the licence's sentence is missing"


def test_lines_are_sorted_by_id(exported: Callable[..., str]) -> None:
    ids = [json.loads(line)["id"] for line in exported("jsonl").splitlines()]
    assert ids == sorted(ids)
