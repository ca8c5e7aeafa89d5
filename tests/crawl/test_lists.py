"""Lists, crawled by the real command from a provider that behaves as the real one does on a bad day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault, LoopbackProvider
from db.identity import row_id
from tests.crawl.world import BENCHMARK, LEVEL, MEGAFACE, Crawl, citing, citing_id, edge, nameless, provider_of

LIVE = "SELECT count(*) FROM citation_sighting WHERE withdrawn_at IS NULL"
SEEN = """SELECT e.value FROM citation c JOIN citation_sighting s USING (citation_id) JOIN external_id e ON e.work_id = c.citing_work_id
          JOIN external_id x ON x.work_id = c.cited_work_id
          WHERE x.value = ? AND e.scheme IN ('s2', 'row') AND s.withdrawn_at IS NULL"""


def shown(crawl: Crawl, cited: str) -> set[str]:
    return {row[0] for row in crawl.rows(SEEN, cited)}


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    with provider_of({}) as provider:
        yield Crawl(tmp_path / "w.db", provider)


def fill(provider: LoopbackProvider, cited: str, numbers: range) -> list[str]:
    provider.papers |= {citing_id(i): citing(i) for i in numbers}
    provider.citations[cited] = [edge(i) for i in numbers]
    return [citing_id(i) for i in numbers]


def test_every_row_arrives_on_a_bad_day(crawl: Crawl) -> None:
    provider = crawl.provider
    ids = fill(provider, MEGAFACE, range(1250))
    without = [nameless("a line of garbage"), {"citingPaper": {"paperId": None, "title": None}, "contexts": ["[4]"]}]
    provider.citations[MEGAFACE][500:500] = [*without, edge(3), edge(4)]  # two rows without an id, two that stand there twice
    provider.citations[LEVEL] = [edge(i) for i in range(1240, 1250)]
    page = "/citations?"
    provider.faults += [
        Fault("status", where="ARXIV:1505", status=429, times=2),
        Fault("html", where="ARXIV:1512", status=200),
        Fault("status", where="ARXIV:1512", status=504, times=2),  # nothing smaller can be asked for
        Fault("status", where="ARXIV:1705", status=503, retry_after="1"),
        Fault("limit", where=page, limit=400, times=-1),
        Fault("status", where=page, status=500, skip=1),
        Fault("drop", where=page, skip=2),
        Fault("html", where=page, status=502, skip=1),
        Fault("cut", where=page, skip=1),
        Fault("body", where=page, body=b'{"data": [{"citingPaper": {}}', skip=1),
        Fault("status", where=page, status=429, times=3, skip=1),
        Fault("empty", where=f"{MEGAFACE}{page}", skip=3),
        Fault("null", where=f"{BENCHMARK}{page}", times=-1),
    ]
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0, done.err
    keys = {row_id(MEGAFACE, "a line of garbage"), row_id(MEGAFACE, None, "[4]")}
    assert shown(crawl, MEGAFACE) == {*ids, *keys}
    assert shown(crawl, LEVEL) == set(ids[-10:])
    assert shown(crawl, BENCHMARK) == set()
    assert crawl.one("SELECT count(*) FROM citation_context") == 1250 + 10 + 1
    assert crawl.rows("SELECT DISTINCT is_influential, intents FROM citation_sighting WHERE is_influential") == [(1, '["methodology"]')]
    assert (
        "1254 rows, 1252 citing works; 2 of them without an id; 1252 new, 0 withdrawn; the provider counts 1254, 2 of them not shown"
        in done.err
    )
    assert "Traceback" not in done.err
    assert done.out == ""


def test_second_crawl_adds_withdraws_and_takes_back(crawl: Crawl) -> None:
    provider = crawl.provider
    ids = fill(provider, MEGAFACE, range(30))
    provider.citations[BENCHMARK] = [edge(3)]
    assert crawl("megaface", "--no-fulltext").code == 0

    before, provider.citations[MEGAFACE] = provider.citations[MEGAFACE], [edge(100), *(edge(i) for i in range(30) if i not in (3, 4))]
    provider.papers[citing_id(100)] = citing(100)
    provider.requests.clear()
    second = crawl("megaface", "--no-fulltext")
    assert "29 rows, 29 citing works; 1 new, 2 withdrawn" in second.err
    assert shown(crawl, MEGAFACE) == {*ids, citing_id(100)} - {ids[3], ids[4]}
    assert shown(crawl, BENCHMARK) == {ids[3]}, "a work that one list lost stays in the other"
    assert sorted(crawl.asked)[:2] == [MEGAFACE, f"{MEGAFACE}/citations 0+1000"]  # by its id now
    assert len(crawl.asked) == 7, "one look at each seed, one page for each list, one more where something would be withdrawn"

    provider.citations[MEGAFACE] = before
    third = crawl("megaface", "--no-fulltext")
    assert "30 rows, 30 citing works; 0 new, 1 withdrawn" in third.err
    assert shown(crawl, MEGAFACE) == set(ids)
    assert crawl.one("SELECT count(*) FROM citation") == 32, "nothing is deleted"
    provider.requests.clear()
    assert crawl("--due", "--no-fulltext").code == 0
    assert provider.requests == [], "nothing is due"


def test_rows_that_move_between_two_pages(crawl: Crawl) -> None:
    provider = crawl.provider
    fill(provider, MEGAFACE, range(1100))
    provider.papers |= {citing_id(i): citing(i) for i in range(2000, 2003)}

    def arrive(world: LoopbackProvider) -> None:
        world.citations[MEGAFACE][:0] = [edge(i) for i in range(2000, 2003)]

    provider.faults.append(Fault("call", where="offset=1000", action=arrive))
    done = crawl("megaface", "--no-fulltext")
    assert "1106 rows, 1103 citing works" in done.err, "three rows came twice, pushed down by the new ones"
    assert len(shown(crawl, MEGAFACE)) == 1103


def test_a_list_that_the_provider_cuts_off(crawl: Crawl) -> None:
    provider = crawl.provider
    fill(provider, MEGAFACE, range(1200))
    assert crawl("megaface", "--no-fulltext").code == 0
    provider.windows = "ignored"
    cap = json.dumps({"error": "offset + limit must be < 10000"}).encode()
    provider.faults.append(Fault("body", where="offset=1000", status=400, body=cap, times=-1))
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0
    assert "1000 citing works; 0 new, 0 withdrawn; the provider counts 1200, 200 of them not shown; cut off" in done.err
    assert crawl.one(LIVE) == 1200, "what lies behind the cap is not gone"


def test_a_list_beyond_the_cap_is_read_by_dates(crawl: Crawl) -> None:
    provider = crawl.provider
    fill(provider, MEGAFACE, range(1200))
    undated = [citing(i, year=None) for i in range(2000, 2003)]
    provider.papers |= {paper["paperId"]: paper for paper in undated}
    provider.citations[MEGAFACE][5:5] = [edge(i) for i in range(2000, 2003)]
    provider.papers[MEGAFACE]["citationCount"] = 10_400  # more than can be reached, as far as it says
    done = crawl("megaface", "--no-fulltext")
    assert done.code == 0, done.err
    windows = [r.query["publicationDateOrYear"] for r in provider.requests if "publicationDateOrYear" in r.query]
    assert windows[:2] == [":1799-12-31", "1800-01-01:2013-12-31"] and windows[-1] == "2014-01-01:"
    assert crawl.one(LIVE) == 1203
    provider.citations[MEGAFACE] = [edge(i) for i in range(1100)]  # 100 are gone, and the three without a date
    again = crawl("megaface", "--no-fulltext")
    assert "0 new, 100 withdrawn" in again.err, "what has no date may only be hidden"
    assert crawl.one(LIVE) == 1103


def test_trial_of_a_few_rows(crawl: Crawl) -> None:
    fill(crawl.provider, MEGAFACE, range(40))
    done = crawl("megaface", "--no-fulltext", "--limit", "7")
    assert "7 rows, 7 citing works" in done.err and "the next crawl goes on" in done.err
    assert crawl("megaface", "--no-fulltext").code == 0
    assert crawl.one(LIVE) == 40
    assert crawl.one("SELECT pass FROM crawl_list JOIN external_id USING (work_id) WHERE value = ?", MEGAFACE) == 1


def test_datasets_made_from_it(crawl: Crawl) -> None:
    """--derived: works that cite a derivative come into the scope of the dataset, with the name of the derivative."""
    provider = crawl.provider
    provider.papers |= {citing_id(i): citing(i) for i in range(6)}
    provider.citations[MEGAFACE] = [edge(i) for i in range(2)]
    assert crawl("megaface", "--no-fulltext").code == 0
    conn = sqlite3.connect(crawl.db)
    conn.execute("INSERT INTO dataset (slug, name, origin) VALUES ('smallface', 'SmallFace', 'user')")
    conn.execute("INSERT INTO dataset_ancestor (slug, ancestor) VALUES ('smallface', 'megaface')")
    conn.execute("INSERT INTO dataset_paper (slug, position, title, s2) VALUES ('smallface', 0, 'SmallFace', ?)", ["4" * 40])
    conn.commit()
    conn.close()
    provider.papers["4" * 40] = {"paperId": "4" * 40, "title": "SmallFace", "year": 2018}
    provider.citations["4" * 40] = [edge(i) for i in range(2, 6)]
    found = "SELECT count(*) FROM found WHERE slug = 'megaface' AND how = ? AND withdrawn_at IS NULL"
    assert crawl("megaface", "--no-fulltext").code == 0
    assert crawl.one(found, "derived: smallface") == 0
    for _ in range(2):
        done = crawl("megaface", "--derived", "--no-fulltext")
        assert done.code == 0, done.err
        assert crawl.one(found, "derived: smallface") == 4
        assert crawl.one(found, "citation") == 2
    provider.citations["4" * 40] = [edge(i) for i in range(2, 5)]
    assert crawl("megaface", "--derived", "--no-fulltext").code == 0
    assert crawl.one(found, "derived: smallface") == 3
