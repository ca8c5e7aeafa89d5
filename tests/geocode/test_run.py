"""The stage on a real database: what is decided, when again, and who is obeyed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from db.connect import open_for_writing, writing
from db.errors import UsageError
from db.gazetteer import find_institution, open_gazetteer
from db.places import PlaceVerdict, load_place_decisions, save_place_verdict
from geocode import run as stage
from geocode.run import run
from tests.geocode.conftest import Archive
from tests.geocode.registry import ror

STANFORD = "Department of Computer Science, Stanford University, Stanford, CA, USA"
SHENZHEN = "Shenzhen Institutes of Advanced Technology, Chinese Academy of Sciences, Shenzhen, China"
NOWHERE = "Foo Startup"
CITY = "Yitu Technology, Shanghai, China"


def decide(archive: Archive, string_id: int, ror_id: str | None) -> None:
    db = open_for_writing(archive.config.db)
    with writing(db):
        db.conn.execute(
            "INSERT OR IGNORE INTO reviewer (reviewer_id, name, pseudonym, added_at) VALUES (1, 'n', 'p', '2026-01-01T00:00:00Z')"
        )
        save_place_verdict(db, string_id, PlaceVerdict("institution", (ror_id,)) if ror_id else PlaceVerdict("none"), 1)
    db.conn.close()


def test_decides_every_string_once(archive: Archive) -> None:
    for text in (STANFORD, SHENZHEN, CITY, NOWHERE):
        archive.add(text)
    report = run(archive.config, [])
    assert (report.n_decided, report.matched, report.placed, report.none, report.total) == (4, 2, 1, 1, 4)
    again = run(archive.config, [])
    assert (again.n_decided, again.n_changed, again.total) == (0, 0, 4)
    assert archive.ror_ids(STANFORD) == [ror("00f54p054")]
    states = dict(
        archive.rows("SELECT text, status || coalesce(' ' || reason, '') FROM string_state JOIN affiliation_string USING (string_id)")
    )
    assert states[STANFORD] == "matched"
    assert states[CITY].startswith("placed ")
    assert states[NOWHERE].startswith("none ")


def test_every_source_of_a_point_is_registered(archive: Archive) -> None:
    archive.add(CITY)
    run(archive.config, [])
    rows = dict(archive.rows("SELECT name, licence FROM provider WHERE documentation IS NOT NULL"))
    assert rows == {
        "ror": "CC0-1.0", "geonames": "CC-BY-4.0", "nominatim": "ODbL-1.0", "photon": "ODbL-1.0", "pelias": "CC-BY-4.0",
        "pelias_osm": "ODbL-1.0",
    }  # fmt: skip
    assert archive.rows("SELECT provider, name, institution, country_code, granularity, sector FROM place") == [
        ("geonames", "Shanghai", "Yitu Technology", "CN", "city", "commercial")
    ]


def test_the_seat_of_a_parent_body_is_no_place_of_work(archive: Archive) -> None:
    archive.add(SHENZHEN)
    archive.add("Institute of Automation, Chinese Academy of Sciences, Beijing, China")
    run(archive.config, [])
    assert archive.ror_ids(SHENZHEN) == [ror("04gh4er46")]
    assert set(archive.ror_ids("Institute of Automation, Chinese Academy of Sciences, Beijing, China")) == {
        ror("022c3hy66"),
        ror("034t30j35"),
    }


def test_a_printed_city_far_from_the_seat_is_kept_beside_the_match(archive: Archive) -> None:
    archive.add("Centre National de la Recherche Scientifique, Grenoble, France")
    archive.add("Centre National de la Recherche Scientifique, Paris, France")
    run(archive.config, [])
    assert archive.rows("SELECT text, m.city FROM string_match m JOIN affiliation_string USING (string_id) ORDER BY text") == [
        ("Centre National de la Recherche Scientifique, Grenoble, France", "Grenoble"),
        ("Centre National de la Recherche Scientifique, Paris, France", None),
    ]


def test_only_the_named_datasets(archive: Archive) -> None:
    archive.add(STANFORD, slug="faces")
    archive.add(CITY, slug="dogs")
    assert run(archive.config, ["dogs"]).total == 1
    assert archive.rows("SELECT count(*) FROM string_state") == [(1,)]


def test_email_domains_count(archive: Archive) -> None:
    archive.add("School of Engineering", "cs.stanford.edu")
    run(archive.config, [])
    assert archive.ror_ids("School of Engineering") == [ror("00f54p054")]


def test_again_decides_all_and_changes_nothing(archive: Archive) -> None:
    for text in (STANFORD, SHENZHEN, CITY, NOWHERE):
        archive.add(text)
    run(archive.config, [])
    before = archive.matches()
    report = run(archive.config, [], again=True)
    assert (report.n_decided, report.n_changed) == (4, 0)
    assert archive.matches() == before


def test_a_new_release_decides_anew(archive: Archive, tmp_path: Path) -> None:
    archive.add(STANFORD)
    run(archive.config, [])
    newer = tmp_path / "newer.db"
    shutil.copy(archive.config.gazetteer, newer)
    with closing(open_gazetteer(newer).conn) as conn:
        stanford = find_institution(Database(conn), ror("00f54p054"))
    assert stanford
    renamed = msgspec.structs.replace(stanford, name="Stanford University (renamed)")
    with sqlite3.connect(newer) as conn:
        conn.execute("UPDATE meta SET value = 'v9.9-2026-09-09' WHERE name = 'release'")
        conn.execute("UPDATE record SET packed = ? WHERE ror_id = ?", [msgspec.msgpack.encode(renamed), renamed.ror_id])
    conn.close()
    config = replace(archive.config, gazetteer=newer)
    assert run(config, []).n_decided == 1
    assert archive.rows("SELECT name, gazetteer FROM institution") == [("Stanford University (renamed)", "v9.9-2026-09-09")]
    assert run(config, []).n_decided == 0


def test_a_new_matcher_decides_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.add(STANFORD)
    run(archive.config, [])
    monkeypatch.setattr("geocode.matcher.VERSION", "next")
    assert run(archive.config, []).n_decided == 1


def test_reviewers_are_obeyed_before_anything_else(archive: Archive) -> None:
    string_id = archive.add(STANFORD)
    run(archive.config, [])
    decide(archive, string_id, ror("052gg0110"))
    assert run(archive.config, []).n_decided == 1
    assert archive.rows("SELECT ror_id, score, method FROM string_match") == [(ror("052gg0110"), 1.0, "reviewer")]
    assert run(archive.config, []).n_decided == 0
    assert run(archive.config, [], again=True).n_changed == 0  # also the matcher's own second thoughts don't undo it

    decide(archive, string_id, None)
    run(archive.config, [])
    status, reason = archive.rows("SELECT status, reason FROM string_state")[0]
    assert (status, "reviewer" in reason) == ("placed", True)  # no institution; its city still stands
    assert archive.ror_ids(STANFORD) == [None]

    decide(archive, string_id, ror("000000000"))
    run(archive.config, [])
    assert "lacks" in archive.rows("SELECT reason FROM string_state")[0][0]
    db = open_for_writing(archive.config.db)
    assert load_place_decisions(db)[string_id].verdict.ror_ids == (ror("000000000"),)
    db.conn.close()


def test_without_a_gazetteer_it_says_what_to_run(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gazetteer import"):
        run(replace(archive.config, gazetteer=tmp_path / "none.db"), [])


_KILLED = """
import os, signal, sys
from pathlib import Path
from db.config import Config
from geocode import run as stage
stage.BATCH = 3
save, done = stage._save_batch, []
def decide(*args):
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(1)
    return save(*args)
stage._save_batch = decide
stage.run(Config(db=Path(sys.argv[1]), gazetteer=Path(sys.argv[2])), [])
"""


def test_killed_and_run_again_is_as_if_it_had_run_through(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Archive(replace(archive.config, db=tmp_path / "whole.db"))
    for n in range(4):
        for text in (f"Group {n}, {STANFORD}", f"Group {n}, {SHENZHEN}", f"Group {n}, {CITY}"):
            archive.add(text)
            whole.add(text)
    run(whole.config, [])
    process = subprocess.run(
        [sys.executable, "-c", _KILLED, str(archive.config.db), str(archive.config.gazetteer)],
        cwd=Path(stage.__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": str(Path(stage.__file__).parent.parent)},
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    assert archive.rows("SELECT count(*) FROM string_state") == [(6,)]
    assert run(archive.config, []).n_decided == 6
    assert archive.matches() == whole.matches()
    assert [row[0] for row in archive.rows("SELECT status FROM run ORDER BY run_id")] == ["interrupted", "done"]
