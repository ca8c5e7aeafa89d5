"""The query for BigQuery: what its pattern finds, and that every dataset gives one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.datasets import load_datasets
from crawler.patents.bigquery import render_query
from tests.helpers.command import whereused


def pattern(slug: str) -> re.Pattern[str]:
    """The pattern of names, in the part of the syntax that RE2 and Python share."""
    query = render_query(next(d for d in load_datasets() if d.slug == slug))
    found = re.search(r"alias\(\) AS \(r'(.+)'\);", query)
    assert found
    return re.compile(found[1])


@pytest.mark.parametrize("text", ["the MegaFace set", "在MegaFace数据集", "Mega-Face", "MEGAFACE", "mega\nface2", "MegaFace Challenge 2."])
def test_names_are_found_in_all_spellings(text: str) -> None:
    assert pattern("megaface").search(text)


@pytest.mark.parametrize("text", ["omegafaces", "MF2", "mega surface"])
def test_other_words_are_not(text: str) -> None:
    assert not pattern("megaface").search(text)


@pytest.mark.parametrize("slug", [d.slug for d in load_datasets()])
def test_each_dataset_gives_a_query(slug: str) -> None:
    query = render_query(next(d for d in load_datasets() if d.slug == slug))
    assert query.count("(") == query.count(")")
    assert pattern(slug)
    assert f"--dataset {slug}" in query


def test_the_command_writes_it_to_stdout(tmp_path: Path) -> None:
    done = whereused("datasets", "patent-query", "megaface", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "'themegafacebenchmark1millionfacesforrecognitionatscale'" in done.stdout
