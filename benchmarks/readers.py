"""A published folder through the readers of those who take it up: GDAL (QGIS, ogr2ogr), GeoPandas, Frictionless, Croissant, JSON Schema.

    pip install '.[readers]'
    python -m benchmarks.readers [FOLDER]      FOLDER: of one dataset, from `whereused publish` [default: 2,000 made-up works]

Prints what each reader found, and ends with 1 where one of them finds fault.  Nothing is fetched: Frictionless is told to trust the
profile that the descriptor names, Croissant reads the tables beside its description.
"""

from __future__ import annotations

import csv
import json
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent


def by_schema(folder: Path) -> str:
    """The JSON Schema of the repository, and the rules of RFC 7946 that no schema can say."""
    from jsonschema import Draft202012Validator

    collection = json.loads((folder / "institutions.geojson").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "publish" / "institutions.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(collection)
    ids = [feature["id"] for feature in collection["features"]]
    if len(ids) != len(set(ids)):
        raise ValueError("two Features share an id")
    if {feature["geometry"]["type"] for feature in collection["features"]} - {"Point"}:
        raise ValueError("a geometry is no Point")  # rings, whose winding RFC 7946 asks for, there are none
    return f"{len(ids):,} Features, all of them points, {len(collection['unlocated']):,} entries without one"


def by_gdal(folder: Path) -> str:
    """GDAL's driver, as QGIS and ogr2ogr use it; also the lines of Features, and a GeoPackage made of the collection."""
    import pyogrio

    told = pyogrio.read_info(folder / "institutions.geojson")
    meta, _, geometry, fields = pyogrio.raw.read(folder / "institutions.geojson")
    if told["crs"] != "EPSG:4326" or told["geometry_type"] != "Point" or len(geometry) != told["features"]:
        raise ValueError(f"{told['crs']}, {told['geometry_type']}, {len(geometry)} of {told['features']}")
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "institutions.gpkg"
        pyogrio.raw.write(target, geometry, fields, meta["fields"], geometry_type="Point", crs=told["crs"], layer="institutions")
        if pyogrio.read_info(target)["features"] != len(geometry):
            raise ValueError("a GeoPackage holds fewer")
    version = pyogrio.__gdal_version_string__
    return f"GDAL {version}: {told['features']:,} points, {told['crs']}, {len(told['fields'])} fields; the same in a GeoPackage"


def by_geopandas(folder: Path) -> str:
    """GeoPandas: every point in the box that the collection's own coordinates span."""
    import geopandas

    frame = geopandas.read_file(folder / "institutions.geojson")
    told = json.loads((folder / "institutions.geojson").read_text(encoding="utf-8"))["features"]
    if sorted(zip(frame.geometry.x, frame.geometry.y, strict=True)) != sorted(tuple(f["geometry"]["coordinates"]) for f in told):
        raise ValueError("the points are others")
    return f"{len(frame):,} points, {frame['n_works'].sum():,} works at places, bounds {[round(float(x), 2) for x in frame.total_bounds]}"


def by_frictionless(folder: Path) -> str:
    """Frictionless: descriptor, sizes, checksums, and every row against its table's schema."""
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    if not report.valid:
        raise ValueError(report.flatten(["name", "type", "note"])[:5])
    rows = sum(task.stats.get("rows", 0) or 0 for task in report.tasks)
    return f"{len(report.tasks)} resources, {rows:,} rows of tables, no fault"


def by_croissant(folder: Path) -> str:
    """mlcroissant: no error in the description, and as many records as the CSV files have rows."""
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    if dataset.metadata.ctx.issues.errors:
        raise ValueError(dataset.metadata.ctx.issues.errors)
    told = []
    for record_set in dataset.metadata.record_sets:
        n = sum(1 for _ in dataset.records(record_set.id))
        with (folder / f"{record_set.id}.csv").open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        if n != rows:
            raise ValueError(f"{record_set.id}: {n} records of {rows} rows")
        told.append(f"{record_set.id} {n:,}")
    return f"no error, {len(dataset.metadata.ctx.issues.warnings)} warnings; records: {', '.join(told)}"


READERS: dict[str, Callable[[Path], str]] = {
    "JSON Schema, RFC 7946": by_schema,
    "GDAL (pyogrio)": by_gdal,
    "GeoPandas": by_geopandas,
    "Frictionless": by_frictionless,
    "Croissant": by_croissant,
}


def check(folder: Path) -> bool:
    """Let every reader read the folder; whether none found fault."""
    is_clean = True
    for name, read in READERS.items():
        try:
            told = read(folder)
        except ImportError as error:
            told, is_clean = f"is not installed ({error.name}): pip install '.[readers]'", False
        except Exception as error:
            told, is_clean = f"FAULT: {error}", False
        print(f"{name:<22} {told}", flush=True)
    return is_clean


def main() -> int:
    """Read the folder, or make one first."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if len(sys.argv) > 1:
        return 0 if check(Path(sys.argv[1])) else 1
    from benchmarks.publish_speed import make
    from db.config import Config
    from publish.run import run

    with tempfile.TemporaryDirectory() as scratch:
        report = run(
            Config(db=make(Path(scratch) / "made-up.db", 2_000), verbosity=-1), ["alpha"], out=Path(scratch) / "site", include="all"
        )
        return 0 if check(report.pages[0].path.parent) else 1


if __name__ == "__main__":
    sys.exit(main())
