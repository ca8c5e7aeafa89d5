"""The real samples beside the repository, with their counts; skips where they aren't there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from photos.licences import FLICKR_IDS, parse_licence
from tests.photos.conftest import Desk

pytestmark = pytest.mark.gold


@pytest.fixture
def photos(gold: Path) -> Path:
    folder = gold / "photos"
    if not (folder / "expected_counts.json").is_file():
        pytest.skip(f"no photo samples at {folder}")
    return folder


@pytest.mark.parametrize("name", ["yfcc100m_25col_sample.tsv", "yfcc100m_23col_sample.tsv"])
def test_real_rows_give_the_expected_counts(desk: Desk, photos: Path, name: str) -> None:
    expected = json.loads((photos / "expected_counts.json").read_text())[name]
    found = desk.audit(photos / name)
    figures = found["figures"]
    assert (figures["n_items"], figures["n_photos"], figures["n_videos"]) == (expected["rows"], expected["photos"], expected["videos"])
    assert figures["n_owners"] == expected["owners"]
    assert {row["code"]: row["n"] for row in found["licences"]} == {parse_licence(a).code: n for a, n in expected["licences"].items()}
    assert dict(found["year"]) == expected["year_taken"]
    assert (figures["n_without_tags"], figures["n_geotagged"]) == (expected["no_user_tags"], expected["geotagged"])
    assert figures["n_distinct_tags"] == expected["distinct_tags"]
    assert found["tag"][: len(expected["top_tags"])] == [[unquote_plus(tag), n] for tag, n in expected["top_tags"]]
    assert desk.rejects() == []


def test_real_paths_and_ffhq_entries_are_all_read(desk: Desk, photos: Path) -> None:
    figures = desk.audit(photos / "megaface_paths_sample.txt")["figures"]
    assert (figures["n_faces"], figures["n_rejected"]) == (300, 0)
    desk.audit(photos / "ffhq_style_metadata_sample.json")
    assert desk.licences() | {"CC0 1.0": 12, "PDM 1.0": 12, "USGOV": 12, "NKCR": 12, "total": 48} == desk.licences()


def test_the_flags_of_flickrs_licences(photos: Path) -> None:
    with (photos / "flickr_licenses.csv").open() as file:
        for row in csv.DictReader(file):
            licence = parse_licence(FLICKR_IDS[row["id"]])
            assert licence == parse_licence(row["url"]) or row["id"] == "0"
            assert licence.code == row["short"]
            words = {"yes": True, "no": False}
            assert licence.attribution == words.get(row["attribution_required"])
            assert licence.commercial == words.get(row["commercial_use"])
            assert licence.derivatives == words.get(row["derivatives"])
            assert licence.share_alike == words.get(row["share_alike"])
