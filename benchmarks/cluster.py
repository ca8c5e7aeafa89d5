"""What a Dask cluster costs and gains, against worker processes of this machine and two bare processes, in one run.

    python -m benchmarks.cluster [documents] [rounds] [--save]      kept for ``benchmarks.plan``

Reads the PDFs of papers/pdf in WHEREUSED_GOLD (default ../shared): front matter and mentions.  Each way has two processes that
read, and is warm before it is timed; the ways take turns, and the median of the rounds of each counts.  Prints seconds and ratios.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from benchmarks.front_speed import calculate
from benchmarks.frontmatter import gold_folder
from benchmarks.measured import save
from crawler.reading.aliases import Catalogue
from crawler.reading.guard import Guard, Limits
from crawler.reading.reader import Order, read_file
from crawler.reading.remote import read_on_cluster

LIMITS = Limits(600)


def main() -> None:
    """Time the ways in turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="?", type=int, default=60)
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    catalogue = Catalogue.of([("megaface", "MegaFace", False)], [])
    orders = [Order(path, catalogue=catalogue) for path in sorted((gold_folder() / "pdf").glob("*.pdf"))[: given.documents]]
    with ExitStack() as stack:
        bare, calculating = (stack.enter_context(get_context("spawn").Pool(2)) for _ in range(2))
        one, two = (stack.enter_context(cluster(workers)) for workers in (1, 2))
        ways: dict[str, Callable[[list[Order]], object]] = {
            "two bare processes": lambda some: list(bare.imap(read_file, some)),
            "local workers": lambda some: list(Guard(read_file, workers=2, limits=LIMITS).run(some)),
            "cluster": lambda some: list(read_on_cluster(two, some, LIMITS)),
            "cluster of one worker": lambda some: list(read_on_cluster(one, some, LIMITS)),
            "one that calculates": lambda some: [calculating.apply(calculate, [number]) for number in range(8)],
            "two that calculate": lambda some: calculating.map(calculate, range(8), chunksize=1),
        }
        taken = race(ways, orders, given.rounds)
    for name, seconds in taken.items():
        print(f"{name:<22}{seconds:8.2f} s" + ("" if "calculate" in name else f" for {len(orders)} documents"))
    gained, possible = taken["cluster of one worker"] / taken["cluster"], taken["one that calculates"] / taken["two that calculate"]
    print(f"overhead of the cluster against local workers: {100 * (taken['cluster'] / taken['local workers'] - 1):.1f} %")
    print(f"time of two bare processes that read, as a share of the cluster's: {taken['two bare processes'] / taken['cluster']:.3f}")
    print(f"two workers: {gained:.2f} x one; two processes that calculate: {possible:.2f} x one; ratio {gained / possible:.2f}")
    if given.save:
        size = sum(Path(order.path).stat().st_size for order in orders)
        each = {"seconds_a_document": 2 * taken["cluster"] / len(orders), "bytes_a_document": size / len(orders)}
        save("cluster", {"documents": len(orders)} | each)


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a cluster of this machine with so many workers of one thread."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = str(held.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", port]] + workers * [["worker", address, "--nthreads", "1"]]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dask"]
        started = [subprocess.Popen([*command, *words, "--no-dashboard"], cwd=folder, stderr=subprocess.DEVNULL) for words in commands]
        try:
            yield address
        finally:
            for process in started:
                process.terminate()
                process.wait()


def race(ways: dict[str, Callable[[list[Order]], object]], orders: list[Order], rounds: int) -> dict[str, float]:
    """Way → seconds of its median round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(orders[:4])
    for number in range(rounds):
        for name in list(ways) if number % 2 == 0 else list(ways)[::-1]:
            start = time.perf_counter()
            ways[name](orders)
            taken[name].append(time.perf_counter() - start)
            print(f"  {name}: {taken[name][-1]:.2f} s", file=sys.stderr, flush=True)
    return {name: median(seconds) for name, seconds in taken.items()}


if __name__ == "__main__":
    main()
