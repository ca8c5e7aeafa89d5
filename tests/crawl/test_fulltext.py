"""Full texts by the real command: from which place, what is refused and why, and where they lie."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.world import MEGAFACE, Crawl, citing, citing_id, edge, provider_of

PLACE = """SELECT f.url, f.status, f.reason FROM fulltext f JOIN external_id e USING (work_id) WHERE e.scheme = 's2' AND e.value = ?
           ORDER BY rank"""
ROBOTS = "User-agent: *\nDisallow: /pdf/private\n\nUser-agent: whereused\nDisallow: /pdf/private\nDisallow: /pdf/not-for-us\n"


def pdf(name: str) -> bytes:
    return b"%PDF-1.4\n" + name.encode() * 300


# what the provider says of openAccessPdf, arXiv id → (status, reason) of the places, in order
LINK = {
    "plain": ({"url": "{url}/pdf/plain.pdf", "status": "CLOSED", "license": "CCBY"}, None, [("stored", None)]),
    "empty": ({"url": "", "status": None}, "1801.00001", [("stored", None)]),
    "none": (None, None, []),
    "html": ({"url": "{url}/pdf/html.pdf"}, "1801.00002", [("refused", "an HTML page, not a PDF"), ("stored", None)]),
    "missing": ({"url": "{url}/pdf/missing.pdf"}, "1801.00003", [("failed", "status 404"), ("failed", "status 404")]),
    "paywall": ({"url": "{url}/pdf/paywall.pdf"}, None, [("refused", "status 403")]),
    "robots": ({"url": "{url}/pdf/private.pdf"}, "1801.00004", [("refused", "robots.txt forbids it"), ("stored", None)]),
    "named": ({"url": "{url}/pdf/not-for-us.pdf"}, None, [("refused", "robots.txt forbids it")]),
    "moved": ({"url": "{url}/pdf/moved.pdf"}, None, [("stored", None)]),
    "inside": ({"url": "{url}/pdf/inside.pdf"}, None, [("refused", "the link leads into a private network")]),
    "local": ({"url": "http://10.1.2.3/a.pdf"}, None, [("refused", "the link leads into a private network")]),
    "number": ({"url": "http://2852039166/latest/meta-data"}, None, [("refused", "the link leads into a private network")]),
    "blank": ({"url": "https://api.unpaywall.org/v2/10.1/x?email=<INSERT_YOUR_EMAIL>"}, None, []),
    "ftp": ({"url": "ftp://example.org/a.pdf"}, None, []),
    "cut": ({"url": "{url}/pdf/cut.pdf"}, None, [("failed", "the answer broke off")]),
    "twin": ({"url": "{url}/pdf/plain.pdf"}, None, [("stored", None)]),
}
NAMES = list(LINK)


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    papers = [
        citing(i, openAccessPdf=LINK[name][0], externalIds={"CorpusId": 1000 + i} | ({"ArXiv": LINK[name][1]} if LINK[name][1] else {}))
        for i, name in enumerate(NAMES)
    ]
    pdfs = {
        "plain.pdf": pdf("plain"),
        "moved-here.pdf": pdf("moved"),
        "cut.pdf": pdf("cut"),
        "private.pdf": pdf("x"),
        "not-for-us.pdf": pdf("y"),
    }
    pdfs |= {arxiv: pdf(arxiv) for arxiv in ("1801.00001", "1801.00002", "1801.00004")}
    faults = [
        Fault("html", where="/pdf/html", times=-1),
        Fault("status", where="/pdf/paywall", status=403, times=-1),
        Fault("status", where="/pdf/plain", status=503),
        Fault("redirect", where="/pdf/moved.pdf", location="/pdf/moved-here.pdf", times=-1),
        Fault("redirect", where="/pdf/inside", location="http://169.254.169.254/latest/meta-data", times=-1),
        Fault("cut", where="/pdf/cut", times=-1),
    ]
    with provider_of({MEGAFACE: [edge(i) for i in range(len(NAMES))]}, papers, faults, pdfs=pdfs, robots=ROBOTS) as world:
        yield world


@pytest.fixture
def crawl(provider: LoopbackProvider, tmp_path: Path) -> Crawl:
    return Crawl(tmp_path / "w.db", provider)


def test_places_reasons_and_files(crawl: Crawl) -> None:
    done = crawl("megaface", semantic_scholar_key="k", contact="maps@example.org")
    assert done.code == 0, done.err
    found = {name: [row[1:] for row in crawl.rows(PLACE, citing_id(i))] for i, name in enumerate(NAMES)}
    assert found == {name: expected for name, (_, _, expected) in LINK.items()}
    assert "full texts of 16 works: 6 stored, 5 refused, 2 failed, 3 no place" in done.err

    for sha256, size in crawl.rows("SELECT sha256, bytes FROM document"):
        body = (crawl.db.with_name("w.db.files") / "pdf" / sha256[:2] / f"{sha256}.pdf").read_bytes()
        assert (hashlib.sha256(body).hexdigest(), len(body)) == (sha256, size)
    assert crawl.one("SELECT count(*) FROM document") == 5, "two works with one file share it"
    assert crawl.one("SELECT licence FROM fulltext WHERE url LIKE '%plain.pdf' LIMIT 1") == "CCBY"

    asked = [r for r in crawl.provider.requests if r.path.startswith(("/pdf/", "/robots"))]
    assert not {"/pdf/private.pdf", "/pdf/not-for-us.pdf"} & {r.path for r in asked}
    assert {r.headers["user-agent"].partition(" ")[2] for r in asked} == {"(+maps@example.org)"}
    assert not any("x-api-key" in r.headers or "cookie" in r.headers or "referer" in r.headers for r in asked)

    crawl.provider.requests.clear()
    again = crawl("megaface")
    assert "6 stored" in again.err
    assert [r.path for r in crawl.provider.requests if not r.path.startswith("/graph/")] == [], "nothing is fetched again within a day"


def test_this_machine_is_not_asked_unless_allowed(crawl: Crawl) -> None:
    assert crawl("megaface", allow_loopback="0").code == 0
    assert crawl.one("SELECT count(*) FROM fulltext WHERE status IN ('stored', 'failed')") == 0
    assert crawl.rows("SELECT DISTINCT reason FROM fulltext") == [("the link leads into a private network",)]
    assert all(r.path.startswith("/graph/") for r in crawl.provider.requests)


def _may_mount() -> bool:
    tool = shutil.which("unshare")
    return (
        bool(tool)
        and subprocess.run([str(tool), "-Urm", "mount", "-t", "tmpfs", "none", "/tmp"], capture_output=True, check=False).returncode == 0
    )


def test_a_host_whose_rules_cannot_be_read_is_left_alone(crawl: Crawl) -> None:
    crawl.provider.faults.insert(0, Fault("status", where="/robots.txt", status=500, times=-1))
    assert crawl("megaface").code == 0
    assert ("its robots.txt can't be read",) in crawl.rows("SELECT DISTINCT reason FROM fulltext WHERE status = 'failed'")
    assert not any(r.path.startswith("/pdf/") for r in crawl.provider.requests)


@pytest.mark.skipif(not _may_mount(), reason="needs a user namespace, to mount a small disk in it")
@pytest.mark.parametrize("size", ["1m", "600k"])
def test_full_disk_is_one_line_and_loses_nothing(crawl: Crawl, tmp_path: Path, size: str) -> None:
    """On a disk of 1 MB a PDF of 900 kB finds no room; one of 600 kB is too small for the rows."""
    crawl.provider.pdfs["plain.pdf"] = pdf("big") * 1000
    crawl.provider.papers |= {citing_id(i): citing(i) for i in range(100, 900)}
    if size == "600k":
        crawl.provider.citations[MEGAFACE] += [edge(i) for i in range(100, 900)]
    disk = tmp_path / "disk"
    disk.mkdir()
    check = f"{sys.executable} -c \"import sqlite3; print(sqlite3.connect('{disk}/w.db').execute('PRAGMA integrity_check').fetchone()[0])\""
    command = f"{sys.executable} -m whereused --db {disk}/w.db crawl megaface"
    script = f"mount -t tmpfs -o size={size} none {disk} && {{ {command}; echo code $?; {check}; find {disk} -name '*.partial'; }}"
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script],
        env=crawl.environ(),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == ["code 1", "ok"], done.stderr
    assert len(done.stderr.splitlines()) == 1 and "no space left on the disk" in done.stderr
