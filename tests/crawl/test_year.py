"""Weekly crawls of some months: the database equals the truth, and each week costs what is new.

The whole year, with a longer list and the whole job, is `python -m benchmarks.year`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.crawl.campaign import rows_of
from tests.crawl.world import Crawl, citing, edge, provider_of
from tests.crawl.year import EXPIRES, RENEWED, Year, a_week_passes, live, shown

WEEKS = 18


def test_months_of_weekly_crawls(tmp_path: Path) -> None:
    year, db = Year(n=40), tmp_path / "w.db"
    with year.provider as provider:
        outcomes = live(year, db, WEEKS)
        assert [i for i, outcome in enumerate(outcomes) if outcome != "done"] == list(range(EXPIRES, RENEWED - 1))
        assert all("check WHEREUSED_SEMANTIC_SCHOLAR_KEY" in outcomes[i] for i in range(EXPIRES, RENEWED - 1))
        found, truth = shown(db), year.truth
        assert {key: found[key] for key in truth} == truth
        assert found.keys() - truth.keys() <= set(year.renamed), "older ids of works that stand"
        pdfs = [r for r in provider.requests if r.path.startswith("/pdf/")]
        assert len(pdfs) == len({r.path for r in pdfs}) == year.n + sum(year.news), "no full text is asked for twice"
        lists = [r for r in provider.requests if "/citations" in r.path]
        assert len(lists) <= WEEKS * 3 * (1 + 3), "three lists, a page each and a closing look"
    conn = sqlite3.connect(db)
    one = lambda sql: conn.execute(sql).fetchone()[0]  # noqa: E731
    assert one("SELECT count(*) FROM citation_sighting") == year.n + sum(year.news), "nothing twice, nothing deleted"
    assert one("SELECT count(*) FROM citation_sighting WHERE withdrawn_at IS NOT NULL") == len(year.vanished) + len(year.joined)
    assert one("SELECT count(*) FROM citation_sighting WHERE returned_at IS NOT NULL") >= 1
    assert one("SELECT count(*) FROM work WHERE title = 'A title that was corrected'") == 1
    lost = """SELECT count(*) FROM citation_sighting s JOIN citation c USING (citation_id)
                LEFT JOIN crawl_pass p ON p.provider = s.provider AND p.work_id = c.cited_work_id AND p.pass = s.last_pass
               WHERE p.run_id IS NULL"""
    assert one(lost) == 0, "every citation leads to the run that last saw it"
    conn.close()


def test_each_dataset_has_its_interval(tmp_path: Path) -> None:
    with provider_of({"1" * 40: [edge(1)]}, [citing(1)]) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)

        def asked(*args: str) -> int:
            provider.requests.clear()
            assert crawl("megaface", "--no-fulltext", *args).code == 0
            return sum("/citations" in r.path for r in provider.requests)

        assert asked() == 3
        assert asked("--due") == 0
        a_week_passes(crawl.db)
        assert asked("--due") == 3
        interval(crawl, "megaface", "30")
        for _ in range(3):
            a_week_passes(crawl.db)
        assert asked("--due") == 0
        interval(crawl, "megaface", "--default")
        assert asked("--due") == 3


def interval(crawl: Crawl, *args: str) -> None:
    from click.testing import CliRunner

    from whereused import main

    done = CliRunner().invoke(main, ["--db", str(crawl.db), "datasets", "interval", *args])
    assert done.exit_code == 0 and float(done.stdout) in (7, 30)


def test_an_unchanged_list_costs_its_pages_and_rewrites_nothing(tmp_path: Path, n: int = 1100) -> None:
    with provider_of({"1" * 40: [edge(i) for i in range(n)]}, [citing(i) for i in range(n)]) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)
        assert crawl("megaface", "--no-fulltext").code == 0
        before = rows_of(crawl.db)
        provider.requests.clear()
        assert crawl("megaface", "--no-fulltext").code == 0
        assert sum("1" * 40 in r.path or "1505" in r.path for r in provider.requests) <= -(-n // 1000) + 3
        assert rows_of(crawl.db) == before
