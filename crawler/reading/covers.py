"""Cover sheets that repositories and publishers put before a paper."""

from __future__ import annotations

import re

from crawler.reading.page import Page
from crawler.reading.vocabulary import WORDS

_SURE = re.compile("|".join(WORDS["covers"]), re.IGNORECASE)
MAX_LETTERS = 3200  # a page of text that merely mentions such a phrase has more
MAX_COVERS = 3


def is_cover(page: Page) -> bool:
    """Whether a page is a sheet put before the paper."""
    if sum(len(word.text) for word in page.words) > MAX_LETTERS:
        return False
    text = " ".join(line.text for line in page.lines)
    return bool(_SURE.search(text)) and not re.search(r"\babstract\b[^\n]{0,20}[—–:.]|\b1\.? introduction", text, re.IGNORECASE)


def skip_covers(pages: list[Page]) -> int:
    """Index of the first page that is the paper's own; their number where all are covers or empty."""
    return next((at for at, page in enumerate(pages) if not is_cover(page) and page.words), len(pages))
