"""``serve``: the real Datasette on loopback, in a process of its own; no private word is in what it serves."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from db.config import Config
from publish.serve import run as serving
from publish.serve.metadata import QUERIES
from publish.serve.tiles import draw_tile

ROOT = Path(__file__).parents[2]
PRIVATE = ("private name", "Ada Exämple", "Bo Sample", "Mallory", "someone.there@", "first.author@")


@pytest.fixture(scope="module")
def address(database: Path) -> Iterator[str]:
    """The address that a running ``whereused serve`` printed."""
    command = [sys.executable, "-m", "whereused", "--db", str(database), "serve", "--include", "all", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout
        yield process.stdout.readline().strip().rstrip("/")
        process.terminate()
        process.wait(timeout=20)


def get(address: str, path: str) -> tuple[str, str]:
    """(text, content-security-policy) of a page that must be there."""
    with urlopen(address + path, timeout=30) as answer:
        return answer.read().decode(), answer.headers["content-security-policy"]


@pytest.mark.enable_socket
def test_pages_tables_and_queries_are_there_and_ask_nobody_else(address: str) -> None:
    paths = ["/", "/whereused", "/whereused/works?_facet=kind", "/whereused/institutions", "/whereused/works?_search=faces"]
    paths += [f"/whereused/{name}?sector=commercial&word=a" for name in QUERIES]
    for path in paths:
        text, policy = get(address, path)
        assert policy.startswith("default-src 'self'"), path
        assert not [word for word in PRIVATE if word in text], path
        assert "<script>document.title" not in text
    assert "does not confirm" in get(address, "/")[0] and "Citations: Semantic Scholar" in get(address, "/")[0]
    rows = json.loads(get(address, "/whereused/companies.json?_shape=objects")[0])["rows"]
    assert [row["institution"] for row in rows] == ["Example Company", "Example Company"]


@pytest.mark.enable_socket
def test_nothing_can_be_written(address: str) -> None:
    told = json.loads(get(address, "/-/databases.json")[0])
    assert [(entry["name"], entry["is_mutable"]) for entry in told] == [("whereused", False)]


@pytest.mark.enable_socket
def test_what_is_not_there_is_told_in_a_line(address: str) -> None:
    """Leaflet also asks for tiles beyond the poles: sea."""
    assert "<path" not in get(address, "/-/land/1/0/-1.svg")[0] and "<path" in get(address, "/-/land/1/0/0.svg")[0]
    assert get(address, "/-/land/2/-1/1.svg") == get(address, "/-/land/2/3/1.svg"), "the world goes on past the date line"
    with pytest.raises(HTTPError) as told:
        get(address, "/nothing-here")
    assert told.value.code == 404
    told.value.close()


@pytest.mark.browser
@pytest.mark.enable_socket
def test_the_map_stands_on_local_land(address: str, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/whereused/institutions")
    page.locator(".leaflet-marker-icon").first.wait_for()
    page.locator("img.leaflet-tile-loaded").first.wait_for()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert [url for url in asked if "/-/land/" in url] and complaints == []
    assert "Natural Earth" in page.locator(".leaflet-control-attribution").inner_text()
    page.close()


def test_the_copy_holds_published_tables_only(database: Path, tmp_path: Path) -> None:
    serving.save_copy(Config(db=database, verbosity=-1), [], "all", tmp_path / "copy.db")
    data = (tmp_path / "copy.db").read_bytes()
    assert not [word for word in PRIVATE if word.encode() in data]
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        tables = {
            name
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'works\\_fts%' ESCAPE '\\'")
        }
        assert tables - {"sqlite_sequence"} == {"datasets", "works", "institutions", "works_at", "countries", "corrections", "sources"}
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_tiles_cover_the_world_once() -> None:
    whole = draw_tile(0, 0, 0) or ""
    assert whole.startswith("<svg") and whole.count("M") > 100
    assert draw_tile(2, 0, 0) != draw_tile(2, 1, 1)
    assert [draw_tile(0, 1, 0), draw_tile(7, 0, 0)] == [None, None]


def test_without_the_extra_one_line_says_how(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publish.serve.run.find_spec", lambda name: None)
    with pytest.raises(serving.WhereusedError, match=r"pip install 'whereused\[serve\]'"):
        serving.run(Config(db=database), [], include="all", host="127.0.0.1", port=0, tell=print)
