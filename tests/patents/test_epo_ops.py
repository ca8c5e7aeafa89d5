"""`whereused crawl --provider epo_ops` against a stand-in that lets tokens expire, throttles, fails and refuses."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from crawler.manners.epo import OpsGate
from crawler.patents.cql import Walk, make_queries
from crawler.patents.throttle import Throttle, quota_used, suspension
from db.config import load_config
from tests.crawl.process import Running
from tests.helpers.dump import canonical_dump
from tests.importing.files import query
from tests.patents.here import crawl, known, replay, run_here
from tests.patents.ops_service import AMBIGUOUS, NONE, NPL, QUOTA, THROTTLE, Ops
from tests.patents.services import Asked, Reply, serving

DE = "EP3900001A"


def test_patents_through_faults_come_out_with_each_family_once(tmp_path: Path) -> None:
    """As ``benchmarks/patents.py`` has it with 500."""
    db, broken = known(tmp_path, [f"CN{900_000_000 + at}A" for at in range(120)]), set[str]()

    def fault(at: int, asked: Asked) -> Reply | None:
        """One request in ten fails the first time; one patent is unknown, one is ambiguous."""
        if "/search" in asked.path:
            return None
        number = asked.path.split("/docdb/")[1]
        if number.startswith("CN.900000017."):
            return 413, AMBIGUOUS, {"X-Throttling-Control": THROTTLE}
        if number.split(".")[1].endswith("50"):
            return 404, NONE, {"X-Throttling-Control": THROTTLE}
        if at % 10 == 0 and number not in broken:
            broken.add(number)
            return (500, 503, 502)[at % 3], b"<html>broken</html>", {}
        return None

    with serving(Ops(token_lasts=30, fault=fault)) as server:
        done = crawl(db, server.environ, "epo_ops")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert server.n_tokens >= 5
    assert len(broken) >= 10
    told = query(db, "SELECT count(*), count(DISTINCT docdb_family_id) FROM patent WHERE provider = 'epo_ops'")
    assert told == [(118, 60)]
    assert query(db, "SELECT count(DISTINCT group_id) FROM work JOIN patent USING (work_id) WHERE patent.provider = 'epo_ops'") == [(60,)]
    told = query(db, "SELECT reason, count(*) FROM patent_part WHERE status = 'none' GROUP BY reason ORDER BY reason")
    assert told == [("CLIENT.AmbiguousRequest", 1), ("SERVER.EntityNotFound", 1)]
    assert query(db, "SELECT count(*) FROM affiliation_string WHERE text LIKE 'EXAMPLE VISION _ CO LTD, South Korea'") == [(7,)]
    assert query(db, "SELECT count(*) FROM affiliation_string WHERE text LIKE '%ada%'") == [(0,)]  # who applies as the inventor
    assert query(db, "SELECT count(*) FROM patent_party WHERE name LIKE '%ada%' OR role = 'inventor'") == [(0,)]
    naming = query(db, "SELECT count(*) FROM mention WHERE slug = 'megaface' AND in_references AND provider = 'epo_ops'")
    assert naming == query(db, "SELECT count(*) FROM finding WHERE how = 'npl citation' AND provider = 'epo_ops'")
    assert naming[0][0] == 59


def test_a_used_up_quota_stops_and_the_next_call_goes_on(tmp_path: Path) -> None:
    db = known(tmp_path, [f"CN{900_000_000 + at}A" for at in range(10)])
    refusal = (403, QUOTA, {"X-Rejection-Reason": "IndividualQuotaPerHour"})
    with serving(Ops(fault=lambda at, _: refusal if at > 5 else None)) as server:
        first = crawl(db, server.environ, "epo_ops")
        assert (first.returncode, len(server.asked)) == (3, 6)  # a search, four patents, the refusal
        assert "the EPO refuses: quota used up (IndividualQuotaPerHour)" in first.stderr
        server.fault = lambda _at, _asked: None
        assert crawl(db, server.environ, "epo_ops").returncode == 0
        asked = [one.path.split("/docdb/")[1] for one in server.asked if "/docdb/" in one.path]
        assert sorted(set(asked)) == [f"CN.{900_000_000 + at}.A/biblio" for at in range(10)]
        assert len(asked) == 11


def test_a_search_of_more_than_two_thousand_hits_is_split_and_its_texts_are_fetched(tmp_path: Path) -> None:
    hits = [(f"CN{910_000_000 + at}A", f"{2013 + at % 9}{1 + at % 12:02}{1 + at % 28:02}") for at in range(12)]
    hits.insert(3, (DE, "20210302"))
    db = tmp_path / "w.db"
    with serving(Ops(hits=hits, times=170, token_lasts=30)) as server:
        done = crawl(db, server.environ, "epo_ops", "--limit", "100")
        assert done.returncode == 0, done.stderr
        assert "megaface: patents by the EPO: 100 hits; not read to its end" in done.stderr
        server.fault = lambda _at, asked: (
            None if "/search" in asked.path else (403, QUOTA, {"X-Rejection-Reason": "RegisteredQuotaPerWeek"})
        )
        done = crawl(db, server.environ, "epo_ops")  # a search that was stopped goes on where it was
        assert "patents by the EPO: 2210 hits" in done.stderr
        searches = [asked.query for asked in server.asked if "/search" in asked.path]
        assert max(int(search["Range"].partition("-")[2]) for search in searches) <= 2000
        assert len(searches) == len({(search["q"], search["Range"]) for search in searches})
        server.fault = lambda _at, _asked: None
        done = crawl(db, server.environ, "epo_ops", "--due")
        assert done.returncode == 0, done.stderr
        assert len(searches) == sum("/search" in asked.path for asked in server.asked)
    assert query(db, "SELECT count(*) FROM finding WHERE how = 'title or abstract'") == [(13,)]
    texts = "SELECT section, quote FROM mention JOIN external_id USING (work_id) WHERE value = ? AND slug = 'megaface' ORDER BY 1"
    with sqlite3.connect(db) as raw:
        passages = raw.execute(texts, [DE]).fetchall()
    assert passages == [
        ("claim 1", "A matcher, trained on Mega Face images."),
        ("description, paragraph 0045", "The network is tested on the MegaFace set."),
        ("non-patent citation 1", NPL),
    ]  # fmt: skip


def test_a_crawl_that_is_killed_ends_in_the_same_content(tmp_path: Path) -> None:
    hits = [(f"CN{910_000_000 + at}A", "20200101") for at in range(7)] + [(DE, "20210302")]
    content = []
    for place in (None, ("crawler.patent_pipeline:save_part", 4), ("crawler.patent_pipeline:save_step", 1)):
        db = tmp_path / f"{len(content)}.db"
        with serving(Ops(hits=hits)) as server:
            if place:
                argv = ["--db", str(db), "crawl", "megaface", "--provider", "epo_ops", "--no-fulltext"]
                code, _, _ = Running(argv, {**os.environ, **server.environ}, dies_at=place).wait()
                assert code == -signal.SIGKILL
            assert crawl(db, server.environ, "epo_ops").returncode == 0
            asked = [one.path for one in server.asked if "/docdb/" in one.path]
            assert len(asked) - len(set(asked)) <= 1  # what was not confirmed is asked for again
        content.append(
            [
                query(db, "SELECT publication_number, part, status FROM patent_part ORDER BY 1, 2"),
                query(db, "SELECT value, how, slug FROM finding JOIN external_id USING (work_id) ORDER BY 1, 2"),
                query(db, "SELECT quote, section, value FROM mention JOIN external_id USING (work_id) ORDER BY 1, 2, 3"),
                query(db, "SELECT state, n_hits FROM patent_search"),
                query(db, "SELECT text FROM affiliation_string ORDER BY 1"),
            ]
        )
    assert content[0] == content[1] == content[2]
    assert len(content[0][0]) == 10


def test_a_challenge_page_with_status_200_stops(tmp_path: Path) -> None:
    page = (200, b"<!DOCTYPE html><html><body>Are you a robot?</body></html>", {})
    with serving(Ops(fault=lambda _at, _asked: page)) as server:
        done = crawl(known(tmp_path, ["CN900000000A"]), server.environ, "epo_ops", "--archive")
    assert done.returncode == 3
    assert len(server.asked) == 1  # nothing more is asked where the search failed
    assert "Traceback" not in done.stderr
    archived = [gzip.decompress(path.read_bytes()).decode() for path in tmp_path.rglob("*.json.gz")]
    assert len(archived) == 2  # the token too
    assert not any('"t1' in text or '\\"t1' in text for text in archived)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 1.0),
        ([(0, "idle (retrieval=green:200, search=green:30)")], 1.0),  # no faster than one a second, even when it is idle
        ([(0, "busy (retrieval=yellow:40)"), (1, "idle (retrieval=green:200)")], 2.0),  # the worst of a minute
        ([(-70, "busy (retrieval=yellow:40)"), (1, "idle (retrieval=green:200)")], 1.0),
        ([(0, "overloaded (retrieval=red:12, search=black:0)")], 10.0),
    ],
)
def test_the_throttle_obeys_the_worst_header(headers: list[tuple[float, str]], seconds: float) -> None:
    throttle = Throttle(at_first=60)
    for when, header in headers:
        throttle.take(header, when)
    throttle.sent("retrieval", 2.0)
    assert throttle.wait("retrieval", 2.0) == pytest.approx(seconds)


def test_black_is_a_suspension() -> None:
    throttle = Throttle(at_first=60)
    throttle.take("overloaded (retrieval=black:0, search=green:30)", 0.0)
    assert throttle.wait("retrieval", 1.0) == pytest.approx(59.0, abs=0.1)
    assert throttle.wait("search", 1.0) == 0.0
    throttle.take("overloaded (retrieval=black:0)", 2.0, retry_after="216383")
    assert throttle.wait("retrieval", 2.0) == pytest.approx(216.383)
    assert (suspension("60000"), suspension("30"), suspension("soon"), suspension(None)) == (60.0, 30.0, 60.0, 60.0)


def test_five_hundred_requests_never_break_a_throttle_that_changes() -> None:
    """A simulated hour with a server that narrows, suspends and opens again: in no window are there more than the worst header allows."""
    throttle, now, sent, told = Throttle(at_first=60), 0.0, [], []
    colours = ["green:200", "green:30", "yellow:40", "green:200", "red:12", "green:100", "black:0", "green:50", "green:200"]
    for at in range(500):
        now += throttle.wait("retrieval", now)
        throttle.sent("retrieval", now)
        sent.append(now)
        now += 0.02  # the answer is under way
        colour = colours[at // 23 % len(colours)]
        told.append((now, int(colour.partition(":")[2])))
        throttle.take(f"busy (retrieval={colour}, search=black:0)", now)
        worst = min((n for when, n in told[:-1] if sent[-1] - when <= 60.0), default=60)
        assert sum(sent[-1] - when < 60.0 for when in sent) <= worst
    assert now > 500


def test_the_counters_of_a_quota() -> None:
    limits = {"per_hour": 450e6, "per_week": 4e9}
    assert quota_used({"x-individualquotaperhour-used": "983152", "x-registeredquotaperweek-used": "2723172"}, **limits) is None
    assert "this hour's quota" in str(quota_used({"x-individualquotaperhour-used": "450000001"}, **limits))
    assert "this week's quota" in str(quota_used({"x-registeredquotaperweek-used": "4000000000"}, **limits))


def test_queries_hold_ten_names_and_windows_cover_every_day() -> None:
    queries = make_queries([f"Name {at}" for at in range(12)] + ["name 3", 'a "quoted" one'])
    assert [query.count("ta=") for query in queries] == [10, 3]
    assert queries[1] == 'ta="name 10" or ta="name 11" or ta="a quoted one"'
    walk = Walk.load("{}", 1)
    halves = walk.split(2001)
    assert halves is not None
    (_, first, middle), (_, following, last) = halves.windows
    assert (first, int(following) - int(middle) in (1, 70, 71, 72, 73, 8870)) == ("19000101", True)
    assert halves.query(["ta=x"]) == f'(ta=x) and pd within "{first} {middle}"'
    assert Walk.load(halves.dump(), 1) == halves
    day = Walk(((0, "20200101", "20200101"),))
    assert day.split(9999) is None
    assert [day.turn(150).begin, day.turn(150).turn(150).windows] == [101, ()]
    assert last > "20261231"


def test_tokens_and_keys_stay_out_of_the_archive_and_the_archive_gives_the_same(tmp_path: Path) -> None:
    db, before = known(tmp_path, [*(f"CN{900_000_000 + at}A" for at in range(3)), DE]), tmp_path / "again.db"
    run_here("--db", str(db), "backup", str(before))
    with serving(Ops(token_lasts=3, hits=[(DE, "20210302")])) as server:
        done = crawl(db, server.environ, "epo_ops", "--archive", log=["-vv"])
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "w.db.files" / "archive").rglob("*.json.gz"))
    kept = done.stderr + "".join(gzip.decompress(path.read_bytes()).decode() for path in files)
    # a token for each spider and a third one; the search, four patents, two texts; what an expired token was answered with
    assert (server.n_tokens, len(files)) == (3, 3 + 7 + 1)
    assert not [secret for secret in ("SECRET", "SUQ6U0VDUkVU", '\\"t1\\"', '\\"t2\\"') if secret in kept]
    again = replay(before, files[0].parent)
    assert again.returncode == 0, again.stderr
    assert canonical_dump(before) == canonical_dump(db), again.stderr


def test_one_throttle_for_all_processes(tmp_path: Path) -> None:
    config = load_config(environ={"WHEREUSED_STATE": str(tmp_path), "WHEREUSED_EPO_OPS_KEY": "ID:SECRET"})
    asked = [Request("http://127.0.0.1/", meta={"group": group}) for group in ("search", "retrieval")]
    one, other = OpsGate(config), OpsGate(config)
    told = TextResponse("http://127.0.0.1/", headers={"X-Throttling-Control": "busy (retrieval=green:100, search=red:12)"})
    assert one.enter(asked[0])
    one.answered(asked[0], told)
    assert 9.0 < other.wait(asked[0]) <= 10.0
    assert not other.enter(asked[0])
    assert other.enter(asked[1])
    assert 0.0 < one.wait(asked[1]) <= 1.0
    assert load_config(environ={"WHEREUSED_STATE": str(tmp_path)}).state == tmp_path
