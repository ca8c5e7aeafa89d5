"""What a page is made of: words, lines, marks.  Lengths in points; y grows downwards from the top of the page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class UnreadableError(Exception):
    """A document that can't be read; its text is the reason for the user."""


class NoTextError(UnreadableError):
    """A document whose text layer is missing or garbage: its pages could still be recognised."""


@dataclass(slots=True)
class Word:
    """Letters without a space between them; ``y`` is the baseline, ``size`` that of the font."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    raised: bool = False  # a superscript
    glued: bool = False  # follows the word before it without a space


@dataclass(slots=True)
class Line:
    """Words on one baseline, without a wide gap between them, superscripts among them in their place."""

    words: list[Word]
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0
    font: str = ""
    role: str = ""  # what the front matter took it for: only for --explain

    @property
    def text(self) -> str:
        """All words, superscripts too, as they are printed."""
        return join(self.words)

    @property
    def plain(self) -> str:
        """The words without superscripts."""
        return join([word for word in self.words if not word.raised])

    @property
    def top(self) -> float:
        """Upper edge, about."""
        return self.y - self.size

    @property
    def bold(self) -> bool:
        """Whether its main font says that it is bold."""
        return any(sign in self.font.lower() for sign in ("bold", "-b", "medi", "black", "cmb", "demi", "heavy"))


@dataclass(slots=True)
class Page:
    """One page (or one half of a two-up print) with its words; ``number`` counts from 1 in the file."""

    number: int
    width: float
    height: float
    words: list[Word]
    n_glyphs: int = 0
    n_unmapped: int = 0
    lines: list[Line] = field(default_factory=list)
    gutter: tuple[float, float] | None = None  # the empty strip between two columns


def join(words: list[Word]) -> str:
    """The text of words, with a space between them but where they are glued."""
    out: list[str] = []
    for word in words:
        if out and not word.glued:
            out.append(" ")
        out.append(word.text)
    return "".join(out)


def body_size(page: Page) -> float:
    """The size that most letters of a page have."""
    sizes: Counter[float] = Counter()
    for line in page.lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0
