"""Looking up the seed works, and providers that refuse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.world import BENCHMARK, LEVEL, MEGAFACE, SEEDS, Crawl, citing, edge, provider_of

KEY = "sEcReT-0815"
WIDER = {"paperId": "9" * 40, "title": "Recognize complex events from static images by fusing deep channels", "year": 2015, "venue": "CVPR"}


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    with provider_of({MEGAFACE: [edge(i) for i in range(5)]}, [citing(i) for i in range(5)]) as provider:
        yield Crawl(tmp_path / "w.db", provider)


def test_old_and_new_id_are_both_kept(crawl: Crawl) -> None:
    assert crawl("megaface", "--no-fulltext").code == 0
    new = "a" * 40
    provider = crawl.provider
    provider.papers[new] = SEEDS[0] | {"paperId": new}
    provider.citations[new] = provider.citations.pop(MEGAFACE)
    provider.merged[MEGAFACE] = new
    done = crawl("megaface", "--no-fulltext")
    assert "5 citing works; 0 new, 0 withdrawn" in done.err
    assert sorted(crawl.rows("SELECT value, is_primary FROM external_id WHERE scheme = 's2' AND value IN (?, ?)", MEGAFACE, new)) == [
        (MEGAFACE, 0),
        (new, 1),
    ]


def test_a_seed_without_an_id_is_taken_only_when_confirmed(crawl: Crawl) -> None:
    provider = crawl.provider
    provider.papers[str(WIDER["paperId"])] = WIDER
    provider.citations[str(WIDER["paperId"])] = [edge(0)]
    confirmed = "SELECT s2, confirmed_at IS NOT NULL FROM dataset_paper WHERE slug = 'wider'"
    no = crawl("wider", "--no-fulltext", answer="n\n")
    assert no.code == 1, "nothing was harvested"
    assert "best hit: “Recognize complex events from static images by fusing deep channels” (2015, CVPR; 9999" in no.err
    assert "not harvested: wider: Recognize Complex Events" in no.err and "--yes" in no.err
    assert crawl.rows(confirmed) == [(None, 0)]
    yes = crawl("wider", "--no-fulltext", answer="y\n")
    assert (yes.code, crawl.rows(confirmed)) == (0, [("9" * 40, 1)])
    assert crawl.one("SELECT count(*) FROM crawl_problem") == 0, "it is gone once the provider gave it"
    provider.requests.clear()
    assert crawl("wider", "--no-fulltext").code == 0
    assert crawl.asked == ["9" * 40, f"{'9' * 40}/citations 0+1000"], "the confirmed id is asked from now on"


def test_unknown_ids_lead_on_to_the_next_one(crawl: Crawl) -> None:
    provider = crawl.provider
    del provider.papers[BENCHMARK], provider.papers[LEVEL]
    provider.papers["8" * 40] = {"paperId": "8" * 40, "title": "The benchmark by its DOI", "externalIds": {"DOI": "10.1109/CVPR.2016.527"}}
    provider.citations["8" * 40] = [edge(1)]
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0
    assert sorted(crawl.asked[:3]) == ["ARXIV:1505.02108", "ARXIV:1512.00596", "ARXIV:1705.00393"]
    assert "DOI:10.1109/cvpr.2016.527" in crawl.asked
    assert "The benchmark by its DOI\n  1 row, 1 citing work" in done.err
    assert "not harvested: megaface: Level Playing Field for Million Scale Face Recognition" in done.err


@pytest.fixture
def locked(crawl: Crawl) -> LoopbackProvider:
    crawl.provider.key = KEY
    return crawl.provider


def test_a_wrong_key_stops_the_provider_at_once(crawl: Crawl, locked: LoopbackProvider) -> None:
    done = crawl("megaface", semantic_scholar_key="wrong-key-4711")
    assert done.code == 3
    assert done.err.splitlines()[-1] == (
        "whereused: Semantic Scholar refuses (403): check WHEREUSED_SEMANTIC_SCHOLAR_KEY; "
        "what came is kept, the same command goes on from there"
    )
    assert len(crawl.asked) <= 3
    assert crawl.rows("SELECT status FROM run WHERE command = 'crawl'") == [("failed",)]


def test_the_key_goes_into_the_header_and_nowhere_else(crawl: Crawl, locked: LoopbackProvider) -> None:
    done = crawl("megaface", options=["-vv"], semantic_scholar_key=KEY)
    assert done.code == 0
    assert {r.headers.get("x-api-key") for r in crawl.provider.requests} == {KEY}
    assert KEY not in done.err + done.out
    assert KEY.encode() not in crawl.db.read_bytes()
    assert {r.headers["user-agent"] for r in crawl.provider.requests} == {f"whereused/{_version()}"}


def _version() -> str:
    from db.runs import installed_version

    return installed_version()


def test_a_storm_of_refusals_keeps_what_came_and_goes_on_later(crawl: Crawl) -> None:
    storm = Fault("status", where="/citations", status=429, times=-1)
    crawl.provider.faults.append(storm)
    done = crawl("megaface", "--no-fulltext", rate_semantic_scholar="20000")
    assert done.code == 3
    assert done.err.splitlines()[-1].startswith("whereused: Semantic Scholar still says 429 (too many requests) after 8 waits")
    assert crawl.one("SELECT count(*) FROM crawl_list") == 3
    storm.times = 0
    assert crawl("megaface", "--no-fulltext").code == 0
    assert crawl.one("SELECT count(*) FROM citation_sighting") == 5
    assert crawl.rows("SELECT status FROM run ORDER BY run_id") == [("failed",), ("done",)]
    assert crawl.one("SELECT max(pass) FROM crawl_list") == 1


def test_one_broken_list_does_not_stop_the_others(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("status", where=f"{BENCHMARK}/citations", status=500, times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 3
    assert "status 500 (Internal Server Error), also after retries" in done.err.splitlines()[-1]
    assert "MegaFace: A Million Faces for Recognition at Scale\n  5 rows, 5 citing works" in done.err


def test_the_pace_is_kept_and_a_refusal_holds_everybody(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("status", where="/citations", status=429))
    rate = 25
    assert crawl("megaface", "--no-fulltext", "--no-search", rate_semantic_scholar=str(rate)).code == 0
    times = [r.at for r in crawl.provider.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 6
    assert times[-1] - times[0] > 0.95 * 6 / rate
    assert sum(gap > 0.25 / rate for gap in gaps) >= 4, gaps  # a busy machine is late for a moment; test_pace has a clock of its own
    assert max(gaps) > 0.6 * 2 * 10 / rate, "two units of back-off, give or take the jitter"


def test_a_list_that_is_gone_is_recorded_and_asked_once(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("body", where=f"{BENCHMARK}/citations", status=404, body=b'{"error":"Paper not found"}', times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0
    assert "not harvested: megaface: The MegaFace Benchmark" in done.err
    assert "Semantic Scholar refuses its list (Paper not found)" in done.err
    assert len([ask for ask in crawl.asked if ask.startswith(f"{BENCHMARK}/citations")]) == 1


def test_a_long_wait_is_not_slept_through(crawl: Crawl) -> None:
    crawl.provider.faults.append(Fault("status", where="/paper/", status=429, retry_after="86400", times=-1))
    done = crawl("megaface")
    assert done.code == 3
    assert "asks to wait 86400 s (429)" in done.err


def test_mistakes_of_the_user(crawl: Crawl) -> None:
    done = crawl("megafac")
    assert done.code == 2
    assert done.err.startswith("whereused: there is no dataset 'megafac'; did you mean megaface")
    assert "WHEREUSED_RATE_SEMANTIC_SCHOLAR is '0'" in crawl("megaface", rate_semantic_scholar="0").err
    with FileLock(f"{crawl.db}.crawl.lock"):
        done = crawl("megaface")
    assert done.code == 2
    assert done.err.startswith("whereused: another crawl is at work on ")
    assert crawl.provider.requests == []
