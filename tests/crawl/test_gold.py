"""Two recorded states of one real list, three months apart, served in pages of the size that the crawl asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.world import MEGAFACE, Crawl, provider_of

RECORDING = "paper-10-2139-ssrn-2250500-citations-p"


def recorded(folder: Path, suffix: str) -> list[dict[str, Any]]:
    """The rows of a recorded sequence of pages: suffix "_2" is July 2024, none is October, whose first page is still July's."""
    pages = sorted(p for p in folder.glob(f"{RECORDING}??{suffix}.json"))
    return [row for page in pages for row in json.loads(page.read_text())["data"]]


@pytest.mark.gold
def test_recorded_lists(gold: Path, tmp_path: Path) -> None:
    folder = gold / "recordings" / "semantic_scholar"
    july, october = recorded(folder, "_2"), recorded(folder, "")
    assert (len(july), len(october)) == (2135, 2167)
    with provider_of({MEGAFACE: july}) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)
        first = crawl("megaface", "--no-fulltext")
        assert "2135 rows, 2135 citing works; 3 of them without an id; 2135 new, 0 withdrawn; the provider counts 2135\n" in first.err
        assert [ask for ask in crawl.asked if ask.startswith(MEGAFACE)] == [
            f"{MEGAFACE}/citations {page}" for page in ("0+1000", "1000+1000", "2000+1000", "0+999")
        ]
        provider.citations[MEGAFACE] = list(october)
        second = crawl("megaface", "--no-fulltext")
        expected = (
            "2167 rows, 2139 citing works; 4 of them without an id; 18 new, 14 withdrawn; the provider counts 2167, 28 of them not shown"
        )
        assert expected in second.err
    ids = {row["citingPaper"]["paperId"] for row in october} - {None}
    sql = """SELECT value FROM external_id JOIN citation ON citing_work_id = work_id JOIN citation_sighting USING (citation_id)
             WHERE scheme = ?"""
    assert {row[0] for row in crawl.rows(f"{sql} AND withdrawn_at IS NULL", "s2")} == ids
    assert len(crawl.rows(f"{sql} AND withdrawn_at IS NULL", "row")) == 4
    gone = {row["citingPaper"]["paperId"] for row in july} - {None} - ids
    assert {row[0] for row in crawl.rows(f"{sql} AND withdrawn_at IS NOT NULL", "s2")} == gone
