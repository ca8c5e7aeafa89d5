"""Reading a dump of the Research Organization Registry (schema v2), as ROR releases it on Zenodo.

The release is a zip with ``vX.Y-DATE-ror-data.json`` (a JSON array) and a CSV; the JSON alone is taken too.  Releases
before 2.0 held schema v1 as ``…-ror-data.json`` beside ``…-ror-data_schema_v2.json``: there the second one is read.
Layout: https://ror.readme.io/docs/data-dump · records: https://ror.readme.io/docs/ror-data-structure
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

from db.errors import UsageError

MAX_UNPACKED = 2_000_000_000  # bytes; a real dump unpacks to some 350 MB
MAX_RATIO, HARMLESS = 100, 50_000_000  # a real dump packs 1 : 12; what is small is harmless, however well it packs
ZIP_MAGIC = b"PK\x03\x04"
_RELEASE = re.compile(r"v?(\d+\.\d+(?:\.\d+)?)[-_](\d{4}-\d{2}-\d{2})")

RawRecord = dict[str, Any]


def read_dump(path: Path) -> tuple[str, list[RawRecord]]:
    """Release name ("v2.9-2026-06-23"; the file's name where it tells none) and the records of a dump.

    Raises UsageError, in one line, for a file that is missing, cut off, no ROR dump, or of schema v1.
    """
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == ZIP_MAGIC
        name, text = _from_zip(path) if is_zip else (path.name, path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror})") from error
    return _release(name, path), _records(path, text)


def _from_zip(path: Path) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".json") and "__MACOSX" not in m.filename]
            members.sort(key=lambda m: ("schema_v2" not in m.filename, m.filename))
            if not members:
                raise UsageError(f"{path} holds no JSON file: give the zip of a ROR release (…-ror-data.zip)")
            size, packed = members[0].file_size, members[0].compress_size
            if size > MAX_UNPACKED or (size > HARMLESS and size > MAX_RATIO * packed):
                raise UsageError(f"{path} unpacks from {packed / 1e6:.1f} MB to {size / 1e6:.0f} MB: that is no ROR release")
            return members[0].filename, archive.read(members[0])  # in memory: a name with .. in it leads nowhere
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{path} is damaged or cut off ({error}); download it again") from error


def _release(name: str, path: Path) -> str:
    match = _RELEASE.search(name) or _RELEASE.search(path.name)
    return f"v{match[1]}-{match[2]}" if match else path.stem


def _records(path: Path, text: bytes) -> list[RawRecord]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no complete JSON file ({str(error)[:80]}): give a ROR data dump, zip or JSON") from error
    if not isinstance(records, list) or not records or not all(isinstance(r, dict) for r in records):
        raise UsageError(f"{path} is no ROR data dump: that is a JSON array of records")
    first = records[0]
    if "name" in first and "country" in first:
        raise UsageError(f"{path} is ROR schema v1; this version reads schema v2 (ROR release 2.0 or later)")
    bad = next((r for r in records if not _is_v2(r)), None)
    if bad is not None:
        raise UsageError(f"{path} is no ROR data dump of schema v2: record {str(bad.get('id', '?'))[:60]!r} lacks names or locations")
    return records


def _is_v2(record: RawRecord) -> bool:
    names, locations = record.get("names"), record.get("locations")
    return (
        isinstance(record.get("id"), str)
        and isinstance(names, list)
        and bool(names)
        and all(isinstance(n, dict) and isinstance(n.get("value"), str) for n in names)
        and isinstance(locations, list)
        and all(isinstance(x, dict) and isinstance(x.get("geonames_details", {}), dict) for x in locations)
    )
