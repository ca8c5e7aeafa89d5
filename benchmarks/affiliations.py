"""Measures the matcher on gold affiliation strings: precision, recall and F1 per set, wrong ids, strings a second.

    python -m benchmarks.affiliations [SET …] [--write FILE]

Counts are over (string, ROR id) pairs: an id in gold and answer is right, an answered id that gold lacks is wrong (so is every
id for a string with empty gold), a gold id not answered is missed.  Only strings whose gold is in the registry are counted.
"exhaustive" pools the sets that list every organisation of a string; in the others a right second one counts as wrong.
The shipped model was trained on the exhaustive sets: figures for strings it has not seen are printed by train_affiliations.
Data: WHEREUSED_GOLD (default ../shared) and the installed gazetteer.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from db.config import load_config
from geocode.matcher import Matcher

EXHAUSTIVE = (
    "s2aff", "marple_crossref_2024", "marple_springer_2023", "ror_api_affiliations_2019", "ror_api_names_2019", "openalex_gold_2023",
    "affilgood_cordis", "affilgood_hfe", "affrodb_2025",
)  # fmt: skip
OTHERS = ("ror_logs_2023", "crossref_2023", "springer_2023", "aps_2022")


class Gold(NamedTuple):
    """A gold string; ``in_registry``: all its ids are active records of the registry used."""

    source: str
    affiliation: str
    ror_ids: frozenset[str]
    in_registry: bool


class Figures(NamedTuple):
    """Pairs right, wrong and missed."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def gold_folder() -> Path:
    return Path(os.environ.get("WHEREUSED_GOLD") or Path(__file__).resolve().parents[2] / "shared")


def load_gold(name: str) -> Iterator[Gold]:
    """The strings of a set, each once."""
    seen = set()
    with (gold_folder() / "gold" / "affiliations" / f"{name}.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["affiliation"] not in seen:
                seen.add(row["affiliation"])
                yield Gold(name, row["affiliation"], frozenset(row["ror_ids"]), row["in_registry"])


def count(pairs: Iterable[tuple[Gold, set[str]]]) -> Figures:
    tp = fp = fn = 0
    for gold, got in pairs:
        tp, fp, fn = tp + len(gold.ror_ids & got), fp + len(got - gold.ror_ids), fn + len(gold.ror_ids - got)
    return Figures(tp, fp, fn)


def measure(matcher: Matcher, name: str, every: int = 1) -> tuple[list[tuple[Gold, set[str]]], float]:
    """(gold, answered ids) of a set, or of every second, third … of its strings, and the seconds it took."""
    golds = list(load_gold(name))[::every]
    start = time.perf_counter()
    answers = [{m.institution.ror_id for m in matcher.match(gold.affiliation).matches} for gold in golds]
    return list(zip(golds, answers, strict=True)), time.perf_counter() - start


def main(names: list[str]) -> None:
    start = time.perf_counter()
    matcher = Matcher(load_config().gazetteer)
    print(f"gazetteer {matcher.release}, matcher {matcher.version}, loaded in {time.perf_counter() - start:.2f} s")
    pooled: list[tuple[Gold, set[str]]] = []
    outside: list[tuple[Gold, set[str]]] = []
    seconds = strings = 0.0
    for name in names or [*EXHAUSTIVE, *OTHERS]:
        pairs, took = measure(matcher, name)
        inside = [p for p in pairs if p[0].in_registry]
        if name in EXHAUSTIVE:
            pooled += inside
        outside += [p for p in pairs if not p[0].in_registry]
        seconds, strings = seconds + took, strings + len(pairs)
        print(f"{name:28} {count(inside)}  {len(inside):6} strings  {len(pairs) / took:6.0f} strings/s")
    print(f"{'exhaustive':28} {count(pooled)}  {len(pooled):6} strings")
    if outside:
        wrong = sum(bool(got - gold.ror_ids) for gold, got in outside)
        print(f"not in the registry: {wrong / len(outside):.3f} of {len(outside)} strings get a wrong id")
    print(f"{strings / seconds:.0f} strings/s over {strings:.0f} strings")


if __name__ == "__main__":
    main(sys.argv[1:])
