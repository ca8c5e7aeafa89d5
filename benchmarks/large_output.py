"""Seconds and peak memory of what leaves the house in large: GeoJSON lines, Parquet, tiles with their page.

    python -m benchmarks.large_output [--folder DIR] [SIZE...]      default 10,000 100,000; 1,000,000 takes a quarter of an hour

Each export is a call of the real command in a process of its own, whose peak is read by its parent (children of its own, such as
tippecanoe, apart); the made-up databases stay in the folder for the next time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.publish_speed import make

WAYS = {
    "geojsonl": ("export", "alpha", "--format", "geojsonl", "--include", "all", "-o"),
    "parquet": ("export", "alpha", "--format", "parquet", "--include", "all", "-o"),
    "tiles": ("tiles", "alpha", "--include", "all", "--out"),
}
_CALL = """
import os, resource, sys
from whereused import command_line
sys.argv = ["whereused", *sys.argv[1:]]
try:
    command_line()
finally:
    [own] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # ru_maxrss counts what the parent held too
    peaks = [int(own.split()[1]) / 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]
    times = os.times()
    os.write(2, f"\\n{peaks[0]} {peaks[1]} {times.user + times.system} {times.children_user + times.children_system}".encode())
"""


def measure(database: Path, way: str, target: Path) -> tuple[float, float, float, float, float, int]:
    """(peak MiB of the command, of its children, its processor time, theirs, seconds on the wall, bytes written)."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _CALL, "-q", "--db", str(database), *WAYS[way], str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "MALLOC_ARENA_MAX": "2"})
    seconds = time.perf_counter() - start
    own, children, busy, others = map(float, done.stderr.splitlines()[-1].split())
    files = [target] if target.is_file() else [path for path in target.rglob("*") if path.is_file()]
    return own, children, busy, others, seconds, sum(path.stat().st_size for path in files)


def main() -> None:
    """Make the databases, call the commands, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "whereused-large")
    parser.add_argument("--only", choices=WAYS, nargs="+", default=list(WAYS))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for n in given.sizes:
        database = given.folder / f"{n}.db"
        if not database.exists():
            make(given.folder / f"{n}.making", n).rename(database)
        for way in given.only:
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                own, children, busy, others, seconds, size = measure(database, way, Path(folder) / way)
            print(
                f"{n:>9,} works  {way:<9} peak {own:5.0f} MiB (children {children:4.0f})  {1e6 * busy / n:6.0f} µs a work"
                f" (children {1e6 * others / n:4.0f})  {seconds:6.1f} s  {size / 1e6:8.1f} MB",
                flush=True,
            )
    print(f"databases are kept in {given.folder}, {shutil.disk_usage(given.folder).free / 1e9:.0f} GB free", file=sys.stderr)


if __name__ == "__main__":
    main()
