"""Front matter without marks: names above their affiliation, alone, in columns, or in several rows of columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.emails import has_address, without_urls
from crawler.reading.marked import parse_authors
from crawler.reading.marks import runs
from crawler.reading.names import is_name_line
from crawler.reading.page import Line
from crawler.reading.repair import accents
from crawler.reading.stacks import cut_behind, letters, parted, stacked, text_lines
from crawler.reading.vocabulary import is_note

TIGHT = 1.35  # of the size: leading inside a block
CENTRED = 3.0  # points: the middle of a centred line is that close to the middle of its column
ALIGNED = 12.0  # points: centres of lines in one column differ by less
SAME_ROW = 20.0  # points: blocks that start this close stand in one row


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


def read_columns(lines: list[Line], page: int) -> Draft:
    """The front matter of lines without marks."""
    lines = _wide_lines_cut(lines)
    stacks = _stacks(lines)
    printed = Counter(line.text.partition(",")[0] for line in lines)
    if stacks is None:
        return _draft(_groups(lines, printed), page)
    groups = [group for stack in stacks for group in _groups(stack, printed)]
    tops = sorted(group.y for group in groups)
    rows = [top for at, top in enumerate(tops) if at == 0 or top - tops[at - 1] > SAME_ROW]
    groups.sort(key=lambda group: (sum(top <= group.y for top in rows), group.columns[0].x0))
    return _draft(groups, page)


def _wide_lines_cut(lines: list[Line]) -> list[Line]:
    """The lines with those cut that hold the text of neighbours below a row of names."""
    out: list[Line] = []
    group = Group()
    for row in _rows(lines):
        names = [line for line in row if is_name_line(parted_plain(line)) and not has_address(line.text)]
        if len(names) > 1 and len(names) == len(row):
            group = Group([Column(line.x0, line.x1) for line in names])
            out += row
        else:
            out += [part for line in row for part in _cut(line, group)]
    return out


def _stacks(lines: list[Line]) -> list[list[Line]] | None:
    """Columns that run on their own: two or more, each with a name on top and something below; None for other layouts."""
    stacks: list[list[Line]] = []
    for line in lines:
        middle = (line.x0 + line.x1) / 2
        home = next((stack for stack in stacks if abs(middle - (stack[0].x0 + stack[0].x1) / 2) < ALIGNED), None)
        if home is not None:
            home.append(line)
        else:
            stacks.append([line])
    if len(stacks) < 2 or any(len(stack) < 3 or not is_name_line(plain(stack[0])) for stack in stacks):
        return None
    return stacks


def _groups(lines: list[Line], printed: Counter[str]) -> list[Group]:
    """Rows of names, each with the lines below them; ``printed`` tells how often a text stands there."""
    groups: list[Group] = []
    style: tuple[float, str] | None = None
    for row in _rows(lines):
        names = [line for line in row if _is_name(line, style, groups) and (printed[line.text] < 2 or not groups)]  # a town comes again
        if len(names) == 1 and _in_an_address(names[0], groups):
            names = []
        if names and len(names) >= 0.5 * len([line for line in row if not has_address(line.text)]):
            style = style or _style(names[0])
            if not groups or groups[-1].has_text:
                groups.append(Group(y=row[0].y))
            for line in row:
                _add_name(groups[-1], line) if line in names else _add_text(groups[-1], line, row)
        elif groups:
            row = [part for line in row for part in _cut(line, groups[-1])]
            _widen(groups[-1], row)
            for line in row:
                _add_text(groups[-1], line, row)
    return groups


def _widen(group: Group, row: list[Line]) -> None:
    """Fewer blocks than names below a row of names: each block is that of the names next to it."""
    blocks = [line for line in row if not has_address(line.text)]
    if group.has_text or not 1 < len(blocks) < len(group.columns):
        return
    wide = [Column(line.x0, line.x1) for line in blocks]
    for column in group.columns:
        middle = (column.x0 + column.x1) / 2
        min(wide, key=lambda block: abs((block.x0 + block.x1) / 2 - middle)).authors.extend(column.authors)
    group.columns = wide


def _cut(line: Line, group: Group) -> list[Line]:
    """A line that holds the text of neighbours in a row, where one is so wide that no gap parts them: cut between words."""
    under = [column for column in group.columns if line.x0 < (column.x0 + column.x1) / 2 < line.x1]
    if len(under) < 2 or has_address(line.text):
        return [line]
    parts: list[Line] = []
    words = line.words
    for at, column in enumerate(under):
        ends = range(1, len(words)) if at + 1 < len(under) else [len(words)]
        middle = (column.x0 + column.x1) / 2
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
    return parts


def _rows(lines: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.y, item.x0)):
        if rows and line.y - rows[-1][0].y < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.x0) for row in rows]


def _is_name(line: Line, style: tuple[float, str] | None, groups: list[Group]) -> bool:
    text = parted_plain(line)
    if has_address(text) or is_note(text) or not is_name_line(text):
        return False
    # A firm or a town is set otherwise than the names before it.
    size, font = _style(line)
    otherwise = style is not None and (abs(style[0] - size) > 0.4 or style[1] != font)
    return not (otherwise and groups)


def _style(line: Line) -> tuple[float, str]:
    """Size and font of the first word: not of a dot between names, which is set in another font."""
    first = next((word for word in line.words if any(c.isalpha() for c in word.text)), line.words[0])
    return first.size, first.font


def _in_an_address(line: Line, groups: list[Group]) -> bool:
    """Whether a line that might be a name stands inside the block of one of several columns: a street, a town."""
    if not groups or len(groups[-1].columns) < 2:
        return False
    home = next((column for column in groups[-1].columns if column.holds(line)), None)
    return home is not None and bool(home.lines) and line.y - home.last_y < TIGHT * line.size


def _add_name(group: Group, line: Line) -> None:
    line.role = "authors"
    authors = parse_authors([line])
    if group.columns and not any(column.lines for column in group.columns):
        home = next((column for column in group.columns if column.holds(line)), None)
        if home is not None:
            home.authors += authors
            return
    group.columns.append(Column(line.x0, line.x1, authors))


def _add_text(group: Group, line: Line, row: list[Line]) -> None:
    text = plain(line)
    if not text or is_note(without_urls(text)):
        line.role = "note"
        return
    line.role = "affiliations"
    homes = [column for column in group.columns if column.holds(line)]
    if len(group.columns) == 1:
        homes = group.columns
    if not homes and len(row) > 1 and group.columns:
        middle = (line.x0 + line.x1) / 2
        homes = [min(group.columns, key=lambda column: abs((column.x0 + column.x1) / 2 - middle))]
    if not homes or (len(row) == 1 and len(group.columns) > 1 and (_spans(line, group) or _goes_on(line, group))):
        group.shared.append(text)
        group.last_shared = line
        return
    home = homes[0]
    home.lines.append(text)
    home.last_y = line.y
    if not has_address(text):
        home.x0, home.x1 = min(home.x0, line.x0), max(home.x1, line.x1)


def _spans(line: Line, group: Group) -> bool:
    """Whether a line reaches over more than one column."""
    return sum(min(column.x1, line.x1) - max(column.x0, line.x0) > 10 for column in group.columns) > 1


def _goes_on(line: Line, group: Group) -> bool:
    """Whether a line alone in its row stands right below the middle of one that is everybody's."""
    last = group.last_shared
    if last is None or not 0 < line.y - last.y < TIGHT * line.size:
        return False
    return abs((last.x0 + last.x1) / 2 - (line.x0 + line.x1) / 2) < CENTRED


def _draft(groups: list[Group], page: int) -> Draft:
    _mend_names([column for group in groups for column in group.columns])
    draft = Draft()
    whole = {letters(" ".join(text_lines(column.lines))) for group in groups for column in group.columns}
    waiting: list[Author] = []  # authors whose affiliation stands below a later group
    for group in groups:
        group_authors = [author for column in group.columns for author in column.authors]
        for column in group.columns:
            _link(draft, column.authors, column.lines, page, whole)
        bare = [author for author in group_authors if not author.affiliations]
        draft.authors += group_authors
        shared = _link(draft, bare + waiting, group.shared, page, whole)
        waiting = [] if shared else [*waiting, *bare]
    return draft


def _mend_names(columns: list[Column]) -> None:
    """A long name goes on in the next line: what is below that is another column's text, to the letter."""
    texts = Counter(" ".join(text_lines(column.lines)) for column in columns)
    for column in columns:
        lines = text_lines(column.lines)
        if len(column.authors) != 1 or len(lines) < 2 or texts[" ".join(lines)] > 1:
            continue
        name = f"{column.authors[0].name} {lines[0]}"
        if is_name_line(name) and any(letters(" ".join(lines[1:])) == letters(text) for text in texts):
            column.authors[0].name = name
            column.lines.remove(lines[0])


def _link(draft: Draft, authors: list[Author], lines: list[str], page: int, whole: set[str]) -> bool:
    """Add the affiliations of a stack of lines for these authors; whether there was any.  ``whole``: texts that stand alone elsewhere."""
    found = False
    for stack in [part for one in stacked(lines) for part in cut_behind(one, whole)]:
        text_of_all, domains = affiliation_text(stack)
        for text in parted(text_of_all):
            if not text or is_worthless(text):
                draft.domains += domains
                continue
            at = add_once(draft, text, page, domains)
            found, domains = True, []
            for author in authors:
                if at not in author.affiliations:
                    author.affiliations.append(at)
    return found
