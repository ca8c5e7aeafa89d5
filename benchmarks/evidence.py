"""Measures the evidence of use on gold papers and prints it as a section in Markdown: `python -m benchmarks.evidence`.

Which datasets a paper names, and whether the score tells use from mention; the latter by leaving out one paper after the other, so
that no weight was fitted on the paper that it judges.  Data: papers/ in WHEREUSED_GOLD (default ../shared).
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import numpy as np

from benchmarks.frontmatter import catalogue, gold_folder, read_papers, score, use_rows
from benchmarks.train_uses import Floats, left_out, load_pairs
from crawler.reading.layout import Document
from crawler.reading.pdfium import TextDocument
from verify.evidence import NOT_USED_BELOW, USED_FROM

DRAWS = 2000
SPEED_PAPERS, SPEED_PAGES = 6, 4


def auc(scores: Floats, used: Floats) -> float:
    """How often a used pair stands above a mentioned one; ties count a half."""
    above, below = scores[used][:, None], scores[~used]
    return float(((above > below) + 0.5 * (above == below)).mean())


def difference(one: Floats, other: Floats, used: Floats, paper: Floats) -> tuple[float, float, float]:
    """AUC of one score less that of the other, with the interval of 95 % by drawing papers."""
    chance = np.random.default_rng(1)
    papers = np.unique(paper)
    drawn = []
    while len(drawn) < DRAWS:
        rows = np.concatenate([np.flatnonzero(paper == name) for name in chance.choice(papers, len(papers))])
        if used[rows].any() and not used[rows].all():
            drawn.append(auc(one[rows], used[rows]) - auc(other[rows], used[rows]))
    return auc(one, used) - auc(other, used), *map(float, np.percentile(drawn, [2.5, 97.5]))


def saved(scores: Floats, used: Floats, recall: float = 0.95) -> tuple[float, int]:
    """Work saved over sampling, and how many pairs are judged for this recall; ties with the used pair last."""
    order = np.lexsort((used, -scores))
    needed = int(np.flatnonzero(np.cumsum(used[order]) >= np.ceil(recall * used.sum() - 1e-9))[0]) + 1
    return (len(used) - needed) / len(used) - (1 - recall), needed


def speeds(paths: list[Path]) -> float:
    """How many times faster PDFium reads the same pages than pdfminer does."""
    seconds = [0.0, 0.0]
    for path in paths:
        data = path.read_bytes()
        start = time.perf_counter()
        text = TextDocument(data)
        for page, _ in zip(text.pages(), range(SPEED_PAGES), strict=False):
            del page
        text.close()
        seconds[0] += time.perf_counter() - start
        start = time.perf_counter()
        document = Document(data)
        for index in range(SPEED_PAGES):
            document.page(index)
        seconds[1] += time.perf_counter() - start
    return seconds[1] / seconds[0]


def section() -> str:
    """The section of docs/quality.md; ends with a message where there is no gold data."""
    folder = gold_folder()
    ids = [json.loads(line)["id"] for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    readings, _ = read_papers(folder, ids, catalogue())
    report = score(folder, "score_use.py", "use_gold.jsonl", use_rows(readings))
    found = {
        name: re.search(rf"{name} +(\S+ \(\S+\))", report)
        for name in ("mention recall, body pairs", "mention recall, all pairs", "pair precision")
    }
    pairs = load_pairs(readings, folder)
    odds, body = left_out(pairs), pairs.in_body
    counted = pairs.times.astype(float)
    wss, needed = saved(odds, pairs.used)
    by_count, n_count = saved(counted, pairs.used)
    sure, idle = odds >= np.log(USED_FROM / (1 - USED_FROM)), odds < np.log(NOT_USED_BELOW / (1 - NOT_USED_BELOW))
    between = ~sure & ~idle
    paths = [folder / "pdf" / f"{paper}.pdf" for paper in sorted(set(pairs.paper))[:SPEED_PAPERS]]
    lines = [
        "## Evidence: which datasets a paper used",
        "",
        f"{len(ids)} papers, {len(pairs.used)} labelled pairs of paper and dataset in {len(set(pairs.paper))} of them.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {match[1] if match else '?'} |" for name, match in found.items()),
        f"| used or mentioned, pairs named in the body: AUC, left-out papers | {auc(odds[body], pairs.used[body]):.3f} |",
        f"| the same by counting the passages | {auc(counted[body], pairs.used[body]):.3f} |",
    ]
    gain, low, high = difference(odds[body], counted[body], pairs.used[body], pairs.paper[body])
    return "\n".join([
        *lines,
        f"| difference (95 % interval over papers) | {gain:+.3f} ({low:+.3f} to {high:+.3f}) |",
        f"| all pairs: AUC, left-out papers; by counting | {auc(odds, pairs.used):.3f}; {auc(counted, pairs.used):.3f} |",
        f"| work saved at 95 % recall over sampling; by counting | {wss:.3f} ({needed} of {len(odds)} read); {by_count:.3f} ({n_count}) |",
        f"| called used (from {USED_FROM}), left-out papers: are uses | {int(pairs.used[sure].sum())} of {int(sure.sum())} |",
        f"| called unsure: are uses | {int(pairs.used[between].sum())} of {int(between.sum())} |",
        f"| called not used (below {NOT_USED_BELOW}): are uses | {int(pairs.used[idle].sum())} of {int(idle.sum())} |",
        f"| text of whole documents: PDFium against pdfminer | {speeds(paths):.0f} times faster |",
    ])  # fmt: skip


if __name__ == "__main__":
    print(section())
