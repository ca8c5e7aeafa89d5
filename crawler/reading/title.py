"""The title: the biggest text in the upper part of the first page that is no banner."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.reading.emails import has_address
from crawler.reading.names import is_name_line, looks_like_name
from crawler.reading.page import Line, Page, body_size, join
from crawler.reading.repair import joined
from crawler.reading.vocabulary import ends_front_matter, ends_in_place, is_noise, names_body

REGION = 0.6  # of the page's height: titles stand above
MAX_LINES = 7
SUBTITLE = 4  # words: a name or a firm has fewer
HEADING = 1.35  # of the size of the text: greater letters are a title's
LONG = 5  # words: a banner has fewer
_MASTHEAD = re.compile(r"homepage|www\.(?!orcid)|https?://(?!(?:www\.)?orcid)|contents lists|sciencedirect|issn|elsevier", re.IGNORECASE)
_BANNER = re.compile(
    r"^(?:research(?: article| paper)?|article|review|open access|original (?:article|research|paper)|letter|trials|study protocol|"
    r"articles? in press|accepted manuscript|uncorrected proofs?|corrected proof|"
    r"methodology|proceedings|case report|short communication|technical report|"
    r"focused review|journal of .*|ieee transactions.*|.*\bvol\.? ?\d.*|.* et al\.?.*)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Title:
    """The title's text and the lines that it takes."""

    text: str
    lines: list[Line]

    @property
    def bottom(self) -> float:
        """Baseline of its last line."""
        return max(line.y for line in self.lines)


def find_title(page: Page) -> Title | None:
    """The title of a page, or None where no text stands out."""
    blocks = [block for block in _blocks(page) if _weight(block, page) > 0]
    if not blocks:
        return None
    best = max(blocks, key=lambda block: (round(_weight(block, page), 1), -block[0].y))
    below = next((block for block in blocks if block is not best and _is_subtitle(block, best, page)), [])
    for line in best + below:
        line.role = "title"
    texts = [re.sub(r"\s*[*∗⋆†‡]+$", "", joined([_without_notes(line) for line in block])) for block in (best, below) if block]
    return Title((": " if texts[0][-1:].isalnum() else " ").join(texts), best + below)


def _is_subtitle(block: list[Line], title: list[Line], page: Page) -> bool:
    """Whether a block goes on with the title right above it, in smaller letters of its font, yet greater than the text's."""
    first, last, text = block[0], title[-1], joined([line.text for line in block])
    size, words = first.size, len(text.split())
    near = 0 < first.y - last.y < 1.9 * last.size and abs((first.x0 + first.x1) / 2 - (last.x0 + last.x1) / 2) < 0.06 * page.width
    alike = first.font == last.font and 1.15 * body_size(page) < size < 0.94 * last.size and words >= SUBTITLE
    names = re.sub(r"[^\w\s.,’'-]", " ", _names_of(block))
    other = is_name_line(names) or names_body(text) or has_address(text) or is_noise(text) or sum(word.raised for word in first.words) > 1
    return near and alike and not other


def _without_notes(line: Line) -> str:
    """The text of a title's line without the mark of a footnote, but with real superscripts."""
    return join([word for word in line.words if not (word.raised and not word.text.isalpha())])


def _blocks(page: Page) -> list[list[Line]]:
    """Lines of one size that follow each other, above the abstract."""
    lines = [line for line in page.lines if line.y < REGION * page.height]
    heading = HEADING * body_size(page)  # a title may begin with such a word: "Background Subtraction"
    end = next(
        (line.y for line in lines if ends_front_matter(line.text) and line.y > 0.08 * page.height and line.size < heading), page.height
    )
    blocks: list[list[Line]] = []
    for line in lines:
        if line.y >= end and blocks:
            continue
        home = next((block for block in reversed(blocks[-6:]) if _continues(block, line)), None)
        if home is not None:
            home.append(line)
        else:
            blocks.append([line])
    return blocks


def _continues(block: list[Line], line: Line) -> bool:
    last = block[-1]
    size = max(last.size, line.size)
    if abs(last.size - line.size) > 0.06 * size or len(block) >= MAX_LINES:
        return False
    if abs(line.y - last.y) < 0.3 * size:  # one line that a wide gap has parted
        return 0 <= line.x0 - last.x1 < 2.5 * size
    leading = last.y - block[-2].y if len(block) > 1 and last.y - block[-2].y > size else 1.75 * size
    same_style = last.font == line.font or last.bold == line.bold
    overlap = min(last.x1, line.x1) - max(last.x0, line.x0)
    return 0 < line.y - last.y < (2.05 if size > 13 else 1.2 * leading / size) * size and same_style and overlap > 0


def _weight(block: list[Line], page: Page) -> float:
    """The size of a block's letters, less for few words, for banners and for what looks like something else."""
    text = joined([line.text for line in block])
    words = [word for word in re.split(r"[\s-]+", text) if sum(c.isalpha() for c in word) >= 2 and not any(c.isdigit() for c in word)]
    letters = sum(c.isalpha() for c in text)
    cjk = sum("\u4e00" <= c <= "\u9fff" for c in text)
    if letters < 4 or text.count("�") > 0.2 * len(text) or letters < 0.5 * len(text.replace(" ", "")):
        return 0.0
    factor = 1.0 if cjk >= 6 else {0: 0.3, 1: 0.5, 2: 0.75, 3: 0.92}.get(len(words), 1.0)
    if is_noise(text) or _BANNER.match(text):
        factor *= 0.3 if len(words) < LONG or _BANNER.match(text) else 0.6
    if _MASTHEAD.search(text) or _is_masthead(block, page):
        factor *= 0.4
    if _is_listed(block) or (block[0].size < 1.25 * body_size(page) and is_name_line(_names_of(block))):
        factor *= 0.7
    if (ends_in_place(text) and names_body(text)) or has_address(text):
        factor *= 0.7
    if len(text) > 400:
        factor *= 0.4
    return factor * block[0].size * (1.04 if block[0].bold else 1.0)


def _is_listed(block: list[Line]) -> bool:
    """Whether a block is a list of names with marks behind several of them."""
    marks = sum(word.raised and word.text.strip(",")[:1].isalnum() for line in block for word in line.words[1:])
    return marks > 1 and sum(looks_like_name(part) for part in re.split(r",|\band\b|&", _names_of(block))) > 1


def _names_of(block: list[Line]) -> str:
    """The text of a block with commas for its marks."""
    return " ".join("," if word.raised else word.text for line in block for word in line.words)


def _is_masthead(block: list[Line], page: Page) -> bool:
    """Whether a journal's address stands right beside or below: then the block is the journal's name."""
    bottom, top = block[-1].y, block[0].y
    near = [line for line in page.lines if top - 25 < line.y < bottom + 2.2 * block[0].size and line not in block]
    return bottom < 0.25 * page.height and any(_MASTHEAD.search(line.text) and not line.words[0].raised for line in near)
