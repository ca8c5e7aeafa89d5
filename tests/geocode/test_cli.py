"""The commands as scripts use them: one JSON object a line, exit codes, nothing else on stdout."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.sample.folder import save_registry
from geocode.registry import read_dump
from tests.geocode.conftest import Archive
from tests.geocode.registry import RELEASE, ror, write_dump
from whereused import main

ROOT = Path(__file__).resolve().parents[2]


def whereused(*args: str, gazetteer: Path, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "WHEREUSED_GAZETTEER": str(gazetteer), "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "whereused.py"), *args], input=stdin, capture_output=True, env=env, check=False, timeout=100
    )


def test_match_answers_line_by_line_in_order(gazetteer: Path) -> None:
    lines = [
        b"Stanford University, Stanford, CA, USA",
        b"",
        b"\xff\xfe\x00 junk \x80",
        b"Northeastern University",
        b"\xd8\xac\xd8\xa7\xd9\x85\xd8\xb9\xd8\xa9",
        b"x" * 50_000,
        "清华大学".encode(),
    ]
    done = whereused("match", "--jsonl", gazetteer=gazetteer, stdin=b"\n".join(lines) + b"\n")
    assert (done.returncode, done.stderr) == (0, b"")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    assert [answer["ror_ids"] for answer in answers] == [[ror("00f54p054")], [], [], [], [], [], [ror("03cve4549")]]
    assert all(set(answer) == {"affiliation", "ror_ids", "institutions", "reason"} for answer in answers)
    assert all((answer["reason"] is None) == bool(answer["ror_ids"]) for answer in answers)
    assert answers[0]["affiliation"] == lines[0].decode()
    (stanford,) = answers[0]["institutions"]
    score = stanford.pop("score")
    assert 0.5 <= score <= 1
    assert stanford == {
        "ror_id": ror("00f54p054"),
        "name": "Stanford University",
        "country_code": "US",
        "city": "Stanford",
        "latitude": 37.42411,
        "longitude": -122.16608,
        "sector": "academic",
        "method": "exact name",
    }


def test_match_answers_before_the_input_ends(gazetteer: Path) -> None:
    env = {**os.environ, "WHEREUSED_GAZETTEER": str(gazetteer), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "whereused.py"), "match"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"Stanford University\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["ror_ids"] == [ror("00f54p054")]
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize("command", [["match"], ["geocode"], ["gazetteer", "info"]])
def test_without_a_gazetteer_one_line_and_exit_2(tmp_path: Path, command: list[str]) -> None:
    done = whereused("--db", str(tmp_path / "w.db"), *command, gazetteer=tmp_path / "none.db", stdin=b"MIT\n")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, b"", 1)
    assert b"whereused gazetteer update" in done.stderr


def test_gazetteer_import_and_info(tmp_path: Path) -> None:
    target = tmp_path / "cache" / "gazetteer.db"
    done = whereused("gazetteer", "import", str(write_dump(tmp_path)), gazetteer=target)
    assert done.returncode == 0
    assert f"release: {RELEASE}" in done.stdout.decode()
    assert whereused("gazetteer", "info", gazetteer=target).stdout == done.stdout
    wrong = tmp_path / "wrong.zip"
    wrong.write_bytes(b"PK\x03\x04 no zip")
    failed = whereused("gazetteer", "import", str(wrong), gazetteer=target)
    assert (failed.returncode, len(failed.stderr.splitlines())) == (2, 1)


def test_a_failed_update_exits_3(tmp_path: Path) -> None:
    done = whereused("gazetteer", "update", gazetteer=tmp_path / "g.db", WHEREUSED_ROR_DUMP_URL="http://127.0.0.1:9/ror.zip")
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)


def test_geocode_reports_on_stderr(archive: Archive) -> None:
    archive.add("Stanford University, Stanford, CA, USA")
    done = whereused("--db", str(archive.config.db), "geocode", gazetteer=archive.config.gazetteer)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"1 strings decided" in done.stderr
    quiet = whereused("-q", "--db", str(archive.config.db), "geocode", "--again", gazetteer=archive.config.gazetteer)
    assert (quiet.returncode, quiet.stderr) == (0, b"")


def test_a_sample_of_the_registry_says_that_it_is_one(tmp_path: Path, archive: Archive) -> None:
    """Where a name isn't found: what to run, once; where all are found there is nothing to say."""
    sample = tmp_path / "sample.db"
    shutil.copy(archive.config.gazetteer, sample)
    with closing(sqlite3.connect(sample, isolation_level=None)) as conn:  # as it stands once that file is imported
        conn.execute("UPDATE meta SET value = ? WHERE name = 'release'", [read_dump(save_registry(tmp_path))[0]])
        [(n,)] = conn.execute("SELECT value FROM meta WHERE name = 'records'")

    def call(*args: str, gazetteer: Path = sample, stdin: str = "") -> tuple[str, str]:
        done = CliRunner().invoke(main, ["--db", str(archive.config.db), *args], input=stdin, env={"WHEREUSED_GAZETTEER": str(gazetteer)})
        return done.stdout, done.stderr

    told = f"the bundled sample of {n} institutions; `whereused gazetteer update` fetches the whole registry\n"
    known, unknown = "Stanford University, Stanford, CA, USA\n", "Kenbury College\n"
    answers, said = call("match", stdin=known + unknown + unknown)
    assert len(answers.splitlines()) == 3 and said == f"2 of 3 without an institution; the gazetteer is {told}"
    assert call("match", stdin=known)[1] == call("-q", "match", stdin=unknown)[1] == ""
    archive.add("Kenbury College")
    assert told in call("geocode")[1] and told in call("doctor")[0]
    assert "sample" not in call("geocode", gazetteer=archive.config.gazetteer)[1]


def test_match_as_a_table(gazetteer: Path) -> None:
    stdin = b"Stanford University, Stanford, CA, USA\n=cmd()\n" + b"x" * 3_000_000 + b"\nStanford University, Stanford, CA, USA"
    done = whereused("match", "--csv", gazetteer=gazetteer, stdin=stdin)
    assert done.returncode == 0, done.stderr
    csv.field_size_limit(10_000_000)
    rows = list(csv.DictReader(done.stdout.decode().splitlines()))
    assert [(row["line"], row["ror_id"], bool(row["reason"])) for row in rows] == [
        ("1", ror("00f54p054"), False), ("2", "", True), ("3", "", True), ("4", ror("00f54p054"), False),
    ]  # fmt: skip
    assert rows[1]["affiliation"] == "'=cmd()"
    assert whereused("match", "--csv", "--explain", gazetteer=gazetteer).returncode == 2


def test_match_explains_itself(gazetteer: Path) -> None:
    done = whereused("match", "--explain", gazetteer=gazetteer, stdin=b"MIT, Auckland, New Zealand\nInstitute of Automation\n")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    (chosen,) = first["explanation"]["chosen"]
    assert chosen["ror_id"] == first["ror_ids"][0] == ror("002r67t24")
    assert "its country NZ is printed" in chosen["why"]
    american = next(o for o in first["explanation"]["others"] if o["ror_id"] == ror("042nb2s44"))
    assert any("it is in US" in reason for reason in american["why_not"])
    assert second["ror_ids"] == []
    assert len(second["explanation"]["others"]) >= 2
    assert all(other["why_not"] for other in second["explanation"]["others"])
