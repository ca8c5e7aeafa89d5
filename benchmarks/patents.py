"""500 patents completed through a service that fails: is each family there once, and was the throttle ever broken?

python -m benchmarks.patents [N] [--rate R]      defaults: 500 patents, a server of our own that allows 50 requests a second

A stand-in for Open Patent Services on this machine lets its tokens expire, answers one request in ten with an error (500, 502,
503 with and without Retry-After, broken bodies) and narrows, suspends and opens its throttle as it goes.  Its minute is as long
as 60 of its "seconds" of 1/R; the requests that left within any minute are counted against the narrowest header of that minute.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.patents.ops_service import THROTTLE, Ops
from tests.patents.services import Asked, Reply, serving

STATES = ("green:200", "green:50", "yellow:40", "green:200", "red:24", "green:100", "black:0", "green:60")


class Hostile(Ops):
    """``headers`` are (time of the answer, requests a minute it allowed); ``n_faults`` requests came back broken."""

    def __init__(self, rate: float) -> None:
        super().__init__(token_lasts=120)
        self.rate, self.n_faults, self.dice = rate, 0, random.Random(5)
        self.headers: list[tuple[float, int]] = []

    def reply(self, asked: Asked) -> Reply:
        state = STATES[len(self.asked) // 40 % len(STATES)]
        self.throttle = re.sub(r"retrieval=\w+:\d+", f"retrieval={state}", THROTTLE)
        told = {"X-Throttling-Control": self.throttle}
        if self.dice.random() < 0.1:
            self.n_faults += 1
            reply = self.dice.choice(
                [(500, b"<html>", told), (502, b"", told), (503, b"busy", told), (503, b"", told | {"Retry-After": "1"})]
            )
        else:
            reply = super().reply(asked)
        self.headers.append((time.monotonic(), int(state.partition(":")[2])))
        return reply

    def worst_breach(self) -> tuple[int, float]:
        """(requests that came within a minute and were more than its narrowest header allowed, the fullest minute's share)."""
        minute, breaches, fullest = 60 / self.rate, 0, 0.0
        sent = [asked.at for asked in self.asked if "/docdb/" in asked.path]
        for at, when in enumerate(sent):
            allowed = min((n for told, n in self.headers if when - minute < told < when), default=60)
            within = sum(when - minute < other <= when for other in sent[: at + 1])
            fullest = max(fullest, within / allowed if allowed else float(within))
            breaches += within > max(allowed, 0)
        return breaches, fullest


def main(n: int, rate: float) -> None:
    """Complete N patents, print what came and how the throttle fared."""
    with tempfile.TemporaryDirectory() as folder, serving(Hostile(rate)) as server:
        db, numbers = Path(folder) / "w.db", Path(folder) / "numbers.txt"
        numbers.write_text("\n".join(f"CN{900_000_000 + at}A" for at in range(n)), encoding="utf-8")
        run = [sys.executable, "-m", "whereused", "-q", "--db", str(db)]
        subprocess.run([*run, "import", str(numbers), "--dataset", "megaface"], check=True)
        environ = {**os.environ, **server.environ, "WHEREUSED_RATE_EPO_OPS": str(rate)}
        begin, calls = time.monotonic(), 0
        while calls < 20:
            calls += 1
            done = subprocess.run([*run, "crawl", "megaface", "--provider", "epo_ops", "--no-fulltext"], env=environ, check=False)
            if done.returncode != 3:
                break
        seconds, conn = time.monotonic() - begin, sqlite3.connect(db)
        ((told, families),) = conn.execute("SELECT count(*), count(DISTINCT docdb_family_id) FROM patent WHERE provider = 'epo_ops'")
        ((groups,),) = conn.execute("SELECT count(DISTINCT group_id) FROM work WHERE kind = 'patent'")
        conn.close()
        breaches, fullest = server.worst_breach()
        asked = sum("/docdb/" in one.path for one in server.asked)
        print(f"{n} patents: {told} told in {calls} calls and {seconds:.0f} s; {families} families, {groups} works counted")
        print(
            f"{asked} requests, {server.n_faults} of them answered with a fault ({server.n_faults / asked:.0%}), {server.n_tokens} tokens"
        )
        print(f"requests above the throttle: {breaches}; the fullest minute took {fullest:.0%} of what its narrowest header allowed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("n", nargs="?", type=int, default=500)
    parser.add_argument("--rate", type=float, default=50.0)
    arguments = parser.parse_args()
    main(arguments.n, arguments.rate)
