"""Floors on gold papers, a little below what is reached (`python -m benchmarks.frontmatter` prints that)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.frontmatter import catalogue, front_rows, read_papers, score, use_rows

pytestmark = pytest.mark.gold
MAX_PAGES = 10  # of the papers whose mentions are searched; the benchmark takes all


def figure(report: str, pattern: str) -> float:
    match = re.search(pattern, report)
    assert match, report
    return float(match[1])


@pytest.mark.timeout(300)
def test_front_matter(gold: Path) -> None:
    folder = gold / "papers"
    ids = sorted(path.stem for path in (folder / "pdf").glob("*.pdf"))
    readings, _ = read_papers(folder, ids, None)
    report = score(folder, "score.py", "gold.jsonl", front_rows(readings))
    floors = {
        r"affiliation .* F1 (\S+)": 0.97,
        r"institution +recall (\S+)": 0.96,
        r"author name .* F1 (\S+)": 0.98,
        r"author-affil.*F1 (\S+)": 0.97,
        r"e-mail domain P (\S+)": 0.94,
        r"e-mail domain .*R (\S+)  F1": 0.97,
    }
    assert {name: figure(report, name) for name in floors if figure(report, name) < floors[name]} == {}
    assert not any("the reader" in (reading.error or "") for reading in readings.values())


@pytest.mark.timeout(300)
def test_mentions_and_uses(gold: Path, tmp_path: Path) -> None:
    folder = gold / "papers"
    papers = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    short = {paper["id"] for paper in papers if (paper.get("pages") or 99) <= MAX_PAGES}
    pairs = [line for line in (folder / "use_gold.jsonl").read_text(encoding="utf-8").splitlines() if json.loads(line)["id"] in short]
    (tmp_path / "pairs.jsonl").write_text("\n".join(pairs), encoding="utf-8")
    readings, _ = read_papers(folder, sorted({json.loads(line)["id"] for line in pairs}), catalogue())
    assert all(len(mention.quote) <= 300 for reading in readings.values() for mention in reading.mentions)
    report = score(folder, "score_use.py", str(tmp_path / "pairs.jsonl"), use_rows(readings))
    assert figure(report, r"mention recall, body pairs +(\S+)") >= 0.97
    assert figure(report, r"pair precision +(\S+)") >= 0.97
    assert figure(report, r"AUC used/mentioned, body +(\S+)") >= 0.93
