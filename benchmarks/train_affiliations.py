"""Trains geocode/model.json from affiliation strings with known ROR ids, or shows what it reaches on strings it has not seen.

    python -m benchmarks.train_affiliations [--write] [--also FILE]        (needs: pip install lightgbm)

The strings are the gold sets that list every organisation of a string ("exhaustive"), under WHEREUSED_GOLD (default
../shared); the registry is the installed gazetteer.  Without --write only figures are printed: precision, recall and F1 over
in-registry strings, four folds by a hash of the string's letters and digits, then leaving one set out at a time.  With it the
model is trained on all of them and written.  ``--also``: another index (``benchmarks.padded``) in which the same strings are
looked up too, so that the model knows registries of both sizes; figures are of the installed one.
"""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.affiliations import EXHAUSTIVE, Gold, gold_folder, load_gold
from db.config import load_config
from db.gazetteer import open_gazetteer
from geocode.decide import decide
from geocode.matcher import SceneFinder
from geocode.registry import read_dump
from geocode.score import FEATURES, Row, Scene
from geocode.second import HOPE, SECOND, second_rows
from geocode.segments import cut

FOLDS = 4
INNER = 3
ONE_ID = ("crossref_2023", "springer_2023")  # sets with one id a string, whose other houses nobody has told
EMPTY = ("ror_logs_2023",)  # … with strings that are known to have none
ASIDE = 0.3  # weight of those sets beside the exhaustive ones
DOUBTED = 0.4  # weight of a successor where the gold names its predecessor
TARGET = "geocode/model.json"
FIRST: dict[str, Any] = {
    "objective": "binary", "num_leaves": 24, "learning_rate": 0.1, "bagging_fraction": 0.6, "bagging_freq": 1, "min_data_in_leaf": 25,
    "lambda_l2": 1.0, "feature_fraction_bynode": 0.3, "max_bin": 63, "seed": 1, "deterministic": True, "force_row_wise": True,
    "num_threads": 1, "verbose": -1,
}  # fmt: skip
TREES = 200  # 400 at half the rate say the same and take longer
LATER = {**FIRST, "num_leaves": 12, "learning_rate": 0.065, "min_data_in_leaf": 60}
TREES_LATER = 120


class Example(NamedTuple):
    """A string with its candidates, their features, and which of them are right."""

    gold: Gold
    scene: Scene
    rows: list[Row]
    right: list[bool]
    told: list[bool]  # False: the gold names the house's predecessor: wrong by the letter, right for who looks for the house
    weight: float = 1.0

    @property
    def fold(self) -> int:
        return self._part(8) % FOLDS

    @property
    def inner(self) -> int:
        """The part of the training strings that it belongs to, where models learn from what others say."""
        return self._part(16) % INNER

    def _part(self, at: int) -> int:
        letters = "".join(c for c in unicodedata.normalize("NFKC", self.gold.affiliation).casefold() if c.isalnum())
        return int(hashlib.sha256(letters.encode()).hexdigest()[at : at + 8], 16)


def load_examples(gazetteer: Path) -> list[Example]:
    scenes = SceneFinder(open_gazetteer(gazetteer))
    examples, successors = [], load_successors()
    for gold in (g for name in EXHAUSTIVE for g in load_gold(name)):
        scene = scenes.find(cut(gold.affiliation))
        right = [c.record.ror_id in gold.ror_ids for c in scene.candidates]
        heirs = {heir for ror_id in gold.ror_ids if (heir := successors.get(ror_id))}
        told = [good or c.record.ror_id not in heirs for c, good in zip(scene.candidates, right, strict=True)]
        examples.append(Example(gold, scene, [scene.row(n) for n in range(len(right))], right, told))
    return examples


def load_aside(gazetteer: Path) -> list[Example]:
    """Strings for training alone.  Of those with one id only what stands for the same words, or in another country, is wrong."""
    scenes = SceneFinder(open_gazetteer(gazetteer))
    examples = []
    for gold in (g for name in (*ONE_ID, *EMPTY) for g in load_gold(name)):
        scene = scenes.find(cut(gold.affiliation))
        candidates = scene.candidates
        right = [c for c in candidates if c.record.ror_id in gold.ror_ids]
        known = [
            n for n, c in enumerate(candidates)
            if gold.source in EMPTY or "country wrong" in scene.signs[n] or any(c.start < r.end and r.start < c.end for r in right)
        ]  # fmt: skip
        if right or gold.source in EMPTY:
            good = [candidates[n].record.ror_id in gold.ror_ids for n in known]
            examples.append(Example(gold, scene, [scene.row(n) for n in known], good, [True] * len(known), ASIDE))
    return examples


def load_successors() -> dict[str, str]:
    """Inactive records with one living successor: id → its id."""
    _, records = read_dump(next((gold_folder() / "ror").glob("*.zip")))
    active = {str(r["id"]) for r in records if r.get("status") == "active"}
    found = {}
    for record in records:
        heirs = {r["id"] for r in record.get("relationships") or () if r.get("type") == "successor"}
        if record.get("status") == "inactive" and len(heirs) == 1 and heirs <= active:
            found[str(record["id"])] = heirs.pop()
    return found


@dataclass(frozen=True)
class Trained:
    """The two models; ``scores`` gives the probabilities of all candidates of each example."""

    first: Any
    second: Any

    def scores(self, examples: list[Example]) -> list[list[float]]:
        alone = _predict(self.first, [e.rows for e in examples])
        more = [second_rows(e.scene, scores) for e, scores in zip(examples, alone, strict=True)]
        both = [[row + extra for row, extra in zip(e.rows, rows, strict=True)] for e, rows in zip(examples, more, strict=True)]
        again = _predict(self.second, both)
        return [[y if x > HOPE else x for x, y in zip(xs, ys, strict=True)] for xs, ys in zip(alone, again, strict=True)]


def train(examples: Iterable[Example]) -> Trained:
    """Two LightGBM boosters (https://lightgbm.readthedocs.io); the same on every machine.

    The second learns from what first models say of strings that they have not seen, of the sets that tell all houses of a string.
    """
    kept = [e for e in examples if e.rows]
    whole = [e for e in kept if len(e.rows) == len(e.scene.candidates) and e.gold.source in EXHAUSTIVE]
    rows, trained = [], []
    for part in range(INNER):
        apart = [e for e in whole if e.inner == part]
        scores = _predict(
            _boost([e for e in kept if e.inner != part], [e.rows for e in kept if e.inner != part], FIRST, TREES), [e.rows for e in apart]
        )
        rows += [[r + x for r, x in zip(e.rows, second_rows(e.scene, s), strict=True)] for e, s in zip(apart, scores, strict=True)]
        trained += apart
    return Trained(_boost(kept, [e.rows for e in kept], FIRST, TREES), _boost(trained, rows, LATER, TREES_LATER))


def _boost(examples: list[Example], rows: list[list[Row]], settings: dict[str, Any], trees: int) -> Any:
    import numpy as np

    lightgbm = import_module("lightgbm")  # not a dependency: only who trains needs it

    flat = np.array([row for each in rows for row in each], dtype=np.float32)
    weights = [e.weight * (1.0 if told else DOUBTED) for e in examples for told in e.told]
    data = lightgbm.Dataset(flat, [float(good) for e in examples for good in e.right], weight=weights)
    return lightgbm.train(settings, data, trees)


def _predict(model: Any, rows: list[list[Row]]) -> list[list[float]]:
    """The probabilities of each example's rows."""
    flat = [row for each in rows for row in each]
    found = iter(model.predict(flat).tolist() if flat else ())
    return [[next(found) for _ in each] for each in rows]


def figures(pairs: Iterable[tuple[Example, list[float]]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over (string, id) pairs of in-registry strings."""
    tp = fp = fn = 0
    for example, scores in pairs:
        if example.gold.in_registry:
            got = {d.candidate.record.ror_id for d in decide(example.scene, scores)[0]}
            tp, fp, fn = tp + len(got & example.gold.ror_ids), fp + len(got - example.gold.ror_ids), fn + len(example.gold.ror_ids - got)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return precision, recall, 2 * precision * recall / (precision + recall)


def unseen(examples: list[Example], also: list[Example], part: Callable[[Example], object]) -> list[tuple[Example, list[float]]]:
    """Each example with the scores of a model trained on the other parts, and on those of the other registry."""
    result = []
    for value in sorted({part(e) for e in examples}, key=str):
        tested = [e for e in examples if part(e) == value]
        known = {e.gold.affiliation for e in tested}  # some strings stand in two sets
        model = train([e for e in [*examples, *also] if part(e) != value and e.gold.affiliation not in known])
        result += list(zip(tested, model.scores(tested), strict=True))
    return result


def as_json(model: Trained, n_strings: int, n_rows: int) -> dict[str, Any]:
    first, second = ([_flat(t["tree_structure"]) for t in m.dump_model()["tree_info"]] for m in (model.first, model.second))
    body = {"features": [*FEATURES, *SECOND], "first": first, "second": second}
    told = f"{n_strings} strings, {n_rows} candidates, of the public gold sets {', '.join((*EXHAUSTIVE, *ONE_ID, *EMPTY))}"
    return {"version": hashlib.sha256(json.dumps(body).encode()).hexdigest()[:8], "trained_on": told, **body}


def _flat(node: dict[str, Any]) -> list[list[float]]:
    """A tree as a list of nodes: [feature, threshold, left, right], or [value] of a leaf; the first is the root."""
    if "leaf_value" in node:
        return [[round(node["leaf_value"], 3)]]  # few values lie closer together in memory, and are read faster
    left, right = _flat(node["left_child"]), _flat(node["right_child"])
    root = [node["split_feature"], round(node["threshold"], 5), 1, 1 + len(left)]
    return [root, *_moved(left, 1), *_moved(right, 1 + len(left))]


def _moved(nodes: list[list[float]], by: int) -> list[list[float]]:
    return [[n[0], n[1], n[2] + by, n[3] + by] if len(n) == 4 else n for n in nodes]


def at_recall(scored: list[tuple[Example, list[float]]], recall: float) -> tuple[float, float]:
    """(precision, score) where the surest answers reach a recall."""
    inside = [(e, s) for e, s in scored if e.gold.in_registry]
    asked = sum(len(e.gold.ror_ids) for e, _ in inside)
    found = [(d.score, d.candidate.record.ror_id in e.gold.ror_ids) for e, s in inside for d in decide(e.scene, s)[0]]
    right = 0
    for n, (score, good) in enumerate(sorted(found, reverse=True), 1):
        right += good
        if right >= recall * asked:
            return right / n, score
    return 0.0, 0.0


def outside(scored: list[tuple[Example, list[float]]]) -> tuple[float, float, int]:
    """Of the strings whose organisations are not all in the registry: shares that get a wrong id, and one that is no successor
    of a gold id either; how many strings there are.
    """
    strings = [(e, s) for e, s in scored if not e.gold.in_registry]
    wrong = foreign = 0
    for example, scores in strings:
        heirs = {c.record.ror_id for c, told in zip(example.scene.candidates, example.told, strict=True) if not told}
        got = {d.candidate.record.ror_id for d in decide(example.scene, scores)[0]} - example.gold.ror_ids
        wrong, foreign = wrong + bool(got), foreign + bool(got - heirs)
    return wrong / len(strings), foreign / len(strings), len(strings)


def show(examples: list[Example], also: list[Example]) -> None:
    """Print what models reach on strings, and on sets, that they were not trained on."""
    for title, part in (("folds by string", lambda e: e.fold), ("leave one set out", lambda e: e.gold.source)):
        scored = unseen(examples, also, part)
        print(f"{title}: P %.3f  R %.3f  F1 %.3f" % figures(scored))
        for name in EXHAUSTIVE:
            print(f"  {name:28} P %.3f  R %.3f  F1 %.3f" % figures(p for p in scored if p[0].gold.source == name))
        for recall in (0.75, 0.8):
            print(f"  the surest, at recall {recall}: precision %.3f (score %.2f)" % at_recall(scored, recall))
        wrong, foreign, n_strings = outside(scored)
        print(f"  not in the registry: {wrong:.3f} of {n_strings} strings get a wrong id, {foreign:.3f} one that is no successor either")


def main(arguments: list[str]) -> None:
    other = Path(arguments[arguments.index("--also") + 1]) if "--also" in arguments else None
    examples, also = load_examples(load_config().gazetteer), load_aside(load_config().gazetteer) + (load_examples(other) if other else [])
    if "--write" not in arguments:
        show(examples, also)
        return
    both = [*examples, *also]
    model = as_json(train(both), len({e.gold.affiliation for e in both}), sum(len(e.rows) for e in both))
    Path(TARGET).write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET}: version {model['version']}, {len(model['first'])} and {len(model['second'])} trees")


if __name__ == "__main__":
    main(sys.argv[1:])
