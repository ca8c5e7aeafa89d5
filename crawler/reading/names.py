"""Names of people: what looks like one, and how a line of them is parted."""

from __future__ import annotations

import re

from crawler.reading.eastern import eastern_names, is_eastern, looks_like_eastern_name
from crawler.reading.vocabulary import WORDS, ends_in_place, names_body

_PARTICLES = frozenset(WORDS["name_particles"])
_TITLES = re.compile(
    r"\b(?:(?:student |senior |life |graduate student |associate )*(?:member|fellow),?\s*(?-i:[A-Z]{3,6}\b)?|"
    r"ph\.?\s?d\.?|m\.?d\.?|m\.?sc\.?|b\.?sc\.?|dr\.(?:-ing\.)?|prof\.|"
    r"professor|mph|drph|frcp\w*|facs|rn|ieee|mr\.|mrs\.|ms\.)(?=[\s,;.&]|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"^[\"“(]?[^\W\d_][\w’'`´.·-]*[\")”]?[,.]?$")
_ACRONYM = re.compile(r"^[BCDFGHJKLMNPQRSTVWXZ]{3,}$")  # no vowel: a body's letters, as in NTT
_NO_NAME = re.compile(
    r"\b(?:for|the|with|of|using|from|based|abstract|introduction|journal|proceedings|article|review|paper|edition|volume|version|anonymous|submission|authors?|keywords?|learning|neural|networks?|recognition|"
    r"dataset|report|conference|workshop|international|transactions|letters|national|street|road|avenue|boulevard|blvd|drive|highway|building|tower|floor|services?|city|state|north|south|"
    r"member|fellow|representative|officer|manager|engineer|scientist|director|professor|candidate|preprint|copyright|press|elsevier|springer|publish\w*|open|access|editor\w*|thesis|chapter|note|notes)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*[,;，；、·・|\u3000]\s*(?:(?:and|und|et|y)\s+)?|\s+(?:and|AND|und|et|&|y|e)\s+(?=[A-Z“\"\u00c0-\u024f])|\s*&\s*|^and\s+|\s+and$",
    re.UNICODE,
)


def looks_like_name(text: str) -> bool:
    """Whether a text is the name of one person: two to six capitalised words, none of a body or a place."""
    text = text.strip(" ,;.")
    if is_eastern(text):
        return looks_like_eastern_name(text)
    words = text.split()
    if not 2 <= len(words) <= 6 or len(text) > 45 or any(c.isdigit() for c in text) or "," in text:
        return False
    if not text.isupper() and any(_ACRONYM.match(word) for word in words):
        return False
    if names_body(text) or ends_in_place(text) or _NO_NAME.search(text):
        return False
    capitals = 0
    for word in words:
        if not _WORD.match(word):
            return False
        if word[0].isupper() or word[0] in '"“(' or (len(word) > 1 and word[1].isupper()):
            capitals += 1
        elif word.lower().rstrip(".") not in _PARTICLES:
            return False
    return capitals >= 2 and any(len(word.strip(".,-")) > 1 for word in words)


def split_names(text: str) -> list[str]:
    """The parts of a line of authors, degrees and memberships taken away; not all need be names."""
    text = _TITLES.sub(" ", text)
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    parts = [clean(part) for part in _SPLIT.split(text)]
    out: list[str] = []
    for part in parts:
        if re.fullmatch(r"(?:jr|sr|ii|iii|iv)\.?", part, re.IGNORECASE) and out:
            out[-1] += f" {part}"
        elif is_eastern(part):
            out += eastern_names(part)
        elif part:
            out.append(part)
    return out


def is_degree(text: str) -> bool:
    """Whether a text is an academic degree or a membership and nothing else."""
    return bool(text.strip(" .,")) and not _TITLES.sub(" ", text.strip()).strip(" .,")


def clean(name: str) -> str:
    """A name without the punctuation around it."""
    name = re.sub(r"^(?:by|and|authors?:|\d{1,2}\s?(?:st|nd|rd|th))\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
    name = re.sub(r"(?<=[A-Za-z.])\s*[(（][\u3040-\u9fff\uac00-\ud7af\s·]+[)）]", "", name)  # the same in its own script
    name = name.strip(" ,;:*·•–—-'’`\"“”&")
    return name.rstrip(".") if not re.search(r"(?:\b[A-Z]|\bJr|\bSr)\.$", name) else name


def is_name_line(text: str) -> bool:
    """Whether a line holds names and nothing else."""
    parts = split_names(text)
    good = sum(looks_like_name(part) for part in parts)
    return bool(parts) and good >= max(1, 0.6 * len(parts))
