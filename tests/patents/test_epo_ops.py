"""`whereused crawl --provider epo_ops` against a stand-in that lets tokens expire, throttles, fails and refuses."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.patents.throttle import Throttle
from tests.helpers.dump import canonical_dump
from tests.importing.files import query
from tests.patents.here import run_import
from tests.patents.ops_server import NONE, QUOTA, THROTTLE, OpsServer, serving


def crawl(db: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "whereused", "--db", str(db), "crawl", "megaface", "--provider", "epo_ops", "--no-fulltext"]
    return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=False, timeout=90)


def known(tmp_path: Path, n: int) -> Path:
    """A database with so many patents of which only the numbers are known."""
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join(f"CN{900_000_000 + at}A" for at in range(n)), encoding="utf-8")
    assert run_import(tmp_path / "w.db", numbers).returncode == 0
    return tmp_path / "w.db"


def test_five_hundred_patents_through_faults_come_out_with_each_family_once(tmp_path: Path) -> None:
    db, broken = known(tmp_path, 500), set[str]()

    def fault(at: int, number: str) -> tuple[int, bytes, dict[str, str]] | None:
        """One request in ten fails the first time; each hundredth patent is unknown."""
        if number.endswith("00.A"):
            return 404, NONE, {"X-Throttling-Control": THROTTLE}
        if at % 10 == 0 and number not in broken:
            broken.add(number)
            return (500, 503, 502)[at % 3], b"<html>broken</html>", {}
        return None

    with serving(OpsServer(token_lasts=120, fault=fault)) as server:
        done = crawl(db, server.environ)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert server.n_tokens >= 5
    assert len(broken) > 40
    told = query(db, "SELECT count(*), count(DISTINCT docdb_family_id) FROM patent WHERE provider = 'epo_ops'")
    assert told == [(495, 250)]
    assert query(db, "SELECT count(DISTINCT group_id) FROM work JOIN patent USING (work_id) WHERE patent.provider = 'epo_ops'") == [(250,)]
    assert query(db, "SELECT count(*) FROM crawl_problem WHERE provider = 'epo_ops'") == [(5,)]
    assert query(db, "SELECT count(*) FROM affiliation_string WHERE text LIKE 'EXAMPLE VISION _ CO LTD, South Korea'") == [(7,)]


def test_a_used_up_quota_stops_and_the_next_call_goes_on(tmp_path: Path) -> None:
    db = known(tmp_path, 10)
    refusal = (403, QUOTA, {"X-Rejection-Reason": "IndividualQuotaPerHour"})
    with serving(OpsServer(fault=lambda at, _: refusal if at > 4 else None)) as server:
        first = crawl(db, server.environ)
        assert (first.returncode, len(server.asked)) == (3, 5)
        assert "the EPO refuses: quota used up (IndividualQuotaPerHour)" in first.stderr
        server.fault = lambda _at, _number: None
        assert crawl(db, server.environ).returncode == 0
        assert sorted(set(server.asked)) == [f"CN.{900_000_000 + at}.A" for at in range(10)]
        assert len(server.asked) == 11


def test_a_challenge_page_with_status_200_stops(tmp_path: Path) -> None:
    page = (200, b"<!DOCTYPE html><html><body>Are you a robot?</body></html>", {})
    with serving(OpsServer(fault=lambda _at, _number: page)) as server:
        done = crawl(known(tmp_path, 3), server.environ)
    assert (done.returncode, len(server.asked)) == (3, 1)
    assert "Traceback" not in done.stderr


def test_without_a_key_one_line_says_what_it_would_add(tmp_path: Path) -> None:
    done = crawl(known(tmp_path, 3), {"WHEREUSED_EPO_OPS_URL": "http://127.0.0.1:9"})
    assert "3 patents lack applicants and families: set WHEREUSED_EPO_OPS_KEY=ID:SECRET" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 1.0),
        ([(0, "idle (retrieval=green:200, search=green:30)")], 0.3),
        ([(0, "busy (retrieval=yellow:40)"), (1, "idle (retrieval=green:200)")], 2.0),  # the worst of a minute
        ([(-70, "busy (retrieval=yellow:40)"), (1, "idle (retrieval=green:200)")], 0.3),
        ([(0, "overloaded (retrieval=red:12, search=black:0)")], 10.0),
        ([(0, "overloaded (retrieval=black:0)")], 60.0),
    ],
)
def test_the_throttle_obeys_the_worst_header(headers: list[tuple[float, str]], seconds: float) -> None:
    throttle = Throttle("retrieval", at_first=60)
    for when, header in headers:
        throttle.take(header, when)
    assert throttle.interval(2.0) == pytest.approx(seconds)


def test_tokens_and_keys_stay_out_of_the_archive_and_the_archive_gives_the_same(tmp_path: Path) -> None:
    db = known(tmp_path, 4)
    before = tmp_path / "again.db"
    save_copy = [sys.executable, "-m", "whereused", "--db", str(db), "backup", str(before)]
    subprocess.run(save_copy, check=True, capture_output=True, timeout=60)
    with serving(OpsServer(token_lasts=3)) as server:
        command = [sys.executable, "-m", "whereused", "-vv", "--db", str(db), "crawl", "megaface", "--provider", "epo_ops", "--archive"]
        done = subprocess.run(command, env={**os.environ, **server.environ}, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "w.db.files" / "archive").rglob("*.json.gz"))
    kept = done.stderr + "".join(gzip.decompress(path.read_bytes()).decode() for path in files)
    assert server.n_tokens == 2 and len(files) == 7
    assert not [secret for secret in ("SECRET", "SUQ6U0VDUkVU", '\\"t1\\"', '\\"t2\\"') if secret in kept]
    again = [sys.executable, "-m", "whereused", "--db", str(before), "crawl", "--replay", str(files[0].parent)]
    done = subprocess.run(again, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    assert canonical_dump(before) == canonical_dump(db), done.stderr
