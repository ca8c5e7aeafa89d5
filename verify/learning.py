"""The order of the queue, learned from the labels: a small model whose every weight can be read.

Logistic regression over the words beside the dataset's name, on top of the evidence score: without labels the order is
that of the score, and each label shifts it.  One label is one small step, with a few earlier ones gone over again, so
that the time between two prompts doesn't grow with the queue or the labels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise

from db.queries.learning import Signs

RATE = 0.35  # AdaGrad's step; the benchmark `screening` was run with 0.1 to 0.6
SHRINK = 0.002  # pull of every weight towards zero at each step
ENOUGH, ENOUGH_OF_EACH = 10, 2  # labels before the order follows them
REPLAYED = 30  # earlier labels gone over with each new one
UNSCORED = -1.5  # log-odds of a work that has no score
MAX_WORDS = 120

_WORD = re.compile(r"[a-z]{3,}|\d+%?")
_IDLE = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "that",
        "this",
        "are",
        "was",
        "were",
        "from",
        "which",
        "has",
        "have",
        "been",
        "its",
        "their",
        "can",
        "also",
        "such",
        "these",
        "than",
    ]
)


def features(signs: Signs, names: re.Pattern[str] | None) -> tuple[str, ...]:
    """The words and pairs of words beside the name, and what the document and the providers say besides."""
    found: set[str] = set()
    for text, section in signs.passages:
        if len(found) > MAX_WORDS:
            break
        text = names.sub(" ", text) if names else text
        words = [word for word in _WORD.findall(text.lower()) if word not in _IDLE]
        found.update(words)
        found.update(f"{one} {other}" for one, other in pairwise(words))
        found.update(f"section {word}" for word in _WORD.findall((section or "").lower()))
    found.update(f"intent {intent}" for intent in signs.intents)
    found.update(f"sign: {re.sub('[0-9]+', 'n', reason)}" for reason in signs.reasons)
    return tuple(sorted(found))


class Learner:
    """Learns from labels one by one; ``score`` gives log-odds of use."""

    def __init__(self) -> None:
        self.n = {True: 0, False: 0}
        self._weights: dict[str, float] = {}
        self._squares: dict[str, float] = {}
        self._seen: list[tuple[tuple[str, ...], float, bool]] = []
        self._next = 0

    @staticmethod
    def prior(score: float | None) -> float:
        """Log-odds of the evidence score."""
        if score is None:
            return UNSCORED
        return math.log(max(score, 0.01) / max(1 - score, 0.01))

    @property
    def is_ready(self) -> bool:
        """Whether enough of both kinds was seen: before that the score alone orders the queue."""
        return min(self.n.values()) >= ENOUGH_OF_EACH and sum(self.n.values()) >= ENOUGH

    def score(self, found: Iterable[str], prior: float) -> float:
        """Log-odds that the work is a use."""
        return prior + self._sum(found)

    def _sum(self, found: Iterable[str]) -> float:
        weights = self._weights
        return sum(weights[name] for name in found if name in weights)

    def learn(self, found: tuple[str, ...], prior: float, is_use: bool) -> None:
        """Take a label in, and go over some earlier ones again, in turn."""
        self.n[is_use] += 1
        self._seen.append((found, prior, is_use))
        self._step(found, prior, is_use)
        for _ in range(min(REPLAYED, len(self._seen) - 1)):
            self._next = (self._next + 1) % len(self._seen)
            self._step(*self._seen[self._next])

    def _step(self, found: tuple[str, ...], prior: float, is_use: bool) -> None:
        if not found:
            return
        odds = max(min(prior + self._sum(found), 30.0), -30.0)
        error = is_use - 1 / (1 + math.exp(-odds))
        if is_use:  # uses are rare, and missing one costs more
            error *= min(max(self.n[False] / max(self.n[True], 1), 1.0), 10.0)
        gradient = error / math.sqrt(len(found))
        for name in found:
            square = self._squares.get(name, 0.0) + gradient * gradient
            self._squares[name] = square
            weight = self._weights.get(name, 0.0)
            self._weights[name] = weight * (1 - SHRINK) + RATE * gradient / math.sqrt(square + 1e-6) / math.sqrt(len(found))

    def explain(self, found: Iterable[str], most: int = 4) -> list[str]:
        """The features that say most about a work, with their weight: "+0.41 trained on"."""
        weighed = sorted(((self._weights.get(name, 0.0), name) for name in found), key=lambda pair: -abs(pair[0]))
        return [f"{weight:+.2f} {name}" for weight, name in weighed[:most] if abs(weight) >= 0.05]
