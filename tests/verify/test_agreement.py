"""Figures of agreement against published worked examples and another implementation."""

from __future__ import annotations

import random
import warnings
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.decisions import Verdict
from db.labels import Opinion
from verify.agreement import find_agreement
from verify.statistics import clopper_pearson, cohen_kappa, count_units, fleiss_kappa, jackknife, krippendorff_alpha, wilson

LABELS = ["used", "created", "not_used", "unsure", "wrong_work"]


def test_cohen_kappa_of_textbook_tables() -> None:
    # 50 proposals: 20 both yes, 5 first only, 10 second only, 15 both no: po 0.7, pe 0.5
    assert cohen_kappa(Counter({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})) == pytest.approx(0.4)
    # Cohen (1960), table 1: 200 cases by three categories, kappa .492
    cells = [["a", "b", "c"], [88, 14, 18], [10, 40, 10], [2, 6, 12]]
    table = {(str(one), str(other)): int(cells[1 + i][j]) for i, one in enumerate(cells[0]) for j, other in enumerate(cells[0])}
    assert cohen_kappa(Counter(table)) == pytest.approx(0.492, abs=5e-4)


def test_kappa_at_its_ends() -> None:
    assert cohen_kappa(Counter()) is None
    assert cohen_kappa(count_units([("used", "used")] * 5)) is None  # chance alone explains it
    assert cohen_kappa(count_units([("a", "a"), ("b", "b")])) == 1
    assert cohen_kappa(count_units([("a", "b"), ("b", "a")])) == -1


@settings(deadline=None)  # the first import takes seconds
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=60))
def test_cohen_kappa_equals_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed; `make install` brings it")
    ours = cohen_kappa(count_units(pairs))
    if ours is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of constant input
            assert ours == pytest.approx(metrics.cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-12)


def test_fleiss_kappa_of_the_published_example() -> None:
    # Fleiss (1971) as worked through in textbooks: 14 raters, 10 subjects, 5 categories, kappa 0.210
    table = [
        "0 0 0 0 14",
        "0 2 6 4 2",
        "0 0 3 5 6",
        "0 3 9 2 0",
        "2 2 8 1 1",
        "7 7 0 0 0",
        "3 2 6 3 0",
        "2 5 3 2 2",
        "6 5 2 1 0",
        "0 2 2 3 7",
    ]
    units = [tuple(label for label, n in zip("abcde", map(int, row.split()), strict=True) for _ in range(n)) for row in table]
    assert fleiss_kappa(count_units(units)) == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa(Counter()) is None
    assert fleiss_kappa(count_units([("a", "a"), ("a", "a")])) is None


def krippendorff_units() -> list[tuple[str, ...]]:
    # Krippendorff (2011), section C: four observers, twelve units, with gaps
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
    return [tuple(value for value in unit if value != ".") for unit in zip(*(row.split() for row in rows), strict=True)]


def test_krippendorff_alpha_of_the_published_example() -> None:
    assert krippendorff_alpha(count_units(krippendorff_units())) == pytest.approx(0.743, abs=5e-4)


def test_alpha_at_its_ends() -> None:
    assert krippendorff_alpha(count_units([("a",), ("b",)])) is None
    assert krippendorff_alpha(count_units([("a", "a"), ("a", "a")])) is None
    assert krippendorff_alpha(count_units([("a", "a"), ("b", "b")])) == 1


def test_intervals_of_shares() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Wilson's score interval, as tabled
    assert clopper_pearson(0, 60) == pytest.approx((0, 0.0596), abs=1e-4)
    assert clopper_pearson(8, 10) == pytest.approx((0.4439, 0.9748), abs=1e-4)
    assert clopper_pearson(10, 10)[1] == 1
    assert clopper_pearson(0, 0) == (0, 1)
    assert wilson(0, 0) is None


def test_the_jackknife_covers_the_truth_about_as_often_as_it_says() -> None:
    dice = random.Random(1)

    def sample(n: int) -> Counter[tuple[str, ...]]:
        """Two reviewers who see the truth in four of five cases and guess else."""
        truths = [dice.random() < 0.4 for _ in range(n)]
        return count_units(tuple("yn"[(dice.random() < 0.5) if dice.random() < 0.2 else truth] for _ in range(2)) for truth in truths)

    true = cohen_kappa(sample(200_000))
    intervals = [jackknife(cohen_kappa, sample(120)) for _ in range(300)]
    assert true is not None
    hits = sum(low <= true <= high for low, high in filter(None, intervals))
    assert 0.90 <= hits / len(intervals) <= 0.98


def opinion(work: int, reviewer: str, label: str, round_: int = 1) -> Opinion:
    return Opinion(work, work, reviewer, round_, Verdict(label))


def test_pairs_count_only_works_that_both_judged() -> None:
    found = find_agreement(
        [opinion(work, "reviewer-1", label) for work, label in enumerate(["used", "not_used", "used", "no_access", "used"])]
        + [opinion(work, "reviewer-2", label) for work, label in enumerate(["used", "used", "used", "used"])]
        + [opinion(0, "reviewer-10", "used"), opinion(0, "reviewer-1", "created", 2)]
    )
    assert [(pair.reviewers, pair.n) for pair in found.pairs] == [
        (("reviewer-1", "reviewer-2"), 3),
        (("reviewer-1", "reviewer-10"), 1),
        (("reviewer-2", "reviewer-10"), 1),
    ]
    assert found.pairs[0].percent == pytest.approx(66.7, abs=0.05)
    assert [(one.round, one.raw.n, one.raw.value, one.raters, one.fleiss.n) for one in found.rounds] == [
        (1, 3, pytest.approx(2 / 3), 2, 2),
        (2, 0, None, 0, 0),
    ]
