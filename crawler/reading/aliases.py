"""Names of datasets as patterns: other hyphens and cases, small capitals, names parted at a line's end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.reading.textlayer import SEAM

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+|[^\w\s-]")
SHORT = 4  # letters and digits; names so short must stand in their own case


@dataclass(frozen=True, slots=True)
class Name:
    """A name under which datasets are known; of several slugs where they share it."""

    alias: str
    slugs: tuple[str, ...]
    weak: bool


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a work that introduced a dataset."""

    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All names and titles, as one pattern each."""

    names: tuple[Name, ...]
    titles: tuple[Title, ...]

    @classmethod
    def of(cls, aliases: Iterable[tuple[str, str, bool]], titles: Iterable[tuple[str, str]]) -> Catalogue:
        """From (slug, alias, weak) and (slug, title) rows."""
        by_alias: dict[str, list[tuple[str, bool]]] = {}
        for slug, alias, weak in aliases:
            by_alias.setdefault(alias, []).append((slug, weak))
        sharing: dict[str, set[str]] = {}  # names that differ in hyphens only are one name
        for alias, rows in by_alias.items():
            sharing.setdefault(squeezed(alias), set()).update(slug for slug, _ in rows)
        names = [Name(alias, tuple(sorted(sharing[squeezed(alias)])), any(weak for _, weak in rows)) for alias, rows in by_alias.items()]
        return cls(
            tuple(sorted(names, key=lambda name: (-len(squeezed(name.alias)), name.alias))),
            tuple(Title(title, slug) for slug, title in sorted(titles, key=lambda row: (-len(row[1]), row))),
        )


def squeezed(text: str) -> str:
    """Letters and digits only, in lower case."""
    return re.sub(r"[\W_]+", "", text).lower()


def name_pattern(name: Name) -> re.Pattern[str]:
    """The pattern of one name."""
    pieces = _PIECES.findall(name.alias)
    body = ""
    position = 0
    for at, piece in enumerate(pieces):
        found = name.alias.index(piece, position)
        between = name.alias[position:found]
        position = found + len(piece)
        if at:
            body += rf"[\s\-‐–_{SEAM}]*" if between else _inside(pieces[at - 1], piece)
        body += _letters(piece)
    ignore = 0 if name.weak or len(squeezed(name.alias)) <= SHORT else re.IGNORECASE
    return re.compile(rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])", ignore)


def _letters(piece: str) -> str:
    """A piece, its first letter perhaps apart from the rest, as small capitals come out."""
    first = re.escape(piece[0])
    rest = "".join(f"(?:-{SEAM})?{re.escape(letter)}" for letter in piece[1:])  # VG- at a line's end, GFace on the next
    return first + (r"\s?" if len(piece) > 2 and piece[0].isupper() else "") + rest


def _inside(before: str, after: str) -> str:
    """What may stand between two parts of one printed word: a hyphen, a line's end, a space before small capitals."""
    del before, after
    return rf"[\-‐–]?(?:\s|{SEAM})?[\-‐–]?"


def title_pattern(title: Title) -> re.Pattern[str]:
    """The pattern of a title; a short one must stand as a whole, between punctuation."""
    words = re.findall(r"\w+", title.text)
    body = r"[\W_]+".join(r"-?\s?".join(map(re.escape, [word])) for word in words)
    if len(words) < 5:
        body = rf"(?<=[.:,”\"“’'?]\s){body}(?=[.,”\"’'?])"
    return re.compile(body, re.IGNORECASE)


@lru_cache(maxsize=4)
def patterns(catalogue: Catalogue) -> tuple[Sequence[tuple[Name, re.Pattern[str]]], Sequence[tuple[Title, re.Pattern[str]]]]:
    """The compiled patterns, longest names first."""
    return [(name, name_pattern(name)) for name in catalogue.names], [(title, title_pattern(title)) for title in catalogue.titles]
