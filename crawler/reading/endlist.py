"""Lists of affiliations away from the title: ``Author details`` at the end of a paper."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.reading.draft import Affiliation, Draft, affiliation_text, is_worthless
from crawler.reading.emails import without_addresses
from crawler.reading.keyed import keyed_items
from crawler.reading.marked import is_author_line, parse_authors, take_items
from crawler.reading.names import is_name_line
from crawler.reading.page import Line, Page
from crawler.reading.vocabulary import names_top_body

_HEADING = re.compile(
    r"^\W*(?:authors?[’']?s?[’']? (?:details|affiliations?|information|addresses)|(?:authors and )?affiliations?(?: of (?:the )?authors)?|"
    r"author affiliations?|addresses|institutional affiliations?|作者单位)\s*:?\s*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:received|references|acknowledg|competing|authors?[’'] contrib|funding|publisher|abbreviations|supplement|"
    r"additional file|submit your|doi|cite this|ethics|consent|data availab)",
    re.IGNORECASE,
)
LAST_PAGES = 4
MAX_NAMES = 12  # lines of names that open such a list
MAX_PLAIN = 4  # lines of a place without a mark


def read_end_list(draft: Draft, page_at: Callable[[int], list[Page]], n_pages: int, expected: set[str]) -> bool:
    """Affiliations from such a list on the last pages into the draft; whether one was found."""
    for index in range(n_pages - 1, max(n_pages - 1 - LAST_PAGES, 0), -1):
        for page in page_at(index):
            lines = _list_lines(page, page_at(index + 1))
            if not lines:
                continue
            if not expected:
                _take_marks(draft, lines)
                expected = {mark for author in draft.authors for mark in author.marks}
            if not expected:
                if _take_plain(draft, lines, page.number):
                    return True
                continue
            items = [item for item in keyed_items(lines, expected, page.number) if item.keys]
            before = len(draft.affiliations)
            if len(items) >= max(1, len(draft.affiliations)):
                draft.affiliations.clear()
                before = 0
            take_items(draft, items)
            if len(draft.affiliations) > before:
                return True
    return False


def _take_marks(draft: Draft, lines: list[Line]) -> None:
    """The marks of authors that stand there once more, with marks that they don't have on the first page."""
    again = {author.name: author.marks for author in parse_authors([line for line in lines[:MAX_NAMES] if is_author_line(line)])}
    for author in draft.authors:
        author.marks = list(again.get(author.name, author.marks))


def _take_plain(draft: Draft, lines: list[Line], page: int) -> bool:
    """One place without a mark, behind the names and addresses of its authors: everybody's; whether there was one."""
    texts = [text for line in lines if (text := without_addresses(line.plain)[0]) and not is_name_line(text.strip("B✉ "))]
    text, _ = affiliation_text(texts)
    if not names_top_body(text) or is_worthless(text) or len(texts) > MAX_PLAIN or any(author.affiliations for author in draft.authors):
        return False
    draft.affiliations.append(Affiliation(text, page))
    for author in draft.authors:
        author.affiliations = [0]
    return True


def _list_lines(page: Page, following: list[Page]) -> list[Line]:
    """The lines below the heading, down the column, and into the next column or page where the list goes on."""
    for at, line in enumerate(page.lines):
        match = _HEADING.match(line.plain)
        if not match or (len(line.plain) - match.end() > 0 and not line.plain[match.end() : match.end() + 1].isdigit()):
            continue
        columns = _in_reading_order(page, line)
        for next_page in following[:1]:
            columns += _in_reading_order(next_page, None)
        del at
        out: list[Line] = []
        for other in columns:
            if _NEXT.match(other.plain) or (out and abs(other.size - out[0].size) > 1.5) or len(out) > 120:
                break
            out.append(other)
        return out
    return []


def _in_reading_order(page: Page, after: Line | None) -> list[Line]:
    middle = page.width / 2
    lines = sorted(page.lines, key=lambda line: (line.x0 > middle - 10, line.y, line.x0))
    lines = [line for line in lines if 0.06 * page.height < line.y < 0.95 * page.height]
    return lines[lines.index(after) + 1 :] if after is not None and after in lines else lines
