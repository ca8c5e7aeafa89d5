"""Figures of agreement on nominal labels, and intervals for them.  Pure functions; sources stand with each.

Intervals are 95 %: Wilson's for shares, Clopper and Pearson's where few cases must not look like many, and the
delete-one jackknife over works for the chance-corrected figures (Efron 1982): no random numbers, the same every time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

Z = 1.959963984540054  # of the normal distribution, for 95 %
Interval = tuple[float, float]
Unit = Sequence[str]  # the labels of one work
Counts = Counter[tuple[str, ...]]  # unit → how many works have just these labels


def cohen_kappa(pairs: Counts) -> float | None:
    """Agreement of two reviewers beyond chance (Cohen 1960); None without pairs, or where both use one label only."""
    n = sum(pairs.values())
    if not n:
        return None
    observed = sum(count for (a, b), count in pairs.items() if a == b) / n
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (a, b), count in pairs.items():
        first[a] += count
        second[b] += count
    expected = sum(first[label] * second[label] for label in first) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def fleiss_kappa(units: Counts) -> float | None:
    """Agreement of a fixed number of reviewers a work, not always the same ones (Fleiss 1971); units of equal length."""
    n, size = sum(units.values()), len(next(iter(units), ()))
    if not n or size < 2:
        return None
    totals: Counter[str] = Counter()
    agreeing = 0.0
    for unit, count in units.items():
        given = Counter(unit)
        agreeing += count * (sum(c * c for c in given.values()) - size) / (size * (size - 1))
        for label, c in given.items():
            totals[label] += c * count
    expected = sum(c * c for c in totals.values()) / (n * size) ** 2
    return None if expected == 1 else (agreeing / n - expected) / (1 - expected)


def krippendorff_alpha(units: Counts) -> float | None:
    """Agreement of any number of reviewers on nominal labels, gaps allowed (Krippendorff 2011, "Computing
    Krippendorff's Alpha-Reliability"); a unit holds the labels of one work.  None where it is not defined.
    """
    totals: Counter[str] = Counter()
    split = 0.0
    for unit, count in units.items():
        if len(unit) > 1:
            given = Counter(unit)
            split += count * (len(unit) ** 2 - sum(c * c for c in given.values())) / (len(unit) - 1)
            for label, c in given.items():
                totals[label] += c * count
    n = sum(totals.values())
    chance = n * n - sum(count * count for count in totals.values())
    return None if not chance else 1 - (n - 1) * split / chance


def count_units(units: Iterable[Unit]) -> Counts:
    """Units that hold the same labels, counted."""
    return Counter(tuple(unit) for unit in units)


def jackknife(figure: Callable[[Counts], float | None], units: Counts) -> Interval | None:
    """The interval of a figure from what it becomes when each work in turn is left out; None where that isn't defined.

    Equal works give equal values, so the work is that of the different units, however many works there are.
    """
    n, whole = sum(units.values()), figure(units)
    if whole is None or n < 3:
        return None
    values: list[tuple[float, int]] = []
    for unit, count in units.items():
        without = figure(units - Counter([unit]))
        if without is None:
            return None
        values.append((without, count))
    mean = sum(value * count for value, count in values) / n
    error = math.sqrt((n - 1) / n * sum(count * (value - mean) ** 2 for value, count in values))
    return max(whole - Z * error, -1.0), min(whole + Z * error, 1.0)


def wilson(k: int, n: int) -> Interval | None:
    """The interval of a share k of n (Wilson 1927)."""
    if not n:
        return None
    p, z2 = k / n, Z * Z
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def clopper_pearson(k: int, n: int) -> Interval:
    """The exact interval of a share k of n: never narrower than it should be (Clopper and Pearson 1934)."""
    if not n:
        return 0.0, 1.0
    low = 0.0 if k == 0 else _bisect(lambda p: _tail(k, n, p) - 0.025)
    high = 1.0 if k == n else _bisect(lambda p: 0.025 - (1 - _tail(k + 1, n, p)))
    return low, high


def _tail(k: int, n: int, p: float) -> float:
    """P(X >= k) of a binomial."""
    if p in (0.0, 1.0):
        return p if k else 1.0
    logs = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k, n + 1)
    ]
    return min(math.fsum(map(math.exp, logs)), 1.0)


def _bisect(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
