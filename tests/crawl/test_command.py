"""The command as a user meets it: Ctrl-C, plain scrapy, what is on by default."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.datasets import load_datasets
from crawler.sample.provider import Fault
from db.catalogue import Dataset, add_dataset, sync
from db.connect import open_for_writing, writing
from tests.conftest import ROOT
from tests.crawl.process import Running
from tests.crawl.world import MEGAFACE, Crawl, citing, edge, provider_of

SCRAPY = (sys.executable, "-m", "scrapy")


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf"}) for i in range(12)]
    with provider_of(
        {MEGAFACE: [edge(i) for i in range(12)]}, papers, pdfs={f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in range(12)}
    ) as provider:
        yield Crawl(tmp_path / "w.db", provider)


@pytest.mark.parametrize(("number", "where"), [(signal.SIGINT, f"{MEGAFACE}/citations"), (signal.SIGTERM, "/pdf/")])
def test_stopped_by_the_user(crawl: Crawl, number: signal.Signals, where: str) -> None:
    """Ctrl-C while an answer is under way, and while the crawl sleeps because it was refused: an orderly end, and all is kept."""
    started: list[Running] = []
    crawl.provider.faults += [
        Fault("call", where=where, skip=2 if where == "/pdf/" else 0, action=lambda _: started[0].send_signal(number)),
        Fault("status", where="/pdf/", status=429, skip=3, times=-1, retry_after="50"),
    ]
    started.append(crawl.start("megaface"))
    code, _, err = started[0].wait()
    assert code == 130, err
    assert err.splitlines()[-1] == "interrupted; what was done is kept, the same command goes on from there"
    assert "Traceback" not in err
    assert crawl.rows("SELECT status, reason FROM run") == [("interrupted", "stopped by the user")]
    crawl.provider.faults.clear()
    assert crawl("megaface", state=str(crawl.db.parent / "state")).code == 0  # without what it knows of the 50 s
    assert crawl.one("SELECT count(*) FROM fulltext WHERE status = 'stored'") == 12
    assert crawl.rows("SELECT DISTINCT first_pass, last_pass FROM citation_sighting") == [(1, 1)]


def test_plain_scrapy_works_too(crawl: Crawl) -> None:
    env = crawl.environ(db=str(crawl.db))
    names = subprocess.run([*SCRAPY, "list"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30, check=True)
    patents = ["epo_ops", "epo_ops_search", "google_patents", "lens", "uspto"]
    others = ["crossref", "fetch", "fulltext", "gather", "openalex", "opencitations", "photo_links", "run", "semantic_scholar", "unpaywall"]
    assert names.stdout.split() == sorted(
        [*patents, *others, "openalex_search", "semantic_scholar_batch", "semantic_scholar_search"],
    )
    for name in ("uspto", "semantic_scholar", "fulltext"):  # without a key those of patents ask nobody
        done = subprocess.run(
            [*SCRAPY, "crawl", name, "-a", "slugs=megaface"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "ERROR" not in done.stderr
        assert "Telnet" not in done.stderr and "RemoteControl" not in done.stderr
    assert crawl.one("SELECT count(*) FROM fulltext WHERE status = 'stored'") == 12
    assert crawl.rows("SELECT status FROM run") == [("done",)] * 3


def test_without_a_slug_megaface_and_quiet(crawl: Crawl) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "whereused", "-q", "--db", str(crawl.db), "crawl", "--no-fulltext"],
        env=crawl.environ(), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert crawl.one("SELECT count(*) FROM citation") == 12


def test_a_dataset_of_which_nothing_is_known_says_so(crawl: Crawl) -> None:
    db = open_for_writing(crawl.db)
    with writing(db):
        sync(db, load_datasets())
        add_dataset(db, Dataset("plain", "Plain Faces", origin="user"))
    db.close()
    done = crawl("plain", "--no-search")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("plain: nothing was found; name its papers with `whereused datasets add")
