"""Are the photos still there?  The real spider against a loopback server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from crawler.spiders.photo_links import verdict
from db.connect import open_for_reading
from tests.crawl.process import Running
from tests.photos.conftest import Desk


class _Flickr(BaseHTTPRequestHandler):
    """Pages 1… are there, 2… gone, 3… lead to a sign-in, 4… are refused; robots.txt closes 5…"""

    asked: list[tuple[str, str]] = []  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        self.asked.append((self.command, self.path))
        body = b"User-agent: *\nDisallow: /photos/a/5\n" if self.path == "/robots.txt" else b""
        kind = self.path.removeprefix("/photos/a/")[:1]
        status = 200 if self.path in ("/robots.txt", "/signin") else {"1": 200, "2": 404, "3": 302, "4": 403}[kind]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/signin")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_GET = do_HEAD = _answer  # noqa: N815


@pytest.fixture
def server() -> Iterator[str]:
    _Flickr.asked.clear()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Flickr)
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_sample_is_asked_by_head_and_gives_an_interval(desk: Desk, tmp_path: Path, server: str) -> None:
    ids = [f"{kind}00000{n:03}" for kind, many in (("1", 12), ("2", 5), ("3", 1), ("4", 1), ("5", 1)) for n in range(many)]
    lines = [f"{photo},{server}/photos/a/{photo}/,https://creativecommons.org/licenses/by/2.0/" for photo in ids]
    (tmp_path / "c.csv").write_text("photo_id,page_url,license_url\n" + "\n".join(lines) + "\n")
    desk.audit(tmp_path / "c.csv", "--dataset", "megaface")
    environ = {**os.environ, "WHEREUSED_ALLOW_LOOPBACK": "1", "WHEREUSED_RATE_PHOTO_LINKS": "200", "PYTHONWARNINGS": "error"}
    code, out, err = Running(["--db", str(desk.db), "photos", "check", "megaface"], environ).wait()
    assert code == 0, err
    assert "20 links drawn at random, 18 answered: 12 there, 6 gone" in out
    assert "gone (deleted or made private): 33.3 %, between 16.3 % and 56.3 % (95 %, Wilson)" in out
    assert "2 gave no verdict" in out
    assert {method for method, path in _Flickr.asked if path != "/robots.txt"} == {"HEAD"}
    assert not [path for _, path in _Flickr.asked if path.startswith("/photos/a/5")]
    db = open_for_reading(desk.db)
    told = dict(db.conn.execute("SELECT reason, count(*) FROM photo_link WHERE status = 'refused' GROUP BY reason").fetchall())
    db.close()
    assert told == {"status 403": 1, "robots.txt forbids it": 1}


def test_without_a_sample_it_says_how_to_draw_one(desk: Desk) -> None:
    code, _, err = Running(["--db", str(desk.db), "photos", "check", "megaface"], dict(os.environ)).wait()
    assert code == 2
    assert "photos audit" in err


@pytest.mark.parametrize(
    ("status", "answered", "expected"),
    [
        (200, "https://www.flickr.com/photos/alias/4000000003/", "there"),
        (200, "https://identity.flickr.com/sign-in", "gone"),
        (410, "http://www.flickr.com/photos/a/4000000003/", "gone"),
        (451, "http://www.flickr.com/photos/a/4000000003/", "refused"),
        (500, "http://www.flickr.com/photos/a/4000000003/", "failed"),
    ],
)
def test_verdicts(status: int, answered: str, expected: str) -> None:
    assert verdict(status, "http://www.flickr.com/photos/a/4000000003/", answered)[0] == expected
