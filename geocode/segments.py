"""A string cut into words and segments: what the other steps look at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from geocode.normalise import WORD, clean, fold, prepare
from geocode.words import STOP

_CUT = re.compile(r"[,;:|/\n\t()\[\]{}•·‡§∥⊥¶†*¤。，、；،؛（）【】]+|\s[-–]\s|[—―]|\s-+(?=[A-Z])")
_CJK_HEAD = re.compile(
    r"((?:大学|大學|学院|學院|研究院|研究所|公司|医院|醫院|中心|实验室)(?=[\u4e00-\u9fff])|(?:대학교|연구원|연구소|병원)(?= ))"
)
_OPENING = re.compile(r"[(\[（]")


@dataclass(slots=True)
class Text:
    """A cleaned string: its words, each with its folded form, its segment and whether it carries weight.

    ``where`` holds, for each content word, its number in ``folded``; spans of candidates count content words.
    """

    cleaned: str
    raw: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    bracketed: list[bool] = field(default_factory=list)  # by segment: stands in brackets
    where: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # the content words, folded
    of: list[int] = field(default_factory=list)  # segment of each content word
    bounds: list[tuple[int, int]] = field(default_factory=list)  # by segment: first and last + 1 content word


def cut(text: str) -> Text:
    """Clean a string and cut it into segments of words."""
    cleaned = clean(text)
    result = Text(cleaned)
    prepared = prepare(cleaned)
    if not prepared.isascii():
        prepared = _CJK_HEAD.sub(r"\1，", prepared)  # no spaces tell where 清华大学 ends and 计算机系 begins
    position = 0
    for match in [*_CUT.finditer(prepared), None]:
        end = match.start() if match else len(prepared)
        _add_segment(result, prepared[position:end], bool(position and _OPENING.search(prepared[position - 1 : position])))
        position = match.end() if match else end
    return result


def _add_segment(text: Text, printed: str, bracketed: bool) -> None:
    raw, folded, weighty = _split(printed)
    if not raw:
        return
    number, first, at = len(text.bounds), len(text.words), len(text.folded)
    text.where += [at + n for n in weighty]
    text.words += [folded[n] for n in weighty]
    text.of += [number] * len(weighty)
    text.raw += raw
    text.folded += folded
    text.segment += [number] * len(raw)
    text.bounds.append((first, len(text.words)))
    text.bracketed.append(bracketed)


@lru_cache(20_000)
def _split(printed: str) -> tuple[list[str], list[str], list[int]]:
    """The words of a segment as they stand and folded, and the numbers of those that carry weight, or of all where none does.

    Kept, since half of all segments stand in other strings, too: departments, cities, countries.
    """
    raw = WORD.findall(printed)
    folded = [fold(word) for word in raw]
    return raw, folded, [n for n, word in enumerate(folded) if word not in STOP] or list(range(len(folded)))
