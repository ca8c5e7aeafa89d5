"""Fits the weights of the use score on labelled papers: `python -m benchmarks.train_uses [--write]`.

Logistic regression that starts from weights set by hand and is pulled back to them, for the pairs are few.  Data: papers/use_gold.jsonl
in WHEREUSED_GOLD (default ../shared).  Without --write it prints the weights; with it they go to crawler/reading/use_weights.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.frontmatter import catalogue, gold_folder, read_papers
from crawler.reading.reader import Reading
from crawler.reading.usescore import signs

WEIGHTS = Path(__file__).resolve().parent.parent / "crawler" / "reading" / "use_weights.json"
PULL = 4.0  # towards the weights by hand; 1 to 16 give the same ranking within 0.01 of AUC
BY_HAND = {
    "bias": -2.0,
    "times": 0.8,
    "once": -0.3,
    "strong": 0.8,
    "more strong": 0.25,
    "own": 0.6,
    "beside": 0.3,
    "method": 0.3,
    "experiments": 0.9,
    "caption": 0.5,
    "column": 0.4,
    "row": -0.3,
    "protocol": 0.2,
    "early": -0.9,
    "late": 0.4,
    "background": -0.6,
    "network": -1.0,
    "others": -0.6,
    "likened": -1.5,
    "minor": -0.3,
    "cited": -1.2,
}
Floats = np.ndarray


@dataclass(slots=True)
class Pairs:
    """Labelled pairs of paper and dataset: signs, whether used, the paper, times named, whether the body names it."""

    x: Floats
    used: Floats
    paper: Floats
    times: Floats
    in_body: Floats

    @property
    def speaks(self) -> Floats:
        """Whether any sign speaks: the others are only in the reference list."""
        return self.x[:, 0] > 0


def load_pairs(readings: dict[str, Reading], folder: Path) -> Pairs:
    """The pairs that are labelled used or mentioned."""
    rows = []
    for line in (folder / "use_gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        reading = readings[gold["id"]]
        if gold["label"] not in ("used", "mentioned"):
            continue
        counts: dict[str, int] = {}
        for mention in reading.mentions:
            counts[mention.slug] = counts.get(mention.slug, 0) + (not mention.in_references and not mention.by_citation)
        found = signs([m for m in reading.mentions if m.slug == gold["dataset"]], max(counts.values(), default=0))
        values = [float(bool(found)), *(found.get(name, 0.0) for name in list(BY_HAND)[1:])]
        rows.append((values, gold["label"] == "used", gold["id"], counts.get(gold["dataset"], 0), gold["n_mentions_body"] > 0))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Pairs(*columns)


def fit(x: Floats, used: Floats, pull: float = PULL) -> Floats:
    """The weights, by Newton's method."""
    start = np.array(list(BY_HAND.values()))
    weights = start.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (used - p) - pull * (weights - start)
        weights = weights + np.linalg.solve((x.T * (p * (1 - p))) @ x + pull * np.eye(len(weights)), slope)
    return weights


def left_out(pairs: Pairs) -> Floats:
    """The log-odds of each pair by weights that were fitted without its paper; -9 where no sign speaks."""
    odds = np.full(len(pairs.used), -9.0)
    for paper in set(pairs.paper):
        others, own = pairs.speaks & (pairs.paper != paper), pairs.speaks & (pairs.paper == paper)
        odds[own] = pairs.x[own] @ fit(pairs.x[others], pairs.used[others])
    return odds


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, print or write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    choice = parser.parse_args(argv)
    folder = gold_folder()
    ids = sorted({json.loads(line)["id"] for line in (folder / "use_gold.jsonl").read_text(encoding="utf-8").splitlines()})
    readings, _ = read_papers(folder, ids, catalogue())
    pairs = load_pairs(readings, folder)
    weights = dict(zip(BY_HAND, (round(float(w), 2) for w in fit(pairs.x[pairs.speaks], pairs.used[pairs.speaks])), strict=True))
    about = (
        f"Fitted by benchmarks/train_uses.py on {int(pairs.speaks.sum())} pairs of paper and dataset, labelled by hand; no text is in it."
    )
    text = json.dumps({"about": about, "weights": weights}, indent=1) + "\n"
    if choice.write:
        WEIGHTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
