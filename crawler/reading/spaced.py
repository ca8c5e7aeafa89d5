"""Words that were set letter by letter are put together; the numbers of lines in a margin are taken away."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from crawler.reading.page import Word

SPACED = 5  # letters that stand alone: fewer are initials or symbols
MIN_NUMBERED = 6  # lines with a number: fewer may be anything
GAP_EM = 1.3  # a wider gap ends a row of letters
WIDE = "\u3000"  # characters from here on need no spaces


def without_line_numbers(words: list[Word]) -> list[Word]:
    """The words without the numbers of the lines in a margin: they follow each other down the page, and all text is to one side."""
    gone: set[int] = set()
    for column in _columns_of_numbers(words):
        if len(column) < MIN_NUMBERED or any(id(word) in gone for word in column):
            continue
        steps = Counter(int(two.text) - int(one.text) for one, two in itertools.pairwise(column))
        step, often = steps.most_common(1)[0]
        left, right = min(word.x0 for word in column), max(word.x1 for word in column)
        beside = sum(word.x0 < right and word.x1 > left for word in words) - len(column)
        outside = min(sum(word.x1 <= left for word in words), sum(word.x0 >= right for word in words))
        if step in (1, 2, 5, 10) and often >= 0.9 * (len(column) - 1) and beside <= 2 and outside < 0.02 * len(words) + 3:
            gone |= {id(word) for word in column}
    return [word for word in words if id(word) not in gone] if gone else words


def _columns_of_numbers(words: list[Word]) -> Iterator[list[Word]]:
    """Numbers below each other, flush right or flush left."""
    right: dict[int, list[Word]] = {}
    left: dict[int, list[Word]] = {}
    for word in words:
        if len(word.text) < 5 and word.text.isdecimal():
            right.setdefault(round(word.x1), []).append(word)
            left.setdefault(round(word.x0), []).append(word)
    for edges in (right, left):
        for edge in sorted(edges):
            yield sorted((word for near in (edge, edge + 1) for word in edges.get(near, ())), key=lambda word: word.y)


def closed_up(band: list[Word]) -> list[Word]:
    """The band with words that were set letter by letter put together: gaps alike between the letters, wider ones between words."""
    if sum(len(word.text) == 1 and word.text.isalpha() and word.text < WIDE for word in band) < SPACED:
        return band
    out: list[Word] = []
    for row in _spaced_rows(band):
        gaps = sorted(two.x0 - one.x1 for one, two in itertools.pairwise(row))
        usual = gaps[len(gaps) // 2] if gaps else 0.0
        if len(row) < SPACED or usual > 0.6 * row[0].size:
            out += row
            continue
        for gap, word in zip([0.0, *(two.x0 - one.x1 for one, two in itertools.pairwise(row))], row, strict=True):
            if word is not row[0] and gap < max(1.5 * usual, usual + 0.08 * word.size):
                out[-1].text, out[-1].x1 = out[-1].text + word.text, word.x1
            else:
                if word is not row[0]:  # the room behind a letter is its own
                    out[-1].x1 = max(out[-1].x1, min(out[-1].x1 + usual, word.x0 - 0.3 * word.size))
                out.append(word)
    return out


def _spaced_rows(band: list[Word]) -> list[list[Word]]:
    """The words in turn: rows of those that are a letter or two, of one baseline, and others, each a row of its own."""
    rows: list[list[Word]] = []
    for word in band:
        letters = word.text.strip(".,-’'")
        short = len(word.text) <= 2 and ((letters.isalpha() and letters < WIDE) or not letters)
        last = rows[-1][-1] if rows else None
        if short and last is not None and len(last.text) <= 2 and abs(word.y - last.y) < 0.5 and word.x0 - last.x1 < GAP_EM * word.size:
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def is_initial(last: Word, word: Word) -> bool:
    """Whether a capital is the first letter of a word in spaced small capitals."""
    letter = last.text.strip("-(’'")
    return len(letter) == 1 and letter.isupper() and word.text.isupper() and 0.7 < word.size / last.size < 0.9
