"""A loopback server that answers as it is told and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    path: str
    query: dict[str, list[str]]
    agent: str
    range: str = ""


class Cut(bytes):
    """A body of which only the first half is sent, though the whole length is announced."""


@dataclass
class Loopback:
    """``answer`` gets a request and returns (status, content type, body); status 206 sends what the request's range asks for."""

    answer: Callable[[Asked], tuple[int, str, bytes]]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)


def as_json(value: Any, status: int = 200) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(value).encode()


@contextmanager
def serving(answer: Callable[[Asked], tuple[int, str, bytes]]) -> Iterator[Loopback]:
    server = Loopback(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, parse_qs(parts.query), self.headers.get("User-Agent", ""), self.headers.get("Range", ""))
            server.asked.append(asked)
            status, kind, body = server.answer(asked)
            cut, whole = isinstance(body, Cut), len(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status == 206:
                start = int(asked.range.removeprefix("bytes=").rstrip("-"))
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
                body = body[start:]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
