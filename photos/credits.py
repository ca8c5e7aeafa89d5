"""Who is to be named for a picture, and under which licence: out of the same files that the audit reads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_plus

from db.errors import UsageError
from photos.columns import yfcc_places
from photos.entries import find_columns, read_csv, read_json
from photos.flickr_xml import read_xml
from photos.licences import Licence, parse_licence
from photos.load import find_format
from photos.rejects import Rejects
from photos.shapes import Entry
from photos.streams import lines, open_bytes
from photos.yfcc import LONGEST_LINE

_ID = re.compile(r"(?<![0-9])[0-9]{5,18}(?![0-9])")
_TITLE = {23: 6, 25: 8}


class Credit(NamedTuple):
    """One picture's credit, decoded."""

    title: str
    owner: str
    licence: Licence
    licence_url: str
    link: str


def keys_of(path: Path) -> tuple[str, ...]:
    """What a picture's file may be called in the metadata: its name, or the photo id that its name begins with."""
    found = _ID.search(path.name)
    return (path.name, found[0]) if found else (path.name,)


def read_credits(files: Iterable[Path], pictures: Iterable[Path], rejects: Rejects) -> dict[str, Credit]:
    """The credits of these pictures by file name or photo id; rows of other photos are passed over."""
    wanted = {key for path in pictures for key in keys_of(path)}
    found: dict[str, Credit] = {}
    for path in files:
        for key, credit in _read(path, rejects):
            if key in wanted:
                found.setdefault(key, credit)
    return found


def _read(path: Path, rejects: Rejects) -> Iterator[tuple[str, Credit]]:
    kind = find_format(path)
    if kind.startswith("yfcc"):
        yield from _from_yfcc(path, int(kind.removeprefix("yfcc-")))
    elif kind in ("json", "xml"):
        yield from _from_entries({"json": read_json, "xml": read_xml}[kind](path, rejects))
    elif kind == "csv":
        yield from _from_named(path) if _names_files(path) else _from_entries(read_csv(path, rejects))
    else:
        raise UsageError(f"{path} names no photographers; give a YFCC100M table, answers of Flickr's API, JSON of FFHQ or CSV")


def _from_entries(entries: Iterable[Entry]) -> Iterator[tuple[str, Credit]]:
    for entry in entries:
        link = entry.page or (f"https://www.flickr.com/photos/{entry.owner}/{entry.photo}/" if entry.owner else "")
        owner = unquote_plus(entry.name) or entry.owner
        yield entry.photo, Credit(entry.title, owner, parse_licence(entry.licence), entry.licence, link)


def _from_yfcc(path: Path, width: int) -> Iterator[tuple[str, Credit]]:
    at = yfcc_places(width)
    with open_bytes(path) as file:
        for _, line in lines(file, LONGEST_LINE):
            fields = (line or b"").rstrip(b"\r").split(b"\t")
            if len(fields) == width:
                photo, owner, name, licence, page, title = (
                    fields[place].decode("utf-8", "replace")
                    for place in (at["photo"], at["owner"], at["name"], at["licence"], at["page"], _TITLE[width])
                )
                yield photo, Credit(unquote_plus(title), unquote_plus(name) or owner, parse_licence(licence), licence, page)


def _names_files(path: Path) -> bool:
    with open_bytes(path) as file:
        first = file.read(65536).split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    return any(name.strip().strip('"').lower() in ("file", "file_name", "filename") for name in re.split(r"[,;\t]", first))


def _from_named(path: Path) -> Iterator[tuple[str, Credit]]:
    """A CSV file with the columns file, title, owner, license_url and page_url (or their like)."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text:
        rows = csv.DictReader(text)
        header = rows.fieldnames or ()
        names = find_columns(header)
        file_column = next(name for name in header if name.strip().lower() in ("file", "file_name", "filename"))
        title = next((name for name in header if name.strip().lower() == "title"), "")
        for row in rows:
            value = {field: (row.get(name) or "").strip() for field, name in names.items()}
            licence = value.get("licence", "")
            owner = value.get("name") or value.get("owner", "")
            credit = Credit((row.get(title) or "").strip(), owner, parse_licence(licence), licence, value.get("page", ""))
            yield Path((row.get(file_column) or "").strip()).name, credit
