"""``publish``: a folder for each dataset with its page and its data, and an index over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import Database, one_line_errors, open_for_reading
from db.errors import WhereusedError
from db.progress import progress_bars
from db.queries import snapshot
from db.queries.datasets import load_providers, load_state, slugs_with_works
from db.queries.records import Work
from db.queries.works import load_works
from publish.bundle import DESCRIPTOR, describe, find_packages
from publish.export import FORMATS, Export, as_geojson, collection, dumps, load_export, providers_of
from publish.files import Written, save_text
from publish.page.photos import load_photos
from publish.page.render import Download, render_dataset, render_index
from publish.page.view import make_view
from publish.rules import chosen
from publish.tables import COUNTRY_COLUMNS, as_csv, count_countries, country_rows

DOWNLOADS = (
    Download("institutions.geojson", "the map: one Feature for each institution, with its works and their evidence"),
    Download("citations.csv", "the works as a table"),
    Download("citations.jsonl", "the works with everything that is known of them and where it comes from"),
    Download("citations.ris", "the works for a reference manager"),
    Download("citations.bib", "the works as BibTeX"),
    Download("countries.csv", "the numbers of the chart: works by country and year"),
    Download(DESCRIPTOR, "what lies here, with checksums, licences and denominators"),
)
_WORKS = {"citations.csv": "csv", "citations.jsonl": "jsonl", "citations.ris": "ris", "citations.bib": "bibtex"}


@dataclass(frozen=True, slots=True)
class Page:
    """One dataset that was published: how many places stand on its map and works in its table."""

    slug: str
    path: Path
    geojson: Path
    features: int
    works: int


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publication wrote."""

    index: Path
    pages: tuple[Page, ...]


def run(config: Config, slugs: Iterable[str], *, out: Path, include: str) -> PublishReport:
    """Publish these datasets, or all for which something was found, into ``out``.

    Pages of other datasets that lie in ``out`` stay and stay listed.  Raises UsageError for an unknown dataset,
    WhereusedError where there is nothing to publish, StorageError where ``out`` can't be written.
    """
    db = open_for_reading(config.db)
    try:
        with one_line_errors(config.db), snapshot(db), progress_bars(config) as bars:
            wanted = sorted(set(slugs)) or slugs_with_works(db)
            if not wanted:
                raise WhereusedError("there is nothing to publish yet; `whereused crawl` or `whereused import` brings works")
            exports = [load_export(db, slug, include) for slug in wanted]  # an unknown name is told before anything is written
            pages = tuple(_save_dataset(db, config, export, out) for export in bars.track(exports, description="publish"))
            is_sample = load_state(db).is_sample
    finally:
        db.close()
    index = out / "index.html"
    save_text(index, [render_index(find_packages(out), is_sample=is_sample)])
    return PublishReport(index, pages)


def _save_dataset(db: Database, config: Config, export: Export, out: Path) -> Page:
    """The folder of a dataset: data first, then the page, then the descriptor with everyone's checksum."""
    folder = out / export.dataset.slug
    works = list(load_works(db, export.dataset.slug))
    kept = list(chosen(works, export.include))
    view = make_view(export, works, collection(export, works))
    providers = load_providers(db, {name for work in kept for name in providers_of(work)})
    page = render_dataset(view, providers, DOWNLOADS, config.get("CORRECTIONS"), load_photos(db, export.dataset.slug))
    files = [save_text(folder / name, pieces) for name, pieces in _files(export, works)]
    files.append(save_text(folder / "index.html", [page]))
    _save_descriptor(folder, describe(export, files, providers, view.credits))
    return Page(export.dataset.slug, folder / "index.html", folder / "institutions.geojson", len(view.places), len(view.rows))


def _files(export: Export, works: list[Work]) -> Iterator[tuple[str, Iterable[str]]]:
    yield "institutions.geojson", as_geojson(export, works)
    for name, format_ in _WORKS.items():
        yield name, FORMATS[format_](export, works)
    yield "countries.csv", as_csv(COUNTRY_COLUMNS, country_rows(export.dataset.slug, *count_countries(works, export.include)))


def _save_descriptor(folder: Path, descriptor: dict[str, Any]) -> Written:
    return save_text(folder / DESCRIPTOR, [dumps(descriptor), "\n"])
