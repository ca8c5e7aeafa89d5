"""One photo as others tell of it (answers of Flickr's API, FFHQ's object, addresses of pages) → an entry of our table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

from photos.licences import FLICKR_IDS

_PAGE = re.compile(r"^/photos/([^/?#]+)/([0-9]{1,18})(?:/|$)")
_STATIC = re.compile(r"/(?:[0-9]+/)?([0-9]{5,18})_[0-9a-f]{6,}(?:_[a-z0-9]+)?\.(?:jpg|png|gif)$")


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


def flickr_photos(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
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
    identifier = text_of(photo.get("id"))
    if not is_id(identifier):
        return None
    owner, dates, place = photo.get("owner"), photo.get("dates"), photo.get("location")
    dates, place = dates if isinstance(dates, dict) else {}, place if isinstance(place, dict) else {}
    by = owner if isinstance(owner, dict) else {"nsid": owner, "username": photo.get("ownername")}
    number = text_of(photo.get("license"))
    return Entry(
        photo=identifier,
        owner=text_of(by.get("nsid")),
        name=quote_plus(text_of(by.get("username"))),
        date=text_of(photo.get("datetaken") or dates.get("taken")),
        licence=FLICKR_IDS.get(number, f"flickr licence id {number}" if number else ""),
        tags=encode_tags(_flickr_tags(photo.get("tags"))),
        longitude=text_of(photo.get("longitude") or place.get("longitude")),
        latitude=text_of(photo.get("latitude") or place.get("latitude")),
        kind="1" if photo.get("media") == "video" else "0",
        country=_content(place.get("country")),
        rights=text_of(photo.get("rights")),
        title=_content(photo.get("title")),
    )


def _flickr_tags(tags: Any) -> list[str]:
    if isinstance(tags, str):
        return text_of(tags).split()
    found = tags.get("tag") if isinstance(tags, dict) else None
    return [text_of(t.get("_content") or t.get("raw")) for t in found or [] if isinstance(t, dict)]


def from_ffhq(value: Mapping[str, Any]) -> Entry | None:
    """https://github.com/NVlabs/ffhq-dataset: the facts of the photo stand under ``metadata``, or at the top."""
    inner = value.get("metadata")
    facts: Mapping[str, Any] = inner if isinstance(inner, dict) else value
    page = text_of(facts.get("photo_url"))
    owner, photo = parse_photo_url(page)
    licence = text_of(facts.get("license_url"))
    stem = re.match(r"[0-9]{5,18}", text_of(facts.get("image_name")))
    photo = photo or (stem[0] if stem else "")
    if not photo and not licence and not page:
        return None
    tags = facts.get("tags")
    return Entry(
        photo=photo,
        owner=owner or "",
        date=text_of(facts.get("date_taken") or facts.get("date_uploaded")),
        licence=licence,
        tags=encode_tags(map(text_of, tags) if isinstance(tags, list) else []),
        page=page,
        country=text_of(facts.get("country")),
        rights=text_of(facts.get("license")) if not licence else "",
        age=text_of(facts.get("age") or value.get("age")),
        name=quote_plus(text_of(facts.get("author"))),
        title=text_of(facts.get("photo_title")),
    )


def is_id(text: str) -> bool:
    """Whether this can be the number of a photo."""
    return text.isascii() and text.isdigit() and 0 < len(text) <= 18


def text_of(value: object) -> str:
    """As text that can be written: JSON may hold half of a pair of surrogates."""
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip().encode("utf-8", "replace").decode()


def _content(value: object) -> str:
    return text_of(value.get("_content")) if isinstance(value, dict) else text_of(value)
