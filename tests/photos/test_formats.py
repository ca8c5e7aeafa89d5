"""Every format ends in the same numbers."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

import photos.load
import photos.yfcc
from tests.photos.conftest import Desk
from tests.photos.rows import row, table, write

ROWS = 60


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress], ids=["plain", "gzip", "bzip2", "zstd"])
@pytest.mark.parametrize("width", [23, 25])
def test_a_table_counts_the_same_however_it_is_packed(desk: Desk, tmp_path: Path, pack: Callable[[bytes], bytes], width: int) -> None:
    (tmp_path / "yfcc").write_bytes(pack(table(row(n, width=width, kind=str(int(n == 3))) for n in range(ROWS))))
    found = desk.audit(tmp_path / "yfcc")
    assert desk.licences() == {
        "BY 2.0": 10, "BY-ND 2.0": 10, "BY-SA 2.0": 10, "BY-NC 2.0": 10, "BY-NC-SA 2.0": 10, "BY-NC-ND 2.0": 10, "total": 60,
        "attribution required": 60, "share-alike required": 20, "no derivatives": 20, "no commercial use": 30, "commercial use allowed": 30,
    }  # fmt: skip
    assert found["year"] == [[str(2004 + n), 6] for n in range(10)]
    assert found["tag"] == [["café", 60], ["salt, pepper", 60]]  # split first, decoded after
    assert found["figures"]["n_owners"] == 7
    assert found["figures"]["n_videos"] == 1
    assert desk.rejects() == []


def test_parquet_by_the_names_that_are_passed_on(desk: Desk, tmp_path: Path) -> None:
    from photos.engine import open_engine

    with open_engine(tmp_path) as engine:
        engine.run(
            f"""COPY (SELECT 4000000000 + i AS photoid, '10000000@N0' || (i % 7) AS uid, TIMESTAMP '2010-01-01' AS datetaken,
                  'a,b%2Cc' AS usertags,
                  'http://creativecommons.org/licenses/by/2.0/' AS licenseurl, 0 AS marker FROM range(50) t(i)
                  UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, 0) TO '{tmp_path / "y.parquet"}' (FORMAT parquet)"""
        )
    found = desk.audit(tmp_path / "y.parquet")
    assert desk.licences()["BY 2.0"] == 50
    assert found["tag"] == [["a", 50], ["b,c", 50]]
    assert found["year"] == [["2010", 50]]
    assert desk.rejects() == [("51", "neither photo id nor licence")]


def test_path_lists_take_their_licences_from_the_joined_table(desk: Desk, tmp_path: Path) -> None:
    yfcc = write(tmp_path / "yfcc.tsv", (row(n) for n in range(ROWS)))
    paths = [
        f"FlickrFinal2/100/{10_000_000 + n % 7}@N0{n % 7}/{4_000_000_000 + n}_{face}.jpg" for n in range(0, 12, 2) for face in (0, 206)
    ]
    paths += [
        "10000001@N01_identity_3/4000000001_0.jpg",
        "10000003@N03_identity_0@4000000003_1.jpg",
        "99999999@N00_identity_1/77_0.jpg",
        "notes.txt",
    ]
    (tmp_path / "paths.txt").write_text("\n".join(paths))
    found = desk.audit(tmp_path / "paths.txt", "--join", yfcc)
    figures = found["figures"]
    assert (figures["n_items"], figures["n_faces"], figures["n_without_match"]) == (9, 15, 1)
    assert (
        desk.licences() | {"BY 2.0": 2, "BY-SA 2.0": 2, "BY-NC-SA 2.0": 2, "BY-ND 2.0": 1, "BY-NC 2.0": 1, "unstated": 1} == desk.licences()
    )
    assert desk.rejects() == [("16", "no MegaFace path")]


def test_the_list_of_the_challenge(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps({"path": ["123/12345678@N00/4000000001_0.jpg", "987/98765432@N08/5000000002_3.jpg"]}))
    assert desk.audit(tmp_path / "list.json")["figures"]["n_owners"] == 2


@pytest.mark.parametrize("keyed", [True, False])
def test_json_as_ffhq_has_it(desk: Desk, tmp_path: Path, keyed: bool) -> None:
    entries = [
        {"photo_url": f"https://www.flickr.com/photos/alias{n % 3}/{6_000_000_000 + n}/", "country": "Kenya" if n % 2 else "", "age": 34,
         "license_url": "https://creativecommons.org/licenses/by-nc/2.0/", "date_uploaded": "2007-08-16", "photo_title": "x" * 9000}
        for n in range(300)
    ]  # fmt: skip
    data = {str(n): {"category": "training", "metadata": entry} for n, entry in enumerate(entries)} if keyed else entries
    (tmp_path / "f.json").write_text(json.dumps(data, indent=1))  # larger than what is read at once
    found = desk.audit(tmp_path / "f.json")
    assert desk.licences()["BY-NC 2.0"] == 300
    assert found["country"] == [["Kenya", 150]]
    assert found["figures"]["n_owners"] == 3
    assert found["age"] == [["30–39", 300]]
    assert "estimates" in (desk.out / "audit.html").read_text()


def test_answers_of_flickr(desk: Desk, tmp_path: Path) -> None:
    search = {"photos": {"page": 1, "photo": [
        {"id": "54450311696", "owner": "201909310@N04", "license": "4", "datetaken": "2013-12-17 14:37:16", "tags": "fishing trip"},
        {"id": "54450311697", "owner": "201909310@N04", "license": "16", "datetaken": "2014-12-17 14:37:16", "tags": ""},
    ]}, "stat": "ok"}  # fmt: skip
    info = {"photo": {"id": "54450311698", "license": "0", "owner": {"nsid": "1@N04", "username": "A b"},
                      "dates": {"taken": "2015-01-01 00:00:00"},
                      "tags": {"tag": [{"raw": "Fishing", "_content": "fishing"}]}}, "stat": "ok"}  # fmt: skip
    gone = {"stat": "fail", "code": 1, "message": "Photo not found"}
    (tmp_path / "f.jsonl").write_text("\n".join(map(json.dumps, (search, info, gone))))
    found = desk.audit(tmp_path / "f.jsonl")
    assert desk.licences() | {"BY 2.0": 1, "BY-NC-ND 4.0": 1, "ARR": 1, "total": 3} == desk.licences()
    assert found["tag"] == [["fishing", 2]]
    assert desk.rejects() == [("3", "Flickr: Photo not found (code 1)")]


def test_csv_with_named_columns(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        'Photo ID;Username;License URL;Tags;Year\n5000000001;"a;b";https://creativecommons.org/licenses/by-sa/4.0/;"sea,sky";2011\n'
        "5000000002;c;https://creativecommons.org/licenses/by/4.0/;sea;2011\nbroken;row\n"
    )
    found = desk.audit(tmp_path / "c.csv")
    assert desk.licences() | {"BY 4.0": 1, "BY-SA 4.0": 1} == desk.licences()
    assert found["tag"] == [["sea", 2]]
    assert desk.rejects() == [("4", "2 fields in place of 5")]


def test_files_that_overlap_count_each_photo_once(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.load, "IDS", 9)  # ids are counted in parts
    monkeypatch.setattr(photos.yfcc, "AHEAD", 0)  # the look at the bytes waits for the engine
    first, second = write(tmp_path / "a", (row(n) for n in range(40))), write(tmp_path / "b", (row(n) for n in range(20, 60)))
    found = desk.audit(first, second, first)
    assert (found["figures"]["n_items"], found["figures"]["n_duplicates"]) == (60, 20)


@pytest.mark.parametrize("name", ["a [1]*?.tsv", "it's.tsv", "~x", "s3:y"])
def test_a_file_may_have_any_name(desk: Desk, tmp_path: Path, name: str) -> None:
    write(tmp_path / name, (row(n) for n in range(10)))
    write(tmp_path / "a 1.tsv", (row(n) for n in range(100, 110)))  # what a pattern would take
    assert desk.audit(tmp_path / name)["figures"]["n_items"] == 10


def test_the_report_may_go_anywhere(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path / "y.gz", (row(n) for n in range(10)))
    desk.call("photos", "audit", tmp_path / "y.gz", "--out", tmp_path / "out [2]*")
    assert (tmp_path / "out [2]*" / "audit.html").is_file()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"hello\nworld\n", "no format that is known"),
        (gzip.compress(b"x" * 9999, mtime=0)[:40], "damaged"),
        (b"PAR1 and nothing more", "can't be read|no whole Parquet"),
        (b'[{"photo_url": "x"}, {', "no JSON after entry 1"),
        (b"[" * 100_000, "nested too deeply|no JSON"),
    ],
)
def test_what_is_no_such_file_is_one_clear_line(desk: Desk, tmp_path: Path, content: bytes, told: str) -> None:
    import re

    (tmp_path / "f").write_bytes(content)
    text = desk.call("photos", "audit", tmp_path / "f", "--out", desk.out, code=2)
    assert re.search(told, text), text
    assert "\n" not in text
