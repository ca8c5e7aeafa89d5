"""The released files: valid by their schemas, the same as ever, and comparable with an older release."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from db.config import Config
from db.connect import open_for_writing, writing
from db.errors import UsageError
from publish.diff import CHANGES
from publish.run import run
from publish.tables import OSM_FILE
from tests.publish.rows import Rows, build

Json = dict[str, Any]
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(files("publish").joinpath("institutions.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("include", ["verified", "all"])
@pytest.mark.parametrize("slug", ["alpha", "beta", "gamma"])
def test_geojson_is_valid_by_the_schema(exported: Callable[..., str], validator: Draft202012Validator, slug: str, include: str) -> None:
    assert [error.message for error in validator.iter_errors(json.loads(exported("geojson", include, slug)))] == []


def test_the_schema_refuses_what_must_not_go_out(exported: Callable[..., str], validator: Draft202012Validator) -> None:
    def broken(change: Callable[[Json], Any]) -> bool:
        collection = json.loads(exported("geojson"))
        change(collection["features"][0])
        return not validator.is_valid(collection)

    assert broken(lambda feature: feature["geometry"].update(coordinates=[47.6, -122.3]))
    assert broken(lambda feature: feature["properties"]["works"][0].update(status="verified", decision="not_used"))
    assert broken(lambda feature: feature["properties"]["works"][0].update(url="javascript:alert(1)"))
    assert broken(lambda feature: feature["properties"].update(granularity="country"))


@pytest.mark.parametrize(("name", "format_"), [("alpha.geojson", "geojson"), ("alpha.csv", "csv"), ("alpha.csl.json", "csl")])
def test_exports_are_what_they_were(exported: Callable[..., str], name: str, format_: str) -> None:
    """A wanted change: delete the file in ``golden``, run again, and read the new file before it is committed."""
    text, path = exported(format_), GOLDEN / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        pytest.fail(f"{path} was missing and is written; read it, then commit it")
    with path.open(encoding="utf-8", newline="") as file:
        assert text == file.read()


def test_csl_has_every_work_with_its_authors(exported: Callable[..., str], lines: Callable[..., dict[str, Json]]) -> None:
    items = {item["id"]: item for item in json.loads(exported("csl"))}
    assert set(items) == {line["id"] for line in lines().values()}
    work = items["doi:10.5555/pub_1"]
    assert (work["type"], work["issued"], work["DOI"]) == ("paper-conference", {"date-parts": [[2018]]}, "10.5555/pub_1")
    assert work["author"] == [{"literal": "Ada Exämple"}, {"literal": "Bo Sample"}]


@pytest.fixture
def published(database: Path, tmp_path: Path) -> Path:
    run(Config(db=database, verbosity=-1), ["alpha"], out=tmp_path / "old", include="all")
    return tmp_path / "old"


def test_manifest_and_croissant_tell_true_checksums(published: Path) -> None:
    folder = published / "alpha"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    croissant = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    told = {file["path"]: file["sha256"] for file in manifest["files"]}
    assert told == {file["@id"]: file["sha256"] for file in croissant["distribution"]}
    assert told == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in told}
    assert (manifest["release"], manifest["versions"]["matchers"], manifest["runs"][0]["command"]) == ("data-2026-03", ["2"], "crawl")
    for record_set in croissant["recordSet"]:
        with (folder / f"{record_set['@id']}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in record_set["field"]]


def test_tables_of_the_data_package_have_the_told_columns(published: Path) -> None:
    descriptor = json.loads((published / "alpha" / "datapackage.json").read_text(encoding="utf-8"))
    tables = [resource for resource in descriptor["resources"] if "schema" in resource]
    assert {table["path"] for table in tables} == {"citations.csv", "institutions.csv", "countries.csv", "corrections.csv"}
    for table in tables:
        with (published / "alpha" / table["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(reader := csv.DictReader(file))
        assert reader.fieldnames == [field["name"] for field in table["schema"]["fields"]]
        for field in table["schema"]["fields"]:
            if field["type"] in ("integer", "number"):
                assert all(float(row[field["name"]]) is not None for row in rows if row[field["name"]])


def test_diff_tells_what_changed(published: Path, tmp_path: Path) -> None:
    path = build(tmp_path / "later.db")
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        rows.work("new", title="A new work", year=2021, doi="10.5555/new")
        rows.works["alpha paper"] = db.conn.execute("SELECT work_id FROM dataset_paper WHERE slug = 'alpha'").fetchone()[0]
        rows.cites("new", "alpha")
        rows.works["candidate"] = db.conn.execute("SELECT work_id FROM external_id WHERE value = '10.5555/r1'").fetchone()[0]
        rows.decide("candidate", "alpha", "not_used", at="2026-03-09T10:00:00Z")
    db.close()
    report = run(Config(db=path, verbosity=-1), ["alpha"], out=tmp_path / "new", include="all", diff=published)
    changes = json.loads((tmp_path / "new" / "alpha" / CHANGES).read_text(encoding="utf-8"))
    assert [work["id"] for work in changes["works"]["added"]] == ["doi:10.5555/new"]
    assert changes["works"]["removed"] == [] and changes["places"] == {"added": [], "removed": [], "changed": []}
    [changed] = changes["works"]["changed"]
    assert changed == {"id": "doi:10.5555/r1", "changes": {"decision": ["", "not_used"]}}
    assert report.pages[0].changes == (
        "since 2026-03-05T10:00:00Z: 1 work added, 0 works removed, 1 work changed, 0 places added, 0 places removed, 0 places changed"
    )


def test_diff_of_a_folder_that_is_none_is_told(database: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        run(Config(db=database, verbosity=-1), ["alpha"], out=tmp_path / "o", include="all", diff=tmp_path / "nix")
    (tmp_path / "alpha").mkdir()
    (tmp_path / "alpha" / "manifest.json").write_text("{")
    with pytest.raises(UsageError, match="can't be read"):
        run(Config(db=database, verbosity=-1), ["alpha"], out=tmp_path / "o", include="all", diff=tmp_path)
    assert not (tmp_path / "o").exists()


def test_coordinates_of_openstreetmap_stand_apart(tmp_path: Path) -> None:
    path = build(tmp_path / "w.db")
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        rows.insert("provider", name="nominatim", licence="ODbL-1.0", attribution="© OpenStreetMap contributors")
        rows.place("n1", "Example Mapped Institute", "KR", 37.5, 127.0, "institution", provider="nominatim")
        rows.string("Mapped Institute", place="n1", method="nominatim")
        rows.work("mapped", title="At a mapped place", year=2022, doi="10.5555/osm")
        rows.works["alpha paper"] = db.conn.execute("SELECT work_id FROM dataset_paper WHERE slug = 'alpha'").fetchone()[0]
        rows.cites("mapped", "alpha")
        rows.affiliated("mapped", "Mapped Institute")
    db.close()
    folder = tmp_path / "out" / "alpha"
    run(Config(db=path, verbosity=-1), ["alpha"], out=tmp_path / "out", include="all")
    with (folder / OSM_FILE).open(encoding="utf-8", newline="") as file:
        [apart] = csv.DictReader(file)
    assert (apart["id"], apart["latitude"], apart["longitude"], apart["licence"]) == ("alpha/nominatim-n1", "37.5", "127.0", "ODbL-1.0")
    collection = json.loads((folder / "institutions.geojson").read_text(encoding="utf-8"))
    rest = [feature for feature in collection["features"] if feature["id"] != apart["id"]]
    assert len(rest) == 9 and {f["properties"]["coordinates_from"] for f in rest} == {"ror", "geonames"}
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [r["licenses"][0]["name"] for r in descriptor["resources"] if r["path"] == OSM_FILE] == ["ODbL-1.0"]
    assert {s["@id"] for s in json.loads((folder / "croissant.json").read_text())["recordSet"]} >= {"coordinates-openstreetmap"}


def test_bytes_do_not_depend_on_the_surroundings(database: Path, tmp_path: Path) -> None:
    """Locale, time zone and the seed of hashes: other processes, the same files."""
    told = []
    for n, (locale, zone, seed) in enumerate((("C", "UTC", "0"), ("tr_TR.UTF-8", "Pacific/Kiritimati", "7"))):
        out = tmp_path / str(n)
        command = [sys.executable, "-m", "whereused", "-q", "--db", str(database), "publish", "--include", "all", "--out", str(out)]
        surroundings = {"LC_ALL": locale, "LANG": locale, "TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run(command, cwd=Path(__file__).parents[2], env=os.environ | surroundings, check=True, stdout=subprocess.DEVNULL)
        told.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert told[0] == told[1] and len(told[0]) > 25
