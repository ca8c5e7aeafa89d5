"""Killed with -9 at any moment and run again: the same content as without the kill."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.process import Running
from tests.crawl.world import BENCHMARK, MEGAFACE, Crawl, citing, edge, nameless, provider_of
from tests.helpers.dump import canonical_dump

WITH_PDF = range(6)
WITHOUT = range(6, 10)


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    """Two lists, read in small pages since large ones time out; rows without an id; ten full texts, four of them missing."""
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf", "license": "CCBY"} if i < 10 else None) for i in range(320)]
    lists = {
        MEGAFACE: [*(edge(i) for i in range(300)), nameless("a line of text"), nameless("another")],
        BENCHMARK: [edge(i, contexts=[]) for i in range(290, 320)],
    }
    pdfs = {f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in WITH_PDF}
    with provider_of(lists, papers, [Fault("limit", where="/citations", limit=125, times=-1)], pdfs=pdfs) as world:
        yield world


@pytest.fixture(scope="module")
def undisturbed(provider: LoopbackProvider, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content after a crawl that nobody disturbed."""
    crawl = Crawl(tmp_path_factory.mktemp("undisturbed") / "w.db", provider)
    assert crawl("megaface").code == 0
    assert crawl.one("SELECT count(*) FROM citation_sighting WHERE last_pass = 1 AND withdrawn_at IS NULL") == 332
    assert crawl.one("SELECT count(*) FROM fulltext WHERE status = 'stored'") == len(WITH_PDF)
    assert crawl.one("SELECT count(*) FROM fulltext WHERE status = 'failed' AND n_tries = 1") == len(WITHOUT)
    return canonical_dump(crawl.db)


MOMENTS = [
    ("crawler.pipelines:save_seed", 2),  # between two seeds
    ("db.citations:_take", 200),  # in the middle of a page
    ("db.crawl:_end_pass", 1),  # a list is complete, but not yet committed
    ("crawler.pipelines:save_page", 5),  # a page came, nothing of it is saved
    ("crawler.fulltext:_sync_folder", 3),  # the file lies there, its row doesn't
    ("crawler.pipelines:save_fulltext", 7),  # among full texts
]


def test_same_content_after_kill(provider: LoopbackProvider, undisturbed: str, tmp_path: Path) -> None:
    crawls = {moment: Crawl(tmp_path / f"{i}.db", provider) for i, moment in enumerate(MOMENTS)}
    killed = {moment: crawl.start("megaface", dies_at=moment) for moment, crawl in crawls.items()}  # side by side: quicker
    for moment, process in killed.items():
        code, _, err = process.wait()
        assert code == -signal.SIGKILL, (moment, err)
    again = {moment: crawl.start("megaface") for moment, crawl in crawls.items()}
    for moment, process in again.items():
        code, _, err = process.wait()
        assert code == 0, (moment, err)
        assert canonical_dump(crawls[moment].db) == undisturbed, moment
    assert not list(tmp_path.rglob("*.partial"))


def test_killed_by_the_network_side_several_times(provider: LoopbackProvider, undisturbed: str, tmp_path: Path) -> None:
    """The process dies while it waits for an answer, again and again: each call goes on where the last one was."""
    crawl = Crawl(tmp_path / "w.db", provider)
    for skip in (4, 5):
        started: list[Running] = []
        provider.faults.insert(0, Fault("call", skip=skip, action=lambda _, started=started: started[0].send_signal(signal.SIGKILL)))  # type: ignore[misc]
        started.append(crawl.start("megaface"))
        assert started[0].wait()[0] == -signal.SIGKILL
    provider.requests.clear()
    assert crawl("megaface").code == 0
    assert canonical_dump(crawl.db) == undisturbed


def test_killed_while_a_changed_list_is_read_again(tmp_path: Path) -> None:
    """The second pass: what is gone is withdrawn once, what is new is added once, whenever the process died."""
    numbers = range(260)
    with provider_of({MEGAFACE: [edge(i) for i in numbers]}, [citing(i) for i in range(270)]) as provider:
        provider.faults.append(Fault("limit", where="/citations", limit=125, times=-1))
        first = Crawl(tmp_path / "first.db", provider)
        assert first("megaface").code == 0
        provider.citations[MEGAFACE] = [edge(i) for i in [*range(260, 270), *numbers] if i % 50]
        crawls = {}
        for moment in [
            None,
            ("db.citations:_take", 130),
            ("db.crawl:_end_pass", 1),
            ("crawler.pipelines:save_seed", 2),
            ("crawler.pipelines:save_page", 4),
        ]:
            crawls[moment] = Crawl(tmp_path / f"{len(crawls)}.db", provider)
            shutil.copy(first.db, crawls[moment].db)
        started = {moment: crawl.start("megaface", dies_at=moment) for moment, crawl in crawls.items()}
        assert [process.wait()[0] for process in started.values()] == [0] + [-signal.SIGKILL] * (len(crawls) - 1)
        undisturbed = crawls.pop(None)
        assert undisturbed.one("SELECT count(*) FROM citation_sighting WHERE withdrawn_at IS NOT NULL") == 6
        assert undisturbed.one("SELECT count(*) FROM citation_sighting WHERE first_pass = 2") == 10
        for moment, crawl in crawls.items():
            assert crawl("megaface").code == 0
            assert canonical_dump(crawl.db) == canonical_dump(undisturbed.db), moment
