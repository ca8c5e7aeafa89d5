"""What stands among names and is none: ORCID numbers, memberships of societies, the group on whose behalf the authors write.

They run over line ends, so that a line may open with the rest of one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.reading.page import Line, Word, join

_NUMBER = r"\d{4}\s?[−–-]\s?\d{4}\s?[−–-]\s?\d{4}\s?[−–-]\s?\d{3}[\dX]"
_ORCID = re.compile(rf"[(\[]?(?:https?://)?(?:www\.)?(?:orcid\.org/)?{_NUMBER}[)\]]?|[(\[]?(?:https?://)?orcid\.org/?[)\]]?|[(\[]?\bORCID\b(?:\s?i?D\b)?:?", re.IGNORECASE)  # fmt: skip  # noqa: E501
_RANK = re.compile(r"^\(?(?:student|graduate|senior|life|associate|affiliate|member|fellow)[,)]*$", re.IGNORECASE)
_SOCIETY = re.compile(r"^(?:IEEE|ACM|IAPR|AIAA|SPIE|OSA|AS[A-Z]E|OPTICA|INFORMS)[,;.)]*$")
_BEHALF = re.compile(r",?\s*(?:\band\s+)?(?:\bon behalf of|\bfor the\b(?=.*\b(?:group|network|investigators|consortium|collaboration|initiative|team|committee)\b)).*$", re.IGNORECASE)  # fmt: skip  # noqa: E501
_GROUP_END = re.compile(r"\b(?:group|network|investigators|consortium|collaboration|initiative|team|committee)s?\b\W*$", re.IGNORECASE)
MAX_GROUP = 8  # words of the rest of such a group's name on the next line


def tidied(lines: list[Line]) -> list[Line]:
    """The lines without those; a line of nothing else is left out."""
    lines = [kept for line in lines if (kept := _without(line, _orcid_free(line.words)))]
    if any(_SOCIETY.match(word.text) for line in lines for word in line.words):
        lines = _without_ranks(lines)
    return _without_group(_without_pointer(lines))


def _without_pointer(lines: list[Line]) -> list[Line]:
    """The lines without ``[full author details at the end of the article]``, also over a line's end."""
    words = [word for line in lines for word in line.words]
    start = next((at for at in range(len(words) - 1) if words[at].text.lower() == "[full" and words[at + 1].text == "author"), None)
    end = (
        next((at for at in range(start, min(start + 12, len(words))) if words[at].text.endswith("]")), None) if start is not None else None
    )
    if start is None or end is None:
        return lines
    gone = {id(word) for word in words[start : end + 1]}
    kept = [(line, [word for word in line.words if id(word) not in gone]) for line in lines]
    return [left for line, rest in kept if (left := _without(line, rest))]


def _without(line: Line, words: list[Word]) -> Line | None:
    """The line with these of its words; itself where none has gone."""
    if len(words) == len(line.words) and all(one is other for one, other in zip(words, line.words, strict=True)):
        return line
    if not words:
        return None
    return replace(line, words=words, x0=min(word.x0 for word in words), x1=max(word.x1 for word in words))


def _orcid_free(words: list[Word]) -> list[Word]:
    """The words without ORCID numbers and what announces them; a comma behind one stays."""
    out: list[Word] = []
    for word in words:
        text = word.text
        if ("rcid" in text or "RCID" in text or text.count("-") + text.count("−") + text.count("–") > 2) and _ORCID.search(text):
            text = _ORCID.sub("", text)
            if text.strip("()[]:"):
                out.append(replace(word, text=text.strip("()[]:"), glued=word.glued or text[0] in ",;"))
            continue
        out.append(word)
    return out


def _without_ranks(lines: list[Line]) -> list[Line]:
    """The lines without ``Senior Member, IEEE`` behind names, also where a line's end parts its words."""
    words = [word for line in lines for word in line.words]
    gone: set[int] = set()
    for at, word in enumerate(words):
        if not _SOCIETY.match(word.text):
            continue
        first = at
        while first > 0 and _RANK.match(words[first - 1].text):
            first -= 1
        if first < at:
            gone |= {id(one) for one in words[first : at + 1]}
    kept = [(line, [word for word in line.words if id(word) not in gone]) for line in lines]
    return [left for line, rest in kept if (left := _without(line, rest))]


def _without_group(lines: list[Line]) -> list[Line]:
    """The lines without the group on whose behalf the authors write, and without the rest of its name on the next line."""
    out: list[Line] = []
    is_open = False
    for line in lines:
        text = join(line.words)
        if is_open:
            is_open = False
            head = next((at for at, word in enumerate(line.words) if word.raised), len(line.words))
            if head <= MAX_GROUP and _GROUP_END.search(join(line.words[:head])):
                if left := _without(line, line.words[head:]):
                    out.append(left)
                continue
        match = _BEHALF.search(text)
        if match is None or line.words[0].raised or not text[: match.start()].strip():
            out.append(line)
            continue
        is_open = not _GROUP_END.search(text)
        kept: list[Word] = []
        length = 0
        for word in line.words:
            length += len(word.text) + (0 if word.glued or not kept else 1)
            if length > match.start() + 1:
                break
            kept.append(word)
        if left := _without(line, kept):
            out.append(left)
    return out
