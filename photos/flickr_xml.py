"""Answers of Flickr's API as XML: photos, and the history of a photo's licence.

https://www.flickr.com/services/api/response.rest.html; flickr.photos.getInfo, flickr.photos.search and its like,
flickr.photos.licenses.getLicenseHistory.  The answers say the same as the JSON ones, which `photos.shapes` reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.errors import UsageError
from photos.licences import parse_licence
from photos.rejects import Rejects
from photos.shapes import Entry, from_flickr
from photos.streams import open_bytes

Change = tuple[str, str, str]  # year, licence before, licence after


def _elements(path: Path, *names: str) -> Iterator[Any]:
    """The elements of these names, one at a time; entities and other files are never followed."""
    from lxml import etree

    with open_bytes(path) as file:
        try:
            for _, element in etree.iterparse(file, tag=names, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False):
                yield element
                element.clear()
        except etree.XMLSyntaxError as error:
            raise UsageError(f"{path} is no XML ({error.msg}); get the answer again") from error


def read_xml(path: Path, rejects: Rejects) -> Iterator[Entry]:
    """The photos of an answer; one that failed is a rejected row.  A licence history holds none: see `read_changes`."""
    for number, element in enumerate(_elements(path, "photo", "err"), 1):
        if element.tag == "err":
            rejects.add(path, number, f"Flickr: {(element.get('msg') or 'failed')[:80]} (code {element.get('code')})")
        elif (entry := from_flickr(_photo(element))) is None:
            rejects.add(path, number, "neither photo id nor licence")
        else:
            yield entry


def read_changes(path: Path) -> Counter[Change]:
    """Changes of a photo's licence, by year; an answer tells of one photo and doesn't name it."""
    changes: Counter[Change] = Counter()
    for element in _elements(path, "license_history"):
        when = element.get("date_change") or ""
        if when.isdecimal() and len(when) < 12:  # seconds; longer ones lie past the year 5000
            before, after = (parse_licence(element.get(f"{side}_license_url")).name for side in ("old", "new"))
            changes[str(datetime.fromtimestamp(int(when), UTC).year), before, after] += 1
    return changes


def _photo(element: Any) -> dict[str, Any]:
    """A photo's element in the shape of the JSON answers."""
    photo = dict(element.attrib)
    for name in ("owner", "dates", "location"):
        if (child := element.find(name)) is not None:
            photo[name] = dict(child.attrib) | {part.tag: part.text for part in child if part.text}
    if (title := element.find("title")) is not None:
        photo["title"] = title.text
    if (tags := element.find("tags")) is not None:
        photo["tags"] = {"tag": [{"_content": tag.text, "raw": tag.get("raw")} for tag in tags.iter("tag")]}
    return photo
