"""Makes the land outline of the map, publish/page/land.json, from Natural Earth 1:110m (public domain, naturalearthdata.com).

pip download --no-deps geopandas==0.14.4    # BSD-3-Clause; the last release that ships Natural Earth's countries
pip install pyshp shapely
python -m docs.land geopandas-0.14.4-py3-none-any.whl [--check]

The countries are dissolved into land, the borders are what two countries share, coordinates are rounded to 0.1 degree.
Antarctica is left out.  Natural Earth cuts its rings at 180°, so that nothing smears over a flat map.  ``--check``
writes nothing and fails where the file in the tree is another one.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from itertools import combinations
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "publish" / "page" / "land.json"
INSIDE = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres"
SHAPES_SHA256 = "1f689e60b357e1e98702d5d9f774e95e77fc6b324487cadf57eb9317d533ce12"  # of the .shp file


def _read(wheel: Path) -> list[Any]:
    """The countries but Antarctica, as shapely geometries."""
    import shapefile
    from shapely import set_precision
    from shapely.geometry import shape

    with zipfile.ZipFile(wheel) as archive:
        parts = {suffix: archive.read(f"{INSIDE}.{suffix}") for suffix in ("shp", "shx", "dbf")}
    if hashlib.sha256(parts["shp"]).hexdigest() != SHAPES_SHA256:
        raise SystemExit(f"{wheel}: not the shapes that the map was made from")
    reader = shapefile.Reader(**{suffix: io.BytesIO(data) for suffix, data in parts.items()}, encoding="latin-1")
    countries = [shape(entry.shape.__geo_interface__) for entry in reader.iterShapeRecords() if entry.record["continent"] != "Antarctica"]
    return [set_precision(country.buffer(0), 0.1) for country in countries]


def make(wheel: Path) -> str:
    """The GeoJSON text."""
    from shapely import normalize, set_precision
    from shapely.geometry import MultiLineString, mapping
    from shapely.ops import linemerge, unary_union

    countries = _read(wheel)
    land = normalize(set_precision(unary_union(countries), 0.1))
    shared = [a.boundary.intersection(b.boundary) for a, b in combinations(countries, 2) if a.intersects(b)]
    lines = [line for part in shared for line in getattr(part, "geoms", [part]) if line.geom_type == "LineString"]
    borders = normalize(linemerge(MultiLineString(lines)))
    features = [_feature("land", mapping(land)), _feature("borders", mapping(borders))]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")) + "\n"


def _feature(name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
    }


def _rounded(value: Any) -> Any:
    """Coordinates with one decimal, whole numbers without."""
    if isinstance(value, (int, float)):
        number = round(float(value), 1)
        return int(number) if number.is_integer() else number
    return [_rounded(part) for part in value]


if __name__ == "__main__":
    text = make(Path(sys.argv[1]))
    if "--check" in sys.argv:
        sys.exit(0 if text == TARGET.read_text(encoding="utf-8") else f"{TARGET} is not what this script makes")
    TARGET.write_text(text, encoding="latin-1")
    print(f"{TARGET}: {len(text):,} bytes")
