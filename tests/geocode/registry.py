"""A small registry: real institutions as the registry tells them (``registry.tsv``), in the shape of a ROR v2 dump."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

RELEASE = "v9.1-2026-01-15"
TABLE = Path(__file__).with_name("registry.tsv")


def ror(short: str) -> str:
    return f"https://ror.org/{short}"


def _names(row: dict[str, str]) -> list[dict[str, Any]]:
    names: list[dict[str, Any]] = [{"value": row["name"], "types": ["ror_display", "label"], "lang": "en"}]
    names += [{"value": name, "types": ["acronym"], "lang": None} for name in row["acronyms"].split("|") if name]
    others = (name for name in row["other_names"].split("|") if name)
    return names + [{"value": name.lstrip("="), "types": ["label" if name[0] == "=" else "alias"], "lang": None} for name in others]


def _record(row: dict[str, str]) -> dict[str, Any]:
    details = {
        "name": row["city"],
        "country_code": row["country"],
        "country_subdivision_name": row["region"] or None,
        "lat": float(row["latitude"]),
        "lng": float(row["longitude"]),
    }
    relations = [part.split(":") for part in row["relationships"].split()]
    return {
        "id": ror(row["id"]),
        "names": _names(row),
        "types": [row["type"], "funder"],
        "status": row["status"],
        "locations": [{"geonames_id": int(row["geonames_id"]), "geonames_details": details}],
        "links": [{"type": "website", "value": f"https://www.{row['website']}/en"}] if row["website"] else [],
        "domains": [],
        "relationships": [{"type": kind, "id": ror(other), "label": ""} for kind, other in relations],
    }


def records() -> list[dict[str, Any]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_record(row) for row in csv.DictReader(file, delimiter="\t")]


def write_dump(folder: Path, release: str = RELEASE, rows: list[dict[str, Any]] | None = None) -> Path:
    """A release as ROR publishes it: a zip with the JSON and the CSV."""
    path = folder / f"{release}-ror-data.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{release}-ror-data.csv", "id,names\n")
        archive.writestr(f"{release}-ror-data.json", json.dumps(records() if rows is None else rows))
    return path
