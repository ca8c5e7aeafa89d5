"""What changed between two releases of a dataset's data: read from the files of the older one, so that it can come from
anywhere.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from db.errors import UsageError
from publish.manifest import MANIFEST

Json = dict[str, Any]
CHANGES = "changes.json"
_WORK = ("status", "title", "year", "decision", "purposes", "withdrawn")
_PLACE = ("institution", "sector", "city", "country_code", "status", "n_works", "n_verified")


def load_release(folder: Path, slug: str) -> Json | None:
    """The works and Features of a published dataset; None where the folder holds none of this dataset.

    Raises UsageError where the folder isn't there or its files can't be read.
    """
    if not folder.is_dir():
        raise UsageError(f"--diff {folder}: no such folder; name one that `whereused publish` wrote")
    home = folder / slug if (folder / slug).is_dir() else folder
    try:
        manifest = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
        if manifest["dataset"] != slug:
            return None
        collection = json.loads((home / "institutions.geojson").read_text(encoding="utf-8"))
        with (home / "citations.csv").open(encoding="utf-8", newline="") as file:
            works = list(csv.DictReader(file))
        return {
            "release": manifest["release"],
            "as_of": manifest["as_of"],
            "works": {work["id"]: {name: work[name] for name in _WORK} for work in works},
            "places": {feature["id"]: _place(feature) for feature in collection["features"]},
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--diff {home}: its files can't be read ({error}); name a folder that `whereused publish` wrote") from error


def _place(feature: Json) -> Json:
    longitude, latitude = feature["geometry"]["coordinates"]
    told: Json = {name: feature["properties"][name] for name in _PLACE}
    return told | {"longitude": longitude, "latitude": latitude}


def find_changes(old: Json | None, new: Json) -> Json:
    """Added, removed and changed works and places; all are added where there is no older release."""
    before = old or {"release": None, "as_of": None, "works": {}, "places": {}}
    changes: Json = {
        "from": {"release": before["release"], "as_of": before["as_of"]},
        "to": {"release": new["release"], "as_of": new["as_of"]},
    }
    for kind in ("works", "places"):
        changes[kind] = _compare(before[kind], new[kind])
    return changes


def _compare(old: dict[str, Json], new: dict[str, Json]) -> Json:
    both = [key for key in sorted(new) if key in old and new[key] != old[key]]
    return {
        "added": [{"id": key, **new[key]} for key in sorted(new) if key not in old],
        "removed": [{"id": key, **old[key]} for key in sorted(old) if key not in new],
        "changed": [{"id": key, "changes": _fields(old[key], new[key])} for key in both],
    }


def _fields(old: Json, new: Json) -> Json:
    return {name: [old[name], new[name]] for name in new if new[name] != old[name]}
