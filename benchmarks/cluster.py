"""What a Dask cluster costs and gains, against worker processes of this machine and two bare processes, in one run.

    python -m benchmarks.cluster [documents] [rounds] [--save]      kept for ``benchmarks.plan``

Reads the PDFs of papers/pdf in WHEREUSED_GOLD (default ../shared): front matter and mentions.  Each way has two processes that
read, and is warm before it is timed; the ways take turns, and the fastest round of each counts.  Prints seconds and ratios.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from benchmarks.frontmatter import gold_folder
from benchmarks.measured import save
from crawler.reading.aliases import Catalogue
from crawler.reading.guard import Guard, Limits
from crawler.reading.reader import Order, read_file
from crawler.reading.remote import read_on_cluster


def main() -> None:
    """Time the ways in turns."""
    keeps = "--save" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--save"]
    n, rounds = ([int(word) for word in sys.argv[1:]] + [60, 3][len(sys.argv) - 1 :])[:2]
    catalogue = Catalogue.of([("megaface", "MegaFace", False)], [])
    orders = [Order(path, catalogue=catalogue) for path in sorted((gold_folder() / "pdf").glob("*.pdf"))[:n]]
    with socket.socket() as held, tempfile.TemporaryDirectory() as folder:
        held.bind(("127.0.0.1", 0))
        port = str(held.getsockname()[1])
        held.close()
        address = f"tcp://127.0.0.1:{port}"
        commands = [["scheduler", "--host", "127.0.0.1", "--port", port]] + 2 * [["worker", address, "--nthreads", "1"]]
        started = [
            subprocess.Popen([sys.executable, "-m", "dask", *words, "--no-dashboard"], cwd=folder, stderr=subprocess.DEVNULL)
            for words in commands
        ]
        try:
            with get_context("spawn").Pool(2) as pool:
                ways: dict[str, Callable[[list[Order]], object]] = {
                    "two bare processes": lambda some: list(pool.imap(read_file, some)),
                    "local workers": lambda some: list(Guard(read_file, workers=2, limits=Limits(600)).run(some)),
                    "cluster": lambda some: list(read_on_cluster(address, some, Limits(600))),
                }
                best = race(ways, orders, rounds)
        finally:
            for process in started:
                process.terminate()
                process.wait()
    for name, seconds in best.items():
        print(f"{name:<20}{seconds:8.2f} s for {len(orders)} documents")
    print(f"overhead of the cluster against local workers: {100 * (best['cluster'] / best['local workers'] - 1):.1f} %")
    print(f"speed-up of the cluster as a share of that of two bare processes: {best['two bare processes'] / best['cluster']:.3f}")
    if keeps:
        size = sum(Path(order.path).stat().st_size for order in orders)
        save("cluster", {"documents": n, "seconds_a_document": 2 * best["cluster"] / len(orders), "bytes_a_document": size / len(orders)})


def race(ways: dict[str, Callable[[list[Order]], object]], orders: list[Order], rounds: int) -> dict[str, float]:
    """Way → seconds of its fastest round."""
    best: dict[str, float] = {}
    for way in ways.values():
        way(orders[:4])
    for number in range(rounds):
        for name in list(ways) if number % 2 == 0 else list(ways)[::-1]:
            start = time.perf_counter()
            ways[name](orders)
            best[name] = min(best.get(name, 1e9), time.perf_counter() - start)
            print(f"  {name}: {time.perf_counter() - start:.2f} s", file=sys.stderr, flush=True)
    return best


if __name__ == "__main__":
    main()
