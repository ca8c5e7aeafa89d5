"""How far reviewers agree: percent agreement, Cohen's kappa for each pair, Krippendorff's alpha for all of them.

Counted on the labels as given, before adjudication.  ``no_access`` counts as missing: it says nothing about the work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from db.labels import Opinion

MISSING = "no_access"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers on the ``n`` works that both labelled.  ``kappa`` is None where it is not defined."""

    round: int
    reviewers: tuple[str, str]
    n: int
    percent: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All pairs, and for each round alpha with the number of works that two or more reviewers labelled."""

    pairs: tuple[PairAgreement, ...]
    alphas: tuple[tuple[int, int, float | None], ...]  # round, works, alpha


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement of two reviewers beyond chance (Cohen 1960); None without pairs, or where both use one label only."""
    n = len(pairs)
    if not n:
        return None
    observed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(first[label] * second[label] for label in first) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Agreement of any number of reviewers on nominal labels, gaps allowed (Krippendorff 2011, "Computing
    Krippendorff's Alpha-Reliability"); a unit holds the labels of one work.  None where it is not defined.
    """
    paired = [unit for unit in units if len(unit) > 1]
    totals = Counter(label for unit in paired for label in unit)
    n = sum(totals.values())
    chance = n * n - sum(count * count for count in totals.values())
    if not chance:
        return None
    split = sum((len(unit) ** 2 - sum(c * c for c in Counter(unit).values())) / (len(unit) - 1) for unit in paired)
    return 1 - (n - 1) * split / chance


def find_agreement(opinions: Iterable[Opinion]) -> Agreement:
    """The figures of all rounds."""
    rounds: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for opinion in opinions:
        if opinion.verdict.label != MISSING:
            rounds[opinion.round][opinion.group_id][opinion.pseudonym] = opinion.verdict.label
    pairs, alphas = [], []
    for number, works in sorted(rounds.items()):
        pairs += _pairs(number, list(works.values()))
        shared = [list(labels.values()) for labels in works.values() if len(labels) > 1]
        alphas.append((number, len(shared), krippendorff_alpha(shared)))
    return Agreement(tuple(pairs), tuple(alphas))


def _pairs(number: int, works: Sequence[dict[str, str]]) -> list[PairAgreement]:
    reviewers = sorted({name for labels in works for name in labels}, key=lambda name: (len(name), name))
    found = []
    for one, other in combinations(reviewers, 2):
        both = [(labels[one], labels[other]) for labels in works if one in labels and other in labels]
        if both:
            percent = 100 * sum(a == b for a, b in both) / len(both)
            found.append(PairAgreement(number, (one, other), len(both), percent, cohen_kappa(both)))
    return found
