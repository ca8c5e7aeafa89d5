"""Measures the reader on gold papers: front matter, mentions, use scores, pages a second.

    python -m benchmarks.frontmatter [--front-only] [--by-layout] [--list]

The figures are those of the scorers beside the data (score.py, score_use.py), which say what they count.  Data: papers/
in WHEREUSED_GOLD (default ../shared).  Scans without a text layer are left out, as score.py does without --all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.reading.aliases import Catalogue
from crawler.reading.guard import Failure, Limits
from crawler.reading.reader import Order, Reading
from crawler.reading.run import read_files


def gold_folder() -> Path:
    """The folder of the gold papers; ends the script where there is none."""
    folder = Path(os.environ.get("WHEREUSED_GOLD") or Path(__file__).resolve().parent.parent.parent / "shared") / "papers"
    if not (folder / "gold.jsonl").is_file():
        sys.exit(f"no gold papers at {folder} (set WHEREUSED_GOLD)")
    return folder


def catalogue() -> Catalogue:
    """The names and titles of the shipped catalogue."""
    datasets = tomllib.loads(files("crawler").joinpath("datasets.toml").read_text(encoding="utf-8"))["dataset"]
    names = [
        (d["slug"], alias, kind == "weak_aliases") for d in datasets for kind in ("aliases", "weak_aliases") for alias in d.get(kind, [])
    ]
    return Catalogue.of(names, [(d["slug"], paper["title"]) for d in datasets for paper in d.get("papers", [])])


def read_papers(folder: Path, ids: Sequence[str], names: Catalogue | None) -> tuple[dict[str, Reading], float]:
    """What the reader says of these papers, and the seconds that it took."""
    start = time.perf_counter()
    orders = [Order(folder / "pdf" / f"{paper}.pdf", catalogue=names, seconds=120.0) for paper in ids]
    readings = {}
    for order, result in read_files(orders, workers=None, limits=Limits(seconds=300.0)):
        readings[order.path.stem] = Reading(error=result.reason) if isinstance(result, Failure) else result
    return readings, time.perf_counter() - start


def front_rows(readings: dict[str, Reading]) -> Iterable[dict[str, Any]]:
    """Predictions as score.py takes them."""
    for paper, reading in readings.items():
        yield {
            "id": paper,
            "authors": [{"name": name, "affiliations": places} for name, places in reading.authors],
            "affiliations": [{"text": text, "email_domains": domains} for text, _, domains in reading.affiliations],
        }


def use_rows(readings: dict[str, Reading]) -> Iterable[dict[str, Any]]:
    """Predictions as score_use.py takes them."""
    for paper, reading in readings.items():
        for use in reading.uses:
            yield {"id": paper, "dataset": use.slug, "score": use.score}


def score(folder: Path, script: str, gold: str, rows: Iterable[dict[str, Any]], *flags: str) -> str:
    """What a scorer prints about predictions."""
    with tempfile.TemporaryDirectory() as place:
        predictions = Path(place) / "predictions.jsonl"
        predictions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        command = [sys.executable, str(folder / script), str(folder / gold), str(predictions), *flags]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main(argv: Sequence[str] | None = None) -> None:
    """Read, score, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--front-only", action="store_true", help="leave the mentions out; they need every page")
    parser.add_argument("--by-layout", action="store_true")
    parser.add_argument("--list", action="store_true", help="the count of each paper, and the wrong pairs")
    choice = parser.parse_args(argv)
    folder = gold_folder()
    papers = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    ids = [paper["id"] for paper in papers]
    flags = [flag for flag, given in (("--by-layout", choice.by_layout), ("--list", choice.list)) if given]
    readings, seconds = read_papers(folder, ids, None)
    print(score(folder, "score.py", "gold.jsonl", front_rows(readings), *flags))
    print(f"front matter: {len(ids) / seconds:.1f} papers/s, {seconds:.1f} s for {len(ids)}")
    for paper, reading in readings.items():
        if reading.error:
            print(f"  not read: {paper}: {reading.error}")
    if choice.front_only:
        return
    readings, seconds = read_papers(folder, ids, catalogue())
    pages = sum(paper["pages"] for paper in papers if paper.get("pages") and not readings[paper["id"]].error)
    print("\n" + score(folder, "score_use.py", "use_gold.jsonl", use_rows(readings), *(["--list"] if choice.list else [])))
    print(f"whole documents: {pages / seconds:.1f} pages/s, {seconds:.1f} s for {pages} pages, in {os.cpu_count()} processes")


if __name__ == "__main__":
    main()
