"""How far reviewers agree: raw agreement, Cohen's kappa for each pair, Fleiss' kappa and Krippendorff's alpha for all.

Counted on the labels as given, before adjudication.  ``no_access`` counts as missing: it says nothing about the work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from db.labels import Opinion
from verify.statistics import Counts, Interval, cohen_kappa, count_units, fleiss_kappa, jackknife, krippendorff_alpha, wilson

MISSING = "no_access"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over ``n`` works, with its 95 % interval; None where it is not defined."""

    n: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers on the ``n`` works that both labelled.  ``percent`` and its interval are in percent."""

    round: int
    reviewers: tuple[str, str]
    n: int
    percent: float
    percent_interval: Interval | None
    kappa: float | None
    kappa_interval: Interval | None


@dataclass(frozen=True, slots=True)
class RoundAgreement:
    """All reviewers of a round: ``raw`` is the share of works with one label from all who judged them; ``fleiss`` is over
    the works that the most usual number of reviewers judged, ``raters``; ``alpha`` over all with two labels or more.
    """

    round: int
    reviewers: int
    raw: Figure
    raters: int
    fleiss: Figure
    alpha: Figure


@dataclass(frozen=True, slots=True)
class Agreement:
    """All pairs, and all rounds in which a work has two labels."""

    pairs: tuple[PairAgreement, ...]
    rounds: tuple[RoundAgreement, ...]


def find_agreement(opinions: Iterable[Opinion]) -> Agreement:
    """The figures of all rounds."""
    rounds: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for opinion in opinions:
        if opinion.verdict.label != MISSING:
            rounds[opinion.round][opinion.group_id][opinion.pseudonym] = opinion.verdict.label
    pairs: list[PairAgreement] = []
    found = []
    for number, works in sorted(rounds.items()):
        pairs += _pairs(number, list(works.values()))
        found.append(_round(number, list(works.values())))
    return Agreement(tuple(pairs), tuple(found))


def _round(number: int, works: Sequence[dict[str, str]]) -> RoundAgreement:
    shared = [tuple(sorted(labels.values())) for labels in works if len(labels) > 1]
    units = count_units(shared)
    sizes = count_units([(str(len(unit)),) for unit in shared])
    raters = int(max(sizes, key=lambda size: (sizes[size], int(size[0])))[0]) if sizes else 0
    same = sum(len(set(unit)) == 1 for unit in shared)
    raw = Figure(len(shared), same / len(shared) if shared else None, wilson(same, len(shared)))
    full = count_units(unit for unit in shared if len(unit) == raters)
    reviewers = len({name for labels in works for name in labels})
    return RoundAgreement(number, reviewers, raw, raters, _figure(fleiss_kappa, full), _figure(krippendorff_alpha, units))


def _figure(figure: Callable[[Counts], float | None], units: Counts) -> Figure:
    return Figure(sum(units.values()), figure(units), jackknife(figure, units))


def _pairs(number: int, works: Sequence[dict[str, str]]) -> list[PairAgreement]:
    reviewers = sorted({name for labels in works for name in labels}, key=lambda name: (len(name), name))
    found = []
    for one, other in combinations(reviewers, 2):
        both = count_units((labels[one], labels[other]) for labels in works if one in labels and other in labels)
        n, same = sum(both.values()), sum(count for (a, b), count in both.items() if a == b)
        interval = wilson(same, n)
        if interval:
            percents = (100 * interval[0], 100 * interval[1])
            found.append(PairAgreement(number, (one, other), n, 100 * same / n, percents, cohen_kappa(both), jackknife(cohen_kappa, both)))
    return found
