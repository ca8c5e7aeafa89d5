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
from typing import IO, Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

from db.errors import UsageError
from db.outside import parse_json
from photos.licences import FLICKR_IDS
from photos.rejects import Rejects
from photos.streams import lines, open_bytes

# FlickrFinal2/375/37531198@N00/4174611825_0.jpg (distractors), 37531198@N00_identity_3/4174611825_0.jpg (MF2), and flattened with "@"
_MEGAFACE = re.compile(r"(?:^|[/\\])([0-9]+@N[0-9]{2})(?:_identity_[0-9]+)?[/\\@]([0-9]{1,18})_[0-9]+\.(?:jpe?g|png|json|jpg\.json)$")
_PAGE = re.compile(r"^/photos/([^/?#]+)/([0-9]{1,18})(?:/|$)")
_STATIC = re.compile(r"/(?:[0-9]+/)?([0-9]{5,18})_[0-9a-f]{6,}(?:_[a-z0-9]+)?\.(?:jpg|png|gif)$")
_ONE_OBJECT = re.compile(r'\{\s*"(photos|photo|photoset|stat|id|photo_url|license|license_url|image_name|metadata)"')
_WHOLE = 64 * 1024**2  # characters of one answer of the API, or of one entry
_STEP = 1024**2


class Entry(NamedTuple):
    """One row, as text, "" where nothing is known; ``tags`` encoded as YFCC100M does it."""

    photo: str = ""
    owner: str = ""
    name: str = ""
    date: str = ""
    licence: str = ""
    tags: str = ""
    longitude: str = ""
    latitude: str = ""
    kind: str = "0"
    page: str = ""
    country: str = ""
    rights: str = ""
    age: str = ""
    title: str = ""


def parse_photo_url(address: str) -> tuple[str | None, str | None]:
    """(owner or alias, photo id) of a page or picture address of Flickr; None for what it doesn't hold."""
    try:
        parts = urlsplit(address.strip() if "//" in address else "//" + address.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None, None
    if host in ("flickr.com", "www.flickr.com", "m.flickr.com", "secure.flickr.com") and (found := _PAGE.match(parts.path)):
        return found[1], found[2]
    if host.endswith((".staticflickr.com", ".static.flickr.com")) and (found := _STATIC.search(parts.path)):
        return None, found[1]
    return None, None


def encode_tags(tags: Iterable[str]) -> str:
    """Tags in the form of YFCC100M."""
    return ",".join(quote_plus(tag.strip().lower()) for tag in tags if tag.strip())


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
            return list(map(_text, found))
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
            elif found := list(_flickr_photos(value)):
                for photo in found:
                    yield from _entry_or_reject(from_flickr(photo), path, key, rejects)
            else:
                yield from _entry_or_reject(_from_ffhq(value), path, key, rejects)


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


def _flickr_photos(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The photos of an answer of flickr.photos.search and its like, or of flickr.photos.getInfo."""
    holder = value.get("photos") or value.get("photoset") or value
    found = holder.get("photo") if isinstance(holder, dict) else None
    if isinstance(found, dict):
        yield found
    elif isinstance(found, list):
        yield from (photo for photo in found if isinstance(photo, dict))
    elif "license" in value and "id" in value and "license_url" not in value:
        yield value


def from_flickr(photo: Mapping[str, Any]) -> Entry | None:
    """https://www.flickr.com/services/api/flickr.photos.getInfo.html, and the extras of flickr.photos.search."""
    identifier = _text(photo.get("id"))
    if not _is_id(identifier):
        return None
    owner, dates, place = photo.get("owner"), photo.get("dates"), photo.get("location")
    dates, place = dates if isinstance(dates, dict) else {}, place if isinstance(place, dict) else {}
    by = owner if isinstance(owner, dict) else {"nsid": owner, "username": photo.get("ownername")}
    number = _text(photo.get("license"))
    return Entry(
        photo=identifier,
        owner=_text(by.get("nsid")),
        name=quote_plus(_text(by.get("username"))),
        date=_text(photo.get("datetaken") or dates.get("taken")),
        licence=FLICKR_IDS.get(number, f"flickr licence id {number}" if number else ""),
        tags=encode_tags(_flickr_tags(photo.get("tags"))),
        longitude=_text(photo.get("longitude") or place.get("longitude")),
        latitude=_text(photo.get("latitude") or place.get("latitude")),
        kind="1" if photo.get("media") == "video" else "0",
        country=_content(place.get("country")),
        rights=_text(photo.get("rights")),
        title=_content(photo.get("title")),
    )


def _flickr_tags(tags: Any) -> list[str]:
    if isinstance(tags, str):
        return _text(tags).split()
    found = tags.get("tag") if isinstance(tags, dict) else None
    return [_text(t.get("_content") or t.get("raw")) for t in found or [] if isinstance(t, dict)]


def _from_ffhq(value: Mapping[str, Any]) -> Entry | None:
    """https://github.com/NVlabs/ffhq-dataset: the facts of the photo stand under ``metadata``, or at the top."""
    inner = value.get("metadata")
    facts: Mapping[str, Any] = inner if isinstance(inner, dict) else value
    page = _text(facts.get("photo_url"))
    owner, photo = parse_photo_url(page)
    licence = _text(facts.get("license_url"))
    stem = re.match(r"[0-9]{5,18}", _text(facts.get("image_name")))
    photo = photo or (stem[0] if stem else "")
    if not photo and not licence and not page:
        return None
    tags = facts.get("tags")
    return Entry(
        photo=photo,
        owner=owner or "",
        date=_text(facts.get("date_taken") or facts.get("date_uploaded")),
        licence=licence,
        tags=encode_tags(map(_text, tags) if isinstance(tags, list) else []),
        page=page,
        country=_text(facts.get("country")),
        rights=_text(facts.get("license")) if not licence else "",
        age=_text(facts.get("age") or value.get("age")),
        name=quote_plus(_text(facts.get("author"))),
        title=_text(facts.get("photo_title")),
    )


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
    values["photo"] = values.get("photo") or photo or ""
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


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 18


def _text(value: object) -> str:
    """As text that can be written: JSON may hold half of a pair of surrogates."""
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip().encode("utf-8", "replace").decode()


def _content(value: object) -> str:
    return _text(value.get("_content")) if isinstance(value, dict) else _text(value)
