"""An archive makes the same database again without a network, and nothing that was kept or told holds a key."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.second import Second, open_work
from tests.crawl.world import BENCHMARK, MEGAFACE, Crawl, citing, edge, nameless, provider_of
from tests.helpers.dump import canonical_dump

PROVIDERS = ("--provider", "semantic_scholar", "--provider", "openalex", "--provider", "opencitations")
PLANTED = {
    "semantic_scholar_key": "s3cret/semantic+scholar=",
    "openalex_key": "s3cret/open alex",
    "opencitations_key": "s3cret-open-citations",
    "epo_ops_key": "s3cret-consumer:s3cret-password",
    "contact": "planted@example.org",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf", "license": "CCBY"} if i < 12 else None) for i in range(60)]
    second = Second(works=[open_work(i) for i in range(40, 170)], citing=[f"omid:br/061{i} doi:10.5555/face.{i}" for i in range(25, 40)])
    second.unpaywall = {"10.5555/face.30": {"oa_locations": [{"url_for_pdf": "http://10.0.0.7/inside.pdf"}]}}
    page = "/citations?"
    faults = [
        Fault("status", where="ARXIV:1505", status=429, times=2),
        Fault("status", where=page, status=503, retry_after="1"),
        Fault("html", where=page, status=200, skip=1),
        Fault("drop", where=page, skip=1),
        Fault("limit", where=page, limit=125, times=-1),
        Fault("html", where="/pdf/1.pdf", times=-1),
        Fault("redirect", where="/pdf/2.pdf", location="/pdf/moved.pdf", times=-1),
        Fault("redirect", where="/pdf/3.pdf", location="http://169.254.169.254/latest", times=-1),
        Fault("status", where="/pdf/4.pdf", status=403, times=-1),
        Fault("drop", where="/pdf/5.pdf", times=-1),
        Fault("cut", where="/pdf/6.pdf", times=-1),
        # an answer that repeats the key, as some servers do
        Fault("body", where=f"{BENCHMARK}{page}", status=400, times=-1, body=b'{"error": "no access with s3cret/semantic+scholar= here"}'),
    ]
    pdfs = {f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in (0, 6, 7, 8)} | {"moved.pdf": b"%PDF-1.4 moved"}
    lists = {MEGAFACE: [*(edge(i) for i in range(60)), nameless("a line of text")], BENCHMARK: [edge(3)]}
    robots = "User-agent: *\nDisallow: /pdf/8.pdf\n"
    with provider_of(lists, papers, faults, pdfs=pdfs, robots=robots, also=second) as world:
        yield world


@pytest.fixture(scope="module")
def archived(provider: LoopbackProvider, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawl, str]:
    """A crawl with every fault above, at the most talkative level, and what it printed."""
    crawl = Crawl(tmp_path_factory.mktemp("archived") / "first.db", provider)
    done = crawl("megaface", "--archive", *PROVIDERS, options=("-vv",), **PLANTED)
    assert done.code == 0, done.err
    return crawl, done.err


def archive_of(crawl: Crawl) -> Path:
    (folder,) = (crawl.db.with_name(crawl.db.name + ".files") / "archive").iterdir()
    return folder


def kept(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".pdf":
            yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_same_database_without_a_network_and_no_planted_key_anywhere(archived: tuple[Crawl, str], tmp_path: Path) -> None:
    first, log = archived
    n_asked = len(first.provider.requests)
    assert "Crawled (200)" in log, "the log does tell of each request"
    folder = archive_of(first)
    told = [json.loads(gzip.decompress(path.read_bytes())) for path in folder.glob("*.json.gz")]
    assert {row.get("status") for row in told} >= {200, 400, 403, 404, 429, 503}
    assert {row["error"] for row in told if "error" in row} >= {"ForbiddenAddress", "ForbiddenByRobots"}

    again = Crawl(tmp_path / "again.db", first.provider)
    replayed = again("--replay", str(folder), options=("-q",), semantic_scholar_url="http://127.0.0.1:9", openalex_url="http://127.0.0.1:9")
    assert replayed.code == 0, replayed.err
    assert len(first.provider.requests) == n_asked, "nobody was asked"
    assert canonical_dump(again.db) == canonical_dump(first.db)
    pdfs = [{path.name for path in db.with_name(db.name + ".files").rglob("*.pdf")} for db in (first.db, again.db)]
    assert pdfs[0] == pdfs[1] and len(pdfs[0]) == 3

    everything = [log.encode(), *kept(tmp_path), *kept(first.db.parent)]
    planted = ["s3cret", "s3cret".upper(), "planted@example.org", "planted%40", "czNjcmV0"]  # the last one in Base64
    for secret in planted:
        assert not [text[:80] for text in everything if secret.encode() in text], secret


def test_what_an_archive_is_not(archived: tuple[Crawl, str], tmp_path: Path) -> None:
    crawl, _ = archived
    again = Crawl(tmp_path / "again.db", crawl.provider)
    for name, what in (("7", "holds no archive of a crawl"), (str(tmp_path / "nowhere"), "holds no archive")):
        done = again("--replay", name)
        assert (done.code, len(done.err.splitlines())) == (2, 1) and what in done.err
    folder = Path(shutil.copytree(archive_of(crawl), tmp_path / "archive"))
    (folder / "000001.json.gz").write_bytes(b"\x1f\x8bnothing")
    done = again("--replay", str(folder))
    assert (done.code, len(done.err.splitlines())) == (2, 1) and "is damaged" in done.err


def test_an_archive_of_half_a_crawl_gives_half_and_says_so(archived: tuple[Crawl, str], tmp_path: Path) -> None:
    crawl, _ = archived
    folder = Path(shutil.copytree(archive_of(crawl), tmp_path / "archive"))
    for path in sorted(folder.glob("*.json.gz"))[12:]:
        path.unlink()
    again = Crawl(tmp_path / "again.db", crawl.provider)
    done = again("--replay", str(folder))
    assert done.code == 0, done.err
    assert "has no answer to some of the questions" in done.err
    assert again.one("SELECT count(*) FROM crawl_list") >= 1
