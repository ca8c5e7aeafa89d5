"""Peak memory of `match` over a stream, as a ratio: ten times as many lines of the same strings, and the time of repeated ones.

    python -m benchmarks.match_stream [LINES]

Sends LINES (default 10,000) and ten times as many lines through `match`, made of 500 strings that come again and again.
Data: the installed gazetteer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

_CHILD = """
import resource, sys
from whereused import command_line
sys.argv = ["whereused", "match"]
try:
    command_line()
except SystemExit:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""
STRINGS = 500


def measure(n: int) -> tuple[float, float]:
    """(peak memory in MB, seconds) for ``n`` lines."""
    strings = [f"Department {k}, University of Oxford, Oxford, UK\n".encode() for k in range(STRINGS)]
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", _CHILD]
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=root, env={**os.environ}
    ) as process:
        assert process.stdin
        assert process.stderr
        for k in range(n):
            process.stdin.write(strings[k % STRINGS])
        process.stdin.close()
        told = process.stderr.read().split()
    return int(told[-1]) / 1000, time.perf_counter() - start


def main() -> None:
    """Print both measurements and their ratio."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    (small, first), (large, second) = measure(n), measure(10 * n)
    print(f"{n} lines: {small:.0f} MB, {first:.1f} s; {10 * n} lines: {large:.0f} MB, {second:.1f} s")
    print(f"memory {large / small:.2f} times; a repeated string {(second - first) / (9 * n) * 1e6:.0f} microseconds")


if __name__ == "__main__":
    main()
