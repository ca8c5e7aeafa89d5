"""What an unattended installation stands on: one run at a time, logs that a collector parses, figures for a monitor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock
from prometheus_client.parser import text_string_to_metric_families

from crawler.sample.folder import GAZETTEER
from crawler.sample.provider import LoopbackProvider
from crawler.sample.world import citations, papers, pdfs
from tests.sample.conftest import Run
from tests.sample.test_run import whereused


@pytest.fixture
def gazetteer(demo: Run) -> Path:
    return demo.out / GAZETTEER


def figures(path: Path) -> dict[tuple[str, ...], float]:
    """(name, label values …) → value of a file of metrics, by Prometheus' own parser."""
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_a_run_writes_figures_and_json_lines(tmp_path: Path, gazetteer: Path) -> None:
    with LoopbackProvider(papers(), citations(), pdfs=pdfs()) as provider:
        metrics = tmp_path / "node" / "whereused.prom"
        site = ("--out", str(tmp_path / "site"), "--metrics", str(metrics))
        done = whereused(tmp_path, provider, gazetteer, "--log-format", "json", "run", "wider_face", *site)
        assert done.returncode == 0, done.stderr
        said = [json.loads(line) for line in done.stderr.splitlines()]
        assert said and all({"time", "level", "logger", "message"} <= set(entry) for entry in said)
        found = figures(metrics)
        assert found["whereused_works", "wider_face", "found"] == found["whereused_queue_works", "wider_face"] == 3
        assert found["whereused_works", "wider_face", "used"] == found["whereused_exit_code",] == 0
        assert found["whereused_queue_oldest_timestamp_seconds", "wider_face"] > 1.7e9
        assert found["whereused_last_run_timestamp_seconds", "geocode", "done"] > 1.7e9

        provider.key = "a key that nobody has"
        done = whereused(tmp_path, provider, gazetteer, "--log-format", "json", "run", "wider_face", *site)
        assert done.returncode == 3
        assert [entry["level"] for entry in map(json.loads, done.stderr.splitlines())].count("ERROR") >= 1
        found = figures(metrics)
        assert found["whereused_exit_code",] == 3 and found["whereused_provider_problems", "semantic_scholar"] >= 1


def test_a_second_run_is_told_of_the_first(tmp_path: Path, gazetteer: Path) -> None:
    with LoopbackProvider(papers(), citations(), pdfs=pdfs()) as provider, FileLock(tmp_path / "w.db.run.lock"):
        done = whereused(tmp_path, provider, gazetteer, "run", "wider_face", "--out", str(tmp_path / "site"))
        assert done.returncode == 2 and "another run is at work" in done.stderr and done.stderr.count("\n") == 1
        assert provider.requests == [] and not (tmp_path / "site").exists()
