"""A list of names that runs over a line's end: the line with the rest of a cut name is put behind the one before."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from crawler.reading.marks import Run, runs
from crawler.reading.names import looks_like_name, split_names
from crawler.reading.page import Line
from crawler.reading.repair import accents
from crawler.reading.vocabulary import ends_in_place, looks_like_affiliation, names_body

_SEPARATOR = re.compile(r"\s*[,;，、·|&]\s*|\b(?:and|und|et|AND)\b")
_OPEN = re.compile(r"(?:^|\s)(?:[A-Z]\.?|van|von|de|der|den|del|la|da|dos|di)$|-$")
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}\.$")
ROW = 0.4  # of the size: baselines of one row differ by less
LEADING = 1.9  # of the size: the next line of a paragraph is not further down
DOUBLE = 2.4  # the same where the lines are set double
COLUMNS = 3.0  # of the size: a wider gap parts columns


def mended(lines: list[Line]) -> list[Line]:
    """The lines with each cut name of a list of names made whole."""
    out: list[Line] = []
    for line in lines:
        row = [other for other in out if out and abs(other.y - out[-1].y) < ROW * line.size]
        if out and _cuts(out[-1], line, row):
            out[-1] = _merged(out[-1], line, alone=len(row) == 1)
        else:
            out.append(line)
    return out


def _cuts(before: Line, line: Line, row: list[Line]) -> bool:
    """Whether the break between two lines cuts a name in a list of names."""
    if not ROW * line.size < line.y - before.y < DOUBLE * line.size or abs(before.size - line.size) > 0.4 or _beside(before, line, row):
        return False
    if before.words[-1].font != line.words[0].font:
        return False  # names below a place set otherwise
    last, first = runs(before)[-1:], runs(line)[:1]
    if not last or not first or last[0].is_mark or first[0].is_mark:
        return False
    tail = accents(_SEPARATOR.split(last[0].text)[-1].strip())
    opening = [run.text for run in takewhile(lambda run: not run.is_mark, runs(line))]
    head, *rest = (accents(part.strip()) for part in _SEPARATOR.split(" ".join(opening)))
    if not tail or not head or names_body(head) or not _is_list(row, tail):
        return False
    if ends_in_place(tail) or _SENTENCE_END.search(tail):
        return False  # an address ends there
    whole = f"{tail}{head}" if tail.endswith("-") else f"{tail} {head}"
    if not looks_like_name(whole) or len(head.split()) > 3 + tail.endswith("-"):
        return False
    if len(tail.split()) == 1 or _OPEN.search(tail):
        return True
    if line.y - before.y > LEADING * line.size:
        return False
    goes_on = any(run.is_mark for run in runs(line)[1:2]) or any(looks_like_name(part) for part in rest)
    return len(head.split()) == 1 and goes_on and not looks_like_affiliation(line.text)


def _beside(before: Line, line: Line, row: list[Line]) -> bool:
    """Whether a line stands below another column than the last one of a row."""
    overlap = min(before.x1, line.x1) - max(before.x0, line.x0) > 0
    left = max((other.x1 for other in row if other is not before and other.x1 <= before.x0), default=before.x0)
    return not overlap and before.x0 - left > COLUMNS * line.size


def _is_list(row: list[Line], tail: str) -> bool:
    """Whether a row holds another name than the cut one, parted from it by a mark or a separator."""
    all_runs: list[Run] = [run for line in row for run in runs(line)]
    text = " , ".join(run.text for run in all_runs if not run.is_mark)
    parted = any(run.is_mark for run in all_runs) or any(_SEPARATOR.search(run.text) for run in all_runs if not run.is_mark)
    names = [part for part in split_names(accents(text)) if looks_like_name(part) and part != tail]
    return parted and bool(names) and not looks_like_affiliation(text)


def _merged(before: Line, line: Line, *, alone: bool) -> Line:
    shift = max(word.x1 for word in before.words) + 0.25 * line.size - line.words[0].x0
    words = [replace(word, x0=word.x0 + shift, x1=word.x1 + shift) for word in line.words]
    kept = before.words
    if kept[-1].text.endswith("-"):
        words[0].glued = True
        if words[0].text[0].islower() and len(kept[-1].text) > 1:  # a broken word, no double name
            kept = [*kept[:-1], replace(kept[-1], text=kept[-1].text[:-1])]
    return replace(
        before,
        words=[*kept, *words],
        x0=min(before.x0, line.x0),
        x1=max(before.x1, line.x1),
        y=line.y if alone else before.y,
    )
