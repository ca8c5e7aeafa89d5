"""Damaged answers for every parser of outside bytes, for long: `python -m benchmarks.fuzz [SEED]`; part of `make soak`.

Each parser is fed for SOAK_SECONDS (default 600).  Prints the inputs per parser; exit 1, with the input, at anything that is neither
read nor refused in words.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.trust.fuzzing import findings, parsers


def main(seed: int, seconds: float) -> None:
    """The campaign."""
    failed = False
    with tempfile.TemporaryDirectory() as place:
        for name, (data, parse) in parsers(Path(place)).items():
            counted = [0]

            def rounds(counted: list[int] = counted) -> Iterator[object]:
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    counted[0] += 1
                    yield None

            wrong = {repr(error)[:120]: case for case, error in findings(data, parse, random.Random(f"{name} {seed}"), rounds())}
            print(f"{name}: {counted[0]:,} inputs in {seconds:.0f} s, {len(wrong)} kinds of errors")
            for error, case in wrong.items():
                print(f"  {error}: {case[:400]!r}")
            failed = failed or bool(wrong)
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, float(os.environ.get("SOAK_SECONDS", "600")))
