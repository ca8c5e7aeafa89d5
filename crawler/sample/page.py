"""Drawing lines of mixed type on pages: the part of the typesetter that knows reportlab.

https://docs.reportlab.com/reportlab/userguide/ch3_fonts/ tells of its fonts.  Times is drawn where its Western encoding
has the letter, then Bitstream Vera, which is embedded, then the fonts of the CJK language packs.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LETTER = (612.0, 792.0)  # points
A4 = (595.28, 841.89)

_STYLES = {  # style → Times, Vera
    "roman": ("Times-Roman", "Vera"),
    "bold": ("Times-Bold", "VeraBd"),
    "italic": ("Times-Italic", "VeraIt"),
}
_CJK = ((0x3040, 0x30FF, "HeiseiMin-W3"), (0xAC00, 0xD7A3, "HYSMyeongJo-Medium"), (0x3000, 0x9FFF, "STSong-Light"))


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; ``rise`` lifts it above the base line, as with superscripts."""

    text: str
    style: str = "roman"
    size: float = 10.0
    rise: float = 0.0


Word = tuple[Run, ...]  # never broken over lines


@cache
def _vera(name: str) -> TTFont:
    font = TTFont(name, f"{name}.ttf")  # part of reportlab
    pdfmetrics.registerFont(font)
    return font


@cache
def _cid(name: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def _is_western(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@cache
def font_for(char: str, style: str) -> str:
    """The name of a font that has this character.  Raises ValueError where none of ours has it."""
    times, vera = _STYLES[style]
    if _is_western(char):
        return times
    if ord(char) in _vera(vera).face.charToGlyph:
        return vera
    for first, last, name in _CJK:
        if first <= ord(char) <= last:
            return _cid(name)
    raise ValueError(f"no font of the typesetter has {char!r} (U+{ord(char):04X})")


@lru_cache(10_000)
def _pieces(run: Run) -> tuple[tuple[str, str], ...]:
    """The run in stretches of one font: (font, text)."""
    return tuple((font, "".join(chars)) for font, chars in groupby(run.text, key=lambda char: font_for(char, run.style)))


@lru_cache(10_000)
def _width(run: Run) -> float:
    return sum(float(pdfmetrics.stringWidth(text, font, run.size)) for font, text in _pieces(run))


def width(runs: Iterable[Run]) -> float:
    """Width in points."""
    return sum(map(_width, runs))


def words(text: str, style: str = "roman", size: float = 10.0) -> list[Word]:
    """Plain text as words of one style."""
    return [(Run(word, style, size),) for word in text.split()]


def lines(tokens: Sequence[Word], room: float) -> list[list[Run]]:
    """Words set into lines no wider than ``room``, one space between words."""
    result: list[list[Run]] = []
    for token in tokens:
        space = Run(" ", "roman", token[0].size)
        if result and width([*result[-1], space, *token]) <= room:
            result[-1] += [space, *token]
        else:
            result.append(list(token))
    return result


def spread_for(runs: Sequence[Run], room: float) -> float:
    """How much wider each space has to be for the line to fill ``room``; 0 where it can't be told, as with CJK."""
    spaces = sum(run.text.count(" ") for run in runs)
    western = all(font.startswith("Times") for run in runs for font, _ in _pieces(run))
    return (room - width(runs)) / spaces if spaces and western else 0.0


@dataclass
class Book:
    """Pages of one size in the making; each carries ``mark`` at its head and its number at its foot.  Same input, same bytes."""

    mark: str
    title: str
    size: tuple[float, float] = LETTER
    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=self.size, invariant=1, pageCompression=1)
        self.canvas.setTitle(self.title)
        self.canvas.setSubject(self.mark)
        self.number = 0
        self.new_page()

    def new_page(self) -> None:
        """Begin the next page."""
        if self.number:
            self.canvas.showPage()
        self.number += 1
        across, height = self.size
        self.centred([Run(self.mark, "italic", 8)], height - 30)
        self.centred([Run(str(self.number), size=8)], 28, across)

    def draw(self, runs: Sequence[Run], x: float, y: float, *, spread: float = 0.0) -> None:
        """One line from ``x``, with its base line at ``y`` (points from the lower left corner); ``spread`` widens each space."""
        text = self.canvas.beginText(x, y)
        text.setWordSpace(spread)
        for run in runs:
            text.setRise(run.rise)
            for font, piece in _pieces(run):
                text.setFont(font, run.size)
                text.textOut(piece)
        self.canvas.drawText(text)

    def centred(self, runs: Sequence[Run], y: float, across: float | None = None, left: float = 0.0) -> None:
        """One line centred in a strip of the page; the whole page where none is named."""
        self.draw(runs, left + ((across or self.size[0]) - width(runs)) / 2, y)

    def rule(self, x: float, y: float, length: float) -> None:
        """A thin line."""
        self.canvas.setLineWidth(0.4)
        self.canvas.line(x, y, x + length, y)

    def done(self) -> bytes:
        """The PDF."""
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()
