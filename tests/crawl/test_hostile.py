"""Full texts from servers that mean harm: whom a link may lead to, and how much an answer may cost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawl.hostile import HostileServer
from tests.crawl.world import MEGAFACE, Crawl, citing, edge, provider_of

PRIVATE = "the link leads into a private network"
PLAIN = "the link is no plain web address"
LARGE = "larger than 64 MB"
LATE = "no answer in time"
# name of the file on the server → (status, reason)
OUTCOMES = {
    "good": ("stored", None),
    "bomb": ("refused", LARGE),
    "twice": ("refused", LARGE),
    "endless": ("refused", LARGE),
    "announced": ("refused", LARGE),
    "short": ("failed", "the answer broke off"),
    "drops": ("failed", LATE),
    "slowly": ("failed", LATE),
    "headers": ("failed", LATE),
    "line": ("failed", "the connection broke off"),
    "file": ("refused", "status 302 and no web address to go on to"),
    "ftp": ("refused", "status 302 and no web address to go on to"),
    "data": ("refused", "status 302 and no web address to go on to"),
    "six": ("refused", PRIVATE),
    "nat": ("refused", PRIVATE),
    "octal": ("refused", PRIVATE),
    "hex": ("refused", PRIVATE),
    "short-form": ("refused", PRIVATE),
    "login": ("refused", PLAIN),
}
ANY = ("negative", "lengths", "nothing", "noise", "loop")  # refused or failed, in whatever words
# Links that lead nowhere good from the start.
LINKS = {
    "http://[::ffff:10.0.0.1]:1/a.pdf": PRIVATE,
    "http://[fd00:ec2::254]/latest": PRIVATE,
    "http://[2002:a00:1::]/a.pdf": PRIVATE,
    "http://0300.0250.1.1/a.pdf": PRIVATE,  # octal
    "http://3232235777/a.pdf": PRIVATE,  # 192.168.1.1 as one number
    "http://evil.test/a.pdf": PRIVATE,
    "http://evil.test./a.pdf": PRIVATE,
    "http://me@93.184.216.34/a.pdf": PLAIN,
}
# Into the crawl: what it held at most; and in place of the name servers: names whose first answer is this machine and whose next ones
# lead inside; evil.test does at once.
NAMES = """
import atexit, os, socket
real, asked = socket.gethostbyname, []
def gethostbyname(name):
    if not name.rstrip('.').endswith('.test'):
        return real(name)
    asked.append(name)
    with open({log!r}, 'a') as log:
        print(name, file=log)
    inside = name.startswith('evil') or asked.count(name) > 1
    return '169.254.169.254' if inside else '127.0.0.1'
socket.gethostbyname = gethostbyname

@atexit.register
def tell_peak():
    with open('{peaks}/' + str(os.getpid()), 'w') as told, open('/proc/self/status') as status:
        told.writelines(line.split()[1] for line in status if line.startswith('VmHWM'))
"""


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


def test_harm_is_bounded_and_told(server: HostileServer, tmp_path: Path) -> None:
    names, peaks = tmp_path / "names", tmp_path / "peaks"
    names.mkdir()
    peaks.mkdir()
    (names / "sitecustomize.py").write_text(NAMES.format(log=str(tmp_path / "asked"), peaks=peaks))
    urls = [f"http://{name}.test:{server.port}/{name}.pdf" for name in (*OUTCOMES, *ANY)]
    rebinding = f"http://rebind.test:{server.port}/good.pdf"
    urls += [*LINKS, rebinding, f"http://rebind.test:{server.port}/good.pdf?again"]
    papers = [citing(i, openAccessPdf={"url": url}) for i, url in enumerate(urls)]
    with provider_of({MEGAFACE: [edge(i) for i in range(len(urls))]}, papers) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)
        done = subprocess.run(
            [sys.executable, "-m", "whereused", "--db", str(crawl.db), "crawl", "megaface"],
            env=crawl.environ(fulltext_seconds="5", arxiv_pdf_url="http://arxiv.test/pdf") | {"PYTHONPATH": str(names)},
            capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "root:" not in done.stderr
    found = {url: (status, reason) for url, status, reason in crawl.rows("SELECT url, status, reason FROM fulltext")}
    told = {name: found[f"http://{name}.test:{server.port}/{name}.pdf"] for name in (*OUTCOMES, *ANY)}
    assert {name: (told[name][0], told[name][1] if reason else None) for name, (_, reason) in OUTCOMES.items()} == OUTCOMES
    assert {told[name][0] for name in ANY} <= {"refused", "failed"}, told
    assert {url: found[url] for url in LINKS} == {url: ("refused", reason) for url, reason in LINKS.items()}
    assert found[rebinding] == found[f"{rebinding}?again"] == ("stored", None)
    assert (tmp_path / "asked").read_text().split().count("rebind.test") == 1, "the address that was checked is the one that is used"
    assert not [request for request in server.asked if "cookie:" in request.lower() or "authorization:" in request.lower()]
    peak = max(int(told.read_text()) for told in peaks.iterdir())  # of the crawl alone: RUSAGE_CHILDREN would count earlier tests' children
    assert peak < 1_900_000, (
        "kilobytes: of eight answers at a time 64 MB each in pieces, joined and unpacked (1,536 MB), and the crawl itself"
    )
