"""A second, weaker tier of the registry: organisations of which only the name is known, from a file beside the release.

They keep a string from being given to a namesake, and get their id where the string means them; having no place of their own,
they stand on the map at the printed city only, or not at all.  One JSON object a line, plain or gzip:
``{"id", "name", "labels": {language: name}, "country_code", "types": [...], "relationships": [...]}``; all but the first two may be
missing or null.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from db.errors import UsageError
from db.gazetteer import NAME_ONLY
from geocode.registry import MAX_UNPACKED, RawRecord

_GZIP = b"\x1f\x8b"
_ID = re.compile(r"https://ror\.org/0[a-z0-9]{8}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def read_names(path: Path, known: Container[str] = frozenset()) -> list[RawRecord]:
    """The organisations of a file in the shape of a release's records, but for those whose id is ``known``; each id once.

    Raises UsageError, in one line that names the first bad one, for a file that can't be read or holds something else.
    """
    found: dict[str, RawRecord] = {}
    try:
        for number, line in _lines(path):
            record = _record(line)
            if record is None:
                raise UsageError(f'{path}, line {number}: no JSON object with "id" (https://ror.org/…) and "name"')
            if record["id"] not in known:
                found.setdefault(record["id"], record)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path} can't be read ({error}); give JSON lines, plain or gzip") from error
    if not found:
        raise UsageError(f"{path} names no organisation that the release lacks")
    return list(found.values())


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers; a file that unpacks without end is cut off by an error."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
    size = 0
    with gzip.open(path) if packed else path.open("rb") as file:
        for number, line in enumerate(file, 1):
            size += len(line)
            if size > MAX_UNPACKED:
                raise UsageError(f"{path} unpacks to more than {MAX_UNPACKED / 1e9:.0f} GB: that is no list of names")
            if line.strip():
                yield number, line


def _record(line: bytes) -> RawRecord | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not _is_text(row.get("name")) or not _ID.fullmatch(str(row.get("id"))):
        return None
    labels = row["labels"] if isinstance(row.get("labels"), dict) else {}
    names = [{"value": row["name"], "types": ["ror_display", "label"], "lang": None}]
    names += [{"value": v, "types": ["label"], "lang": k} for k, v in labels.items() if _is_text(v) and v != row["name"]]
    country = row.get("country_code")
    known = isinstance(country, str) and _COUNTRY.fullmatch(country)
    return {
        "id": row["id"],
        "names": names,
        "types": [t.lower() for t in _list(row.get("types")) if isinstance(t, str)],
        "status": NAME_ONLY,
        "locations": [{"geonames_id": None, "geonames_details": {"country_code": country}}] if known else [],
        "links": [],
        "domains": [],
        "relationships": [r for r in _list(row.get("relationships")) if isinstance(r, dict)],
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
