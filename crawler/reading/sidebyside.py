"""Names and texts that stand side by side: rows of lines, and lines cut where they hold those of neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from crawler.reading.draft import Author
from crawler.reading.emails import has_address
from crawler.reading.marks import runs
from crawler.reading.names import is_name_line, looks_like_name
from crawler.reading.page import Line, Word, join
from crawler.reading.repair import accents
from crawler.reading.stacks import text_lines

CENTRED = 3.0  # points: the middle of a centred line is that close to the middle of its column
ALIGNED = 12.0  # points: centres of lines in one column differ by less
FLUSH = 2.0  # points: lines set flush left begin that close to each other
APART = 0.75  # of the size: names in a row stand that far apart, their words nearer
NEXT = 2.2  # of the size: the row below a row of names is no further down


@dataclass(slots=True)
class Column:
    """Names and what stands below them."""

    x0: float
    x1: float
    authors: list[Author] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    last_y: float = 0.0  # of the text below the names

    def holds(self, line: Line) -> bool:
        """Whether a line is aligned with the column, by its centre or its left edge."""
        centred = abs((self.x0 + self.x1) / 2 - (line.x0 + line.x1) / 2) < ALIGNED
        return centred or abs(self.x0 - line.x0) < 4


@dataclass(slots=True)
class Group:
    """A row of columns (or of names) with the lines that are everybody's."""

    columns: list[Column] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    y: float = 0.0
    last_shared: Line | None = None

    @property
    def has_text(self) -> bool:
        """Whether anything stands below the names already."""
        return bool(self.shared) or any(text_lines(column.lines) for column in self.columns)


def plain(line: Line) -> str:
    """A line's text without marks."""
    return accents(" ".join(run.text for run in runs(line) if not run.is_mark))


def parted_plain(line: Line) -> str:
    """A line's text without marks, with a comma at each wide gap: names in a row stand apart without one."""
    out = ""
    for run in runs(line):
        if not run.is_mark:
            out += (" , " if run.wide_gap and out and not re.search(r"(?:[,&]|\band)\s*$", out) else " ") + run.text
    return accents(" ".join(out.split()))


def parted_rows(lines: list[Line]) -> list[Line]:
    """The lines with those cut that hold names of neighbours, or the text of neighbours below a row of names."""
    out: list[Line] = []
    group = Group()
    rows = rows_of([part for line in lines for part in _names_apart(line)])
    for row, below in zip(rows, [*rows[1:], []], strict=False):
        names = [line for line in row if is_name_line(parted_plain(line)) and not has_address(line.text)]
        if names and len(names) == len(row):
            parts = names
            texts = [part for line in below for part in cut_below(line, Group([Column(name.x0, name.x1) for name in names]))]
            if len(texts) > len(names):
                parts = [part for line in row for part in _cut_above(line, texts)]
            group = Group([Column(part.x0, part.x1) for part in parts])
            out += parts
        else:
            out += [part for line in row for part in cut_below(line, group)]
    return out


def _names_apart(line: Line) -> list[Line]:
    """A line of names that stand apart by more than a space, and by no comma: each a line of its own."""
    parts: list[list[Word]] = [[]]
    for word in line.words:
        if parts[-1] and not word.raised and word.x0 - parts[-1][-1].x1 > APART * line.size:
            parts.append([])
        parts[-1].append(word)
    texts = [join([word for word in part if not word.raised]) for part in parts]
    if len(parts) < 2 or not all(looks_like_name(text) for text in texts) or any(re.search(r"[,&]|\band\b", text) for text in texts):
        return [line]
    return [replace(line, words=part, x0=part[0].x0, x1=max(word.x1 for word in part)) for part in parts]


def cut_below(line: Line, group: Group) -> list[Line]:
    """A line that holds the text of neighbours in a row, where one is so wide that no gap parts them: cut between words."""
    if has_address(line.text) or len(group.columns) < 2:
        return [line]
    middles = [(column.x0 + column.x1) / 2 for column in group.columns]
    parts = _cut_at(line, [middle for middle in middles if line.x0 < middle < line.x1])
    return parts if len(parts) > 1 else _cut_flush(line, [column.x0 for column in group.columns])


def _cut_flush(line: Line, edges: list[float]) -> list[Line]:
    """A line cut where columns begin that are set flush left; uncut where a word runs over such a place."""
    if not any(abs(line.x0 - edge) < FLUSH for edge in edges):
        return [line]
    parts: list[list[Word]] = [[]]
    for word in line.words:
        if parts[-1] and any(abs(word.x0 - edge) < FLUSH for edge in edges) and _opens(word):
            parts.append([])
        parts[-1].append(word)
    inside = sum(line.x0 + FLUSH < edge < line.x1 for edge in edges)
    if len(parts) != inside + 1:
        return [line]
    return [replace(line, words=part, x0=part[0].x0, x1=max(word.x1 for word in part)) for part in parts]


def _opens(word: Word) -> bool:
    """Whether a text may begin with this word."""
    return not word.raised and (word.text[0].isupper() or word.text[0].isdigit())


def _cut_above(line: Line, below: list[Line]) -> list[Line]:
    """A line of names that only the texts below it part, each centred below its own."""
    near = [other for other in below if other.x0 < line.x1 and line.x0 < other.x1 and other.y - line.y < NEXT * line.size]
    parts = _cut_at(line, [(other.x0 + other.x1) / 2 for other in near])
    return parts if all(looks_like_name(plain(part)) for part in parts) else [line]


def _cut_at(line: Line, middles: list[float]) -> list[Line]:
    """A line cut between words so that each piece is centred on one of these places; uncut where none fits."""
    parts: list[Line] = []
    words = line.words
    for at, middle in enumerate(middles):
        ends = range(1, len(words)) if at + 1 < len(middles) else [len(words)]
        if not words or not ends:
            return [line]
        best = min(ends, key=lambda end: abs((words[0].x0 + words[end - 1].x1) / 2 - middle))
        if abs((words[0].x0 + words[best - 1].x1) / 2 - middle) > CENTRED:
            return [line]
        piece = words[:best]
        if piece[0].text[0].islower() or (best < len(words) and re.search(r"(?:^(?:of|and|for)|[&,])$", piece[-1].text)):
            return [line]  # one text over the middle, not two side by side
        parts.append(replace(line, words=piece, x0=piece[0].x0, x1=max(word.x1 for word in piece)))
        words = words[best:]
    return parts if len(parts) > 1 else [line]


def rows_of(lines: list[Line]) -> list[list[Line]]:
    """The lines of each baseline, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.y, item.x0)):
        if rows and line.y - rows[-1][0].y < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.x0) for row in rows]
