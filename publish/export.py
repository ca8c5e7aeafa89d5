"""One file out of the database: GeoJSON, GeoJSON lines, JSONL, CSV, RIS, BibTeX or CSL-JSON.

The same database gives the same bytes: everything is sorted, no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from db.connect import Database
from db.queries.counts import load_counts
from db.queries.datasets import Dataset, State, load_attributions, load_dataset, load_state
from db.queries.records import Work
from db.queries.works import load_works
from publish.bibliography import as_bibtex, as_csl, as_ris
from publish.geojson import as_feature, as_unlocated, find_sites
from publish.lines import as_line
from publish.rules import CAVEAT, chosen
from publish.stream import dumps, providers_of, stream_features
from publish.tables import WORK_COLUMNS, as_csv, work_row

INCLUDES = ("verified", "all")
REGISTRY = "Institution records: Research Organization Registry (ROR), https://ror.org, CC0 1.0."


@dataclass(frozen=True, slots=True)
class Export:
    """What every format needs to know of a dataset."""

    dataset: Dataset
    state: State
    counts: dict[str, int]
    attributions: Mapping[str, str]  # provider → the sentence its licence asks for
    include: str
    publisher: str | None = None  # who is cited for it, as the settings name them
    contact: str | None = None  # where those who are named can write to

    def members(self, providers: Iterable[str]) -> dict[str, Any]:
        """The foreign members that say what a file of works from these providers is."""
        members: dict[str, Any] = {
            "dataset": self.dataset.slug,
            "include": self.include,
            "as_of": self.state.as_of,
            "run_id": self.state.run_id,
            "attribution": self.credits(set(providers)),
            "caveat": CAVEAT,
            "counts": self.counts,
        }
        return members | ({"sample": True} if self.state.is_sample else {})

    def credits(self, providers: set[str]) -> list[str]:
        """The sentence of every provider, sorted."""
        told = {self.attributions[name] for name in providers if name in self.attributions}
        return sorted(told | ({REGISTRY} if "ror" in providers and "ror" not in self.attributions else set()))


def load_export(db: Database, slug: str, include: str, *, counted: bool = True) -> Export:
    """Everything but the works; without the denominators where nobody reads them.  Raises UsageError for an unknown dataset."""
    dataset = load_dataset(db, slug)
    return Export(dataset, load_state(db), load_counts(db, slug) if counted else {}, load_attributions(db), include)


def collection(export: Export, works: list[Work]) -> dict[str, Any]:
    """The FeatureCollection; valid also when it is empty."""
    sites, coarse = find_sites(works, export.include)
    providers = {name for work in chosen(works, export.include) for name in providers_of(work)}
    features = [as_feature(export.dataset.slug, site) for site in sites]
    return {"type": "FeatureCollection", **export.members(providers), "unlocated": as_unlocated(coarse), "features": features}


def as_geojson(export: Export, works: Iterable[Work]) -> Iterator[str]:
    """The collection, one Feature a line, so that two versions can be compared line by line."""
    whole = collection(export, list(works))
    features = whole.pop("features")
    yield dumps(whole)[:-1] + ',"features":['
    yield ",".join("\n" + dumps(feature) for feature in features)
    yield "\n]}\n"


def as_geojsonl(db: Database, export: Export) -> Iterator[str]:
    """One Feature a line, in flat memory; each says whose data it is, since there is no collection to say it."""

    def tell(providers: set[str]) -> dict[str, Any]:
        whole = export.members(providers)
        return {name: whole[name] for name in ("as_of", "run_id", "attribution", "caveat", "sample") if name in whole}

    return stream_features(db, export.dataset.slug, export.include, tell)


def _as_jsonl(export: Export, works: Iterable[Work]) -> Iterator[str]:
    return (dumps(as_line(work, export.attributions)) + "\n" for work in chosen(works, export.include))


def _as_csv(export: Export, works: Iterable[Work]) -> Iterable[str]:
    return as_csv(WORK_COLUMNS, (work_row(work, export.attributions, export.include) for work in chosen(works, export.include)))


def _as_ris(export: Export, works: Iterable[Work]) -> Iterable[str]:
    return as_ris(chosen(works, export.include), export.attributions)


def _as_bibtex(export: Export, works: Iterable[Work]) -> Iterable[str]:
    return as_bibtex(chosen(works, export.include), export.attributions)


def _as_csl(export: Export, works: Iterable[Work]) -> Iterable[str]:
    return as_csl(chosen(works, export.include), export.attributions)


FORMATS: dict[str, Callable[[Export, Iterable[Work]], Iterable[str]]] = {
    "geojson": as_geojson,
    "csv": _as_csv,
    "ris": _as_ris,
    "bibtex": _as_bibtex,
    "csl": _as_csl,
    "jsonl": _as_jsonl,
}


def stream(db: Database, slug: str, *, format: str, include: str) -> Generator[str, None, None]:
    """The text of an export, piece by piece, within one read transaction of the caller."""
    if format == "geojsonl":
        yield from as_geojsonl(db, load_export(db, slug, include, counted=False))
        return
    yield from FORMATS[format](load_export(db, slug, include), load_works(db, slug))
