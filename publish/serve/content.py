"""The tables that are served: those of the published folder, of all datasets together.

They are made by the same functions as the exports, so nothing stands in them that an export doesn't hold: no names of
authors, no names of reviewers, no e-mail addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from db.connect import Database
from db.public_copy import Cell, Table
from db.queries.corrections import load_corrections, load_publications, load_replies
from db.queries.counts import DENOMINATORS
from db.queries.datasets import load_providers
from db.queries.works import load_works
from publish.corrections import CORRECTION_COLUMNS, correction_rows
from publish.export import Export, collection, load_export
from publish.rules import chosen, tidy
from publish.stream import providers_of
from publish.tables import (
    COUNTRY_COLUMNS,
    INSTITUTION_COLUMNS,
    WORK_COLUMNS,
    count_countries,
    country_rows,
    institution_rows,
    work_row,
)  # fmt: skip

Rows = list[list[Any]]
_LINKS = ("work", "institution", "dataset", "status", "match_score", "method")
_SOURCES = ("name", "licence", "attribution", "terms", "documentation")
_DATASETS = ("dataset", "name", "as_of", *DENOMINATORS)


def make_tables(db: Database, slugs: Iterable[str], include: str) -> Iterator[Table]:
    """Every table of the copy."""
    rows: dict[str, Rows] = {name: [] for name in ("datasets", "works", "institutions", "works_at", "countries", "corrections")}
    providers: set[str] = set()
    for slug in slugs:
        providers |= _add_dataset(db, load_export(db, slug, include), rows)
    sources = [[p.name, p.licence, p.attribution, p.terms, p.documentation] for p in load_providers(db, providers)]
    told = (("dataset", "datasets", "dataset"),)
    yield Table("datasets", _DATASETS, rows["datasets"], ("dataset",))
    yield Table(
        "works", ("key", *WORK_COLUMNS), rows["works"], ("key",), told, ("dataset", "year"), ("title", "venue", "institutions", "quote")
    )
    yield Table("institutions", ("key", *INSTITUTION_COLUMNS), rows["institutions"], ("key",), told, ("dataset", "country_code"))
    links = (("work", "works", "key"), ("institution", "institutions", "key"), *told)
    yield Table("works_at", _LINKS, rows["works_at"], ("work", "institution"), links, ("institution",))
    yield Table("countries", COUNTRY_COLUMNS, rows["countries"], foreign=told)
    yield Table("corrections", CORRECTION_COLUMNS, rows["corrections"], foreign=told)
    yield Table("sources", _SOURCES, sources, ("name",))


def _add_dataset(db: Database, export: Export, rows: dict[str, Rows]) -> set[str]:
    """Add the rows of a dataset; returns the providers behind them."""
    slug = export.dataset.slug
    works = list(chosen(load_works(db, slug), export.include))
    features = collection(export, works)["features"]
    rows["datasets"].append([slug, export.dataset.name, export.state.as_of, *export.counts.values()])
    rows["works"] += [[f"{slug}/{work.id}", *map(_cell, work_row(work, export.attributions, export.include))] for work in works]
    rows["institutions"] += [[feature["id"], *map(_cell, row)] for feature, row in zip(features, institution_rows(features), strict=True)]
    rows["works_at"] += [
        [f"{slug}/{work['id']}", feature["id"], slug, work["status"], work["match_score"], work["method"]]
        for feature in features
        for work in feature["properties"]["works"]
    ]
    rows["countries"] += country_rows(slug, *count_countries(works, export.include))
    changed = load_corrections(db, slug, load_publications(db, slug))
    rows["corrections"] += [list(map(_cell, row)) for row in correction_rows(slug, load_replies(db, slug), changed)]
    return {name for work in works for name in providers_of(work)}


def _cell(value: object) -> Cell:
    """A cell as SQLite keeps it; texts are tidied as in the CSV tables."""
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, (int, float)):
        return value
    return tidy(str(value))
