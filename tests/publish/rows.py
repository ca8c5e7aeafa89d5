"""Databases for the tests of publishing: real rows in a real file."""

from __future__ import annotations

from pathlib import Path

from db.connect import open_for_writing, writing
from tests.publish.stories import HOSTILE, STORIES, fill_places
from tests.publish.writer import DAY, SECTORS, Rows

__all__ = ["DAY", "HOSTILE", "SECTORS", "Rows", "build", "fill_base", "fill_places"]


def fill_base(rows: Rows) -> None:
    """Providers, runs, reviewers, datasets."""
    rows.insert(
        "provider",
        name="semantic_scholar",
        licence="ODC-BY-1.0",
        attribution="Citations: Semantic Scholar",
        terms="https://example.org/terms",
    )
    rows.insert("provider", name="arxiv")
    rows.insert("provider", name="import")
    rows.insert("provider", name="fulltext")
    rows.insert("provider", name="geonames", licence="CC-BY-4.0", attribution="Cities: GeoNames, https://www.geonames.org")
    for run, command in enumerate(("crawl", "import", "geocode"), 1):
        rows.insert("run", run_id=run, command=command, version="0.1", status="done", started_at=DAY.format(run), ended_at=DAY.format(run))
    rows.insert("reviewer", reviewer_id=1, name="private name one", pseudonym="reviewer-a", added_at=DAY.format(1))
    rows.insert("reviewer", reviewer_id=2, name="private name two", pseudonym="reviewer-b", added_at=DAY.format(1))
    rows.dataset(
        "alpha",
        "Alpha Faces",
        year=2015,
        institution="Example Institute",
        homepage="https://example.org/alpha",
        notes="A made-up dataset.",
        home_city="Seattle",
        home_country_code="US",
        home_latitude=47.6,
        home_longitude=-122.3,
    )
    rows.dataset("beta", "Beta Faces", year=2017)
    rows.dataset("gamma", "Gamma Faces", year=2018)
    rows.insert("dataset_figure", slug="alpha", name="photos", value=3_311_471)
    rows.insert("dataset_ancestor", slug="beta", ancestor="alpha")
    paging = {"pass": 1, "state": "done", "reported_count": 20, "n_rows": 12, "started_at": DAY.format(1), "completed_at": DAY.format(1)}
    rows.insert("crawl_list", provider="semantic_scholar", work_id=rows.works["alpha paper"], **paging)


def build(path: Path, *, backwards: bool = False) -> Path:
    """The database of the tests; ``backwards`` writes the same content in another order, so that row ids differ."""
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill_places(rows)
        for story in reversed(STORIES) if backwards else STORIES:
            story(rows)
    db.close()
    return path
