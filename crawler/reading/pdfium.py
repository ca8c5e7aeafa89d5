"""Whole documents through PDFium: the text of all pages, pictures of pages; the only user of pypdfium2.

https://pypdfium2.readthedocs.io/ and PDFium's ``fpdf_text.h`` tell what is used here.  PDFium gives the text of a page some forty
times faster than pdfminer, in the order of the file, but says little of fonts: the front matter stays with ``layout``.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pypdfium2
from PIL.Image import Image
from pypdfium2 import raw

from crawler.reading.page import UnreadableError
from crawler.reading.repair import LIGATURES
from crawler.reading.textlayer import TextLine, TextPage, raised

MAX_PAGES = 3000
MAX_LETTERS = 400_000  # of one page: no real page has more, a hostile one may
MAX_RECTS = 3000
MIN_ROWS = 6  # lines of two columns beside each other that make a page be taken for such a one
MAX_SIDE = 4000  # pixels of a picture
HYPHEN = "\ufffe"  # PDFium's sign for a hyphen that parts a word at a line's end
_BREAK = re.compile(rf"\r\n|[\r\n\x0b\x0c]|(?<={HYPHEN})")
_MARK = re.compile(r"(?<=[A-Za-z)\]”\"’.,])\d{1,3}(?:[,–-]\d{1,3})*")
_NUMBERS = re.compile(r"[\d,–\s*†‡§-]{1,9}")
_PLAIN = str.maketrans(LIGATURES | {HYPHEN: "-"})
_BOLD = ("bold", "-b", "medi", "black", "cmb", "demi", "heavy")


class TextDocument:
    """An opened PDF.  Raises UnreadableError where PDFium can't open the bytes.  To be closed."""

    def __init__(self, data: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableError(f"PDFium can't open it ({str(error)[:60]})") from error

    def __len__(self) -> int:
        return min(len(self._document), MAX_PAGES)

    def close(self) -> None:
        """Free what PDFium holds."""
        self._document.close()

    def pages(self) -> Iterator[TextPage]:
        """All pages, one after the other; a page that can't be read is empty."""
        for index in range(len(self)):
            yield self._page(index)

    def page(self, number: int) -> TextPage:
        """One page, counted from 1."""
        return self._page(number - 1)

    def _page(self, index: int) -> TextPage:
        try:
            with closing(self._document[index]) as page, closing(page.get_textpage()) as text:
                width, height = page.get_size()
                left, bottom, _, top = page.get_bbox()
                found = TextPage(index + 1, width, height)
                if text.count_chars() <= MAX_LETTERS:
                    found.lines = _in_columns(_joined(list(_lines(text, left, top if top > bottom else height, width))), width)
                return found
        except pypdfium2.PdfiumError:
            return TextPage(index + 1, 612.0, 792.0)

    def width(self, index: int) -> float:
        """The width of a page in points."""
        return float(self._document.get_page_size(index)[0])

    def picture(self, index: int, dpi: float) -> Image:
        """A page as a picture of at most ``MAX_SIDE`` pixels a side.  Raises UnreadableError."""
        try:
            with closing(self._document[index]) as page:
                scale = min(dpi / 72, MAX_SIDE / max(*page.get_size(), 1.0))
                image: Image = page.render(scale=scale).to_pil().convert("RGB")
                return image
        except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
            raise UnreadableError(f"page {index + 1} can't be drawn") from error


def page_text(data: bytes, number: int) -> str:
    """The text of a page (from 1) in the order of reading, a line for each of the page's; "" where there is none."""
    try:
        with closing(TextDocument(data)) as document:
            return "\n".join(line.text for line in document.page(number).lines) if 0 < number <= len(document) else ""
    except UnreadableError:
        return ""


def joined_files(parts: list[bytes]) -> bytes:
    """The pages of some PDFs as one file."""
    import io

    with closing(pypdfium2.PdfDocument.new()) as whole:
        for part in parts:
            with closing(pypdfium2.PdfDocument(part)) as source:
                whole.import_pages(source)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()


# ---------------------------------------------------------------- lines


def _lines(text: Any, left: float, top: float, width: float) -> Iterator[TextLine]:
    """The lines of a text page with their place, size and weight."""
    whole: str = text.get_text_range()
    breaks = [match.span() for match in _BREAK.finditer(whole)] + [(at, at) for at in _gutter_breaks(text, left, width)]
    at = 0
    for start, end in [*sorted(breaks), (len(whole), len(whole))]:
        line = _line(text, whole[at:start], at, left, top)
        if line is not None:
            yield line
        at = end


def _gutter_breaks(text: Any, left: float, width: float) -> list[int]:
    """Where the right column begins in the lines of a page that the file gives row by row over two columns."""
    rects = [text.get_rect(at) for at in range(min(text.count_rects(), MAX_RECTS))]
    pairs = [
        (a, b)
        for a, b in pairwise(rects)
        if b[0] - a[2] > 0.8 * (b[3] - b[1]) and min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * (b[3] - b[1]) and a[2] - a[0] > 0.15 * width
    ]
    starts = Counter(round((b[0] - left) / 3) for _, b in pairs if 0.42 * width < b[0] - left < 0.6 * width)
    if not starts or (most := starts.most_common(1)[0])[1] < MIN_ROWS:
        return []
    gutter = most[0] * 3 + left
    found = [raw.FPDFText_GetCharIndexAtPos(text, b[0] + 1, (b[1] + b[3]) / 2, 2, 2) for a, b in pairs if a[2] < gutter < b[0] + 4]
    return [at for at in (raw.FPDFText_GetTextIndexFromCharIndex(text, index) for index in found if index > 0) if at > 0]


def _line(text: Any, piece: str, at: int, left: float, top: float) -> TextLine | None:
    bare = piece.strip()
    if not bare.strip(HYPHEN):
        return None
    start = at + len(piece) - len(piece.lstrip())
    first = _box(text, start)
    last = _box(text, start + len(bare) - 1 - bare.endswith(HYPHEN)) or first
    if first is None or last is None:
        return None
    middle = _box(text, start + len(bare) // 2) or first
    bare = _with_marks(text, bare, start).translate(_PLAIN)
    size = sorted((first[3] - first[1], middle[3] - middle[1], last[3] - last[1]))[1]
    return TextLine(bare, first[0] - left, max(first[2], last[2]) - left, top - middle[1], size, _is_bold(text, start))


def _box(text: Any, at: int) -> tuple[float, float, float, float] | None:
    """The box of the letter at this place of the text: left, bottom, right, top."""
    index = raw.FPDFText_GetCharIndexFromTextIndex(text, at)
    rect = raw.FS_RECTF()
    if index < 0 or not raw.FPDFText_GetLooseCharBox(text, index, rect):
        return None
    return rect.left, rect.bottom, rect.right, rect.top


def _is_bold(text: Any, at: int) -> bool:
    index = raw.FPDFText_GetCharIndexFromTextIndex(text, at)
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, index, name, 128, ctypes.c_int(0))
    font = name.value.decode("utf-8", "replace").lower()
    return any(sign in font for sign in _BOLD) or raw.FPDFText_GetFontWeight(text, index) >= 600


def _with_marks(text: Any, line: str, start: int) -> str:
    """The line with raised numbers behind words as superscripts."""

    def mark(match: re.Match[str]) -> str:
        number, before = _box(text, start + match.start()), _box(text, start + match.start() - 1)
        small = number is not None and before is not None and number[3] - number[1] < 0.85 * (before[3] - before[1])
        return raised(match[0]) if small else match[0]

    return _MARK.sub(mark, line)


def _joined(lines: list[TextLine]) -> list[TextLine]:
    """Pieces of one printed line put together again: PDFium breaks it at superscripts."""
    out: list[TextLine] = []
    for line in lines:
        last = out[-1] if out else None
        if last is None or last.text.endswith("-"):
            out.append(line)
        elif _NUMBERS.fullmatch(line.text) and line.size < 0.85 * last.size and -0.9 * last.size < line.y - last.y < 0.5 * last.size:
            last.text += raised(line.text)
            last.x1 = line.x1
        elif abs(line.y - last.y) < 0.15 * last.size and -2 < line.x0 - last.x1 < 1.5 * last.size:
            last.text += ("" if line.text[0] in ".,;:)]" else " ") + line.text
            last.x1 = line.x1
        else:
            out.append(line)
    return out


def _in_columns(lines: list[TextLine], width: float) -> list[TextLine]:
    """The lines in the order of reading, where the file gives them row by row over two columns."""
    rows = [
        b.x0 for a, b in pairwise(lines) if b.x0 > max(a.x1, 0.42 * width) and abs(a.y - b.y) < 2 and min(len(a.text), len(b.text)) > 18
    ]
    if len(rows) < MIN_ROWS or len(rows) < 0.25 * len(lines):
        return lines
    middle = min(rows) - 2
    out: list[TextLine] = []
    waiting: list[TextLine] = []
    for line in lines:
        if line.x0 < middle < line.x1:  # spans both
            out += waiting
            waiting = []
        (waiting if line.x0 >= middle else out).append(line)
    return out + waiting
