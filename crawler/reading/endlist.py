"""Lists of affiliations away from the title: ``Author details`` at the end of a paper."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.reading.draft import Draft
from crawler.reading.keyed import keyed_items
from crawler.reading.marked import take_items
from crawler.reading.page import Line, Page

_HEADING = re.compile(
    r"^\W*(?:authors?[’']?s?[’']? (?:details|affiliations?|information|addresses)|affiliations?(?: of authors)?|"
    r"author affiliations?|addresses|institutional affiliations?|作者单位)\s*:?\s*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:received|references|acknowledg|competing|authors?[’'] contrib|funding|publisher|abbreviations|supplement|"
    r"additional file|submit your|doi|cite this|ethics|consent|data availab)",
    re.IGNORECASE,
)
LAST_PAGES = 4


def read_end_list(draft: Draft, page_at: Callable[[int], list[Page]], n_pages: int, expected: set[str]) -> bool:
    """Affiliations from such a list on the last pages into the draft; whether one was found."""
    for index in range(n_pages - 1, max(n_pages - 1 - LAST_PAGES, 0), -1):
        for page in page_at(index):
            lines = _list_lines(page, page_at(index + 1))
            if not lines:
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
