"""The registry's newest release, from servers that misbehave; and what a new release changes."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.config import Config
from db.connect import open_for_writing, writing
from db.errors import ProviderError, UsageError
from db.gazetteer import find_institution, open_gazetteer
from db.places import PlaceVerdict, load_place_decisions, save_place_undo, save_place_verdict
from db.succession import load_predecessors, load_succession, load_successors
from geocode.gazetteer import find_info, import_dump, update
from geocode.registry import read_dump
from geocode.releases import Release, fetch, find_release
from geocode.run import run
from tests.geocode.conftest import Archive
from tests.geocode.registry import records, ror, write_dump
from tests.geocode.server import Asked, Cut, Loopback, as_json, serving

OXFORD, STANFORD, DIDEROT = ror("052gg0110"), ror("00f54p054"), ror("02n7qrg46")


def listing(server: Loopback, content: bytes, name: str = "v9.3-2026-03-01-ror-data.zip") -> Any:
    file = {
        "key": name,
        "size": len(content),
        "checksum": f"md5:{hashlib.md5(content).hexdigest()}",
        "links": {"self": server.url + "/zip"},
    }
    older = {"key": "v9.2-2026-02-01-ror-data.zip", "size": 1, "checksum": "md5:0", "links": {"self": server.url + "/older"}}
    return as_json({"hits": {"hits": [{"files": [older]}, {"files": [{"key": "readme.txt", "links": {"self": "x"}}, file]}]}})


def test_the_newest_release_is_fetched_once(tmp_path: Path, few_cities: None) -> None:
    content = write_dump(tmp_path, "v9.3-2026-03-01").read_bytes()

    def answer(asked: Asked) -> tuple[int, str, bytes]:
        return listing(server, content) if asked.path == "/list" else (200, "application/octet-stream", content)  # type: ignore[no-any-return]

    with serving(answer) as server:
        config = Config(gazetteer=tmp_path / "cache" / "g.db", values={"ROR_DUMP_URL": f"{server.url}/list"})
        assert update(config)["release"] == "v9.3-2026-03-01"
        assert [asked.path for asked in server.asked] == ["/list", "/zip"]
        assert update(config)["up_to_date"] == "yes"
        assert [asked.path for asked in server.asked] == ["/list", "/zip", "/list"]
        direct = find_release(f"{server.url}/v9.3-2026-03-01-ror-data.zip")
    assert direct.name == "v9.3-2026-03-01-ror-data.zip"
    assert all(asked.agent.startswith("whereused/") for asked in server.asked)
    assert {path.name for path in config.gazetteer.parent.iterdir()} == {"g.db", "g.db.lock"}


@pytest.mark.parametrize("resumes", [True, False])
def test_a_download_that_breaks_off_goes_on(tmp_path: Path, resumes: bool) -> None:
    content = bytes(range(256)) * 40_000
    release = Release("v1-2026-01-01.zip", "", hashlib.md5(content).hexdigest(), len(content))
    bodies: list[bytes] = [Cut(content), Cut(content), content]

    def answer(asked: Asked) -> tuple[int, str, bytes]:
        status = 206 if asked.range and resumes else 200  # a server may not know ranges and send all
        return status, "application/octet-stream", bodies.pop(0) if resumes or len(server.asked) > 1 else bodies[0]

    with serving(answer) as server:
        if not resumes:
            bodies = [Cut(content), content]
        path = fetch(replace(release, link=server.url), tmp_path)
    assert path.read_bytes() == content
    assert server.asked[0].range == ""
    assert all(asked.range.startswith("bytes=") for asked in server.asked[1:])


def test_a_later_call_goes_on_and_a_foreign_beginning_is_thrown_away(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4_000
    with serving(lambda asked: (206 if asked.range else 200, "application/zip", content)) as server:
        release = Release("a.zip", server.url, hashlib.md5(content).hexdigest(), len(content))
        (tmp_path / "a.zip.partial").write_bytes(content[:1000])
        assert fetch(release, tmp_path).read_bytes() == content
        assert [asked.range for asked in server.asked] == ["bytes=1000-"]
        (tmp_path / "a.zip.partial").write_bytes(b"another file" * 10)
        assert fetch(release, tmp_path).read_bytes() == content
        assert [asked.range for asked in server.asked][1:] == ["bytes=120-", ""]
    assert not (tmp_path / "a.zip.partial").exists()


def test_a_download_that_comes_drop_by_drop_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geocode.releases.PATIENCE_S", 0.0)  # what comes in the first piece is all that came in time
    content = b"x" * 300
    with serving(lambda asked: listing(server, content) if asked.path == "/list" else (200, "application/zip", content)) as server:
        with pytest.raises(ProviderError, match="comes too slowly"):
            find_release(f"{server.url}/list")
        with pytest.raises(ProviderError, match="broke off after 300 bytes"):
            fetch(Release("a.zip", f"{server.url}/zip", "0" * 32, 5_000), tmp_path)
    assert (tmp_path / "a.zip.partial").read_bytes() == content


def test_names_of_the_list_stay_in_our_folder(tmp_path: Path) -> None:
    content = b"x"
    with serving(lambda asked: listing(server, content, "../../v9.9-2027-01-01/../.evil\\..\\n.zip")) as server:
        release = find_release(server.url + "/list")
        assert release.name == "n.zip"
        assert find_release(server.url + "/list?x=/../../etc/passwd").name == "n.zip"


def test_a_bomb_is_no_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../v9.9-2027-01-01-ror-data.json", b"[" + b" " * 60_000_000 + b"]")
    with pytest.raises(UsageError, match="no ROR release"):
        read_dump(bomb)
    assert [path.name for path in tmp_path.iterdir()] == ["bomb.zip"]


def changed() -> list[dict[str, Any]]:
    """The next release: Oxford goes into Stanford, Tsinghua is withdrawn, Peking gets another name, Davis is gone without a word."""
    rows = [r for r in records() if r["id"] != ror("05rrcem69")]
    for r in rows:
        if r["id"] == OXFORD:
            r["status"], r["relationships"] = "withdrawn", [{"type": "successor", "id": ror("000pdyj29"), "label": ""}]
        if r["id"] == ror("000pdyj29"):  # already withdrawn: the chain goes on
            r["relationships"] = [{"type": "successor", "id": STANFORD, "label": ""}]
        if r["id"] == ror("03cve4549"):
            r["status"] = "withdrawn"
        if r["id"] == ror("02v51f717"):
            r["names"][0]["value"] = "Beida"
    return rows


@pytest.fixture
def two_releases(tmp_path: Path, few_cities: None) -> tuple[Config, Path]:
    config = Config(db=tmp_path / "w.db", gazetteer=tmp_path / "g.db")
    (tmp_path / "old").mkdir()
    import_dump(config, write_dump(tmp_path / "old"))
    return config, write_dump(tmp_path, "v9.2-2026-02-15", changed())


def test_what_a_release_changed_is_told_once(two_releases: tuple[Config, Path]) -> None:
    config, newer = two_releases
    told = import_dump(config, newer)
    assert {kind: told[kind] for kind in ("before", "merged", "withdrawn", "renamed", "new", "lost")} == {
        "before": "v9.1-2026-01-15", "merged": "2", "withdrawn": "1", "renamed": "1", "new": "0", "lost": "1",
    }  # fmt: skip
    with Path(told["changes"]).open(encoding="utf-8", newline="") as file:
        rows = [(row["change"], row["ror_id"], row["name"], row["now"]) for row in csv.DictReader(file)]
    assert ("merged", OXFORD, "University of Oxford", STANFORD) in rows
    assert ("renamed", ror("02v51f717"), "Peking University", "Beida") in rows
    assert ("lost", ror("05rrcem69"), "University of California, Davis", "") in rows
    again = import_dump(config, newer)
    assert all(again[kind] == "0" for kind in ("merged", "withdrawn", "renamed", "new", "lost"))
    index = open_gazetteer(config.gazetteer)
    heirs = {ended.ror_id: ended.heirs for ended in load_succession(index)}
    index.conn.close()
    assert heirs[OXFORD] == (STANFORD,)
    assert heirs[DIDEROT] == (ror("05f82e368"),)
    assert heirs[ror("01j9f6752")] == ()  # its successors are not in this registry


def test_an_update_that_loses_records_is_refused(two_releases: tuple[Config, Path]) -> None:
    config, _ = two_releases
    content = write_dump(config.gazetteer.parent, "v9.4-2026-04-01", records()[:20]).read_bytes()

    def answer(asked: Asked) -> tuple[int, str, bytes]:
        named = "v9.4-2026-04-01-ror-data.zip"
        return listing(server, content, named) if asked.path == "/list" else (200, "application/zip", content)  # type: ignore[no-any-return]

    with serving(answer) as server, pytest.raises(ProviderError, match="missing in it without a word"):
        update(replace(config, values={"ROR_DUMP_URL": f"{server.url}/list"}))
    assert find_info(config)["release"] == "v9.1-2026-01-15"
    index = open_gazetteer(config.gazetteer)
    assert find_institution(index, OXFORD) is not None
    index.conn.close()


def test_decisions_and_matches_follow_a_merger(two_releases: tuple[Config, Path]) -> None:
    config, newer = two_releases
    archive = Archive(config)
    own = archive.add("Some College, Oxford", slug="faces")
    archive.add("University of Oxford, Oxford, UK", slug="faces")
    db = open_for_writing(config.db)
    with writing(db):
        db.conn.execute("INSERT INTO reviewer (reviewer_id, name, pseudonym, added_at) VALUES (1, 'n', 'p', '2026-01-01T00:00:00Z')")
        save_place_verdict(db, own, PlaceVerdict("institutions", (OXFORD, STANFORD), note="its page", alias="Some College"), 1)
    run(config, [])
    assert archive.ror_ids("Some College, Oxford") == [OXFORD, STANFORD]
    import_dump(config, newer)
    assert run(config, []).n_moved == 1
    assert archive.ror_ids("Some College, Oxford") == [STANFORD]
    assert archive.ror_ids("University of Oxford, Oxford, UK") != [OXFORD]
    assert load_successors(db)[OXFORD] == STANFORD
    assert OXFORD in load_predecessors(db)[STANFORD]
    moved = load_place_decisions(db)[own]
    assert (moved.verdict.ror_ids, moved.verdict.kind, moved.verdict.note, moved.verdict.alias) == (
        *((STANFORD,), "institution", "its page", "Some College"),
    )
    assert archive.rows("SELECT count(*), count(moved_from) FROM place_answer") == [(2, 1)]
    assert run(config, [], again=True).n_moved == 0
    with writing(db):
        assert save_place_undo(db, 1, "faces") == [own]  # the answer with what the registry made of it
        assert save_place_undo(db, 1, "faces") == []
    db.conn.close()
    assert run(config, []).n_decided == 1
    assert archive.ror_ids("Some College, Oxford") != [STANFORD]
