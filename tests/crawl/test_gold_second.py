"""Recorded answers of OpenAlex, OpenCitations and Unpaywall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.shapes.openalex import parse_row
from crawler.shapes.opencitations import parse_rows
from crawler.shapes.unpaywall import parse_places
from db.config import Config
from db.identity import canonical_ids

pytestmark = pytest.mark.gold
CONFIG = Config()


def bodies(folder: Path) -> list[Any]:
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(json.loads(path.read_text()))
        except ValueError:
            continue
    return found


def test_openalex(gold: Path) -> None:
    answers = [body for body in bodies(gold / "recordings" / "openalex") if isinstance(body, dict)]
    works = [
        work for body in answers for work in body.get("results", [body]) if str(work.get("id", "")).startswith("https://openalex.org/W")
    ]
    assert len(works) >= 30
    for work in works:
        edge = parse_row(work, CONFIG)
        assert edge is not None
        _, n_bad = canonical_ids(edge.paper.ids)
        assert n_bad == 0, edge.paper.ids
        told = {text for row in work.get("authorships") or [] for text in row.get("raw_affiliation_strings") or [] if text.strip()}
        assert bool(edge.paper.affiliations) == bool(told)
        for affiliation in edge.paper.affiliations:
            assert "@" not in affiliation.text
            assert all(i.ror_id.startswith("https://ror.org/") for i in affiliation.institutions)


def test_opencitations(gold: Path) -> None:
    lists = [body for body in bodies(gold / "recordings" / "opencitations") if isinstance(body, list) and body and "citing" in body[0]]
    assert lists
    for rows in lists:
        edges = list(parse_rows(rows))
        assert len(edges) == len(rows)
        assert all(canonical_ids(edge.paper.ids)[0] for edge in edges)


def test_unpaywall(gold: Path) -> None:
    for body in bodies(gold / "recordings" / "unpaywall"):
        for result in [row["response"] for row in body["results"]] if "results" in body else [body]:
            places = parse_places(result, CONFIG)
            told = {row["url_for_pdf"] for row in result.get("oa_locations") or [] if row.get("url_for_pdf")}
            assert len({place.url for _, place in places}) == len(places) <= len(told)
            assert bool(places) == bool(told)
