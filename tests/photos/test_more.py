"""XML answers, countries of coordinates, packed files of several streams, tags that are not repeated."""

from __future__ import annotations

import bz2
import csv
import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

import photos.blocked
import photos.load
from db.config import Config
from photos.blocked import hash_of, is_blocked
from photos.engine import open_engine
from photos.load import load
from photos.rejects import Rejects
from photos.tracking import Track
from publish.run import run as publish
from tests.photos.conftest import Desk
from tests.photos.rows import row, table, write
from tests.publish.rows import build

PHOTO = """<?xml version="1.0" encoding="utf-8" ?>
<rsp stat="ok"><photo id="54450311696" license="7" media="photo" rotation="0">
  <owner nsid="20190931@N04" username="Museum of Tāmaki" location="" />
  <title>A title</title><dates taken="2013-12-17 14:37:16" /><tags><tag raw="Fishing">fishing</tag><tag raw="A trip">atrip</tag></tags>
  <location latitude="-36.85" longitude="174.76" accuracy="16"><country woeid="1">New Zealand</country></location>
</photo></rsp>"""
HISTORY = """<rsp stat="ok">
<license_history date_change="1744598090" old_license="All Rights Reserved" new_license="Public Domain Mark"
  old_license_url="https://www.flickrhelp.com/hc/en-us/articles/10710266545556-Using-Flickr-images-shared-by-other-members"
  new_license_url="https://creativecommons.org/publicdomain/mark/1.0/" />
<license_history date_change="1200000000" old_license_url="https://creativecommons.org/licenses/by/2.0/"
  new_license_url="https://creativecommons.org/licenses/by-nc/2.0/" /></rsp>"""
FAILED = '<rsp stat="fail"><err code="1" msg="Photo &quot;1&quot; not found (invalid ID)" /></rsp>'


def counts(desk: Desk, kind: str) -> dict[str, int]:
    with (desk.out / f"{kind}.csv").open() as file:
        return {line[kind]: int(line["count"]) for line in csv.DictReader(file)}


def test_answers_of_flickr_as_xml_and_licences_that_changed(desk: Desk, tmp_path: Path) -> None:
    build(desk.db)
    files = {"a.xml": PHOTO, "history.xml": HISTORY, "failed.xml": FAILED}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    audit = desk.audit(*(tmp_path / name for name in files), "--dataset", "alpha")
    assert desk.licences()["NKCR"] == 1
    assert [source["format"] for source in audit["sources"]] == ["xml"] * 3
    assert desk.rejects() == [("1", 'Flickr: Photo "1" not found (invalid ID) (code 1)')]
    assert counts(desk, "country") == {"New Zealand": 1}
    assert "alpha\t1" in desk.call("photos", "find", "--username", "Museum of Tāmaki")
    publish(Config(db=desk.db, verbosity=-1), ["alpha"], out=desk.folder / "site", include="verified")
    page = (desk.folder / "site" / "alpha" / "index.html").read_text()
    changes = page[page.index('id="licence-changes"') :]
    assert "<td>2025</td><td>ARR</td><td>PDM 1.0</td>" in changes
    assert "<td>2008</td>" not in changes  # before the dataset was made
    order = ["licences", "who", "map-title", "citations", "photos-rights", "photos-year", "photos-country", "data"]
    places = [page.index(f'id="{name}"') for name in order]
    assert places == sorted(places)
    assert "New Zealand" in (desk.folder / "site" / "alpha" / "photos-distributions.csv").read_text()


def test_no_entity_of_an_xml_file_is_followed(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("wedding")
    text = PHOTO.replace("?>\n", f'?>\n<!DOCTYPE rsp [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n').replace(">atrip<", ">&x;<")
    (tmp_path / "a.xml").write_text(text)
    desk.audit(tmp_path / "a.xml")
    assert not [path for path in desk.out.iterdir() if "wedding" in path.read_text()]
    (tmp_path / "b.xml").write_text("<rsp><photo")
    assert "is no XML" in desk.call("photos", "audit", tmp_path / "b.xml", "--out", desk.out, code=2)


def test_countries_of_coordinates(desk: Desk, tmp_path: Path) -> None:
    places = [("2.35", "48.85"), ("-87.6", "41.9"), ("179.99", "-16.6"), ("-30", "0"), ("-1.0", "-1.0"), ("x", "95"), ("", "")]
    desk.audit(write(tmp_path / "y.tsv", (row(n, longitude=lon, latitude=lat) for n, (lon, lat) in enumerate(places))))
    assert counts(desk, "country") == {"FJ": 1, "FR": 1, "US": 1, "at sea, or far from any town": 1}


def test_a_volume_of_several_streams_is_read_by_pieces(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.load, "PIECE", 20_000)
    rows = [row(n) for n in range(400)]
    whole = table(rows[:250]) + b"too\tfew\n" + table(rows[250:]) + b"x" * 50_000 + b"\n" + table([row(999)])
    cuts = [0, 7_000, 60_000, 90_001, len(whole)]  # streams end in the midst of lines
    packed = b"".join(bz2.compress(whole[a:b]) for a, b in pairwise(cuts))
    (tmp_path / "v.bz2").write_bytes(packed)
    desk.audit(tmp_path / "v.bz2")
    assert desk.licences()["total"] == 401
    assert desk.rejects() == [("251", "2 fields in place of 25"), ("402", "1 field in place of 25")]


def test_progress_within_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.load, "PIECE", 1024**2)
    noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(900))
    path = tmp_path / "y.bz2"
    path.write_bytes(bz2.compress(table(row(n, text=noise[n % 7 :]) for n in range(120)), 1))
    seen: list[int] = []
    with Progress(console=Console(quiet=True)) as bars, open_engine(tmp_path) as engine, Rejects(tmp_path / "r.csv") as rejects:
        track = Track(bars, [path])
        monkeypatch.setattr(track, "at", lambda done: seen.append(done))
        load(engine, [path], [], rejects, track)
    assert len(seen) > 3 and seen == sorted(seen) and seen[-1] == path.stat().st_size


def test_hateful_terms_are_not_repeated(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.blocked, "_HASHES", frozenset({hash_of("badword")}))
    assert is_blocked("Bad-Words") and is_blocked("some b4dword here") and not is_blocked("badwording")
    desk.audit(write(tmp_path / "y.tsv", (row(n, tags="wedding,BADWORD,a+badword") for n in range(4))))
    assert counts(desk, "tag") == {"wedding": 4}
