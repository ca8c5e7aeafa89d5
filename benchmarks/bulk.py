"""Filtering a shard of a release: the engine against plain Python over the same file, in the same run.

    python -m benchmarks.bulk [edges] [--save]      kept for ``benchmarks.plan``

Makes a gzipped shard of 5 million generated edges as the provider writes them (a third with a sentence), of which some 5,000 cite one
of 40 papers.  Each way runs in a process of its own, which prints rows a second and its peak memory; both must keep the same pairs.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.measured import save
from crawler.bulk.engine import open_engine

WANTED = [1000 + 17 * number for number in range(40)]
SENTENCE = "We follow the protocol of earlier work [12] and report the mean over five runs on the benchmark."


def make_shard(path: Path, n: int) -> None:
    """A shard of ``n`` edges; the same bytes for the same ``n``."""
    dice = random.Random(1)
    with gzip.open(path, "wt", compresslevel=1, encoding="ascii") as file:
        for number in range(n):
            cited = dice.choice(WANTED) if number % 1000 == 0 else dice.randrange(10**6, 2 * 10**8)
            more = (
                f'"contexts":["{SENTENCE} {number}"],"intents":[["methodology"]]' if number % 3 == 0 else '"contexts":null,"intents":null'
            )
            citing = dice.randrange(2 * 10**8)
            file.write(f'{{"citationid":{number},"citingcorpusid":{citing},"citedcorpusid":{cited},"isinfluential":false,{more}}}\n')


def by_engine(shard: Path) -> Iterable[int]:
    """The citing papers that the engine keeps."""
    with tempfile.TemporaryDirectory() as place, open_engine(Path(place)) as engine:
        engine.want(WANTED)
        engine.keep("citations", shard, Path(place) / "kept.parquet")
        return engine.gather([Path(place) / "kept.parquet"])


def by_python(shard: Path) -> Iterable[int]:
    """The same line by line."""
    wanted = set(WANTED)
    with gzip.open(shard) as file:
        return sorted({line["citingcorpusid"] for line in map(json.loads, file) if line["citedcorpusid"] in wanted})


def one(way: str, shard: Path) -> None:
    """In a process of its own: seconds, peak of memory in MiB, what was kept."""
    start = time.perf_counter()
    kept = list({"engine": by_engine, "plain Python": by_python}[way](shard))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, peak, len(kept), hashlib.sha256(json.dumps(kept).encode()).hexdigest()]))


def main() -> None:
    """Make the shard, run both ways twice in turns, print the better one of each."""
    keeps = "--save" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--save"]
    if len(sys.argv) > 2:
        return one(sys.argv[1], Path(sys.argv[2]))
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as place:
        shard = Path(place) / "shard.gz"
        make_shard(shard, n)
        print(f"{n:,} edges, {shard.stat().st_size / 1e6:.0f} MB packed")
        found: dict[str, list[float]] = {}
        kept = set()
        for way in ("engine", "plain Python", "engine", "plain Python"):
            command = [sys.executable, "-m", "benchmarks.bulk", way, str(shard)]
            seconds, peak, count, digest = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            kept.add((count, digest))
            before = found.get(way, [1e9, 0.0])
            found[way] = [min(before[0], seconds), max(before[1], peak)]
    for way, (seconds, peak) in found.items():
        print(f"{way:<14}{n / seconds:12,.0f} rows/s{seconds:8.1f} s   peak {peak:6.0f} MiB")
    print(f"engine : plain Python = {found['plain Python'][0] / found['engine'][0]:.1f} : 1")
    print(f"same pairs kept: {'yes' if len(kept) == 1 else 'NO'}")
    if keeps:
        save("bulk", {"edges": n, "edges_per_second": n / found["engine"][0], "peak": found["engine"][1]})
    return None


if __name__ == "__main__":
    main()
