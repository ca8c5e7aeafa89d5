"""The text layer of a page as plain lines in the order of the file, which is nearly always the order of reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.reading.layout import Document
from crawler.reading.page import Line, Page, join

SEAM = "\u2060"  # stands behind a hyphen at a line's end that may belong to the word or not
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class TextLine:
    """One line; lengths in points, ``y`` is its lower edge, counted downwards from the top of the page.

    Raised numbers stand as superscripts (``MegaFace¹²``), so that no name ends in the number of a footnote.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False


@dataclass(slots=True)
class TextPage:
    """One page; ``number`` counts from 1."""

    number: int
    width: float
    height: float
    lines: list[TextLine] = field(default_factory=list)

    @property
    def body_size(self) -> float:
        """The size that most letters have."""
        sizes: Counter[float] = Counter()
        for line in self.lines:
            sizes[round(line.size, 1)] += len(line.text)
        return sizes.most_common(1)[0][0] if sizes else 10.0


def raised(digits: str) -> str:
    """Digits as superscripts."""
    return digits.translate(_RAISED)


def from_layout(document: Document) -> Iterator[TextPage]:
    """The pages of a document as pdfminer reads them: slower, but it opens some files that PDFium refuses."""
    for index in range(len(document)):
        for page in document.page(index):
            yield TextPage(page.number, page.width, page.height, [_text_line(line) for line in _reading_order(page)])
        if index > 2:
            document.forget(index)


def _text_line(line: Line) -> TextLine:
    words = [word if not word.raised or not word.text.isdigit() else None for word in line.words]
    parts = [join([word]) if word else raised(line.words[at].text) for at, word in enumerate(words)]
    text = parts[0] + "".join(("" if line.words[at].glued else " ") + part for at, part in enumerate(parts[1:], 1))
    return TextLine(text, line.x0, line.x1, line.y, line.size, line.bold)


def _reading_order(page: Page) -> Iterator[Line]:
    """Lines as they are read: each column from top to bottom, between lines that span both."""
    if page.gutter is None:
        yield from page.lines
        return
    left, right = page.gutter
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in page.lines:
        if line.x1 <= right and line.x0 < left:
            columns[0].append(line)
        elif line.x0 >= left:
            columns[1].append(line)
        else:
            yield from columns[0]
            yield from columns[1]
            columns[0].clear()
            columns[1].clear()
            yield line
    yield from columns[0]
    yield from columns[1]
