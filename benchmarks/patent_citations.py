"""Time and memory of filtering a table of patent citations: ``python -m benchmarks.patent_citations [ROWS]``."""

from __future__ import annotations

import gzip
import resource
import sys
import tempfile
import time
from pathlib import Path

from crawler.importing.patent_citations import parse_citations


def main(rows: int) -> None:
    """Write a packed table of so many rows in the tables' shape, filter it for three papers, print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pcs_oa.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
            file.write("reftype,confscore,oaid,patent,wherefound\n")
            file.writelines(f"app,10,{n},us-{4_000_000 + n % 8_000_000}-b2,frontonly\n" for n in range(rows))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        found = sum(1 for _ in parse_citations(path, {"openalex": {"W7", "W70000", f"W{rows - 1}"}}))
        seconds = time.perf_counter() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{rows:,} rows in {seconds:.1f} s ({rows / seconds:,.0f} rows a second), {found} found, peak memory grew by {grown:.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
