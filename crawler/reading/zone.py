"""The front matter of a page: what stands between the title and the abstract, and what stands at the foot."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.reading.boxes import BOX
from crawler.reading.bracketed import raise_bracketed
from crawler.reading.emails import has_address, without_addresses
from crawler.reading.names import is_name_line
from crawler.reading.page import Line, Page, body_size
from crawler.reading.tidied import tidied
from crawler.reading.title import Title
from crawler.reading.vocabulary import ends_front_matter, is_noise, looks_like_affiliation, prose_words

SIDE = 0.22  # a title that begins further right than this leaves room for a side column
PROSE = 3  # words of running text in a line
LOOSE = 4.0  # of the size: words of a badly justified footnote stand no further apart
SENTENCE = 1.7  # of the size: as wide is the room between sentences, not that between columns
PIECES = 4  # of one row: more than there are columns
_FIRST = re.compile(r"^(?:1|I)\.?\s+([A-Z][^\d@]{3,60})$")
BULLETS = "•*∗†‡§¶⋆"


def front_lines(page: Page, title: Title | None) -> tuple[list[Line], bool]:
    """The lines below the title and above the abstract, and whether the end was seen on this page."""
    top = title.bottom if title else 0.0
    lines = [line for line in page.lines if line.y > top + 1 and line.role != BOX and (title is None or line not in title.lines)]
    if title is not None:
        lines = [line for line in lines if not _in_side_column(line, title, page) and not _in_other_column(line, title, page)]
    end = _end(lines, page)
    kept = tidied([line for line in lines if line.y < end - 0.5])
    raise_bracketed(kept)
    return [line for line in kept if not _is_dropped(line, page)], end < page.height


def _in_side_column(line: Line, title: Title, page: Page) -> bool:
    """Whether a line stands wholly left of a title that is set flush with a main column."""
    left = min(t.x0 for t in title.lines)
    middle = (left + max(t.x1 for t in title.lines)) / 2
    if left < SIDE * page.width or abs(middle - page.width / 2) < 0.06 * page.width:
        return False
    return line.x1 < left - 4


def side_lines(page: Page, title: Title | None) -> list[Line]:
    """The lines beside and below a title that stand wholly left of it."""
    left = min(line.x0 for line in title.lines) if title else 0.0
    top = min(line.top for line in title.lines) - 20 if title else 0.0
    return [line for line in page.lines if left > SIDE * page.width and line.x1 < left - 4 and line.y > top and not _is_dropped(line, page)]


def beside_text(page: Page, title: Title | None) -> list[Line]:
    """The lines below a title that stand in a column wholly left of the first running text."""
    top = title.bottom if title else 0.0
    below = [line for line in page.lines if line.y > top + 1]
    text = next((line for line in below if _is_prose(line) and line.x0 > SIDE * page.width), None)
    if text is None:
        return []
    left = [line for line in below if line.x1 < text.x0 - 4 and not _is_dropped(line, page)]
    end = next((line.y for line in left if ends_front_matter(line.text) or _is_first_heading(line, page)), page.height)
    return [line for line in left if line.y < end]


def _in_other_column(line: Line, title: Title, page: Page) -> bool:
    """Whether the title is set in one column of two and the line in the other."""
    if page.gutter is None:
        return False
    left, right = page.gutter
    if max(t.x1 for t in title.lines) <= left + 2:
        return line.x0 >= right - 2
    return min(t.x0 for t in title.lines) >= right - 2 and line.x1 <= left + 2 and line.size < 0.8 * title.lines[0].size


def _end(lines: list[Line], page: Page) -> float:
    """Where the front matter ends: the heading of the abstract, or running text."""
    for at, line in enumerate(lines):
        if ends_front_matter(line.text) or _is_first_heading(line, page):
            return line.y - 0.3 * line.size
        if _is_prose(line) and any(
            _is_prose(other, PROSE - 1) and 0 < other.y - line.y < 2.2 * line.size and _overlap(line, other)
            for other in lines[at + 1 : at + 6]
        ):
            return line.y - 0.3 * line.size
    return page.height


def _is_first_heading(line: Line, page: Page) -> bool:
    """Whether a line is the numbered heading of the first section, set greater than the text."""
    match = _FIRST.match(line.text)
    greater = line.size > 1.1 * body_size(page) or (line.bold and line.size > body_size(page) - 0.2)
    return (
        match is not None and greater and not line.words[0].raised and not looks_like_affiliation(match[1]) and not is_name_line(match[1])
    )


def _is_prose(line: Line, least: int = PROSE) -> bool:
    words = line.text.split()
    return len(words) >= 6 and prose_words(line.text) >= least and not has_address(line.text) and not line.words[0].raised


def _overlap(one: Line, other: Line) -> bool:
    return min(one.x1, other.x1) - max(one.x0, other.x0) > 0


def _is_dropped(line: Line, page: Page) -> bool:
    """Running heads, page numbers, dates and banners."""
    text = line.text.strip()
    if line.role == BOX:
        return True
    if (
        not any(c.isalnum() for c in text)
        or (not any(c.isalpha() for c in text) and not line.words[0].raised and len(text) < 6)
        or (is_noise(text) and not (has_address(text) and looks_like_affiliation(without_addresses(text)[0])))
    ):
        line.role = "noise"
    elif line.y > 0.955 * page.height:
        line.role = "foot"
    return line.role in ("noise", "foot")


def foot_paragraphs(page: Page, after: float) -> list[list[Line]]:
    """Footnotes: lines in smaller letters below ``after``, a paragraph each, column by column from left to right."""
    size = body_size(page)
    lines = [line for line in page.lines if line.role != BOX]
    small = [line for line in lines if line.y > after and line.size < size - 0.4]
    if not small:
        small = [line for line in lines if line.y > max(after, 0.5 * page.height)]
    small = _torn_rows(small) if page.gutter is None else small
    small.sort(key=lambda line: (line.x0 > page.width / 2 - 12, round(line.y), line.x0))
    small = _whole_rows(small, page)
    out: list[list[Line]] = []
    for line in small:
        last = out[-1][-1] if out else None
        if last is not None and len(out[-1]) == 1 and len(last.text) < 3 and 0 <= line.y - last.y < 1.5 * line.size and line.x0 > last.x0:
            last.words[0].raised = True  # a mark that stands on its own before the footnote
            out[-1].append(line)
            continue
        if (
            last is not None
            and not _opens(line, out[-1])
            and not _ended(last, small)
            and -1 < line.y - last.y < 1.7 * line.size
            and abs(last.size - line.size) < 1.2
            and _overlap(line, last)
        ):
            out[-1].append(line)
        else:
            out.append([line])
    return out


def _torn_rows(lines: list[Line]) -> list[Line]:
    """The lines with the pieces of each row that was justified so badly that it fell into many put together again."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(round(line.y), []).append(line)
    out: list[Line] = []
    for row in rows.values():
        pieces = sorted(row, key=lambda line: line.x0)
        whole = [pieces[0]]
        for line in pieces[1:]:
            if len(pieces) >= PIECES or line.x0 - whole[-1].x1 < SENTENCE * line.size:
                whole[-1] = replace(whole[-1], words=[*whole[-1].words, *line.words], x1=line.x1)
            else:
                whole.append(line)
        out += whole
    return out


def _whole_rows(lines: list[Line], page: Page) -> list[Line]:
    """Sorted lines with the pieces of a row that was justified so widely that its words stand apart put together again."""
    out: list[Line] = []
    for line in lines:
        last = out[-1] if out else None
        if (
            last is not None
            and abs(last.y - line.y) < 1
            and 0 < line.x0 - last.x1 < LOOSE * line.size
            and abs(last.size - line.size) < 0.6
            and not (page.gutter is not None and last.x1 <= page.gutter[0] + 3 and line.x0 >= page.gutter[1] - 3)
            and not (line.words[0].raised or line.words[0].text[0] in BULLETS)
        ):
            out[-1] = replace(last, words=[*last.words, *line.words], x1=line.x1)
        else:
            out.append(line)
    return out


def _ended(line: Line, lines: list[Line]) -> bool:
    """Whether a line is the last of its paragraph: it stops far before the others of its column, after a full stop."""
    right = max((other.x1 for other in lines if other.x0 < line.x1), default=line.x1)
    return line.text.rstrip().endswith(".") and right - line.x1 > 4 * line.size and (len(line.text) > 12 or has_address(line.text))


def _opens(line: Line, paragraph: list[Line]) -> bool:
    """Whether a line opens a footnote: by a mark, a bullet, or an indent."""
    first, head = line.words[0], paragraph[0].words[0]
    if first.raised or first.text[0] in BULLETS:
        return True
    hanging = head.raised or head.text[0] in BULLETS
    return not hanging and line.x0 - paragraph[-1].x0 > 0.8 * line.size and len(paragraph[-1].text) > 20
