"""Formats that are no YFCC100M table: path lists of MegaFace, JSON as FFHQ has it, answers of Flickr's API, CSV and Parquet by column name.

Each reader yields entries for the one table; what can't be used goes to the rejects.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote_plus

from db.errors import UsageError
from db.outside import parse_json
from photos.licences import FLICKR_IDS
from photos.rejects import Rejects
from photos.shapes import Entry, encode_tags, flickr_photos, from_ffhq, from_flickr, is_id, parse_photo_url, text_of
from photos.streams import lines, open_bytes

# FlickrFinal2/375/37531198@N00/4174611825_0.jpg (distractors), 37531198@N00_identity_3/4174611825_0.jpg (MF2), and flattened with "@"
_MEGAFACE = re.compile(r"(?:^|[/\\])([0-9]+@N[0-9]{2})(?:_identity_[0-9]+)?[/\\@]([0-9]{1,18})_[0-9]+\.(?:jpe?g|png|json|jpg\.json)$")
_ONE_OBJECT = re.compile(r'\{\s*"(photos|photo|photoset|stat|id|photo_url|license|license_url|image_name|metadata)"')
_WHOLE = 64 * 1024**2  # characters of one answer of the API, or of one entry
_STEP = 1024**2


def read_paths(path: Path, rejects: Rejects) -> Iterator[Entry]:
    """A path list of MegaFace: one a line, or the JSON list of the challenge; a path for each face."""
    with open_bytes(path) as file:
        if file.read(1) == b"{":
            file.seek(0)
            named = ((n, text) for n, text in enumerate(_path_list(file), 1))
        else:
            file.seek(0)
            named = ((n, (line or b"").decode("utf-8", "replace")) for n, line in lines(file, 65536))
        for number, text in named:
            if found := _MEGAFACE.search(text.strip()):
                yield Entry(photo=found[2], owner=found[1])
            elif text.strip():
                rejects.add(path, number, "no MegaFace path")


def _path_list(file: IO[bytes]) -> list[str]:
    try:
        found = parse_json(file.read())["path"]
        if isinstance(found, list):
            return list(map(text_of, found))
    except (ValueError, LookupError, TypeError):
        pass
    raise UsageError("the list of paths is no JSON object with a list `path`; get it again")


def read_json(path: Path, rejects: Rejects) -> Iterator[Entry]:
    """Entries of a JSON file: FFHQ's object or list, answers of Flickr's API (one, a list, or one a line)."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8", errors="replace") as text:
        for key, value in _values(path, text):
            if not isinstance(value, dict):
                rejects.add(path, key, "entry is no JSON object")
            elif value.get("stat") == "fail":
                rejects.add(path, key, f"Flickr: {str(value.get('message') or 'failed')[:80]} (code {value.get('code')})")
            elif found := list(flickr_photos(value)):
                for photo in found:
                    yield from _entry_or_reject(from_flickr(photo), path, key, rejects)
            else:
                yield from _entry_or_reject(from_ffhq(value), path, key, rejects)


def _entry_or_reject(entry: Entry | None, path: Path, key: object, rejects: Rejects) -> Iterator[Entry]:
    if entry is None:
        rejects.add(path, key, "neither photo id nor licence")
    else:
        yield entry


def _values(path: Path, text: io.TextIOWrapper) -> Iterator[tuple[object, Any]]:
    """(key or number, value) of each entry of a JSON file that may be far larger than the memory.

    UsageError where it is no JSON, at the place where that shows.
    """
    decoder, buffer, done, number = json.JSONDecoder(), "", False, 0
    opener = ""

    def more() -> bool:
        nonlocal buffer, done
        piece = text.read(_STEP)
        done = not piece
        buffer += piece
        return not done

    more()
    buffer = buffer.lstrip("\ufeff \t\r\n")
    if re.match(r'\{\s*"(photos|photo|stat|id|photo_url|license|license_url|image_name|metadata)"', buffer) or not buffer.startswith(
        ("[", "{")
    ):
        opener = "lines"
    elif buffer:
        opener, buffer = buffer[0], buffer[1:]
    while True:
        buffer = buffer.lstrip(" \t\r\n" if opener == "lines" else " \t\r\n,")
        if not buffer:
            if done or not more():
                return
            continue
        if opener != "lines" and buffer[0] in "]}":
            return
        try:
            key: object = number + 1
            end = 0
            if opener == "{":
                key, end = decoder.raw_decode(buffer)
                end = re.compile(r"\s*:\s*").match(buffer, end).end()  # type: ignore[union-attr]
            value, end = decoder.raw_decode(buffer, end)
        except (ValueError, AttributeError) as error:
            if not done and len(buffer) < _WHOLE:
                for _ in range(1 + len(buffer) // _STEP):  # doubled each time, so that a large entry isn't tried too often
                    more()
                continue
            raise UsageError(f"{path} is no JSON after entry {number}; mend it, or name its format's file") from error
        except RecursionError as error:
            raise UsageError(f"{path} is nested too deeply at entry {number + 1}") from error
        number, buffer = number + 1, buffer[end:]
        yield key, value


NAMES = {
    "photo": ("photo_id", "photoid", "photo", "id", "image_id", "flickr_id"),
    "owner": ("nsid", "owner_nsid", "user_nsid", "uid", "owner_id", "owner", "user_id", "usernsid"),
    "name": ("username", "unickname", "nickname", "user_nickname", "ownername", "author"),
    "date": ("date_taken", "datetaken", "taken", "date", "year", "year_taken", "date_uploaded"),
    "licence": ("license_url", "licence_url", "licenseurl", "licenceurl", "licence", "license"),
    "tags": ("tags", "user_tags", "usertags"),
    "longitude": ("longitude", "lon", "lng"),
    "latitude": ("latitude", "lat"),
    "kind": ("marker", "is_video", "media"),
    "page": ("page_url", "pageurl", "photo_url", "url", "link"),
    "country": ("country", "country_code"),
    "rights": ("copyright", "rights", "rights_status"),
    "age": ("age", "estimated_age"),
    "title": ("title", "photo_title"),
}


def find_columns(header: Iterable[str]) -> dict[str, str]:
    """Field of the table → column of the file, by the names that are in use; {} where there is nothing to audit."""
    known = {re.sub(r"[\s-]+", "_", name.strip().lower().lstrip("\ufeff")): name for name in header}
    found = {field: known[name] for field, names in NAMES.items() if (name := next((n for n in names if n in known), ""))}
    return found if "licence" in found or "photo" in found or "page" in found else {}


def read_csv(path: Path, rejects: Rejects) -> Iterator[Entry]:
    """A CSV file with a header line; comma, semicolon or tab."""
    csv.field_size_limit(_WHOLE)
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text:
        first = text.readline()
        rows = csv.reader(text, delimiter=max(",;\t", key=first.count))
        header = next(csv.reader([first], delimiter=max(",;\t", key=first.count)), [])
        columns = find_columns(header)
        places = {field: header.index(name) for field, name in columns.items()}
        try:
            for row in rows:
                if len(row) != len(header):
                    if row:
                        rejects.add(path, rows.line_num + 1, f"{len(row)} fields in place of {len(header)}")
                    continue
                yield from _from_columns({field: row[place] for field, place in places.items()}, columns, path, rows.line_num + 1, rejects)
        except csv.Error as error:
            raise UsageError(f"{path}, line {rows.line_num + 1}: no CSV ({error}); mend that line") from error


def _from_columns(given: Mapping[str, str], columns: Mapping[str, str], path: Path, line: int, rejects: Rejects) -> Iterator[Entry]:
    values = {field: value.strip().replace("\t", " ") for field, value in given.items()}
    owner, photo = parse_photo_url(values.get("page", ""))
    given_id = values.get("photo", "")
    values["photo"] = given_id if is_id(given_id) else photo or ""
    if not any(values.get(name) for name in ("photo", "page", "licence")):
        rejects.add(path, line, "photo id is no number" if given_id else "neither photo id nor licence")
        return
    values["owner"] = values.get("owner") or owner or ""
    if "\0" in "".join(values.values()):
        rejects.add(path, line, "NUL byte")
        return
    if columns.get("tags", "").lower().replace("_", "") != "usertags":
        values["tags"] = encode_tags(re.split(r"[,;]", values.get("tags", "")))
    if columns.get("name", "").lower() != "unickname":
        values["name"] = quote_plus(values.get("name", ""))
    values["kind"] = "1" if values.get("kind", "").lower() in ("1", "true", "video") else "0"
    if values.get("licence", "").isdigit():
        values["licence"] = FLICKR_IDS.get(values["licence"], f"flickr licence id {values['licence']}")
    yield Entry(**values)
