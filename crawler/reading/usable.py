"""Judging a text layer: is there any, and is it language or garbage?"""

from __future__ import annotations

import re
from collections import Counter

from crawler.reading.page import Line, NoTextError, Page
from crawler.reading.vocabulary import WORDS

MIN_LETTERS = 60  # on all pages looked at; a scan may have a stamp
MAX_UNMAPPED = 0.4  # share of glyphs without a Unicode value
MIN_VOWELS = 0.2  # of the letters of names in any language of Latin letters
MIN_ODD = 0.03  # of the glyphs: symbols that no name holds
_COMMON = frozenset(WORDS["common"])


def check_usable(pages: list[Page]) -> None:
    """Raise NoTextError, with the reason, where the text of the pages is missing or garbage."""
    glyphs = sum(page.n_glyphs for page in pages)
    text = " ".join(word.text for page in pages for word in page.words)
    letters = sum(c.isalpha() + 2 * ("\u3040" <= c <= "\ud7a3") for c in text)  # a Chinese character says more
    unmapped = sum(page.n_unmapped for page in pages) + text.count("�") // 2
    if glyphs >= MIN_LETTERS and unmapped > MAX_UNMAPPED * glyphs:
        raise NoTextError("garbage text layer: its fonts have no Unicode map")
    if letters < MIN_LETTERS:
        raise NoTextError("no text layer: scanned pages (optical character recognition would be needed)")
    if not _is_language(text, letters):
        raise NoTextError("garbage text layer: its letters make no words")


def is_garbled(lines: list[Line]) -> bool:
    """Whether most letters of names and places have no Unicode value, or values of other letters: a shifted alphabet has few vowels."""
    fonts: dict[str, str] = {}
    for line in lines:
        for word in line.words:
            fonts[word.font] = fonts.get(word.font, "") + word.text
    bad = sum(len(text) for text in fonts.values() if _is_shifted(text))
    return sum(map(len, fonts.values())) >= MIN_LETTERS and 2 * bad > sum(map(len, fonts.values()))


def _is_shifted(text: str) -> bool:
    """Whether the text of one font is garbage; short texts and those of other scripts are not judged."""
    if text.count("�") > MAX_UNMAPPED * len(text):
        return True
    letters = [c for c in text.lower() if c.isalpha()]
    latin = [c for c in letters if "a" <= c <= "z"]
    odd = sum(c in '\\[]^_`=><+|$%"#' for c in text)
    few = sum(c in "aeiouy" for c in latin) < MIN_VOWELS * len(latin)
    return len(text) >= MIN_LETTERS and len(latin) > 0.6 * len(letters) and (few or not letters) and odd > MIN_ODD * len(text)


def _is_language(text: str, letters: int) -> bool:
    """Whether common words, or letters of a script without spaces, turn up as often as in real text."""
    if sum("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or "\u0400" <= c <= "\u06ff" for c in text) > 0.2 * letters:
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < 40:
        return True
    common = sum(word in _COMMON for word in words) / len(words)
    if common > 0.04:
        return True
    counts = Counter(c for c in text.lower() if "a" <= c <= "z")
    vowels = sum(counts[c] for c in "aeiou") / max(sum(counts.values()), 1)
    return common > 0.015 and 0.3 < vowels < 0.5
