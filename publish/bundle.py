"""The data package of a dataset: what lies in its folder, with sizes and checksums, licences and the denominators.

Laid out as Frictionless data packages are (https://datapackage.org/standard/data-package/), so that archives can load it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.queries.counts import DENOMINATORS
from db.records import ProviderFacts
from publish.cite import release_of
from publish.corrections import CORRECTION_COLUMNS
from publish.export import Export
from publish.files import Written
from publish.folder import read_json
from publish.page.photos import COLUMNS as PHOTO_COLUMNS
from publish.rules import CAVEAT
from publish.tables import COUNTRY_COLUMNS, INSTITUTION_COLUMNS, OSM_COLUMNS, OSM_FILE, OSM_LICENCE, WORK_COLUMNS

DESCRIPTOR = "datapackage.json"
_TYPES = {
    ".html": "text/html", ".geojson": "application/geo+json", ".csv": "text/csv", ".jsonl": "application/jsonl",
    ".ris": "application/x-research-info-systems", ".bib": "application/x-bibtex", ".json": "application/json",
}  # fmt: skip
TABLES = {
    "citations.csv": WORK_COLUMNS,
    "institutions.csv": INSTITUTION_COLUMNS,
    "countries.csv": COUNTRY_COLUMNS,
    "corrections.csv": CORRECTION_COLUMNS,
    OSM_FILE: OSM_COLUMNS,
    **PHOTO_COLUMNS,
}
FIELD_TYPES = {  # every other column is text
    "year": "integer", "n_versions": "integer", "page": "integer", "run": "integer", "withdrawn": "boolean", "n_works": "integer",
    "n_verified": "integer", "n_papers": "integer", "n_patents": "integer", "n_verified_papers": "integer",
    "n_verified_patents": "integer", "first_year": "integer", "last_year": "integer", "latitude": "number", "longitude": "number",
    "n_reviewers": "integer", "n_unconfirmed": "integer", "match_score": "number", "date": "date", "tile": "integer", "count": "integer",
}  # fmt: skip


def media_type(path: Path) -> str:
    """The media type of a published file."""
    return "application/vnd.citationstyles.csl+json" if path.name.endswith(".csl.json") else _TYPES[path.suffix]


def describe(export: Export, files: Iterable[Written], providers: tuple[ProviderFacts, ...], credits: list[str]) -> dict[str, Any]:
    """The descriptor.  Everything in it follows from the database."""
    descriptor: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": export.dataset.slug,
        "title": export.dataset.name,
        "description": f"Where the image dataset {export.dataset.name} was used. {CAVEAT}",
        "version": release_of(export.state),
        "as_of": export.state.as_of,
        "run_id": export.state.run_id,
        "include": export.include,
        "counts": export.counts,
        "attribution": credits,
        "licenses": _licences(export, providers),
        "sources": [_source(provider) for provider in providers],
        "resources": [_resource(file) for file in sorted(files, key=lambda file: file.path.name)],
    }
    return descriptor | ({"sample": True} if export.state.is_sample else {})


def _licences(export: Export, providers: Iterable[ProviderFacts]) -> list[dict[str, str]]:
    """The providers' licences, each once; what whereused adds itself is CC0."""
    named = {provider.licence: provider.terms for provider in providers if provider.licence}
    told = [
        {"name": _licence_id(licence), "title": licence} | ({"path": terms} if terms else {}) for licence, terms in sorted(named.items())
    ]
    return [*told, {"name": "CC0-1.0", "title": f"counts and decisions of this data about {export.dataset.name}"}]


def _licence_id(licence: str) -> str:
    """A licence as Frictionless names it: letters, digits, dots, hyphens, underscores."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", licence).strip("-")


def _source(provider: ProviderFacts) -> dict[str, str]:
    told = {"title": provider.name, "path": provider.documentation, "licence": provider.licence, "terms": provider.terms}
    return {name: value for name, value in told.items() if value}


def _resource(file: Written) -> dict[str, Any]:
    path = file.path
    name = path.name.replace(".", "-")
    resource: dict[str, Any] = {
        "name": name,
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": media_type(path),
        "encoding": "utf-8",
    }
    resource |= {"bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    if path.name == OSM_FILE:
        resource["licenses"] = [{"name": OSM_LICENCE, "path": "https://opendatacommons.org/licenses/odbl/1-0/"}]
    if path.name not in TABLES:
        return resource
    fields = [{"name": column, "type": FIELD_TYPES.get(column, "string")} for column in TABLES[path.name]]
    return resource | {"type": "table", "schema": {"fields": fields, "missingValues": [""]}}


def find_packages(folder: Path) -> list[dict[str, Any]]:
    """The descriptors of every dataset in a folder, by title; what is none of ours is passed over."""
    found = []
    for path in sorted(folder.glob(f"*/{DESCRIPTOR}")):
        descriptor = read_json(path)
        if _is_ours(descriptor) and descriptor["name"] == path.parent.name:
            found.append(descriptor)
    return sorted(found, key=lambda descriptor: (descriptor["title"].casefold(), descriptor["name"]))


def _is_ours(descriptor: Any) -> bool:
    return (
        isinstance(descriptor, dict)
        and all(isinstance(descriptor.get(name), str) for name in ("name", "title"))
        and isinstance(descriptor.get("as_of"), str | None)
        and isinstance(descriptor.get("counts"), dict)
        and all(isinstance(descriptor["counts"].get(name), int) for name in DENOMINATORS)
    )
