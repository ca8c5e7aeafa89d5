"""Web servers at addresses of their own of the loopback, which misbehave as those of publishers do and remember who asked when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer, after ``seconds``."""

    status: int = 200
    body: bytes = b""
    seconds: float = 0.0
    location: str | None = None


@dataclass
class Host:
    """What one host answers, by path; all else is 404."""

    address: str
    replies: dict[str, Reply] = field(default_factory=dict)
    otherwise: Reply = field(default_factory=lambda: Reply(404))
    before: Callable[[str, str], None] = lambda path, agent: None
    asked: list[tuple[float, str, str]] = field(default_factory=list)  # when, path, by whom
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""

    @property
    def paths(self) -> list[str]:
        """What was asked for, without the rules."""
        return [path for _, path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def serving(*hosts: Host) -> Iterator[None]:
    """The hosts, each on a free port of its address."""
    with ExitStack() as stack:
        for host in hosts:
            server = _Server(host)
            host.url = f"http://{host.address}:{server.server_address[1]}"
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        yield


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: Host) -> None:
        super().__init__((host.address, 0), _Handler)
        self.host, self.lock = host, threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        host, agent = self.server.host, self.headers.get("User-Agent", "")
        with self.server.lock:
            host.asked.append((time.monotonic(), self.path, agent))
            host.at_once += 1
            host.most_at_once = max(host.most_at_once, host.at_once)
        try:
            host.before(self.path, agent)
            reply = host.replies.get(self.path, host.otherwise)
            if self.path == "/robots.txt":
                reply = host.replies.get(self.path, Reply(404))
            time.sleep(reply.seconds)
            with self.server.lock:
                host.at_once -= 1
            self._write(reply)
        except BaseException:
            self.close_connection = True
            raise

    def _write(self, reply: Reply) -> None:
        with suppress(OSError):
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/pdf")
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            self.wfile.write(reply.body)
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """``Host.asked`` is the log."""
