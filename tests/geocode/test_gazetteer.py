"""The life of the gazetteer: a release in, everything else one line and the old index untouched."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from db.config import Config
from db.errors import ProviderError, UsageError
from db.gazetteer import find_institution, find_records, load_meta, open_gazetteer
from geocode.gazetteer import find_info, import_dump, update
from geocode.registry import read_dump
from tests.geocode.registry import RELEASE, records, ror, write_dump
from tests.geocode.server import Asked, as_json, serving


def test_a_release_becomes_an_index(gazetteer: Path) -> None:
    info = find_info(Config(gazetteer=gazetteer))
    n_withdrawn = sum(r["status"] == "withdrawn" for r in records())
    assert (info["release"], int(info["records"])) == (RELEASE, len(records()) - n_withdrawn)
    assert int(info["cities"]) > 100_000
    assert list(gazetteer.parent.glob("*.partial")) == []


def test_records_keep_what_the_registry_says(gazetteer: Path) -> None:
    db = open_gazetteer(gazetteer)
    oxford, withdrawn = find_institution(db, ror("052gg0110")), find_institution(db, ror("000pdyj29"))
    db.conn.close()
    assert withdrawn is None
    assert oxford is not None
    assert (oxford.name, oxford.country_code, oxford.city, oxford.latitude, oxford.longitude, oxford.sector, oxford.status) == (
        *("University of Oxford", "GB", "Oxford", 51.75222, -1.25596, "academic", "active"),
    )
    assert oxford.domains == ("ox.ac.uk",)


@pytest.mark.parametrize(
    ("text", "first"),
    [("oxford univ", "University of Oxford"), ("universitat wien", "University of Vienna"), ('zurich" OR *', None), ("", None)],
)
def test_looking_up_by_hand(gazetteer: Path, text: str, first: str | None) -> None:
    assert next((record.name for record in find_records(gazetteer, text)), None) == first


def test_a_bare_json_and_a_zip_of_two_schemas_are_taken(tmp_path: Path) -> None:
    bare = tmp_path / "v9.2-2026-02-01-ror-data.json"
    bare.write_text(json.dumps(records()), encoding="utf-8")
    assert read_dump(bare)[0] == "v9.2-2026-02-01"
    both = tmp_path / "v1.60-2025-01-01-ror-data.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("v1.60-2025-01-01-ror-data.json", json.dumps([{"id": ror("x"), "name": "X", "country": {}}]))
        archive.writestr("v1.60-2025-01-01-ror-data_schema_v2.json", json.dumps(records()))
    assert len(read_dump(both)[1]) == len(records())


def _broken(folder: Path, kind: str) -> Path:
    whole = write_dump(folder).read_bytes()
    path = folder / f"{kind}.zip"
    v1 = json.dumps([{"id": ror("x"), "name": "X", "country": {"country_code": "GB"}}]).encode()
    content = {
        "truncated": whole[: len(whole) // 2],
        "flipped": whole[:2000] + bytes(200) + whole[2200:],
        "text": b"hello",
        "page": b"<!DOCTYPE html><html></html>",
        "empty": b"",
        "v1": v1,
        "object": b'{"items": []}',
        "list": b"[1, 2]",
        "none": b"[]",
        "cut json": json.dumps(records()).encode()[:3000],
        "other records": b'[{"id": "a", "title": "b"}]',
        "binary": bytes(range(256)) * 10,
        "deep": b"[" * 200_000,
    }[kind]
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "kind",
    ["truncated", "flipped", "text", "page", "empty", "v1", "object", "list", "none", "cut json", "other records", "binary", "deep"],
)
def test_anything_else_is_one_line_and_the_old_index_stays(gazetteer: Path, tmp_path: Path, kind: str) -> None:
    before = hashlib.sha256(gazetteer.read_bytes()).hexdigest()
    with pytest.raises(UsageError) as error:
        import_dump(Config(gazetteer=gazetteer), _broken(tmp_path, kind))
    assert "\n" not in str(error.value)
    assert hashlib.sha256(gazetteer.read_bytes()).hexdigest() == before
    if kind == "v1":
        assert "schema v1" in str(error.value)


def test_a_missing_or_foreign_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gazetteer update"):
        open_gazetteer(tmp_path / "none.db")
    foreign = tmp_path / "foreign.db"
    foreign.write_bytes(b"no database at all" * 100)
    with pytest.raises(UsageError, match="another version"):
        open_gazetteer(foreign)


@pytest.mark.parametrize("fault", ["refused", "checksum", "shape", "page", "nobody"])
def test_a_failed_update_is_a_provider_error_and_keeps_the_index(gazetteer: Path, tmp_path: Path, fault: str) -> None:
    content = write_dump(tmp_path).read_bytes()

    def answer(asked: Asked) -> tuple[int, str, bytes]:
        if fault == "refused":
            return 503, "text/plain", b"later"
        if fault == "page":
            return 200, "text/html", b"<html>maintenance</html>"
        if fault == "shape":
            return as_json({"message": "moved"})
        if asked.path == "/list":
            file = {"key": "a.zip", "checksum": "md5:" + "0" * 32, "links": {"self": server.url + "/zip"}}
            return as_json({"hits": {"hits": [{"files": [file]}]}})
        return 200, "application/octet-stream", content

    before = gazetteer.stat().st_mtime_ns
    with serving(answer) as server:
        url = "http://127.0.0.1:9/list" if fault == "nobody" else f"{server.url}/list"
        with pytest.raises(ProviderError) as error:
            update(replace(Config(gazetteer=gazetteer), values={"ROR_DUMP_URL": url}))
    assert "\n" not in str(error.value)
    assert gazetteer.stat().st_mtime_ns == before


def test_info_of_the_index_is_what_was_built(gazetteer: Path) -> None:
    db = open_gazetteer(gazetteer)
    meta = load_meta(db)
    db.conn.close()
    assert {"release", "built_at", "records", "names", "cities", "format"} <= meta.keys()
