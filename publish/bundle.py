"""The data package of a dataset: what lies in its folder, with sizes and checksums, licences and the denominators.

Laid out as Frictionless data packages are (https://datapackage.org/standard/data-package/), so that archives can load it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.queries.counts import DENOMINATORS
from db.records import ProviderFacts
from publish.export import Export
from publish.files import Written
from publish.rules import CAVEAT

DESCRIPTOR = "datapackage.json"
_TYPES = {
    ".html": "text/html", ".geojson": "application/geo+json", ".csv": "text/csv", ".jsonl": "application/jsonl",
    ".ris": "application/x-research-info-systems", ".bib": "application/x-bibtex",
}  # fmt: skip


def describe(export: Export, files: Iterable[Written], providers: Iterable[ProviderFacts], credits: list[str]) -> dict[str, Any]:
    """The descriptor.  Everything in it follows from the database."""
    descriptor: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": export.dataset.slug,
        "title": export.dataset.name,
        "description": f"Where the image dataset {export.dataset.name} was used. {CAVEAT}",
        "as_of": export.state.as_of,
        "run_id": export.state.run_id,
        "include": export.include,
        "counts": export.counts,
        "attribution": credits,
        "sources": [_source(provider) for provider in providers],
        "resources": [_resource(file) for file in sorted(files, key=lambda file: file.path.name)],
    }
    return descriptor | ({"sample": True} if export.state.is_sample else {})


def _source(provider: ProviderFacts) -> dict[str, str]:
    told = {"title": provider.name, "path": provider.documentation, "licence": provider.licence, "terms": provider.terms}
    return {name: value for name, value in told.items() if value}


def _resource(file: Written) -> dict[str, Any]:
    name, suffix = file.path.stem, file.path.suffix
    resource = {"name": f"{name}-{suffix[1:]}", "path": file.path.name, "format": suffix[1:], "mediatype": _TYPES[suffix]}
    return resource | {"encoding": "utf-8", "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}


def find_packages(folder: Path) -> list[dict[str, Any]]:
    """The descriptors of every dataset in a folder, by title; what is none of ours is passed over."""
    found = []
    for path in sorted(folder.glob(f"*/{DESCRIPTOR}")):
        try:
            descriptor = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
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
