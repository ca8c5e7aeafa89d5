"""``publish``: a folder for each dataset with its page and its data, and an index over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import Database, one_line_errors, open_for_reading
from db.errors import WhereusedError
from db.progress import progress_bars
from db.queries import snapshot
from db.queries.corrections import Shown, load_corrections, load_replies
from db.queries.datasets import load_providers, load_state, slugs_with_works
from db.queries.lineage import load_lineage
from db.queries.records import Work
from db.queries.waiting import Waiting, load_waiting
from db.queries.works import load_works
from publish.bundle import DESCRIPTOR, describe, find_packages
from publish.corrections import CORRECTION_COLUMNS, correction_rows
from publish.croissant import CROISSANT, make_croissant
from publish.diff import CHANGES, find_changes, load_release
from publish.export import FORMATS, Export, as_geojson, collection, load_export
from publish.files import Written, save_page
from publish.folder import check_folder, check_owned, writing_alone
from publish.manifest import MANIFEST, make_manifest
from publish.page.photos import COLUMNS as PHOTO_COLUMNS
from publish.page.photos import FILES as PHOTO_FILES
from publish.page.photos import files_of, load_photos
from publish.page.render import Around, Corrections, Download, render_dataset, render_index, render_plain
from publish.page.view import make_view
from publish.published import find_later, load_all_shown
from publish.rules import chosen
from publish.stream import dumps, providers_of
from publish.suspects import find_refused, in_words
from publish.tables import (
    COUNTRY_COLUMNS,
    INSTITUTION_COLUMNS,
    OPENSTREETMAP,
    OSM_COLUMNS,
    OSM_FILE,
    as_csv,
    count_countries,
    country_rows,
    institution_rows,
    osm_rows,
)
from publish.words import count

Json = dict[str, Any]
INDEX, PLAIN = "index.html", "plain.html"
DOWNLOADS = (
    Download("plain.html", "places and works as plain tables, without scripts"),
    Download("institutions.geojson", "the map: one Feature for each institution, with its works and their evidence"),
    Download("institutions.csv", "the same places as a table"),
    Download("citations.csv", "the works as a table"),
    Download("citations.jsonl", "the works with everything that is known of them and where it comes from"),
    Download("citations.ris", "the works for a reference manager"),
    Download("citations.bib", "the works as BibTeX"),
    Download("countries.csv", "the numbers of the chart: works by country and year"),
    Download("citations.csl.json", "the works as CSL-JSON"),
    Download("corrections.csv", "answers of those who are named, and published decisions that were changed"),
    Download(MANIFEST, "release, checksums, runs, versions, licences"),
    Download(CROISSANT, "the same for registries of datasets (Croissant)"),
    Download(DESCRIPTOR, "what lies here, with checksums, licences and denominators"),
)
# What may stand in a dataset's folder.
NAMES = frozenset((*(download.name for download in DOWNLOADS), INDEX, CHANGES, OSM_FILE, *PHOTO_FILES))
_WORKS = {
    "citations.csv": "csv",
    "citations.jsonl": "jsonl",
    "citations.ris": "ris",
    "citations.bib": "bibtex",
    "citations.csl.json": "csl",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One dataset that was published: how many places stand on its map and works in its table."""

    slug: str
    path: Path
    geojson: Path
    features: int
    works: int
    changes: str | None  # since an older release, in words
    waiting: Waiting  # for people


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publication wrote."""

    index: Path
    pages: tuple[Page, ...]
    refused: str | None  # which datasets were not published, and why
    shown: Mapping[str, list[Shown]]  # slug → what is known to have been published of it, this publication among it


def run(
    config: Config, slugs: Iterable[str], *, out: Path, include: str, diff: Path | None = None, accept_suspect: bool = False
) -> PublishReport:
    """Publish these datasets, or all for which something was found, into ``out``.

    With ``diff``, a folder published earlier, each dataset's changes since then are written too.  A dataset whose last
    crawl is suspect, or whose folder shows a later state than this database has, is left out, and told in ``refused``, unless
    ``accept_suspect``; what was published of it earlier stays.
    Pages of other datasets that lie in ``out`` stay and stay listed.

    The database is only read: who calls tells it afterwards what was ``shown`` (``published.remember``).  The same call gives the
    same bytes before that and after it.  Raises UsageError for an unknown dataset, WhereusedError where there is nothing to publish,
    StorageError where ``out`` can't be written.
    """
    check_folder(config, out)
    db = open_for_reading(config.db)
    try:
        with one_line_errors(config.db), snapshot(db), progress_bars(config) as bars:
            wanted = sorted(set(slugs)) or slugs_with_works(db)
            if not wanted:
                raise WhereusedError("there is nothing to publish yet; `whereused crawl` or `whereused import` brings works")
            refused = {} if accept_suspect else find_refused(db, wanted)
            # An unknown name is told before anything is written.
            exports = [_export(db, config, slug, include) for slug in wanted if slug not in refused]
            older = {slug: load_release(diff, slug) for slug in wanted} if diff else None  # before it may be overwritten
            refused |= {} if accept_suspect else find_later(db, exports, out)
            exports = [export for export in exports if export.dataset.slug not in refused]
            if not exports:
                raise WhereusedError(in_words(refused))
            beside = frozenset(export.dataset.slug for export in exports)
            for slug in beside:
                check_owned(out / slug, slug, NAMES)
            with writing_alone(out):
                shown = {export.dataset.slug: load_all_shown(db, export, out, diff) for export in exports}
                pages = tuple(
                    _save_dataset(db, export, out, beside, shown[export.dataset.slug], older)
                    for export in bars.track(exports, description="publish")
                )
                index = out / INDEX
                save_page(index, [render_index(find_packages(out), is_sample=load_state(db).is_sample)])
    finally:
        db.close()
    return PublishReport(index, pages, in_words(refused) if refused else None, shown)


def _export(db: Database, config: Config, slug: str, include: str) -> Export:
    """With who publishes it, as the settings tell."""
    return replace(load_export(db, slug, include), publisher=config.get("PUBLISHER"), contact=config.get("CORRECTIONS"))


def _save_dataset(
    db: Database, export: Export, out: Path, beside: frozenset[str], shown: list[Shown], older: dict[str, Json | None] | None
) -> Page:
    """The folder of a dataset: data first, then the page, then the descriptors with everyone's checksum."""
    slug = export.dataset.slug
    folder = out / slug
    works = list(load_works(db, slug))
    kept = list(chosen(works, export.include))
    whole = collection(export, works)
    view = make_view(export, works, whole)
    providers = tuple(load_providers(db, {name for work in kept for name in providers_of(work)}))
    corrections = Corrections(tuple(load_replies(db, slug)), tuple(load_corrections(db, slug, shown)))
    photos = load_photos(db, slug, export.dataset.year)
    beside_page = dict(files_of(photos))
    downloads = (*DOWNLOADS[:-3], *(Download(name, PHOTO_FILES[name]) for name in beside_page), *DOWNLOADS[-3:])
    around = Around(providers, downloads, load_lineage(db, slug), corrections, beside, photos)
    page = render_dataset(view, around)
    files = [save_page(folder / name, pieces) for name, pieces in _files(export, works, whole["features"])]
    told = as_csv(CORRECTION_COLUMNS, correction_rows(slug, corrections.replies, corrections.changes))
    files.append(save_page(folder / "corrections.csv", told))
    files += [save_page(folder / name, as_csv(PHOTO_COLUMNS[name], rows)) for name, rows in beside_page.items()]
    files += [save_page(folder / "index.html", [page]), save_page(folder / PLAIN, [render_plain(view)])]
    _save_json(folder / MANIFEST, make_manifest(db, export, kept, providers, files, shown))
    _save_json(folder / CROISSANT, make_croissant(export, files, providers))
    _save_json(folder / DESCRIPTOR, describe(export, files, providers, view.credits))
    for name in {CHANGES, OSM_FILE, *PHOTO_FILES} - {file.path.name for file in files}:
        (folder / name).unlink(missing_ok=True)  # those of an earlier publication
    changes = _save_changes(folder, older[slug]) if older is not None else None
    return Page(
        slug, folder / "index.html", folder / "institutions.geojson", len(view.places), len(view.rows), changes, load_waiting(db, slug)
    )


def _save_changes(folder: Path, old: Json | None) -> str:
    """Compare the files that were just written with an older release; returns the changes in words."""
    new = load_release(folder, folder.name)
    assert new is not None
    changes = find_changes(old, new)
    _save_json(folder / CHANGES, changes)
    told = [
        f"{count(len(changes[f'{kind}s'][what]), kind)} {what}"  # 1 work added, 2 places removed
        for kind in ("work", "place")
        for what in ("added", "removed", "changed")
    ]
    return f"since {changes['from']['as_of'] or 'nothing'}: {', '.join(told)}"


def _files(export: Export, works: list[Work], features: list[Json]) -> Iterator[tuple[str, Iterable[str]]]:
    yield "institutions.geojson", as_geojson(export, works)
    for name, format_ in _WORKS.items():
        yield name, FORMATS[format_](export, works)
    yield "institutions.csv", as_csv(INSTITUTION_COLUMNS, institution_rows(features))
    if apart := [feature for feature in features if feature["properties"]["coordinates_from"] in OPENSTREETMAP]:
        yield OSM_FILE, as_csv(OSM_COLUMNS, osm_rows(apart))
    yield "countries.csv", as_csv(COUNTRY_COLUMNS, country_rows(export.dataset.slug, *count_countries(works, export.include)))


def _save_json(path: Path, value: Json) -> Written:
    return save_page(path, [dumps(value), "\n"])
