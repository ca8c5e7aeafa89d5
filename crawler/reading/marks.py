"""Marks that tie authors to affiliations: raised digits and letters, and symbols, raised or not."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from crawler.reading.page import Line, Word

SYMBOLS = "*∗⁎＊⋆★☆†‡§¶♯♭♮#♦♢◇♣♠♥♡△▲▽▼□■○●◦∥‖⊕⊗⊙✉✝✦♮⊥⋄⊠ᐟ�"
_SAME = str.maketrans({"∗": "*", "⁎": "*", "＊": "*", "⋆": "*", "★": "*", "☆": "*", "⋄": "♦", "♢": "♦", "◇": "♦"})
_ORCID = re.compile(r"\[?\s*\d{4}\s*[−–-]\s*\d{4}\s*[−–-]\s*\d{4}\s*[−–-]\s*\d{3}[\dX]\s*\]?")
RAISED = "$+^~%!"  # symbols that are marks only where they are raised
_TOKEN = re.compile(rf"\d+|[a-zA-Zα-ω]|([{re.escape(SYMBOLS + RAISED)}])\1*")
_ORDINAL = re.compile(r"^(?:st|nd|rd|th|er|ème|TM|®|™)$")
_HEAD = re.compile(rf"^([{re.escape(SYMBOLS)}]+)(.*)$", re.DOTALL)
_TAIL = re.compile(rf"^(.*?[^{re.escape(SYMBOLS)}])([{re.escape(SYMBOLS)}]+)([,;.]?)$", re.DOTALL)
_SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹①②③④⑤⑥⑦⑧⑨", "0123456789123456789")
_UNICODE_RAISED = re.compile("^([⁰¹²³⁴⁵⁶⁷⁸⁹①-⑨ᵃᵇᶜᵈ][⁰¹²³⁴⁵⁶⁷⁸⁹①-⑨ᵃᵇᶜᵈ,]*)(.*)$|^(.*?)([⁰¹²³⁴⁵⁶⁷⁸⁹①-⑨]+)([,;.，]?)$")


@dataclass(slots=True)
class Run:
    """A stretch of a line: text, or marks."""

    text: str
    is_mark: bool
    wide_gap: bool = False  # stands well apart from what is before it
    inline: bool = False  # a mark on the baseline, found by its place in the row


def tokens(text: str) -> list[str]:
    """The single marks of a printed one: ``1,2*`` → 1, 2, *.  ORCID numbers are no marks."""
    return [match[0].translate(_SAME) for match in _TOKEN.finditer(_ORCID.sub(" ", text.translate(_SUPERSCRIPT_DIGITS)))]


def runs(line: Line) -> list[Run]:
    """The line as text and marks in turn."""
    out: list[Run] = []
    last: Word | None = None
    for word in line.words:
        gap = last is not None and word.x0 - last.x1 > 0.75 * line.size
        if word.raised and not _ORDINAL.match(word.text):
            _append(out, word.text, True, gap, True)
        else:
            _append_text(out, word.text, gap, word.glued)
        last = word
    return out


def _append_text(out: list[Run], text: str, gap: bool, glued: bool) -> None:
    head = _HEAD.match(text)
    if head:
        _append(out, head[1], True, gap, False)
        text, gap, glued = head[2], False, True
    unicode_marks = _UNICODE_RAISED.match(text)
    if unicode_marks and unicode_marks[1]:
        _append(out, unicode_marks[1].translate(_SUPERSCRIPT_DIGITS), True, gap, False)
        text = unicode_marks[2]
    elif unicode_marks and unicode_marks[4]:
        _append(out, unicode_marks[3], False, gap, glued)
        _append(out, unicode_marks[4].translate(_SUPERSCRIPT_DIGITS), True, False, True)
        text, glued = unicode_marks[5], True
    tail = _TAIL.match(text) if text else None
    if tail:
        _append(out, tail[1], False, gap, glued)
        _append(out, tail[2], True, False, True)
        text, gap, glued = tail[3], False, True
    if text:
        _append(out, text, False, gap, glued)


def _append(out: list[Run], text: str, is_mark: bool, gap: bool, glued: bool) -> None:
    if out and out[-1].is_mark == is_mark and not (gap and not is_mark):
        out[-1].text += text if glued or is_mark else f" {text}"
    else:
        out.append(Run(text, is_mark, gap))


def resolved(marks: Collection[str], keys: Collection[str]) -> list[str]:
    """The keys that the marks stand for; ``12`` means 1 and 2 where there is no 12."""
    out: list[str] = []
    for mark in marks:
        if mark in keys:
            found = [mark]
        elif mark.isdigit() and all(digit in keys for digit in mark):
            found = list(mark)
        elif len(mark) > 1 and mark[0] in keys and len(set(mark)) == 1 and not mark.isdigit():
            found = [mark[0]]
        else:
            found = []
        out += [key for key in found if key not in out]
    return out
