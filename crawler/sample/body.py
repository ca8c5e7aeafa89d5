"""The running text of a stand-in: headings, sentences and references, poured into the columns of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.sample.page import Book, Run, Word, lines, spread_for, words
from crawler.sample.sheet import Section, Sheet


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the text runs: the same columns on each page, lower on page one.  Points."""

    left: tuple[float, ...]
    room: float
    top: float
    bottom: float = 48.0
    size: float = 10.0
    leading: float = 12.0


TWO = Columns((54.0, 312.0), 246.0, 744.0)
ONE = Columns((110.0,), 392.0, 744.0)
WIDE = Columns((72.0,), 451.0, 780.0)


class Pour:
    """Pours lines into columns, page after page."""

    def __init__(self, book: Book, columns: Columns, top: float, bottom: float) -> None:
        """``top`` and ``bottom`` are those of page one; ``bottom`` is higher where a footnote stands in the first column."""
        self.book, self.columns = book, columns
        self.top, self.first_bottom = top, bottom
        self.column, self.y = 0, top

    def _bottom(self) -> float:
        return self.first_bottom if self.column == 0 else self.columns.bottom

    def next_column(self) -> None:
        """Go on at the top of the next column or page."""
        self.column += 1
        if self.column == len(self.columns.left):
            self.next_page()
        self.y = self.top

    def next_page(self) -> None:
        """Go on at the top of the next page."""
        self.book.new_page()
        self.column, self.top, self.first_bottom = 0, self.columns.top, self.columns.bottom
        self.y = self.top

    def line(self, runs: Sequence[Run], *, spread: float = 0.0) -> None:
        """One line of text."""
        if self.y - self.columns.leading < self._bottom():
            self.next_column()
        self.y -= self.columns.leading
        self.book.draw(runs, self.columns.left[self.column], self.y, spread=spread)

    def gap(self, points: float) -> None:
        """Room between paragraphs."""
        self.y -= points

    def paragraph(self, tokens: Sequence[Word]) -> None:
        """A paragraph, flush on both sides but for its last line, then a little room."""
        *full, last = lines(tokens, self.columns.room)
        for runs in full:
            self.line(runs, spread=spread_for(runs, self.columns.room))
        self.line(last)
        self.gap(3)


def _headings(sections: Sequence[Section], *, roman: bool) -> Iterator[tuple[str, Section]]:
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    for number, section in enumerate(sections):
        yield (f"{numerals[number]}. {section.heading.upper()}" if roman else f"{number + 1}. {section.heading}"), section


def pour_body(book: Book, sheet: Sheet, columns: Columns, *, top: float, bottom: float | None = None, roman: bool = False) -> None:
    """Abstract, sections and references from ``top`` of this page on; numerals and capitals as IEEE has them with ``roman``."""
    pour = Pour(book, columns, top, columns.bottom if bottom is None else bottom)
    size = columns.size
    if sheet.abstract:
        pour.line([Run("Abstract", "bold", size + (0 if roman else 1))])
        pour.paragraph(words(" ".join(sheet.abstract), "italic", size - 0.5))
    for heading, section in _headings(sheet.sections, roman=roman):
        if section.opens == "page":
            pour.next_page()
        elif section.opens == "column" and pour.column + 1 < len(columns.left):
            pour.next_column()
        pour.gap(6)
        pour.line([Run(heading, "roman" if roman else "bold", size + (0 if roman else 1))])
        pour.gap(2)
        pour.paragraph(words(" ".join(section.sentences), size=size))
    if sheet.references:
        pour.gap(6)
        pour.line([Run("REFERENCES" if roman else "References", "roman" if roman else "bold", size + (0 if roman else 1))])
        for number, reference in enumerate(sheet.references, 1):
            pour.paragraph(words(f"[{number}] {reference}", size=size - 1))
