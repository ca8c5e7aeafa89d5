"""Front matter without marks: names above their affiliation, alone, in columns, or in several rows of columns."""

from __future__ import annotations

from collections import Counter

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.emails import has_address, without_urls
from crawler.reading.marked import parse_authors
from crawler.reading.marks import runs
from crawler.reading.names import is_name_line
from crawler.reading.page import Line
from crawler.reading.sidebyside import ALIGNED, CENTRED, Column, Group, cut_below, parted_plain, parted_rows, plain, rows_of
from crawler.reading.stacks import cut_behind, letters, parted, stacked, text_lines
from crawler.reading.vocabulary import ends_in_place, is_note, names_body

TIGHT = 1.35  # of the size: leading inside a block
SAME_ROW = 20.0  # points: blocks that start this close stand in one row


def read_columns(lines: list[Line], page: int) -> Draft:
    """The front matter of lines without marks."""
    lines = parted_rows(lines)
    stacks = _stacks(lines)
    printed = Counter(line.text.partition(",")[0] for line in lines)
    printed.update([line.text for line in lines if _is_firm(line, lines)] * 2)
    if stacks is None:
        return _draft(_groups(lines, printed), page)
    groups = [group for stack in stacks for group in _groups(stack, printed, beside=True)]
    tops = sorted(group.y for group in groups)
    rows = [top for at, top in enumerate(tops) if at == 0 or top - tops[at - 1] > SAME_ROW]
    groups.sort(key=lambda group: (sum(top <= group.y for top in rows), group.columns[0].x0))
    return _draft(groups, page)


def _is_firm(line: Line, lines: list[Line]) -> bool:
    """Whether what looks like a name stands between one and the end of its block, in a row with the bodies of others."""
    if any(run.is_mark for run in runs(line)) or not is_name_line(plain(line)):
        return False
    body = any(abs(other.y - line.y) < 0.4 * line.size and names_body(other.plain) for other in lines if other is not line)
    near = [other for other in lines if other.x0 < line.x1 and line.x0 < other.x1 and 0.4 < abs(other.y - line.y) / line.size < TIGHT]
    above = [other for other in near if other.y < line.y]
    below = [other for other in near if other.y > line.y and not has_address(other.text)]
    return body and bool(above) and all(is_name_line(plain(other)) for other in above) and not below


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


def _groups(lines: list[Line], printed: Counter[str], *, beside: bool = False) -> list[Group]:
    """Rows of names, each with the lines below them; ``printed`` tells how often a text stands there.

    ``beside``: the lines are one column of several.
    """
    groups: list[Group] = []
    style: tuple[float, str] | None = None
    rows = rows_of(lines)
    for at, row in enumerate(rows):
        names = [line for line in row if _is_name(line, style, groups) and (printed[line.text] < 2 or not groups)]  # a town comes again
        if len(names) == 1 and _in_an_address(names[0], groups, beside=beside):
            names = []
        if names and len(names) >= 0.5 * len([line for line in row if not has_address(line.text)]):
            style = style or _style(names[0])
            if not groups or groups[-1].has_text:
                groups.append(Group(y=row[0].y))
            for line in row:
                _add_name(groups[-1], line) if line in names else _add_text(groups[-1], line, row)
        elif groups:
            row = [part for line in row for part in cut_below(line, groups[-1])]
            _widen(groups[-1], row)
            _spread(groups[-1], rows[at : at + 2])
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


def _spread(group: Group, rows: list[list[Line]]) -> None:
    """Two blocks side by side below a single name: both are its affiliations."""
    if group.has_text or len(group.columns) != 1 or len(rows) < 2 or len(rows[0]) < 2 or len(rows[0]) != len(rows[1]):
        return
    pairs = list(zip(*rows, strict=True))
    if all(abs(one.x0 + one.x1 - two.x0 - two.x1) < 2 * CENTRED and not has_address(two.text) for one, two in pairs):
        group.columns = [Column(line.x0, line.x1, group.columns[0].authors) for line in rows[0]]


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


def _in_an_address(line: Line, groups: list[Group], *, beside: bool) -> bool:
    """Whether a line that might be a name stands inside the block of one of several columns: a street, a town."""
    columns = groups[-1].columns if groups else []
    if not columns or not (beside or max(column.x0 for column in columns) > min(column.x1 for column in columns)):
        return False  # none, or all below each other
    home = next((column for column in columns if column.holds(line)), None)
    if home is not None and beside and ends_in_place(" ".join(text_lines(home.lines))):
        return False  # the address above is whole
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
        group_authors = list({id(author): author for column in group.columns for author in column.authors}.values())
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
