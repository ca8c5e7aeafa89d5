"""Whether a document is the work that it was fetched for: preprints are renamed, subtitles come and go, links lead astray."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from db.read_rows import ToldWork

ENOUGH = 0.4  # of a title's long words, where nothing is known but the title
ENOUGH_BESIDE_AUTHORS = 0.7  # where the authors are known and none of them is on the page
ENOUGH_PAIRS = 0.5  # of a title's neighbouring words
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # scripts without spaces, or with short words


def is_another(opening: str, told: Sequence[ToldWork]) -> bool:
    """Whether the text of a first page is that of none of these works.

    No where too little is known: nothing told, or a title of few words without authors.
    """
    page = _letters(opening)
    return bool(told) and len(page) > 200 and not any(_may_be(opening, page, work) for work in told)


def _may_be(opening: str, page: str, work: ToldWork) -> bool:
    squeezed = re.sub(r"\s", "", opening.lower())
    if any(value.lower() in squeezed for value in work.ids):
        return True
    words = _words(work.title)
    surnames = [name for name in map(_surname, work.authors) if len(name) >= (2 if _WIDE.search(name) else 3)]
    found = [name for name in surnames if _names(page, opening, name)]
    if len(found) >= 2 and len(found) >= 0.4 * min(len(surnames), 10):
        return True
    if len(surnames) == 1 and found and len(words) and _share(words, page) >= 0.25:
        return True
    if _share([a + b for a, b in pairwise(words)], page) >= ENOUGH_PAIRS and len(words) >= 3:
        return True
    if len(words) < 4:
        return not surnames or bool(found) or _share(words, page) == 1.0
    return _share(words, page) >= (ENOUGH_BESIDE_AUTHORS if len(surnames) >= 2 and not found else ENOUGH)


def _words(title: str) -> list[str]:
    """The words of a title that say something; pairs of characters in scripts without spaces."""
    letters = _letters(title, keep=" ")
    if len(_WIDE.findall(letters)) > 0.3 * len(letters.replace(" ", "")):
        return [letters[at : at + 2] for at in range(0, len(letters) - 1) if " " not in letters[at : at + 2]]
    return re.findall(r"[^\W\d_]{4,}", letters)


def _share(parts: Sequence[str], page: str) -> float:
    return sum(part in page for part in parts) / len(parts) if parts else 0.0


def _names(page: str, opening: str, surname: str) -> bool:
    """Whether a surname is on the page: a short one as a word of its own."""
    if len(surname) >= 6 or _WIDE.search(surname):
        return surname in page
    return bool(re.search(rf"(?<![^\W\d_]){re.escape(surname)}(?![^\W\d_])", _letters(opening, keep=" ,.;:()*†‡0123456789\n")))


def _surname(name: str) -> str:
    family, comma, _ = name.partition(",")
    if comma:
        return _letters(family)
    return _letters(name if _WIDE.search(name) else name.split()[-1] if name.split() else "")


def _letters(text: str, keep: str = "") -> str:
    """The letters of a text in lower case, accents taken off."""
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if c.isalpha() or c in keep))
