"""PDF pages set line by line, so that a test shows what is printed where."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from crawler.reading.frontmatter import FrontMatter, read_front_matter
from crawler.reading.layout import Document

FILL = "We describe how the method works and show that it is of use in the setting that we have chosen for it."


@dataclass
class Sheet:
    """One PDF in the making.  Positions in points from the left and the top; ``^(12)`` in a text is a superscript."""

    size: tuple[float, float] = A4
    font: str = "Times-Roman"
    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=self.size, invariant=1)

    def text(self, x: float, y: float, text: str, *, size: float = 10, font: str | None = None, centred: bool = False) -> Sheet:
        """One line."""
        font = font or self.font
        parts = [(part, at % 2 == 1) for at, part in enumerate(re.split(r"\^\(([^)]*)\)", text)) if part]
        width = sum(pdfmetrics.stringWidth(part, font, size * (0.65 if raised else 1)) for part, raised in parts)
        x = x - width / 2 if centred else x
        for part, raised in parts:
            self.canvas.setFont(font, size * (0.65 if raised else 1))
            self.canvas.drawString(x, self.size[1] - y + (0.35 * size if raised else 0), part)
            x += pdfmetrics.stringWidth(part, font, size * (0.65 if raised else 1))
        return self

    def title(self, text: str, y: float = 90) -> Sheet:
        """A centred title."""
        return self.text(self.size[0] / 2, y, text, size=17, font="Times-Bold", centred=True)

    def lines(self, x: float, y: float, lines: Sequence[str], *, size: float = 10, leading: float = 12, centred: bool = False) -> Sheet:
        """Lines below each other."""
        for at, line in enumerate(lines):
            self.text(x, y + at * leading, line, size=size, centred=centred)
        return self

    def body(self, y: float, *, until: float = 560) -> Sheet:
        """The abstract and the beginning of a body in one column."""
        self.text(70, y, "Abstract", size=11, font="Times-Bold")
        while (y := y + 13) < until:
            self.text(70, y, FILL)
        return self

    def new_page(self) -> Sheet:
        """Go on with a new page."""
        self.canvas.showPage()
        return self

    def pdf(self) -> bytes:
        """The finished file."""
        self.canvas.save()
        return self.buffer.getvalue()

    def front(self) -> FrontMatter:
        """What the reader finds on it."""
        return read_front_matter(Document(self.pdf()))


def texts(front: FrontMatter) -> list[str]:
    """The affiliations."""
    return [affiliation.text for affiliation in front.affiliations]


def links(front: FrontMatter) -> dict[str, list[str]]:
    """Each author with the beginnings of the affiliations, up to the first comma."""
    return {author.name: [front.affiliations[at].text.split(",")[0] for at in author.affiliations] for author in front.authors}
