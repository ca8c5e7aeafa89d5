"""A short seeded round of the campaign of damaged PDFs (`make soak` has the long one)."""

from __future__ import annotations

from pathlib import Path

from benchmarks.mutated_pdfs import mutated, own_sources, read_mutated, tasks
from crawler.reading.guard import Failure, Guard, Limits


def test_damage_is_borne(tmp_path: Path) -> None:
    todo = tasks(own_sources(tmp_path)[:8], [], 40, 20)
    results = list(Guard(read_mutated, workers=2, limits=Limits(seconds=60, megabytes=1536)).run(todo))
    assert [(task, result.reason) for task, result in results if isinstance(result, Failure)] == []
    outcomes = {result for _, result in results}
    assert "read" in outcomes and len(outcomes) > 2


def test_the_same_seed_does_the_same_damage(tmp_path: Path) -> None:
    data = own_sources(tmp_path)[0].read_bytes()
    assert [mutated(data, seed) for seed in range(30)] == [mutated(data, seed) for seed in range(30)]
    assert len({mutated(data, seed) for seed in range(30)}) > 25
