"""The model that weighs the features of a candidate: boosted trees, shipped as ``model.json``, read without any library.

Trained by ``benchmarks/train_affiliations.py``; what it was trained on stands in the file under "trained_on".
"""

from __future__ import annotations

import json
from importlib.resources import files
from math import exp

from geocode.score import FEATURES, Row

Leaf = float
Node = tuple[int, float, "Node | Leaf", "Node | Leaf"]  # feature, threshold, where it is at most that, where it is more


class Model:
    """Features of a candidate → probability that the string means it."""

    def __init__(self) -> None:
        data = json.loads(files("geocode").joinpath("model.json").read_text(encoding="utf-8"))
        if tuple(data["features"]) != FEATURES:
            raise RuntimeError("geocode/model.json was trained on other features: run benchmarks/train_affiliations.py")
        self.version: str = data["version"]
        self._bias: float = data["bias"]
        self._trees = [_as_node(tree, 0) for tree in data["trees"]]

    def probability(self, row: Row) -> float:
        """0..1, calibrated on the strings it was trained on."""
        total = self._bias
        for node in self._trees:
            while not isinstance(node, float):
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        return 1.0 / (1.0 + exp(-total)) if total > -700 else 0.0


def _as_node(tree: list[list[float]], number: int) -> Node | Leaf:
    """A tree from its flat form: [feature, threshold, left, right] or [value] for each node."""
    entry = tree[number]
    if len(entry) == 1:
        return float(entry[0])
    return int(entry[0]), float(entry[1]), _as_node(tree, int(entry[2])), _as_node(tree, int(entry[3]))
