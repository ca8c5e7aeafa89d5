"""What the readers of files hand over, and the cleaning that they share."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from db.identity import canonical_ids
from db.records import FulltextPlace, WorkRecord

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d|2100)(?!\d)")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|sc|tt|span|p|jats:\w+|mml:\w+)\b[^>]*>", re.IGNORECASE)
MAX_TITLE = 1000  # characters; a longer one is a run-on field of a broken file


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be taken over: where, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A work as a file tells it.  ``pdf`` is a file that lies beside it; ``notes`` say what was left out of it."""

    place: str
    record: WorkRecord
    pdf: Path | None = None
    places: tuple[FulltextPlace, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an entry as they stand in the file, before cleaning."""

    title: str | None = None
    year: str | None = None
    venue: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    ids: tuple[tuple[str, str | None], ...] = ()
    url: str | None = None
    pdf: str | None = None
    kind: str = "paper"


def clean(text: str | None) -> str | None:
    """Text without mark-up and runs of white space; None where nothing is left."""
    return " ".join(html.unescape(_TAG.sub("", text or "")).split()) or None


def find_year(text: str | None) -> int | None:
    """The year in "2017", "2017-03-01", "Mar 2017" or "2017/03/01/"; None where there is none or more than one."""
    years = set(_YEAR.findall(text or ""))
    return int(years.pop()) if len(years) == 1 else None


def split_authors(text: str | None) -> tuple[str, ...]:
    """The names of a list in one cell: between semicolons, "and", or commas where those don't part the name itself."""
    text = clean(text) or ""
    if ";" in text or "|" in text:
        return _names(re.split(r"[;|]", text))
    if re.search(r" (?:and|&) ", text):
        return _names(part for chunk in re.split(r",? (?:and|&) ", text) for part in _by_commas(chunk))
    return _names(_by_commas(text))


def _by_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts  # "Ann Bee, Bob Cee"
    if len(parts) > 2 and len(parts) % 2 == 0:
        return [f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True)]  # "Bee, A., Cee, B."
    return [text] if len(parts) <= 2 else parts


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    names = (part.strip(" ,\t*") for part in parts)
    return tuple(name for name in names if name and name.casefold().rstrip(".") not in ("et al", "others"))


def make_entry(place: str, fields: Fields, *, folder: Path) -> Entry | Problem:
    """An entry of the cleaned fields, or the reason why there is none.  ``folder`` is where the file lies."""
    title = clean(fields.title)
    if title and len(title) > MAX_TITLE:
        return Problem(place, f"a title of {len(title):,} characters: is a quotation mark missing?")
    wanted = list(fields.ids)
    notes = [_not_an_id(scheme, value) for scheme, value in wanted if value and not canonical_ids([(scheme, value)])[0]]
    ids = dict.fromkeys(canonical_ids(wanted)[0])
    ids |= dict.fromkeys(ids_in_url(fields.url))
    if not title and not ids:
        return Problem(place, "neither a title nor an id; left out")
    year = find_year(fields.year)
    if fields.year and fields.year.strip() and year is None:
        notes.append(f"{fields.year.strip()[:20]!r} is no year; left out")
    record = WorkRecord(
        title=title, kind=fields.kind, year=year, venue=clean(fields.venue), abstract=clean(fields.abstract),
        authors=fields.authors, ids=tuple(sorted(ids)),
    )  # fmt: skip
    pdf, places, lost = _fulltext(fields.pdf, folder)
    return Entry(place, record, pdf=pdf, places=places, notes=(*notes, *lost))


def _not_an_id(scheme: str, value: str) -> str:
    names = {"doi": "DOI", "arxiv": "arXiv id", "s2": "Semantic Scholar id", "publication_number": "publication number"}
    return f"{value.strip()[:60]!r} is no {names.get(scheme, scheme + ' id')}; left out"


def ids_in_url(url: str | None) -> tuple[tuple[str, str], ...]:
    """The ids that an address names: arXiv, DOI, Semantic Scholar, PubMed Central, a patent; else the address itself."""
    text = (url or "").strip()
    signs = (
        ("arxiv", r"arxiv\.org/"), ("doi", r"doi\.org/"), ("s2", r"semanticscholar\.org/paper/"), ("pmc", r"ncbi\.nlm\.nih\.gov/\S*PMC"),
        ("pubmed", r"pubmed\.ncbi\.nlm\.nih\.gov/"), ("publication_number", r"patents\.google\.com/patent/"),
        ("openalex", r"openalex\.org/"),
    )  # fmt: skip
    for scheme, pattern in signs:
        if re.search(pattern, text, re.IGNORECASE):
            return canonical_ids([(scheme, text.rstrip("/"))])[0]
    return canonical_ids([("url", text)])[0]


def _fulltext(text: str | None, folder: Path) -> tuple[Path | None, tuple[FulltextPlace, ...], tuple[str, ...]]:
    """A PDF beside the file, or an address where it may be had."""
    text = (text or "").strip()
    if not text:
        return None, (), ()
    if re.match(r"https?://", text, re.IGNORECASE):
        found = canonical_ids([("url", text)])[0]
        return (None, (FulltextPlace(found[0][1], rank=1),), ()) if found else (None, (), (f"{text[:60]!r} is no address; left out",))
    path = folder / re.sub(r"^file://", "", text)
    try:
        is_there = path.suffix.lower() == ".pdf" and path.is_file()
    except OSError:  # a name too long for any file
        is_there = False
    return (path, (), ()) if is_there else (None, (), (f"there is no PDF {path.name[:100]!r} beside the file",))
