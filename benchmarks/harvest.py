"""A list of 25,000 citing works from a provider on this machine: calls, seconds, peak memory, and whether all works arrived.

python -m benchmarks.harvest [N] [--rate R] [--faults]      defaults: 25,000 works, 200 requests a second, a provider in good health
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.world import MEGAFACE, citing, citing_id, edge, nameless, provider_of

KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 429}, {"kind": "status", "status": 500}, {"kind": "drop"}, {"kind": "cut"},
    {"kind": "html", "status": 502}, {"kind": "html", "status": 200}, {"kind": "empty"}, {"kind": "status", "status": 504},
)  # fmt: skip


@dataclass
class Measure:
    """One crawl."""

    calls: int
    windows: int
    closing: int
    refused: int
    seconds: float
    peak_mb: float
    arrived: int


def world(n: int, *, faults: bool) -> LoopbackProvider:
    """N works over ten years, newest first; one in a hundred has no date, rows without an id and repeats stand between them."""
    dice = random.Random(n)
    days = sorted((date(2015, 1, 1) + timedelta(days=dice.randrange(3650)) for _ in range(n)), reverse=True)
    papers = [citing(i, publicationDate=day.isoformat() if i % 5 else None, year=day.year) for i, day in enumerate(days)]
    for i in dice.sample(range(min(n, 9000)), n // 100):  # what has no date and lies behind the cap can't be reached by any call
        papers[i] |= {"publicationDate": None, "year": None}
    rows: list[Any] = [edge(i) for i in range(n)]
    for i in range(5):
        rows.insert(dice.randrange(min(n, 9000)), nameless(f"a line of text {i}"))
        rows.insert(dice.randrange(n), edge(dice.randrange(n)))
    wrong = [Fault(where="/citations", skip=10 * i + 5, **KINDS[i % len(KINDS)]) for i in range(n // 5000 + 2)] if faults else []
    return provider_of({MEGAFACE: rows}, papers, wrong)


def measure(n: int, rate: float, *, faults: bool, db: Path) -> Measure:
    """Crawl a world in a process of its own."""
    with world(n, faults=faults) as provider:
        environ = {**os.environ, **provider.environ, "WHEREUSED_RATE_SEMANTIC_SCHOLAR": str(rate)}
        argv = [sys.executable, "-m", "whereused", "-q", "--db", str(db), "crawl", "megaface", "--no-fulltext"]
        begin, process = time.monotonic(), subprocess.Popen(argv, env=environ)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        assert status == 0, f"the crawl ended with {status}"
        pages = [r for r in provider.requests if "/citations" in r.path and MEGAFACE in r.path]
        conn = sqlite3.connect(db)
        ids = {
            row[0] for row in conn.execute("SELECT value FROM external_id JOIN citation ON citing_work_id = work_id WHERE scheme = 's2'")
        }
        conn.close()
        windows = {r.query["publicationDateOrYear"] for r in pages if "publicationDateOrYear" in r.query}
        closing = sum("publicationDateOrYear" not in r.query for r in pages)
        wrong = sum(fault.times == 0 for fault in provider.faults)
        arrived = len(ids & {citing_id(i) for i in range(n)})
        return Measure(len(provider.requests), len(windows), closing if windows else 1, wrong, seconds, usage.ru_maxrss / 1024, arrived)


def main() -> None:
    """Measure a tenth of the works, then all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("n", nargs="?", type=int, default=25_000)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--faults", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for n in (args.n // 10, args.n, args.n):
            db = Path(folder) / f"{n}.db"
            again = " again" if db.exists() else ""
            m = measure(n, args.rate, faults=args.faults, db=db)
            bound = 1.15 * (ceil((n + 10) / 1000) + m.windows + m.closing)
            seeds = 5  # three seeds looked up, two lists that are empty
            print(
                f"{n} works{again}: {m.arrived} arrived; {m.calls} calls ({m.windows} windows, {m.closing} closing, {m.refused} faults,"
                f" {seeds} for seeds; bound for the list {bound:.0f}); {m.seconds:.1f} s (calls / pace {m.calls / args.rate:.1f} s);"
                f" peak {m.peak_mb:.0f} MB"
            )


if __name__ == "__main__":
    main()
