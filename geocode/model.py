"""The model that weighs the features of a candidate: boosted trees, shipped as ``model.json``, read without any library.

Two of them: the first looks at each candidate by itself, the second at what the first says of all of a string (``geocode.second``).
Trained by ``benchmarks/train_affiliations.py``; what they were trained on stands in the file under "trained_on".  The trees
are numbers in the file and become functions when they are loaded: reading node after node would take ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from math import exp

from geocode.score import FEATURES, Row, Scene
from geocode.second import HOPE, LEAST, SECOND, second_rows

Sum = Callable[..., float]
TOGETHER = 30  # trees in one function; after each it may be clear already that a candidate is none:
GIVEN_UP = LEAST - 1.0  # from such a sum on the other trees have never brought one back


class Model:
    """Candidates of a string → for each the probability that the string means it."""

    def __init__(self) -> None:
        data = json.loads(files("geocode").joinpath("model.json").read_text(encoding="utf-8"))
        if tuple(data["features"]) != (*FEATURES, *SECOND):
            raise RuntimeError("geocode/model.json was trained on other features: run benchmarks/train_affiliations.py")
        self.version: str = data["version"]
        self._first, self._second = (
            [as_function(trees[n : n + TOGETHER], width) for n in range(0, len(trees), TOGETHER)]
            for trees, width in ((data["first"], len(FEATURES)), (data["second"], len(FEATURES) + len(SECOND)))
        )

    def probabilities(self, scene: Scene) -> list[float]:
        """0..1 for each candidate, calibrated on the strings they were trained on."""
        rows = [scene.row(n) for n in range(len(scene.candidates))]
        scores = [_probability(self._first, row) for row in rows]
        if max(scores, default=0.0) <= HOPE:
            return scores
        more = second_rows(scene, scores)
        return [_probability(self._second, [*rows[n], *more[n]]) if scores[n] > HOPE else scores[n] for n in range(len(rows))]


@cache
def load_model() -> Model:
    """The model, read once in a process."""
    return Model()


def _probability(sums: list[Sum], row: Row) -> float:
    total = 0.0
    for add in sums:
        total += add(*row)
        if total < GIVEN_UP:
            break
    return 1.0 / (1.0 + exp(-total)) if total > -700 else 0.0


def as_function(trees: list[list[list[float]]], width: int) -> Sum:
    """Trees in flat form, [feature, threshold, left, right] or [value] for each node, as one function of the ``width`` features.

    Each feature is an argument: looking one up in a row at every node would take a third longer.
    """
    total = "+".join(["0.0", *(_as_expression(tree, 0) for tree in trees)])
    code = f"lambda {','.join(f'x{n}' for n in range(width))}: {total}"
    function: Sum = eval(compile(code, "geocode/model.json", "eval"))  # noqa: S307 (holds numbers only, made here)
    return function


def _as_expression(tree: list[list[float]], number: int) -> str:
    """The value of a tree from this node on: the left one where the feature is at most the threshold, else the right one."""
    entry = tree[number]
    if len(entry) == 1:
        return f"({float(entry[0])!r})"
    left, right = (_as_expression(tree, int(entry[side])) for side in (2, 3))
    return f"({left}if x{int(entry[0])}<={float(entry[1])!r} else{right})"
