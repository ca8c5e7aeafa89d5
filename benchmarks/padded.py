"""A registry of full size: the records of the subset, and for the rest of the registry bare names without places.

    python -m benchmarks.padded FILE        builds the index FILE; WHEREUSED_GAZETTEER=FILE then makes the commands use it

The subset has 52,161 of some 129,000 records; of the others a list of names, countries and types is public.  An index with
both shows how the matcher fares, and how fast it is, where the registry holds many more houses of the same names.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.affiliations import gold_folder
from geocode.build import build_index
from geocode.registry import RawRecord, read_dump


def bare_records() -> Iterator[RawRecord]:
    """The records of which only names are known, in the shape of a release."""
    with gzip.open(next((gold_folder() / "ror").glob("*names-only.jsonl.gz")), "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            names = [{"value": row["name"], "types": ["ror_display", "label"], "lang": None}]
            names += [{"value": v, "types": ["label"], "lang": k} for k, v in (row["labels"] or {}).items() if v != row["name"]]
            country = {"geonames_id": None, "geonames_details": {"country_code": row["country_code"]}}
            yield {
                "id": row["id"],
                "names": names,
                "types": [t.lower() for t in row["types"] or ()],
                "status": "active",
                "locations": [country] if row["country_code"] else [],
                "links": [],
                "domains": [],
                "relationships": row.get("relationships") or [],
            }


def build_padded(target: Path) -> tuple[dict[str, int], float]:
    """Build the index of full size; (what is in it, seconds it took)."""
    start = time.perf_counter()
    release, records = read_dump(next((gold_folder() / "ror").glob("*.zip")))
    counts = build_index(f"{release}, padded", [*records, *bare_records()], target)
    return counts, time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.padded FILE")
    print(build_padded(Path(sys.argv[1])))
