"""Text in which each affiliation has its mark: ``¹University A ²University B``, in lines, columns or one paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crawler.reading.emails import has_address, without_addresses
from crawler.reading.marks import Run, runs, tokens
from crawler.reading.page import Line

_CAPITAL = r"(?=[\"“'(]?[A-ZÀ-ÖØ-Þ\u0100-\u017f\u0391-\u042f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af«])"

_CUT = re.compile(r"(?:\b(?:of|the|for|de|di|der|für)|[&-])\s*$")  # the end of a line that goes on
NOTE_MARKS = "*∗†‡§¶"

_COUNTED = re.compile(
    r"(?:street|str|road|rd|avenue|ave|av|building|bldg|box|room|floor|unit|section|no|block|level|suite|campus|place|weg|straße|via|rue)"
    r"[.,]?\s+\d+$",
    re.IGNORECASE,
)  # the number at the end of a line belongs to the address


@dataclass(slots=True)
class Item:
    """What stands behind a mark; ``keys`` are several where one text serves several marks."""

    keys: list[str]
    lines: list[str] = field(default_factory=list)
    page: int = 1
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 10.0
    last: Line | None = None
    marked: bool = False  # by a superscript or symbol, not by a number on the baseline

    def add(self, text: str, line: Line) -> None:
        """One more line of it.  Addresses leave its place as it is: they may stand in another column."""
        self.lines.append(text)
        if self.lines[:-1] and has_address(text) and not without_addresses(text)[0]:
            return
        self.x0 = min(self.x0, line.x0) if self.lines[:-1] else line.x0
        self.x1, self.y, self.size, self.last = max(self.x1, line.x1), line.y, line.size, line


def keyed_items(lines: Sequence[Line], expected: Collection[str], page: int) -> list[Item]:
    """The items of lines in reading order; text before the first mark is an item without keys."""
    items: list[Item] = []
    for line in lines:
        opened_here = False
        line_runs = _inline_keys(runs(line), expected, items)
        first = line_runs[0] if len(line_runs) > 1 else None
        for run in line_runs:
            keys = [key for key in tokens(run.text) if _is_key(key, expected, items)] if run.is_mark else []
            if run.is_mark and keys:
                last = items[-1] if items else None
                if last is not None and opened_here and not last.lines:
                    last.keys += keys
                else:
                    items.append(Item(keys, page=page, x0=line.x0, x1=line.x1, y=line.y, size=line.size, marked=not run.inline))
                opened_here = True
            elif run.is_mark:
                if run is first and items and run.text[0] in NOTE_MARKS:  # of a remark
                    items.append(Item([], page=page, x0=line.x0, x1=line.x1, y=line.y, size=line.size))
                    opened_here = True
                continue
            elif opened_here:
                items[-1].add(run.text, line)
            else:
                home = _home(items, line)
                if home is None:
                    home = Item([], page=page, x0=line.x0, x1=line.x1, y=line.y, size=line.size)
                    items.append(home)
                home.add(run.text, line)
                opened_here = home is items[-1]
    return [item for item in items if item.lines]


def _is_key(key: str, expected: Collection[str], items: list[Item]) -> bool:
    """Whether a mark may open an affiliation: one that an author has, or the next in the row."""
    if key in expected or any(key == mark[0] and len(set(mark)) == 1 for mark in expected if not mark.isdigit()):
        return True
    if key.isdigit():
        return int(key) == _next_number(items) or any(mark.isdigit() and len(mark) > 1 and key in mark for mark in expected)
    return False


def _next_number(items: list[Item]) -> int:
    numbers = [int(key) for item in items for key in item.keys if key.isdigit()]
    return max(numbers) + 1 if numbers else 1


def _inline_keys(line_runs: list[Run], expected: Collection[str], items: list[Item]) -> list[Run]:
    """Marks set on the baseline made runs of their own: ``1 Dept A, USA 2 Dept B``, ``a Dept``, ``(1) Dept``, ``1. Dept``."""
    out: list[Run] = []
    number = _next_number(items)
    if any(item.marked for item in items) or (line_runs and line_runs[0].is_mark):
        return line_runs  # its marks are marks indeed: a number in the text is a number
    for position, run in enumerate(line_runs):
        if run.is_mark:
            out.append(run)
            numbers = [int(key) for key in tokens(run.text) if key.isdigit()]
            number = max([number, *(n + 1 for n in numbers)])
            continue
        text = run.text
        while True:
            at_start = not out if position == 0 else False
            match = _number_in(text, number, expected, at_start or not text)
            if match is None and at_start:
                match = _letter_at_start(text, expected)
            if match is None:
                break
            before, key, text = text[: match.start()].rstrip(" ;"), match["key"], text[match.end() :]
            if before:
                out.append(Run(before, False))
            out.append(Run(key, True, inline=True))
            number += 1
        if text:
            out.append(Run(text, False, run.wide_gap))
    return out


def _number_in(text: str, number: int, expected: Collection[str], at_start: bool) -> re.Match[str] | None:
    """The next number of the row, where it opens a text."""
    key = str(number)
    if key not in expected and not (number == 1 and at_start and expected):
        return None
    opened = rf"[(\[（【]?(?P<key>{key})(?:[.)\]:．、）】]?\s{{0,2}}{_CAPITAL}|[.)]$)"
    found = (re.match(opened, text) if at_start else None) or re.search(rf"(?<=[\s;；)）]){opened}", text)
    return found or (
        re.search(rf"(?:(?<=[^\W\d_]{{2}}[\s.,;])|(?<=[^\W\d_]\)\s))\s?(?P<key>{key})$", text) if not _COUNTED.search(text) else None
    )


def _letter_at_start(text: str, expected: Collection[str]) -> re.Match[str] | None:
    match = re.match(rf"[(\[]?(?P<key>[a-z])[.)\]:]?\s+{_CAPITAL}", text)
    return match if match and match["key"] in expected else None


def _home(items: list[Item], line: Line) -> Item | None:
    """The item that a line without a mark goes on: the one right above it, else the last."""
    if items and not items[-1].lines:
        return items[-1]  # its mark ended the line above
    near = [
        item
        for item in items
        if item.lines and -1 < line.y - item.y < 2.4 * max(line.size, item.size) and not (item.last and _is_apart(line, item.last))
    ]
    over = [item for item in near if min(item.x1, line.x1) - max(item.x0, line.x0) > 0]
    if over:
        over = [item for item in over if not any(_hides(other, item) for other in over)]
        cut = [item for item in over if _CUT.search(item.lines[-1])]
        if len(cut) == 1 and abs(cut[0].y - over[-1].y) < 1:
            return cut[0]
        if len({id(item.last) for item in over}) == 1 or (len(over) > 1 and all(_spans(line, item, over[0].y) for item in over)):
            return over[-1]  # they share the line above: the last one goes on
        middle = (line.x0 + line.x1) / 2
        return min(over, key=lambda item: (min(abs(item.x0 - line.x0), abs((item.x0 + item.x1) / 2 - middle)), -item.y))
    return near[-1] if near else None


def _is_apart(line: Line, last: Line) -> bool:
    """Whether a line below another is set otherwise, with room between them."""
    return line.bold != last.bold and line.y - last.y > 1.4 * max(line.size, last.size)


def _spans(line: Line, item: Item, y: float) -> bool:
    """Whether a line lies below most of what an item has on the row at ``y``."""
    above = item.last
    if above is None or abs(item.y - y) > 1:
        return False
    return min(above.x1, line.x1) - max(above.x0, line.x0) > 0.5 * (above.x1 - above.x0)


def _hides(lower: Item, upper: Item) -> bool:
    """Whether an item stands between another one and what is below both."""
    beside = min(lower.x1, upper.x1) - max(lower.x0, upper.x0) <= 0
    return lower.y - upper.y > 0.4 * lower.size and not beside


def trailing_items(lines: Sequence[Line], page: int) -> list[Item]:
    """The items of lines in which each mark follows its text: ``University A†, University B‡``."""
    items: list[Item] = []
    open_lines: list[str] = []
    for line in lines:
        for run in runs(line):
            if not run.is_mark:
                text = run.text.strip(" ,;")
                if text and items and not open_lines and not without_addresses(text)[0]:
                    items[-1].lines.append(text)  # the addresses of those above
                elif text:
                    open_lines.append(text)
            elif open_lines:
                items.append(Item(tokens(run.text), open_lines, page, line.x0, line.x1, line.y, line.size))
                open_lines = []
    if open_lines:
        items.append(Item([], open_lines, page))
    return items
