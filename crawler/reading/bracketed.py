"""Marks that stand in brackets on the baseline, ``Jane Roe (1), Bob Ray [2]``, made the raised marks that they stand for.

They are taken for marks only where names bear them, and where a line opens with one of them or a line holds names and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.reading.names import is_name_line
from crawler.reading.page import Line, Word

_KEY = r"(?:\d{1,2}|[a-z])"
_KEYS = rf"{_KEY}(?:\s?[,;]\s?{_KEY})*"
_MARK = rf"(?:[(\[（［]{_KEYS}[)\]）］])+|(?<![\w(\[（［]){_KEYS}[)）]"
_GLUED_MARK = rf"(?:[(\[（［]{_KEYS}[)\]）］])+|(?<=[^\W\d_]){_KEYS}[)）](?<!s\))"
_WORD = re.compile(rf"^(?P<before>.*?)(?P<mark>{_MARK}|{_GLUED_MARK})(?P<after>[,;.·，；]?|(?:[^\W\d_]|[（(]).*)$")
_WIDE_DIGIT = re.compile("[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９．", "0123456789.")
_NUMBERED = re.compile(r"^[†*＊]\d{1,2}$")
MOST_MARKS = 40


def raise_bracketed(lines: list[Line]) -> None:
    """Raise such marks in the words of the lines, which stay as they are where there are none."""
    _narrow_digits(lines)
    _drop_daggers(lines)
    whole = [_rejoined(line.words) for line in lines]
    found = [_marks(words) for words in whole]
    behind = {key for marks in found for at, key in marks if at}
    first = {key for marks in found for at, key in marks if not at}
    named = any(_only_names(words) for words in whole)
    if not behind & {"1", "a"} or not (behind & first or named) or len(behind) > MOST_MARKS:
        return
    for line, words, marks in zip(lines, whole, found, strict=True):
        if marks:
            line.words = _raised(words, behind | first)


def _narrow_digits(lines: list[Line]) -> None:
    """Digits as wide as Chinese characters made narrow: ``１`` is 1."""
    for line in lines:
        if any(_WIDE_DIGIT.search(word.text) for word in line.words):
            line.words = [replace(word, text=word.text.translate(_NARROW)) for word in line.words]


def _drop_daggers(lines: list[Line]) -> None:
    """``†1`` and ``†2`` before the places are 1 and 2, as in Japanese reports: the symbol says nothing there."""
    heads = [line.words[0].text for line in lines if line.words[0].raised]
    if len({head for head in heads if _NUMBERED.match(head)}) < 2:
        return
    for line in lines:
        line.words = [
            replace(word, text=word.text.lstrip("†*＊")) if word.raised and _NUMBERED.match(word.text) else word for word in line.words
        ]


def _rejoined(words: list[Word]) -> list[Word]:
    """The words with ``(1,`` and ``2)`` made one."""
    out: list[Word] = []
    for word in words:
        last = out[-1] if out else None
        is_open = last is not None and re.search(r"[(\[（［](?:\d{1,2}|[a-z])(?:,(?:\d{1,2}|[a-z]))*,$", last.text)
        if last is not None and is_open and re.match(r"(?:\d{1,2}|[a-z])[,)\]）］]", word.text) and not word.raised:
            out[-1] = replace(last, text=last.text + word.text, x1=word.x1)
        else:
            out.append(word)
    return out


def _marks(words: list[Word]) -> list[tuple[bool, str]]:
    """The keys of a line's marks, each with whether it stands behind a text."""
    out: list[tuple[bool, str]] = []
    for at, word in enumerate(words):
        match = None if word.raised else _WORD.match(word.text)
        if match is not None:
            is_behind = bool(at or match["before"])
            out += [(is_behind, key) for key in re.findall(_KEY, match["mark"])]
    return out


def _only_names(words: list[Word]) -> bool:
    """Whether a line holds names, each with such a mark, and nothing else."""
    texts, n_marks = [], 0
    for word in words:
        match = None if word.raised else _WORD.match(word.text)
        n_marks += match is not None
        texts.append(word.text if match is None else f"{match['before']} , {match['after']}")
    return n_marks > 1 and is_name_line(" ".join(texts))


def _raised(words: list[Word], keys: set[str]) -> list[Word]:
    """The words with the marks of these keys as raised words of their own."""
    out: list[Word] = []
    for word in words:
        match = None if word.raised else _WORD.match(word.text)
        if match is None or not set(re.findall(_KEY, match["mark"])) <= keys:
            out.append(word)
            continue
        step = (word.x1 - word.x0) / max(len(word.text), 1)
        middle = word.x0 + step * len(match["before"])
        end = middle + step * len(match["mark"])
        if match["before"]:
            out.append(replace(word, text=match["before"], x1=middle))
        text = ",".join(re.findall(_KEY, match["mark"]))
        out.append(replace(word, text=text, x0=middle, x1=end, raised=True, glued=bool(out)))
        if match["after"]:
            out.append(replace(word, text=match["after"], x0=end, glued=True))
    return out
