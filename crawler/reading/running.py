"""What stands on the pages of a document and is no running text: heads and feet of pages, cover sheets, front matter.

And where the reference list begins, if no heading says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from crawler.reading.headings import heading_of
from crawler.reading.textlayer import TextLine, TextPage

MARGIN = 0.08  # of a page's height: running heads stand there
WIDE_MARGIN = 0.13  # what stands here on three pages is one too
ABSTRACT = re.compile(r"^\W*(?:abstract|summary|摘\s*要)\b", re.IGNORECASE)


@dataclass(slots=True)
class FrontText:
    """What is known of the front matter: the page that it stands on, and the letters of its lines.  Pages before are cover sheets."""

    page: int = 1
    letters: str = ""


def drop_running_heads(pages: list[TextPage]) -> None:
    """Take away the lines that stand at the same place of the margin of several pages, page numbers aside."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_head(line, page) for line in page.lines if _in_margin(line, page, WIDE_MARGIN)})
    for page in pages:
        page.lines = [line for line in page.lines if not _is_running(line, page, seen)]


def _is_running(line: TextLine, page: TextPage, seen: Counter[tuple[str, int]]) -> bool:
    if not _in_margin(line, page, WIDE_MARGIN):
        return False
    text, y = _head(line, page)
    count = max(seen[text, y + step] for step in (-1, 0, 1))
    return count >= 3 or (count == 2 and _in_margin(line, page, MARGIN))


def _in_margin(line: TextLine, page: TextPage, share: float) -> bool:
    return line.y < share * page.height + line.size or line.y > (1 - share) * page.height


def _head(line: TextLine, page: TextPage) -> tuple[str, int]:
    return re.sub(r"\d+|\s+", "", line.text).lower(), round(line.y / 3)


def drop_front(pages: list[TextPage], front: FrontText) -> None:
    """Take away cover sheets, what the front matter was read from, what stands above the abstract, and lines with addresses."""
    for page in pages:
        if page.number < front.page:
            page.lines = []
        elif page.number == front.page:
            end = next((line.y for line in page.lines if ABSTRACT.match(line.text) and line.y < 0.7 * page.height), 0.0)
            page.lines = [line for line in page.lines if line.y > end - 0.5 * line.size and not _is_front(line, front)]


def _is_front(line: TextLine, front: FrontText) -> bool:
    letters = letters_of(line.text)
    return "@" in line.text or (len(letters) >= 5 and letters in front.letters)


def letters_of(text: str) -> str:
    """The letters of a text in lower case, without accents and ligatures."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if c.isalpha())


def head_references(pages: list[TextPage]) -> None:
    """Put a heading before a reference list that has none: entries by number from [1] on, in the second half of the document."""
    if any(heading_of(line, page.body_size) == "References" for page in pages for line in page.lines):
        return
    for page in pages[len(pages) // 2 :]:
        for at, line in enumerate(page.lines):
            after = [other.text for later in pages if later.number >= page.number for other in later.lines]
            if re.match(r"\[1\]\s*\S", line.text) and all(any(text.startswith(f"[{n}]") for text in after) for n in (2, 3, 4)):
                page.lines.insert(at, replace(line, text="References"))
                return
