"""The main job on real papers: import, read, geocode, export, scored as a map.

    python -m benchmarks.whole_job

Runs the command line in a temporary folder on papers/pdf in WHEREUSED_GOLD (default ../shared), with a gazetteer built from the
ROR data zip in ror/ there, and scores the exported works by the scorers beside the data: affiliations (score.py),
institutions and points (score_map.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.frontmatter import gold_folder, score


def timed(folder: Path, *args: str) -> str:
    """Run a command of whereused there and return its output; its seconds are printed."""
    environ = {**os.environ, "WHEREUSED_GAZETTEER": str(folder / "gazetteer.db"), "WHEREUSED_DB": str(folder / "whereused.db")}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "whereused", *args], env=environ, capture_output=True, text=True, check=False)
    print(f"{time.perf_counter() - start:6.1f} s  whereused {args[0]} (exit {done.returncode})  {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def predictions(works: str) -> Iterator[dict[str, Any]]:
    """Exported works as the scorers take them: one affiliation string each, however many institutions it names."""
    for line in works.splitlines():
        work = json.loads(line)
        if "file" in work["ids"]:
            texts = list(dict.fromkeys(a["text"] for a in work["affiliations"]))
            yield {
                "id": work["ids"]["file"],
                "affiliations": [{"text": text} for text in texts],
                "institutions": [a["institution"] for a in work["affiliations"] if a["institution"]],
            }


def main() -> None:
    """Run, score, print."""
    gold = gold_folder()
    registry = next((gold.parent / "ror").glob("*.zip"), None)
    if registry is None:
        sys.exit(f"no ROR data zip in {gold.parent / 'ror'}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        timed(folder, "gazetteer", "import", str(registry))
        timed(folder, "import", str(gold / "pdf"), "--dataset", "megaface")
        timed(folder, "read")
        timed(folder, "geocode")
        pins = json.loads(timed(folder, "export", "megaface", "--format", "geojson", "--include", "all"))
        rows = list(predictions(timed(folder, "export", "megaface", "--format", "jsonl", "--include", "all")))
    print(f"\n{len(pins['features'])} pins; counts {pins['counts']}\n")
    print(score(gold, "score.py", "gold.jsonl", rows))
    print(score(gold, "score_map.py", "gold.jsonl", rows))


if __name__ == "__main__":
    main()
