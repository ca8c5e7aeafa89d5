"""Figures of front matter beyond those that score.py prints: by paper, strict, and with the reason of each miss.

The matching is that of score.py beside the gold data, loaded as a module, so that both count alike.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

Row = dict[str, Any]
STRICT = 0.98  # of the words in common: else the text has to be equal but for spaces and punctuation


@dataclass(slots=True)
class Figures:
    """Scores of a set of papers; ``per`` has one row for each: id, gold, predicted and matched affiliations."""

    papers: int
    micro: float
    macro: float
    strict: float
    institutions: float
    names: float
    links: float
    whole: float  # share of papers with every affiliation right and none too many
    domain_precision: float
    domain_recall: float
    per: list[tuple[str, int, int, int]]


def scorer(folder: Path) -> ModuleType:
    """score.py of the gold folder."""
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gold_score"] = module
    spec.loader.exec_module(module)
    return module


def rows_of(path: Path) -> list[Row]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def figures(score: ModuleType, gold: list[Row], predicted: dict[str, Row]) -> Figures:
    """The figures of these papers; a scan without a text layer is left out."""
    gold = [row for row in gold if row.get("text_layer") is not False]
    counts, per = score.score(gold, predicted)
    micro, macro = _f1(counts["aff_tp"], counts["aff_fp"], counts["aff_fn"]), [_of_paper(*row[1:]) for row in per]
    return Figures(
        papers=len(gold),
        micro=micro,
        macro=sum(macro) / len(macro) if macro else 0.0,
        strict=_strict(score, gold, predicted),
        institutions=counts["inst_hit"] / max(counts["inst_all"], 1),
        names=_f1(counts["au_tp"], counts["au_fp"], counts["au_fn"]),
        links=_f1(counts["ln_tp"], counts["ln_fp"], counts["ln_fn"]),
        whole=counts["all_right"] / max(len(gold), 1),
        domain_precision=counts["dom_tp"] / max(counts["dom_tp"] + counts["dom_fp"], 1),
        domain_recall=counts["dom_tp"] / max(counts["dom_tp"] + counts["dom_fn"], 1),
        per=per,
    )


def _f1(tp: int, fp: int, fn: int) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else float(not (fp or fn))


def _of_paper(n_gold: int, n_predicted: int, n_matched: int) -> float:
    return _f1(n_matched, n_predicted - n_matched, n_gold - n_matched)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _strict(score: ModuleType, gold: list[Row], predicted: dict[str, Row]) -> float:
    """F1 where a match has the same text, but for spaces and punctuation, or nearly all words in common."""
    tp = fp = fn = 0
    for row in gold:
        wanted = [affiliation["text"] or "" for affiliation in row.get("affiliations") or []]
        got = [affiliation["text"] for affiliation in predicted.get(row["id"], {}).get("affiliations", [])]
        hits = 0
        for text in got:
            same = [w for w in wanted if _letters(w) == _letters(text)] or [
                w for w in wanted if score.dice(score.tokens(w), score.tokens(text)) >= STRICT
            ]
            if same:
                wanted.remove(same[0])
                hits += 1
        tp, fp, fn = tp + hits, fp + len(got) - hits, fn + len(wanted)
    return _f1(tp, fp, fn)


TABLE = (
    ("affiliations, F1 over all", "micro", 0.97, 0.94),
    ("affiliations, mean F1 of a paper", "macro", 0.96, 0.93),
    ("affiliations, strict F1", "strict", 0.94, 0.88),
    ("institutions, recall", "institutions", 0.97, 0.92),
    ("author names, F1", "names", 0.98, 0.97),
    ("author–affiliation links, F1", "links", 0.96, 0.93),
    ("papers with every affiliation right and none too many", "whole", 0.90, 0.83),
    ("e-mail domains, precision", "domain_precision", 0.97, 0.94),
    ("e-mail domains, recall", "domain_recall", 0.97, 0.94),
)


def table(columns: dict[str, Figures]) -> str:
    """The figures as Markdown, a column for each set."""
    heads = [f"{name} ({figures.papers} papers)" for name, figures in columns.items()]
    out = ["| | aim | floor | " + " | ".join(heads) + " |", "|---|---|---|" + "---|" * len(heads)]
    for label, name, aim, floor in TABLE:
        values = " | ".join(f"{getattr(figures, name):.3f}" for figures in columns.values())
        out.append(f"| {label} | {aim:.2f} | {floor:.2f} | {values} |")
    return "\n".join(out)


def by_layout(score: ModuleType, gold: list[Row], predicted: dict[str, Row], layouts: dict[str, str]) -> str:
    """A row for each layout, the commonest first."""
    groups: dict[str, list[Row]] = {}
    for row in gold:
        if row.get("text_layer") is not False:
            groups.setdefault(layouts.get(row["id"], "?"), []).append(row)
    out = ["| layout | papers | affiliations F1 | strict F1 | links F1 | papers right |", "|---|---|---|---|---|---|"]
    for name, rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        f = figures(score, rows, predicted)
        out.append(f"| {name} | {f.papers} | {f.micro:.3f} | {f.strict:.3f} | {f.links:.3f} | {f.whole:.2f} |")
    return "\n".join(out)


def worst(sets: Iterable[Figures], limit: int = 10) -> list[tuple[str, int, int, int]]:
    """The papers with the most affiliations missed or invented."""
    rows = [row for one in sets for row in one.per if row[1] != row[3] or row[2] != row[3]]
    return sorted(rows, key=lambda row: (row[3] - row[1] + row[3] - row[2], row[0]))[:limit]
