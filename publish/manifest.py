"""The manifest of a published dataset: release, checksums, runs, versions and licences, so that an archive can check it
and a later release can be told from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from db.connect import Database
from db.queries.corrections import Shown
from db.queries.datasets import load_runs
from db.queries.records import Work
from db.records import ProviderFacts
from publish.cite import release_of
from publish.export import Export
from publish.files import Written

MANIFEST = "manifest.json"


def make_manifest(
    db: Database,
    export: Export,
    works: Iterable[Work],
    providers: Iterable[ProviderFacts],
    files: Iterable[Written],
    publications: Iterable[Shown],
) -> dict[str, Any]:
    """Everything in it follows from the database, but the version of whereused that wrote it.

    ``publications``: all that are known, this one among them; they stand in the database too, where it could be written.
    """
    manifest = {
        "dataset": export.dataset.slug,
        "release": release_of(export.state),
        "as_of": export.state.as_of,
        "run_id": export.state.run_id,
        "include": export.include,
        "publications": [told._asdict() for told in publications],
        "counts": export.counts,
        "versions": {"whereused": _own_version(), **_versions(works)},
        "runs": load_runs(db, export.dataset.slug),
        "licences": [_licence(provider) for provider in providers],
        "files": [
            {"path": file.path.name, "bytes": file.bytes, "sha256": file.sha256} for file in sorted(files, key=lambda f: f.path.name)
        ],
    }
    return manifest | ({"sample": True} if export.state.is_sample else {})


def _own_version() -> str:
    try:
        return version("whereused")
    except PackageNotFoundError:
        return "unknown"


def _versions(works: Iterable[Work]) -> dict[str, list[str]]:
    """The readers, matchers and gazetteers behind these works."""
    affiliations = [affiliation for work in works for affiliation in work.affiliations]
    gazetteers = {a.place.gazetteer for a in affiliations if a.place and a.place.gazetteer}
    return {
        "readers": sorted({a.reader for a in affiliations}),
        "matchers": sorted({a.matcher for a in affiliations if a.matcher}),
        "gazetteers": sorted(gazetteers),
    }


def _licence(provider: ProviderFacts) -> dict[str, Any]:
    told = {"provider": provider.name, "licence": provider.licence, "attribution": provider.attribution, "terms": provider.terms}
    return {name: value for name, value in told.items() if value}
