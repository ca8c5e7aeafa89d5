"""Floors on gold papers, a little below what is reached (`python -m benchmarks.frontmatter` prints that)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.evidence import auc
from benchmarks.frontmatter import catalogue, front_rows, read_papers, score, use_rows
from benchmarks.train_uses import left_out, load_pairs

pytestmark = pytest.mark.gold


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
def test_mentions_and_uses(gold: Path) -> None:
    folder = gold / "papers"
    ids = {json.loads(line)["id"] for line in (folder / "use_gold.jsonl").read_text(encoding="utf-8").splitlines()}
    readings, _ = read_papers(folder, sorted(ids), catalogue())
    quotes = [mention.quote for reading in readings.values() for mention in reading.mentions]
    assert all(len(quote) <= 300 and not re.search(r"\w@\w", quote) for quote in quotes)
    report = score(folder, "score_use.py", "use_gold.jsonl", use_rows(readings))
    assert figure(report, r"mention recall, body pairs +(\S+)") >= 0.99
    assert figure(report, r"pair precision +(\S+)") >= 0.97
    pairs = load_pairs(readings, folder)
    odds, body = left_out(pairs), pairs.in_body
    assert auc(odds[body], pairs.used[body]) >= 0.96  # no weight was fitted on the paper that it judges
