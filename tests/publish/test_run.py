"""The published folder: same bytes from the same content, counts as exported, hostile texts harmless."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from db.config import Config
from db.connect import open_for_reading, open_for_writing, writing
from db.errors import UsageError, WhereusedError
from db.queries import snapshot
from publish.cli import FORMATS
from publish.export import stream
from publish.page import assets
from publish.page.view import LISTED
from publish.rules import tidy
from publish.run import run
from tests.publish.rows import Rows, build
from whereused import main


def publish(database: Path, out: Path, *slugs: str, include: str = "all") -> Path:
    run(Config(db=database, verbosity=-1), slugs, out=out, include=include)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page_data(page: str) -> dict[str, Any]:
    """The data block that the browser reads."""
    return json.loads(re.search(r'id="page-data">(.*?)</script>', page).group(1))  # type: ignore[union-attr,no-any-return]


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_same_content_gives_same_bytes(database: Path, tmp_path: Path) -> None:
    backwards = build(tmp_path / "backwards.db", backwards=True)
    first = contents(publish(database, tmp_path / "first"))
    assert first == contents(publish(database, tmp_path / "again"))
    assert first == contents(publish(backwards, tmp_path / "backwards"))


def test_exports_do_not_depend_on_row_ids(database: Path, tmp_path: Path) -> None:
    texts = []
    for path in (database, build(tmp_path / "backwards.db", backwards=True)):
        db = open_for_reading(path)
        with snapshot(db):
            texts.append({format_: "".join(stream(db, "alpha", format=format_, include="all")) for format_ in FORMATS})
        db.close()
    assert texts[0] == texts[1]


def test_reading_changes_nothing(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    publish(database, tmp_path)
    assert database.read_bytes() == before


def test_descriptor_holds_true_checksums(database: Path, tmp_path: Path) -> None:
    folder = publish(database, tmp_path, "alpha") / "alpha"
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    named = {resource["path"] for resource in descriptor["resources"]}
    assert named == {path.name for path in folder.iterdir()} - {"datapackage.json", "manifest.json", "croissant.json"}
    for resource in descriptor["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert resource["bytes"] == len(data)


@pytest.mark.parametrize("include", ["verified", "all"])
def test_every_count_on_the_page_equals_the_export(database: Path, tmp_path: Path, include: str) -> None:
    folder = publish(database, tmp_path, "alpha", include=include) / "alpha"
    page = (folder / "index.html").read_text(encoding="utf-8")
    collection = json.loads((folder / "institutions.geojson").read_text(encoding="utf-8"))
    rows = rows_of(folder / "citations.csv")
    counted = {name: int(n.replace(",", "")) for name, n in re.findall(r'data-count="(\w+)">([\d,]+)<', page)}
    assert counted == collection["counts"]
    data = page_data(page)
    assert len(data["works"]) == len(rows)
    assert sum(data["verdicts"][work[5]][3] for work in data["works"]) == collection["counts"]["used"]
    features = {(f["properties"]["institution"] or f["properties"]["city"] + " (city only)"): f for f in collection["features"]}
    assert {place[0] for place in data["places"]} == set(features) and len(data["places"]) == len(features)
    for place in data["places"]:
        feature = features[place[0]]
        assert len(place[10]) == feature["properties"]["n_works"]
        assert sum(link & 1 for link in place[10]) == feature["properties"]["n_verified"]
        assert place[8:10] == feature["geometry"]["coordinates"][::-1]
        titles = {data["works"][link >> 1][0] for link in place[10]}
        assert titles == {tidy(work["title"]) or "Untitled" for work in feature["properties"]["works"]}
    chart = page.split('id="chart-used"')[1].split("</figure>")[0]
    charted = {code: int(n) for code, n in re.findall(r'data-country="(\w+)" data-total="(\d+)"', chart)}
    totals: dict[str, int] = {}
    for row in rows_of(folder / "countries.csv"):
        totals[row["country_code"]] = totals.get(row["country_code"], 0) + int(row["n_verified"])
    assert charted == {code: n for code, n in totals.items() if n}


def test_hostile_texts_are_escaped(database: Path, tmp_path: Path) -> None:
    page = (publish(database, tmp_path, "alpha") / "alpha" / "index.html").read_text(encoding="utf-8")
    assert "<script>document.title" not in page and "<img" not in page and "\\u003cscript\\u003edocument.title" in page
    assert "javascript:" not in page
    assert page.count("</script>") == page.count("<script") == 12, "a text ended a script"


def test_nothing_is_fetched(database: Path, tmp_path: Path) -> None:
    page = (publish(database, tmp_path, "alpha") / "alpha" / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page).group(1)  # type: ignore[union-attr]
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy
    for tag, attributes in Tags(page).found:
        assert tag not in ("img", "iframe", "object", "embed", "audio", "video", "source", "base")
        assert not {"src", "srcset", "style", "onclick", "onerror", "onload"} & set(attributes), tag
        if tag == "link":
            assert attributes["href"] == "data:,"
    assert "sourceMappingURL" not in page
    assert "url(" not in re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1).replace("url(#", "")  # type: ignore[union-attr]


def test_a_sample_database_says_so_everywhere(database: Path, tmp_path: Path) -> None:
    path = build(tmp_path / "sample.db")
    db = open_for_writing(path)
    with writing(db):
        db.conn.execute("INSERT INTO setting (name, value) VALUES ('sample', '1')")
    db.close()
    out = publish(path, tmp_path / "out")
    plain = publish(database, tmp_path / "plain")
    for name in ("index.html", "alpha/index.html", "beta/index.html"):
        assert "<strong>Sample.</strong>" in (out / name).read_text(encoding="utf-8")
        assert "<strong>Sample.</strong>" not in (plain / name).read_text(encoding="utf-8")
    assert json.loads((out / "alpha/institutions.geojson").read_text(encoding="utf-8"))["sample"] is True
    assert json.loads((out / "alpha/datapackage.json").read_text(encoding="utf-8"))["sample"] is True


def test_an_empty_dataset_has_a_page_and_the_index_keeps_the_others(database: Path, tmp_path: Path) -> None:
    publish(database, tmp_path, "alpha", include="verified")
    publish(database, tmp_path, "gamma", include="verified")
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="alpha/index.html"' in index and 'href="gamma/index.html"' in index
    assert "No use with a country is verified yet." in (tmp_path / "gamma/index.html").read_text(encoding="utf-8")


def test_the_index_passes_over_folders_that_are_not_ours(database: Path, tmp_path: Path) -> None:
    for name, text in (("a", "{"), ("b", "[]"), ("c", '{"name": "<b>", "title": 1}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.json").write_text(text)
    publish(database, tmp_path, "alpha")
    assert (tmp_path / "index.html").read_text(encoding="utf-8").count("<tr>") == 2


def test_candidates_are_never_worded_used(database: Path, tmp_path: Path) -> None:
    page = (publish(database, tmp_path, "beta") / "beta" / "index.html").read_text(encoding="utf-8")
    assert [verdict[0] for verdict in page_data(page)["verdicts"]] == ["cites"]
    assert "verified use<" not in page and "1 not verified</span>" in page


def test_publish_command_prints_where_the_index_is(database: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--db", str(database), "publish", "--out", str(tmp_path / "o")], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'o' / 'index.html'}\n")
    assert "alpha: 7 places, 7 works" in result.stderr


def test_unknown_datasets_and_empty_databases_are_told(database: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nix"):
        publish(database, tmp_path / "out", "alpha", "nix")
    assert not (tmp_path / "out").exists(), "something was written before the mistake was seen"
    empty = tmp_path / "empty.db"
    open_for_writing(empty).close()
    with pytest.raises(WhereusedError, match="nothing to publish"):
        publish(empty, tmp_path / "out")


def test_the_land_is_valid_geojson_and_small() -> None:
    land = assets.land()
    polygons = land["features"][0]["geometry"]["coordinates"]
    for ring in (ring for polygon in polygons for ring in polygon):
        assert ring[0] == ring[-1] and len(ring) >= 4
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
        # a ring that was not cut at 180° would smear a stripe over the whole map
        assert all(abs(a[0] - b[0]) < 180 for a, b in pairwise(ring))
    assert len(json.dumps(land, separators=(",", ":"))) < 100_000


def test_an_import_alone_is_not_worded_cites(tmp_path: Path) -> None:
    path = build(tmp_path / "w.db")
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        rows.work("imported", title="Merely imported", year=2020, file="merely")
        rows.imported("imported", "gamma")
        rows.strings["Example Company Ltd"] = db.conn.execute("SELECT string_id FROM affiliation_string WHERE text LIKE '%Ltd'").fetchone()[
            0
        ]
        rows.affiliated("imported", "Example Company Ltd")
    db.close()
    page = (publish(path, tmp_path / "out", "gamma") / "gamma" / "index.html").read_text(encoding="utf-8")
    assert [verdict[0] for verdict in page_data(page)["verdicts"]] == [LISTED]
