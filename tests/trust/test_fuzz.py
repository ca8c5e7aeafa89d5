"""A short round of damaged answers for every parser; `make soak` goes on for long."""

from __future__ import annotations

import random
from pathlib import Path

from tests.trust.fuzzing import findings, parsers

ROUNDS = 150


def test_answers_in_any_shape(tmp_path: Path) -> None:
    """Whatever comes, a parser reads it or refuses it in its own words."""
    wrong = []
    for name, (data, parse) in parsers(tmp_path).items():
        parse(data)  # the right answer is read
        wrong += [(name, repr(error)[:200], case[:300]) for case, error in findings(data, parse, random.Random(name), iter(range(ROUNDS)))]
    assert not wrong, wrong[:5]
