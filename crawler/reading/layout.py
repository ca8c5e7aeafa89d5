"""PDF bytes to words with font, size and position; the only user of pdfminer.six.

https://pdfminersix.readthedocs.io/ has the parts that are used here.  Its own layout analysis is left out: a text
device of our own keeps what front matter needs (baseline, size, font of each word) and drops paths, images and colours,
which halves the time.  Words that run in another direction than most of the page (stamps in the margin) are dropped,
and a page that lies on its side is turned.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from io import BytesIO
from itertools import islice

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdffont import PDFFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import Matrix, Point, apply_matrix_pt

from crawler.reading.interpreter import Interpreter
from crawler.reading.kinds import broken, check_kind
from crawler.reading.lines import lay_out
from crawler.reading.page import Page, UnreadableError, Word
from crawler.reading.repair import ACCENTS, accented
from crawler.reading.twoup import halves

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # at DEBUG it writes 1.5 MB a page


def _silent(*_: object, **__: object) -> None:
    """In place of ``debug`` of the parser's logger, which is asked for every token."""


logging.getLogger("pdfminer.psparser").debug = _silent  # type: ignore[method-assign]

SPACE_EM = 0.17  # a wider gap than this parts two words
UNMAPPED = "\ufffd"  # a glyph without a Unicode value
MAX_PAGES = 3000
MAX_WORDS = 20_000  # of one page: no real page has more, a hostile one may


class _Device(PDFTextDevice):
    """Collects the words of one page, each with its direction in quarter turns."""

    def __init__(self, rsrcmgr: PDFResourceManager) -> None:
        super().__init__(rsrcmgr)
        self.words: list[tuple[int, Word]] = []
        self.n_glyphs = 0
        self.n_unmapped = 0

    def render_string_horizontal(
        self,
        seq: PDFTextSeq,
        matrix: Matrix,
        pos: Point,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> Point:
        """The string cut into words at spaces and wide gaps; returns where the next string starts (contract of pdfminer)."""
        x, y = pos
        turn, em = _turn_and_size(matrix, font, fontsize)
        unit = math.hypot(matrix[0], matrix[1]) or 1.0
        width_factor = fontsize * scaling
        letters: list[str] = []
        start = end = x
        first = True
        for part in seq:
            if isinstance(part, (int, float)):
                x -= part * dxscale
                first = False
                continue
            if not isinstance(part, bytes):
                continue
            for cid in font.decode(part):
                if not first:
                    x += charspace
                first = False
                text = self._text(font, cid)
                advance = font.char_width(cid) * width_factor
                if letters and text in ACCENTS and start < x + advance / 2 < end and x < end - advance / 4:
                    letters[-1] = accented(letters[-1], text)  # set over the letter before it
                    x += advance
                    continue
                if letters and (text.isspace() or (x - end) * unit > SPACE_EM * em or (x - end) * unit < -em):
                    self._add(letters, start, end, y + rise, matrix, turn, em, font)
                    letters = []
                if text and not text.isspace():
                    if not letters:
                        start = x
                    letters.append(text)
                    end = x + advance
                x += advance
                if cid == 32 and wordspace:
                    x += wordspace
        if letters:
            self._add(letters, start, end, y + rise, matrix, turn, em, font)
        return x, y

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """One glyph of a vertical font."""
        turn, em = _turn_and_size(matrix, font, fontsize)
        text = self._text(font, cid)
        if text and not text.isspace():
            self._add([text], 0.0, em / (math.hypot(matrix[0], matrix[1]) or 1.0), rise, matrix, turn, em, font)
        return font.char_width(cid) * fontsize * scaling

    def _text(self, font: PDFFont, cid: int) -> str:
        self.n_glyphs += 1
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            self.n_unmapped += 1
            return UNMAPPED
        return text if isinstance(text, str) else UNMAPPED

    def _add(self, letters: list[str], start: float, end: float, y: float, matrix: Matrix, turn: int, em: float, font: PDFFont) -> None:
        if turn < 0 or len(self.words) >= MAX_WORDS:
            return
        x0, y0 = apply_matrix_pt(matrix, (start, y))
        x1, y1 = apply_matrix_pt(matrix, (end, y))
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return
        for _ in range(turn):  # turn the page back until the text runs from left to right
            x0, y0, x1, y1 = y0, -x0, y1, -x1
        name = font.fontname if isinstance(font.fontname, str) else str(font.fontname)
        self.words.append((turn, Word("".join(letters), min(x0, x1), max(x0, x1), -y0, em, name.partition("+")[2] or name)))


def _turn_and_size(matrix: Matrix, font: PDFFont, fontsize: float) -> tuple[int, float]:
    """Direction in quarter turns (-1: askew) and the size of the letters in points."""
    a, b, c, d, _, _ = matrix
    angle = math.degrees(math.atan2(b, a)) % 360 if (a or b) else 0.0
    turn = round(angle / 90) % 4
    if abs((angle - turn * 90 + 180) % 360 - 180) > 8:
        return -1, 1.0
    size = abs(fontsize) * math.hypot(c, d)
    if isinstance(font, PDFType3Font):  # its glyph space is free; letters are about half as wide as their size
        widths = [width for width in font.widths.values() if isinstance(width, (int, float)) and width > 0]
        size = abs(fontsize) * math.hypot(a, b) * abs(font.hscale) * 2.1 * sum(widths) / len(widths) if widths else size
    return turn, size or 1.0


class Document:
    """An opened PDF, read page by page as asked for.

    Raises UnreadableError, with a reason for the user, where the bytes are no PDF, an encrypted one, or broken.
    """

    def __init__(self, data: bytes) -> None:
        check_kind(data)
        try:
            document = PDFDocument(PDFParser(BytesIO(data)))
            self._source = islice(PDFPage.create_pages(document), MAX_PAGES)
            self._pages = list(islice(self._source, 1))  # the others when they are asked for
        except PDFPasswordIncorrect as error:
            raise UnreadableError("encrypted: it asks for a password") from error
        except RecursionError as error:
            raise UnreadableError("broken PDF: its parts refer to each other without end") from error
        except Exception as error:  # the library raises many kinds on damaged files
            raise UnreadableError(broken(data, error)) from error
        if not self._pages:
            raise UnreadableError(broken(data, None))
        self._manager = PDFResourceManager()
        self._read_pages: dict[int, list[Page]] = {}

    def __len__(self) -> int:
        return self._found(MAX_PAGES)

    def _found(self, wanted: int) -> int:
        """How many pages there are, looked for until ``wanted`` are; a broken page tree ends at its fault."""
        try:
            self._pages += islice(self._source, max(wanted - len(self._pages), 0))
        except MemoryError:
            raise
        except Exception as error:
            logging.getLogger(__name__).info("no pages after %d: %s", len(self._pages), error)
        return len(self._pages)

    def page(self, index: int) -> list[Page]:
        """The page at ``index`` (from 0) with its lines; two pages for a two-up print, none past the end.

        A page that can't be interpreted has the words that came before the fault.  Each page is interpreted once.
        """
        if not 0 <= index < self._found(index + 1):
            return []
        if index not in self._read_pages:
            self._read_pages[index] = [lay_out(page) for page in halves(self._read(self._pages[index], index + 1))]
        return self._read_pages[index]

    def forget(self, index: int) -> None:
        """Free the words of a page that is not needed any more."""
        self._read_pages.pop(index, None)

    def _read(self, page: PDFPage, number: int) -> Page:
        device = _Device(self._manager)
        try:
            Interpreter(self._manager, device).process_page(page)
        except MemoryError:
            raise
        except Exception as error:  # half a page is better than none
            logging.getLogger(__name__).info("page %d is broken: %s", number, error)
        turn = Counter(turn for turn, word in device.words for _ in word.text).most_common(1)
        main = turn[0][0] if turn else 0
        x0, y0, x1, y1 = page.mediabox
        width, height = abs(x1 - x0), abs(y1 - y0)
        if (page.rotate // 90 + main) % 2:
            width, height = height, width
        words = _moved([word for turned, word in device.words if turned == main], main, width, height)
        return Page(number, width, height, words, device.n_glyphs, device.n_unmapped)


def _moved(words: list[Word], turn: int, width: float, height: float) -> list[Word]:
    """The words with x from the left and y from the top of the turned page."""
    right = width if turn in (2, 3) else 0.0
    down = height if turn in (0, 3) else 0.0
    for word in words:
        word.x0 += right
        word.x1 += right
        word.y += down
    return words
