"""What is for many works: Parquet, and vector tiles with the page over them, in a real Chromium from a real web server."""

from __future__ import annotations

import functools
import json
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from db.errors import StorageError, UsageError
from publish.parquet import COLUMNS
from publish.tiles import run as making
from publish.tiles.run import find_tippecanoe
from tests.publish.conftest import Json
from tests.publish.rows import build
from whereused import main


def call(database: Path, *args: str) -> Any:
    return CliRunner().invoke(main, ["--db", str(database), *args])


def without_nothing(value: Any) -> Any:
    """JSON without members that are null: a column holds them where a line leaves them out."""
    if isinstance(value, dict):
        return {name: without_nothing(member) for name, member in value.items() if member is not None}
    return [without_nothing(member) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize("include", ["all", "verified"])
def test_parquet_holds_what_the_lines_hold(database: Path, tmp_path: Path, include: str, exported: Any) -> None:
    target = tmp_path / "new" / "works.parquet"
    done = call(database, "export", "alpha", "--format", "parquet", "--include", include, "-o", str(target))
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    lines = [json.loads(line) for line in exported("jsonl", include).splitlines()]
    assert len(lines) > (10 if include == "all" else 2)
    rows = [json.loads(text) for (text,) in duckdb.sql(f"SELECT to_json(t) FROM '{target}' t").fetchall()]
    assert list(rows[0]) == list(COLUMNS) == list(lines[0])
    assert sorted(map(without_nothing, rows), key=str) == sorted(map(without_nothing, lines), key=str)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    told = dict(duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{target}')").fetchall())
    assert ("most likely" in told["caveat"] and "ODC-BY" in told["attribution"]) or told["attribution"]


def test_parquet_is_the_same_whatever_came_first(database: Path, tmp_path: Path) -> None:
    backwards = build(tmp_path / "backwards.db", backwards=True)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for source, file in zip((database, backwards), files, strict=True):
        assert call(source, "export", "alpha", "--format", "parquet", "--include", "all", "-o", str(file)).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_parquet_wants_a_file(database: Path, tmp_path: Path) -> None:
    done = call(database, "export", "alpha", "--format", "parquet")
    assert isinstance(done.exception, UsageError) and "-o FILE" in str(done.exception)
    (tmp_path / "taken").write_text("a file")
    done = call(database, "export", "alpha", "--format", "parquet", "-o", str(tmp_path / "taken" / "x.parquet"))
    assert isinstance(done.exception, StorageError) and "can't be written" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


# ---------------------------------------------------------------- tiles


@pytest.fixture(scope="module")
def folder(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tiles")
    for _ in range(2):  # the second takes the place of the first
        done = call(database, "tiles", "alpha", "--include", "all", "--out", str(out))
        assert (done.exit_code, done.stdout) == (0, f"{out / 'index.html'}\n"), done.stderr
    return out


def places_at(folder: Path, zoom: int) -> list[Json]:
    """The properties of what the tiles of a level hold, by tippecanoe's own reader."""
    decode = find_tippecanoe().replace("_tippecanoe.exe", "_decode.exe")
    found = []
    for tile in (folder / "tiles" / str(zoom)).glob("*/*.pbf"):
        x, y = tile.parent.name, tile.stem
        done = subprocess.run([decode, "-c", str(tile), str(zoom), x, y], capture_output=True, text=True, check=True)
        found += [json.loads(line.rstrip(","))["properties"] for line in done.stdout.splitlines() if '"properties"' in line]
    return found


def test_tiles_hold_every_place_and_add_up(folder: Path, exported: Any) -> None:
    features = [json.loads(line) for line in exported("geojsonl").splitlines()]
    assert [json.loads(line) for line in (folder / "institutions.geojsonl").read_text().splitlines()] == features
    names = Counter(feature["properties"]["institution"] or feature["properties"]["city"] for feature in features)
    deepest = places_at(folder, making.DEEPEST)
    assert set(names) == {place.get("institution") or place["city"] for place in deepest}
    works = sum(feature["properties"]["n_works"] for feature in features)
    assert sum(place["n_works"] for place in places_at(folder, 0)) == works, "circles over many places add their works up"
    assert not list(folder.glob(".tiles.*"))
    page = {"index.html", "land.json", "maplibre-gl.css", "maplibre-gl.js", "tiles.css", "tiles.js"}
    assert {path.name for path in folder.iterdir()} == page | {"institutions.geojsonl", "tiles", "works.parquet"}


def test_a_dataset_without_places_has_a_map_too(database: Path, tmp_path: Path) -> None:
    done = call(database, "tiles", "gamma", "--include", "verified", "--out", str(tmp_path))
    assert done.exit_code == 0 and "0 places" in done.stderr
    assert "0 places" in (tmp_path / "index.html").read_text()


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.enable_socket
def test_the_page_draws_the_tiles(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{address}/index.html")
    page.wait_for_selector("html[data-ready]")
    drawn = page.evaluate("whereusedMap.queryRenderedFeatures({layers: ['places']}).map((f) => f.properties)")
    assert sum(place["n_works"] for place in {json.dumps(place): place for place in drawn}.values()) > 0
    spot = page.evaluate(
        "(() => { const f = whereusedMap.queryRenderedFeatures({layers: ['places']})[0], p = whereusedMap.project(f.geometry.coordinates),"
        " b = document.getElementById('map').getBoundingClientRect(); return [p.x + b.left, p.y + b.top]; })()"
    )
    page.mouse.click(*spot)
    page.wait_for_selector(".maplibregl-popup-content")
    assert "works" in page.inner_text(".maplibregl-popup-content")
    assert page.inner_text("#message") == "" and broken == []
    assert all(url.startswith((address, "blob:", "data:")) for url in asked)
    assert page.locator("tbody tr").count() > 3
    page.close()
