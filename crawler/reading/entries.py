"""The entries of a reference list: where each begins, and how the text cites it: by number, by a label, by author and year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.reading.textlayer import SEAM, TextLine

INDENT = 4.0  # points: continued lines hang at least so far in
MIN_ENTRIES = 3  # fewer lines of a kind tell nothing about the list
WIDER = 1.2  # times the usual leading: room between entries
_NUMBERED = re.compile(r"^\s*(?:[\[(](\d{1,3})[\])]|(\d{1,3})[.)]?(?=\s+[A-Z“\"]))")
_LABELLED = re.compile(r"^\s*\[([A-Za-zÀ-ž]{1,6}\+?\d{2}[a-z]?)\]")
_YEAR = re.compile(r"(?<![\d.:/-])((?:19|20)\d\d)([a-z]?)(?![\d\w]|\.\d|[-–]\d)")
_FIRST = re.compile(r"[,;&(:]|\s+(?:and|et\s+al|und|et)\b")
_INITIALS = re.compile(r"^(?:[A-ZÀ-Þ]\.?-?){1,4}$")
_PARTICLE = re.compile(r"^(?:van|von|der|den|de|di|da|del|della|la|le|el|al|ten|ter|dos|das|du|bin)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """How an entry is cited; empty where it does not tell.  ``years`` have the letter that parts works of one year."""

    number: int | None = None
    label: str = ""
    surname: str = ""
    years: frozenset[str] = frozenset()


def begins(lines: Sequence[TextLine]) -> list[bool]:
    """For each line of a reference list, whether an entry begins there: by numbers, labels, hanging indents or room above."""
    for pattern in (_NUMBERED, _LABELLED):
        found = [pattern.match(line.text) is not None for line in lines]
        if sum(found) >= MIN_ENTRIES and (pattern is _LABELLED or _ascend(lines)):
            return found
    out: list[bool] = []
    for column in _columns(lines):
        left = min(line.x0 for line in column)
        hanging = [line.x0 - left < INDENT - 1 for line in column]
        if 0.1 < sum(hanging) / len(column) < 0.8:
            out += hanging
            continue
        steps = [two.y - one.y for one, two in pairwise(column)]
        usual = median(steps) if steps else 0.0
        out += [False, *(step > WIDER * usual for step in steps)]
    return out


def _ascend(lines: Sequence[TextLine]) -> bool:
    """Whether the numbers at the beginnings of lines follow each other."""
    numbers = [int(match[1] or match[2]) for line in lines if (match := _NUMBERED.match(line.text))]
    return sum(two - one == 1 for one, two in pairwise(numbers)) >= 0.6 * (len(numbers) - 1)


def _columns(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines in runs that go down the page."""
    columns: list[list[TextLine]] = []
    for line in lines:
        if columns and line.y >= columns[-1][-1].y - 1:
            columns[-1].append(line)
        else:
            columns.append([line])
    return columns


def key_of(entry: str, title: int | None = None) -> Key:
    """How an entry is cited; ``title``: where its title begins, if that is known."""
    numbered, labelled = _NUMBERED.match(entry), _LABELLED.match(entry)
    if numbered:
        return Key(number=int(numbered[1] or numbered[2]))
    if labelled:
        return Key(label=labelled[1])
    lead = entry if title is None else entry[:title]
    years = _years(lead) if title is not None else frozenset()
    return Key(surname=_surname(lead), years=years or _years(entry))


def _years(text: str) -> frozenset[str]:
    return frozenset(match[1] + match[2] for match in _YEAR.finditer(text))


def _surname(lead: str) -> str:
    """The surname of the first author that a text names: ``Roe, J.``, ``J. Roe``, ``Jane Roe``, ``Roe J`` or ``van der Roe``."""
    first = _FIRST.split(_YEAR.sub(" ", lead.replace(SEAM, "")), maxsplit=1)[0]
    words = [word.strip("“”\"'.") if not _INITIALS.match(word) else word for word in first.split()]
    if not words or len(words) > 5 or not all(word[:1].isalpha() for word in words):
        return ""
    while len(words) > 1 and _INITIALS.match(words[-1]):
        words.pop()
    at = len(words) - 1
    while at and _PARTICLE.match(words[at - 1]):
        at -= 1
    surname = " ".join(words[at:])
    return surname if len(surname) > 1 and not _INITIALS.match(surname) else ""


def citing(key: Key) -> re.Pattern[str] | None:
    """The pattern of what cites an entry by its label, or by author and year; None where it tells neither."""
    if key.label:
        return re.compile(rf"\[(?:[^\[\]]{{0,80}}[\s,;])?{re.escape(key.label)}(?:[\s,;][^\[\]]{{0,80}})?\]")
    if not key.surname or not key.years:
        return None
    name = rf"[-‐]{SEAM}?\s?".join(r"\s+".join(map(re.escape, part.split())) for part in key.surname.split("-"))
    others = rf"(?:\s+et\s+al\b\.?|(?:,\s+[\w.’'{SEAM}-]+)*,?\s+(?:and|&)\s+[\w.’'{SEAM}-]+(?:\s+[\w’'{SEAM}-]+)?)?"
    years = "|".join(rf"{year[:4]}(?:[a-z]\s*[,;]\s*)*{year[4:]}" for year in sorted(key.years))
    before = r"(?:(?:19|20)\d\d[a-z]?\s*[,;]\s*)*"
    return re.compile(rf"(?<![\w-]){name}{others}(?:[’']s)?\s*,?\s*[(\[]?\s*{before}(?:{years})(?!\w)")
