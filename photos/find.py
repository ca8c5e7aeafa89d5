"""``photos find``: are my photos in it?  Exact, local, of one identifier at a time; tags answer counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from db.config import Config
from db.errors import UsageError
from photos.index import Index
from photos.keys import load_key
from photos.licences import parse_licence
from photos.shapes import is_id, parse_photo_url
from photos.yfcc import NSID


@dataclass(slots=True)
class Answer:
    """What one dataset holds of what was asked.  ``photos`` is a number only where a tag was asked."""

    dataset: str
    photos: int
    licences: dict[str, int] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """The answers of all datasets that were looked through."""

    asked: str
    looked_through: list[str]
    answers: list[Answer] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """For a person: a line for each dataset, its licences, then the links."""
        for answer in self.answers:
            yield f"{answer.dataset}\t{answer.photos}\t" + ", ".join(f"{name}: {n}" for name, n in answer.licences.items())
            yield from answer.links

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def folder(config: Config) -> Path:
    """Where indexes and caches lie."""
    return config.files / "photos"


def index_path(config: Config, slug: str) -> Path:
    """The index of a dataset."""
    return folder(config) / f"{slug}.index"


def find(config: Config, *, nsid: str | None, username: str | None, photo_url: str | None, photo_id: str | None, tag: str | None) -> Found:
    """Look through the index of every audited dataset.  Exactly one identifier; UsageError where it is none of its kind."""
    given = {"nsid": nsid, "username": username, "photo-url": photo_url, "photo-id": photo_id, "tag": tag}
    asked = [(kind, value.strip()) for kind, value in given.items() if value is not None]
    if len(asked) != 1 or not asked[0][1]:
        raise UsageError("name one thing to look for: --nsid, --username, --photo-url, --photo-id or --tag")
    kind, value = asked[0]
    _check(kind, value)
    paths = sorted(folder(config).glob("*.index"))
    if not paths:
        raise UsageError("no dataset has an index yet; `whereused photos audit FILES… --dataset SLUG --out DIR` makes one")
    key = load_key(config)
    with ExitStack() as stack:
        indexes = [stack.enter_context(Index(path, key)) for path in paths]
        answers = [answer for index in indexes if (answer := _ask(index, kind, value)) is not None]
        return Found(f"{kind} {value}", [index.slug for index in indexes], answers)


def _check(kind: str, value: str) -> None:
    if kind == "nsid" and not NSID.fullmatch(value):
        raise UsageError(f"{value[:40]!r} is no NSID; it looks like 12345678@N00 (a name goes to --username)")
    if kind == "photo-id" and not is_id(value):
        raise UsageError(f"{value[:40]!r} is no photo id; it is the number in the address of the photo's page")
    if kind == "photo-url" and parse_photo_url(value)[1] is None:
        raise UsageError(f"{value[:200]!r} is no address of a Flickr photo; it looks like https://www.flickr.com/photos/OWNER/NUMBER/")


def _ask(index: Index, kind: str, value: str) -> Answer | None:
    if kind == "tag":
        n = index.count_tag(quote_plus(value.lower()))
        return Answer(index.slug, n) if n else None
    if kind in ("photo-id", "photo-url"):
        owner, photo = parse_photo_url(value) if kind == "photo-url" else (None, value)
        licence = index.find_photo(str(int(photo or "0")))
        link = f"https://www.flickr.com/photos/{owner}/{photo}/" if owner else f"https://www.flickr.com/photo.gne?id={photo}"
        return None if licence is None else Answer(index.slug, 1, {parse_licence(licence).name: 1}, [link])
    owners = [value] if kind == "nsid" else [*index.find_owners_of_name(quote_plus(value)), value]
    return _of_owners(index, owners)


def _of_owners(index: Index, owners: Iterable[str]) -> Answer | None:
    licences: Counter[str] = Counter()
    links = []
    for owner in dict.fromkeys(owners):
        for photo, licence in index.find_owner(owner):
            licences[parse_licence(licence).name] += 1
            links.append(f"https://www.flickr.com/photos/{owner}/{photo}/")
    return Answer(index.slug, len(links), dict(licences.most_common()), links) if links else None
