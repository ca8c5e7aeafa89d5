"""One demo for all tests that look at what it made: it takes a while."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.sample.folder import MARKER
from tests.helpers.once import made_once

WATCH = """
import os, socket
def _refuse(host):
    if host not in ("127.0.0.1", "::1", "localhost", b"127.0.0.1", None, ""):
        with open(os.environ["WATCHED"], "a") as log:
            log.write(repr(host) + "\\n")
        raise OSError(f"no network in this test: {host}")
_connect, _connect_ex, _look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
class Watched(socket.socket):
    def connect(self, address):
        if self.family != socket.AF_UNIX: _refuse(address[0])
        return _connect(self, address)
    def connect_ex(self, address):
        if self.family != socket.AF_UNIX: _refuse(address[0])
        return _connect_ex(self, address)
def getaddrinfo(host, *args, **kwargs):
    _refuse(host)
    return _look_up(host, *args, **kwargs)
socket.socket, socket.getaddrinfo = Watched, getaddrinfo
"""

PROXY = "http://192.0.2.1:9"  # of a user who has one; nothing answers there


@dataclass(frozen=True)
class Run:
    """A finished demo."""

    out: Path
    home: Path
    reached: str
    seconds: float
    done: subprocess.CompletedProcess[str]

    def collection(self, slug: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "site" / slug / "institutions.geojson").read_text(encoding="utf-8"))
        return found

    def works(self, slug: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "site" / slug / "citations.jsonl").read_text(encoding="utf-8").splitlines()]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WHEREUSED_", "XDG_"))}
    return kept | {"HOME": str(home)} | more


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One demo, into a folder in which an earlier one was broken off; for all workers."""
    folder = made_once(tmp_path_factory, "demo", lambda folder: (folder / "run").write_bytes(pickle.dumps(run_demo(folder))) and None)
    told: Run = pickle.loads((folder / "run").read_bytes())
    return told


def run_demo(folder: Path) -> Run:
    home, out, watch, reached = folder / "home", folder / "out", folder / "watch", folder / "reached"
    for path in (home, out / "site", watch):
        path.mkdir(parents=True)
    (out / MARKER).touch()
    (out / "demo.db").write_text("a broken database")
    (out / "site" / "old.html").write_text("an old page")
    (out / "mine.txt").write_text("the user's own")
    (watch / "sitecustomize.py").write_text(WATCH)
    start = time.monotonic()
    env = environment(home, PYTHONPATH=str(watch), WATCHED=str(reached), http_proxy=PROXY)
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "whereused", "demo", "--out", str(out)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    return Run(out, home, reached.read_text() if reached.exists() else "", time.monotonic() - start, done)
