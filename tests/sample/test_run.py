"""``whereused run``: crawl → read → geocode → publish against a provider on this machine, as cron would call it."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.faults import Fault
from crawler.sample.folder import GAZETTEER
from crawler.sample.imports import PATENTS, save_table
from crawler.sample.provider import LoopbackProvider
from crawler.sample.works import load_slugs, load_works
from crawler.sample.world import citations, faults, papers, pdfs
from tests.helpers.command import whereused as call
from tests.sample.conftest import Run, environment


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    """The sample, without faults."""
    with LoopbackProvider(papers(), citations(), pdfs=pdfs()) as running:
        yield running


@pytest.fixture
def gazetteer(demo: Run) -> Path:
    return demo.out / GAZETTEER


def whereused(folder: Path, provider: LoopbackProvider, gazetteer: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = environment(folder, WHEREUSED_DB=str(folder / "w.db"), WHEREUSED_GAZETTEER=str(gazetteer), **provider.environ)
    return call(*arguments, cwd=Path.cwd(), environ=env)


def test_one_call_leads_from_nothing_to_the_page(tmp_path: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
    site = tmp_path / "site"
    nothing = b'{"total": 0, "data": []}'  # the abstracts of the sample are real, and name more datasets than they cite
    provider.faults.append(Fault("body", where="search/bulk", body=nothing, times=-1))
    done = whereused(tmp_path, provider, gazetteer, "run", "wider_face", "--out", str(site))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("index.html") and Path(done.stdout.strip()).is_file()
    collection = json.loads((site / "wider_face" / "institutions.geojson").read_text(encoding="utf-8"))
    assert collection["counts"]["found"] == collection["counts"]["located"] == 3
    assert collection["features"] == [], "nothing is verified yet"
    assert "sample" not in collection


def test_a_failing_provider_keeps_nothing_back(tmp_path: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
    table = tmp_path / "patents.csv"
    save_table(PATENTS, table)
    assert whereused(tmp_path, provider, gazetteer, "import", str(table), "--dataset", "megaface").returncode == 0
    provider.key = "a key that nobody has"
    done = whereused(tmp_path, provider, gazetteer, "run", "megaface", "--out", str(tmp_path / "site"))
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert (tmp_path / "site" / "megaface" / "index.html").is_file()


def test_a_failing_provider_and_nothing_there(tmp_path: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
    provider.key = "a key that nobody has"
    done = whereused(tmp_path, provider, gazetteer, "run", "megaface", "--out", str(tmp_path / "site"))
    assert done.returncode == 3 and "Traceback" not in done.stderr


def test_the_crawl_comes_through_every_fault_of_the_demo(tmp_path: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
    provider.faults = list(faults())
    done = whereused(tmp_path, provider, gazetteer, "crawl", "--yes", "--no-search", *load_slugs())
    assert done.returncode == 0, done.stderr
    assert all(fault.times <= 0 for fault in provider.faults)
    shown = whereused(tmp_path, provider, gazetteer, "status", "--json")
    counts = {entry["dataset"]: entry["counts"]["found"] for entry in json.loads(shown.stdout)["datasets"]}
    assert counts == Counter(citation.slug for work in load_works() for citation in work.citations)


def test_without_a_gazetteer_nothing_is_harvested_in_vain(tmp_path: Path, provider: LoopbackProvider) -> None:
    done = whereused(tmp_path, provider, tmp_path / "none.db", "run", "megaface", "--out", str(tmp_path / "site"))
    assert done.returncode == 2 and "gazetteer" in done.stderr and done.stderr.count("\n") == 1
    assert provider.requests == [] and not (tmp_path / "site").exists()


def test_an_unknown_dataset_is_one_line(tmp_path: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
    done = whereused(tmp_path, provider, gazetteer, "run", "megafase")
    assert done.returncode == 2 and "megaface" in done.stderr and done.stderr.count("\n") == 1
