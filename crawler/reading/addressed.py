"""Addresses behind their own heading: ``Authors' addresses: A. Roe, University of X; …``, at the foot of a page or behind the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.names import looks_like_name
from crawler.reading.page import Line, Page
from crawler.reading.repair import joined
from crawler.reading.sentences import is_named
from crawler.reading.vocabulary import names_body

_HEAD = re.compile(
    r"^\W*(?:Authors?[’']?s?[’']?\s+(?:(?:present|current)\s+)?(?:address(?:es)?|affiliations?)|Affiliations?)\s*:\s*", re.IGNORECASE
)
_LED = re.compile(r"^\W*([^\W\d_][^−–—:;@]{3,44}?)\s+[−–—]{1,2}\s*(?=[A-Z])")
_STOP = re.compile(
    r"^\W*(?:complete contact|author contributions?|authors?\s*$|corresponding authors?|notes?\s*$|funding|acknowledg|references|"
    r"orcid|present address|supporting information)",
    re.IGNORECASE,
)
LAST_PAGES = 4
NEAR = 1.7  # of the size: lines of one paragraph
MAX_LINES = 40  # of the paragraph, or of one author's address


def read_addresses(draft: Draft, paragraphs: list[list[Line]], page: int) -> bool:
    """Affiliations from ``Authors' address: …`` or ``Author Affiliations: X (Roe); Y (Doe)``; whether there was any."""
    for paragraph in paragraphs:
        text = joined([line.plain for line in paragraph])
        head = _HEAD.match(text)
        if head is not None:
            _take(draft, text[head.end() :], page)
        if head is not None and draft.affiliations:
            return True
    return False


def _take(draft: Draft, text: str, page: int) -> None:
    """The addresses of such a paragraph, with semicolons between them, into the draft."""
    nobody = not draft.authors
    last: int | None = None
    for part in re.split(r";\s+", text):
        opening = re.split(r",\s+", part)[0]
        if nobody and looks_like_name(opening):
            draft.authors.append(Author(opening))
        names = re.search(r"\(([^()]*)\)\W*$", part)
        named = [author for author in draft.authors if names and is_named(author.name, names[1])]
        first, rest = _led_by(part[: names.start()] if names and named else part, draft.authors)
        clean, domains = affiliation_text([rest])
        named += first
        if not is_worthless(clean) and (names_body(clean) or named):
            last = add_once(draft, clean, page, domains)
            for author in named:
                author.affiliations += [last] if last not in author.affiliations else []
        elif last is not None and not clean:  # their e-mail addresses, behind a semicolon too
            own = draft.affiliations[last].email_domains
            own += [domain for domain in domains if domain not in own]


def _led_by(text: str, authors: list[Author]) -> tuple[list[Author], str]:
    """The authors whose names a text opens with, and what stands behind them."""
    found: list[Author] = []
    while (match := re.match(r"\s*([^,;]{4,60}?)(?:,\s*(?:and\s+)?|\s+and\s+)(?=\S)", text)) and len(match[1].split()) < 7:
        named = [
            author
            for author in authors
            if author.name.lower().split()[-1] == match[1].lower().split()[-1] and is_named(author.name, match[1])
        ]
        if not named:
            break
        found += named[:1]
        text = text[match.end() :]
    return found, text


def read_last_addresses(draft: Draft, page_at: Callable[[int], list[Page]], n_pages: int) -> bool:
    """The same from the last pages, and from rows there that open with an author's name and a dash; whether there was any."""
    for index in range(n_pages - 1, max(n_pages - 1 - LAST_PAGES, 0), -1):
        for page in page_at(index):
            following = [line for other in page_at(index + 1)[:1] for line in _in_order(other)]
            lines = [*_in_order(page), *following]
            if read_addresses(draft, [_paragraph(lines, at) for at, line in enumerate(lines) if _HEAD.match(line.plain)], page.number):
                return True
            if draft.authors and _read_led_rows(draft, lines, page.number):
                return True
    return False


def _in_order(page: Page) -> list[Line]:
    """The lines of a page but for its head and foot, column by column."""
    lines = [line for line in page.lines if 0.06 * page.height < line.y < 0.95 * page.height]
    middle = page.gutter[0] - 2 if page.gutter else page.width / 2 - 12
    return sorted(lines, key=lambda line: (line.x0 > middle, line.y, line.x0))


def _paragraph(lines: list[Line], at: int) -> list[Line]:
    """The lines from one on, as long as they stand close below each other in letters of one size."""
    out = [lines[at]]
    for line in lines[at + 1 : at + MAX_LINES]:
        if not 0 < line.y - out[-1].y < NEAR * line.size or abs(line.size - out[0].size) > 0.6:
            break
        out.append(line)
    return out


def _read_led_rows(draft: Draft, lines: list[Line], page: int) -> bool:
    """Rows ``Jane Roe – Department …``; one for each author at least in half."""
    rows: list[tuple[Author, list[str]]] = []
    last: Line | None = None
    for line in lines:
        match = _LED.match(line.plain)
        named = [author for author in draft.authors if match and is_named(author.name, match[1]) and _same_surname(author.name, match[1])]
        if match and named:
            rows.append((named[0], [line.plain[match.end() :]]))
            last = line
        elif last is not None and not _STOP.match(line.plain) and line.y - last.y < NEAR * line.size and abs(line.size - last.size) < 0.6:
            rows[-1][1].append(line.plain)
            last = line
        else:
            last = None
    texts = [(author, *affiliation_text([re.sub(r"[;.]?\s*\borcid\b.*$", "", joined(row), flags=re.IGNORECASE)])) for author, row in rows]
    good = [(author, text, domains) for author, text, domains in texts if names_body(text) and not is_worthless(text)]
    if 2 * len(good) < len(draft.authors):
        return False
    for author, text, domains in good:
        author.affiliations.append(add_once(draft, text, page, domains))
    return bool(good)


def _same_surname(name: str, other: str) -> bool:
    return name.lower().split()[-1] == other.lower().split()[-1]
