"""What a stand-in says, whatever its layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MARK = "Stand-in typeset for the whereused demo; not the paper"


@dataclass(frozen=True, slots=True)
class Author:
    """A name as printed, and the positions (from 0) of the author's affiliations in ``Sheet.affiliations``."""

    name: str
    affiliations: tuple[int, ...] = ()

    @property
    def initials(self) -> str:
        """The name as a footnote prints it: "Kaipeng Zhang" → "K. Zhang"."""
        *given, family = self.name.split()
        return " ".join([*(f"{name[0]}." for name in given), family])


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences.  A section may open a page, or the next column where there are two."""

    heading: str
    sentences: tuple[str, ...]
    opens: Literal["", "column", "page"] = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper to typeset.  A line break in an affiliation is a line break on the page, where the layout has room for it.

    ``emails`` are lines printed below the affiliations, as they are.
    """

    title: str
    authors: tuple[Author, ...]
    affiliations: tuple[str, ...]
    abstract: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    references: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    mark: str = MARK
