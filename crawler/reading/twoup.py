"""Two pages printed side by side on one sheet become two pages again."""

from __future__ import annotations

from crawler.reading.page import Page

WIDE = 1.2  # a sheet is looked at when it is this much wider than high
MIN_WORDS = 80  # on each half
MAX_CROSSING = 0.01  # of the words; titles of slides cross the middle


def halves(page: Page) -> list[Page]:
    """The page itself, or its left and right half where it is a sheet with two."""
    if page.width < WIDE * page.height:
        return [page]
    middle = page.width / 2
    left = [word for word in page.words if word.x1 <= middle]
    right = [word for word in page.words if word.x0 >= middle]
    crossing = len(page.words) - len(left) - len(right)
    if min(len(left), len(right)) < MIN_WORDS or crossing > MAX_CROSSING * len(page.words):
        return [page]
    for word in right:
        word.x0 -= middle
        word.x1 -= middle
    return [
        Page(page.number, middle, page.height, left, page.n_glyphs, page.n_unmapped),
        Page(page.number, middle, page.height, right, page.n_glyphs, page.n_unmapped),
    ]
