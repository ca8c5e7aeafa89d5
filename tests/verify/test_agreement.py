"""Figures of agreement against published worked examples."""

from __future__ import annotations

import pytest

from db.decisions import Verdict
from db.labels import Opinion
from verify.agreement import cohen_kappa, find_agreement, krippendorff_alpha


def crossed(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, n in table.items() for _ in range(n)]


def test_cohen_kappa_of_textbook_tables() -> None:
    # 50 proposals: 20 both yes, 5 first only, 10 second only, 15 both no: po 0.7, pe 0.5
    assert cohen_kappa(crossed({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})) == pytest.approx(0.4)
    # Cohen (1960), table 1: 200 cases by three categories, kappa .492
    cells = [["a", "b", "c"], [88, 14, 18], [10, 40, 10], [2, 6, 12]]
    table = {(str(one), str(other)): int(cells[1 + i][j]) for i, one in enumerate(cells[0]) for j, other in enumerate(cells[0])}
    assert cohen_kappa(crossed(table)) == pytest.approx(0.492, abs=5e-4)


def test_kappa_at_its_ends() -> None:
    assert cohen_kappa([]) is None
    assert cohen_kappa([("used", "used")] * 5) is None  # chance alone explains it
    assert cohen_kappa([("a", "a"), ("b", "b")]) == 1
    assert cohen_kappa([("a", "b"), ("b", "a")]) == -1


def test_krippendorff_alpha_of_the_published_example() -> None:
    # Krippendorff (2011), section C: four observers, twelve units, nominal alpha 0.743
    rows = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    units = [[value for value in unit if value != "."] for unit in zip(*(row.split() for row in rows), strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_alpha_at_its_ends() -> None:
    assert krippendorff_alpha([["a"], ["b"]]) is None
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None
    assert krippendorff_alpha([["a", "a"], ["b", "b"]]) == 1


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
    assert [(number, n) for number, n, _ in found.alphas] == [(1, 3), (2, 0)]
