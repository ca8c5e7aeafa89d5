"""The sentences around a passage: what stands before and behind it on its page of the stored PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from db.config import Config
from db.errors import UsageError
from db.files import load_bytes, stored_at
from db.queries.queue import Passage
from verify.text import clean

PageText = Callable[[bytes, int], str]  # the text of a page of a PDF, pages counted from 1; "" where there is none
BEFORE, BEHIND = 500, 700  # characters
ANCHOR = 40  # letters that have to be found again where a passage is not there as a whole

_HYPHEN = re.compile(r"(?<=[a-z])[-\u2060]+\n(?=[a-z])")
_END = re.compile(r"[.!?]\s+(?=[A-Z\[(])")


def widened(config: Config, page_text: PageText | None, passage: Passage) -> Passage | None:
    """The passage with what stands around it on its page; None where there is no page or the passage isn't found there."""
    if not page_text or not passage.sha256 or not passage.page:
        return None
    try:
        data = load_bytes(stored_at(config, passage.sha256))
    except (OSError, UsageError):  # gone, or out of reach just now: the passage is there all the same
        return None
    found = around(page_text(data, passage.page), clean(passage.text))
    return replace(passage, text=found) if found else None


def around(page: str, quote: str) -> str | None:
    """The part of a page around a quote, from a sentence's beginning to one's end; None where the quote is not on the page."""
    text = clean(_HYPHEN.sub("", page))
    letters, places = _letters(text)
    wanted, _ = _letters(quote)
    anchors = [wanted, wanted[:ANCHOR], wanted[-ANCHOR:]] if len(wanted) > ANCHOR else [wanted]
    start = next((at for anchor in anchors if anchor and (at := letters.find(anchor)) >= 0), None)
    if start is None:
        return None
    first, last = places[start], places[min(start + len(wanted), len(places)) - 1] + 1
    left = [match.end() for match in _END.finditer(text, max(first - BEFORE, 0), first)]
    right = [match.end() for match in _END.finditer(text, last, last + BEHIND)]
    begin = left[0] if left and first > BEFORE else max(first - BEFORE, 0)
    end = right[-1] if right and len(text) > last + BEHIND else last + BEHIND
    return f"{'… ' if begin else ''}{text[begin:end].strip()}{' …' if end < len(text) else ''}"


def _letters(text: str) -> tuple[str, list[int]]:
    """Only letters and digits, without case and ligatures, and where in the text each stands."""
    found, places = [], []
    for place, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char).casefold():
            if plain.isalnum():
                found.append(plain)
                places.append(place)
    return "".join(found), places
