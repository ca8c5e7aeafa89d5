"""A registry of full size: the records of the subset, and for the rest of the registry bare names without places.

    python -m benchmarks.padded FILE        builds the index FILE; WHEREUSED_GAZETTEER=FILE then makes the commands use it

The subset has 52,161 of some 129,000 records; of the others a list of names, countries and types is public.  An index with
both shows how the matcher fares, and how fast it is, where the registry holds many more houses of the same names.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.affiliations import gold_folder
from geocode.build import build_index
from geocode.names import read_names
from geocode.registry import read_dump


def build_padded(target: Path) -> tuple[dict[str, int], float]:
    """Build the index of full size; (what is in it, seconds it took)."""
    start = time.perf_counter()
    release, records = read_dump(next((gold_folder() / "ror").glob("*.zip")))
    listed = read_names(next((gold_folder() / "ror").glob("*names-only.jsonl.gz")), {r["id"] for r in records})
    counts = build_index(f"{release}, padded", [*records, *listed], target)
    return counts, time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.padded FILE")
    print(build_padded(Path(sys.argv[1])))
