"""Page one as a picture with what the reader took each line for: for developers and reviewers.

The page is drawn by PDFium; where its measures aren't those of the reader's page (halves of a two-up print, turned pages), the words
are set on white instead.
"""

from __future__ import annotations

import io
import math
from contextlib import closing

from PIL import Image, ImageDraw, ImageFont

from crawler.reading.emails import has_address
from crawler.reading.frontmatter import FrontMatter
from crawler.reading.page import Line, Page, UnreadableError
from crawler.reading.pdfium import TextDocument
from crawler.reading.running import letters_of

DPI = 110
SCALE = DPI / 72
LEGEND = 26  # pixels
BLOCKS = {
    "title": (200, 30, 30),
    "authors": (0, 130, 60),
    "affiliations": (30, 80, 210),
    "e-mails": (220, 130, 0),
    "skipped": (140, 140, 140),
}
MARKS = (190, 0, 190)
LINKS = ((0, 110, 180), (200, 80, 0), (0, 140, 110), (150, 40, 160), (120, 120, 0), (190, 30, 90), (60, 60, 200), (90, 70, 40))
Box = tuple[float, float, float, float]


def draw(data: bytes, front: FrontMatter) -> bytes:
    """PNG of the page that the front matter was read from.  Raises UnreadableError where there is none."""
    page = front.page
    if page is None:
        raise UnreadableError("there is no page to draw")
    image = _paper(data, page)
    pen = ImageDraw.Draw(image, "RGBA")
    for line in page.lines:
        kind = block_of(line)
        if kind:
            pen.rectangle(_pixels(_box(line), 1.5), outline=BLOCKS[kind], fill=(*BLOCKS[kind], 34), width=2)
        if kind in ("authors", "affiliations"):
            for word in line.words:
                if word.raised:
                    pen.ellipse(_pixels((word.x0, word.y - word.size, word.x1, word.y), 2), outline=MARKS, width=2)
    _draw_links(pen, page, front)
    _draw_legend(pen, image)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def block_of(line: Line) -> str | None:
    """What a line was taken for, or None where it was left to the body."""
    role = line.role
    if role == "title":
        return "title"
    if role and has_address(line.text) and role not in ("noise", "foot"):
        return "e-mails"
    if role in ("authors", "affiliations"):
        return role
    if role in ("address", "footnote"):
        return "affiliations"
    return "skipped" if role else None


def _paper(data: bytes, page: Page) -> Image.Image:
    """The page as PDFium draws it, or its words on white."""
    wanted = (round(page.width * SCALE), round(page.height * SCALE))
    try:
        with closing(TextDocument(data)) as document:
            image = document.picture(page.number - 1, DPI)
    except UnreadableError:
        image = None
    if image is not None and all(abs(a - b) <= 0.02 * b for a, b in zip(image.size, wanted, strict=True)):
        return image.resize(wanted) if image.size != wanted else image
    image = Image.new("RGB", (max(wanted[0], 1), max(wanted[1], 1)), "white")
    pen = ImageDraw.Draw(image)
    for line in page.lines:
        for word in line.words:
            font = _font(word.size * SCALE)
            narrow = min(1.0, (word.x1 - word.x0) * SCALE / max(pen.textlength(word.text, font=font), 1.0))
            pen.text((word.x0 * SCALE, (word.y - word.size) * SCALE), word.text, fill=(60, 60, 60), font=_font(word.size * SCALE * narrow))
    return image


def _font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(min(max(size, 6.0), 60.0))


def _box(line: Line) -> Box:
    return line.x0, line.y - 0.85 * line.size, line.x1, line.y + 0.25 * line.size


def _pixels(box: Box, more: float = 0.0) -> Box:
    x0, y0, x1, y1 = (edge * SCALE for edge in box)
    return min(x0, x1) - more, min(y0, y1) - more, max(x0, x1) + more, max(y0, y1) + more


def _draw_links(pen: ImageDraw.ImageDraw, page: Page, front: FrontMatter) -> None:
    """A line from each author to each affiliation, in the colour of the affiliation, and the number of each affiliation."""
    places = [_find(page, affiliation.text, ("affiliations", "address", "footnote")) for affiliation in front.affiliations]
    starts = [(_find(page, author.name, ("authors",))[:1], author.affiliations) for author in front.authors]
    links = [(start, at, _nearest(start, places[at])) for found, wanted in starts for start in found for at in wanted if places[at]]
    for start, at, end in links:
        a, b = _pixels(start), _pixels(end)
        pen.line(((a[0] + a[2]) / 2, a[3], (b[0] + b[2]) / 2, b[1]), fill=(*LINKS[at % len(LINKS)], 150), width=2)
    for at, blocks in enumerate(places):
        for place in blocks:
            x, y, _, _ = _pixels(place)
            pen.ellipse((x - 17, y - 2, x - 1, y + 14), fill=LINKS[at % len(LINKS)])
            pen.text((x - 9, y + 6), str(at), fill="white", font=_font(10), anchor="mm")


def _nearest(start: Box, blocks: list[Box]) -> Box:
    """The block that stands nearest to an author: of a repeated one, the author's own."""
    return min(blocks, key=lambda box: math.hypot(start[0] + start[2] - box[0] - box[2], start[1] - box[1]))


def _find(page: Page, text: str, roles: tuple[str, ...]) -> list[Box]:
    """The boxes of the lines, or of their parts, that begin a text: more than one where a block is repeated."""
    boxes = (_beginning(line, letters_of(text)) for line in page.lines if line.role in roles)
    return [box for box in boxes if box is not None]


def _beginning(line: Line, letters: str) -> Box | None:
    """The part of a line with which a text begins."""
    wanted = letters[:14]
    words = [(word, letters_of(word.text)) for word in line.words if not word.raised]
    for at in range(len(words) if wanted else 0):
        rest = "".join(part for _, part in words[at:])
        if rest.startswith(wanted) or (at == 0 and len(rest) >= 4 and wanted.startswith(rest)):
            taken = [word for n, (word, _) in enumerate(words[at:], at) if len("".join(part for _, part in words[at:n])) < len(letters)]
            first, last = taken[0], taken[-1]
            return first.x0, first.y - 0.85 * first.size, last.x1, first.y + 0.25 * first.size
    return None


def _draw_legend(pen: ImageDraw.ImageDraw, image: Image.Image) -> None:
    pen.rectangle((0, image.height - LEGEND, image.width, image.height), fill=(255, 255, 255, 235))
    x = 8.0
    for name, colour in [*BLOCKS.items(), ("marks", MARKS), ("links", LINKS[0])]:
        pen.rectangle((x, image.height - LEGEND + 7, x + 12, image.height - LEGEND + 19), fill=colour)
        pen.text((x + 16, image.height - LEGEND + 13), name, fill="black", font=_font(12), anchor="lm")
        x += 34 + 7 * len(name)
