"""Map tiles in Web Mercator, as small SVG pictures of the land outline
(https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from publish.page.assets import land

SIZE, DEEPEST = 256, 6
MOST_NORTH = 85.0511  # where the square of Web Mercator ends
Line = list[tuple[float, float]]  # from 0 to 1, eastwards and southwards


def _project(longitude: float, latitude: float) -> tuple[float, float]:
    angle = math.radians(max(-MOST_NORTH, min(MOST_NORTH, latitude)))
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(angle)) / math.pi) / 2


@cache
def _outlines() -> tuple[list[Line], list[Line]]:
    """(rings of the land, border lines)."""
    surface, borders = (feature["geometry"]["coordinates"] for feature in land()["features"])
    rings = [[_project(x, y) for x, y in ring] for polygon in surface for ring in polygon]
    return rings, [[_project(x, y) for x, y in line] for line in borders]


_FRAME = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
    f'<rect width="{SIZE}" height="{SIZE}" fill="#eef1f2"/>'
)
SEA = _FRAME + "</svg>"


@lru_cache(maxsize=1024)
def draw_tile(z: int, x: int, y: int) -> str | None:
    """The tile as SVG; None where there is none."""
    if z > DEEPEST or not (0 <= x < 2**z and 0 <= y < 2**z):
        return None
    rings, borders = _outlines()
    fill, stroke = (" ".join(_path(line, z, x, y) for line in lines if _touches(line, z, x, y)) for lines in (rings, borders))
    return f'{_FRAME}<path d="{fill}" fill="#dcd8cf" fill-rule="evenodd"/><path d="{stroke}" fill="none" stroke="#f7f6f3"/></svg>'


def _touches(line: Line, z: int, x: int, y: int) -> bool:
    """Whether the box around a line meets the tile."""
    n = 2**z
    across, down = [point[0] * n for point in line], [point[1] * n for point in line]
    return bool(max(across) >= x and min(across) <= x + 1 and max(down) >= y and min(down) <= y + 1)


def _path(line: Line, z: int, x: int, y: int) -> str:
    n = 2**z
    return "M" + "L".join(f"{(a * n - x) * SIZE:.1f} {(b * n - y) * SIZE:.1f}" for a, b in line)
