"""The denominators, and what the commands say of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from db.connect import Database, open_for_writing, writing
from db.errors import UsageError
from db.queries.counts import load_counts
from publish.news import find_news, since_of
from publish.status import find_status
from tests.publish.rows import DAY, Rows, build
from whereused import main

Json = dict[str, Any]


def test_denominators_count_works_not_versions(opened: Database) -> None:
    assert load_counts(opened, "alpha") == {
        "found": 13, "with_full_text": 2, "read": 1, "located": 8, "reviewed": 10, "used": 7, "withdrawn": 1,
    }  # fmt: skip
    assert load_counts(opened, "beta")["found"] == load_counts(opened, "beta")["located"] == 1
    assert set(load_counts(opened, "gamma").values()) == {0}


def test_denominators_equal_the_lines(opened: Database, lines: Callable[..., dict[str, Json]], features: Callable[..., Any]) -> None:
    counts, works = load_counts(opened, "alpha"), list(lines().values())
    assert counts["found"] == len(works)
    assert counts["with_full_text"] == sum(line["fulltext"]["status"] == "stored" for line in works)
    assert counts["reviewed"] == sum(bool(line["labels"] or line["decision"]) for line in works)
    assert counts["used"] == len(lines("verified"))
    assert counts["withdrawn"] == sum(all("withdrawn_at" in found for found in line["found_by"]) for line in works)
    assert counts["located"] == len({work["id"] for feature in features().values() for work in feature["properties"]["works"]})


def test_status_tells_the_shortfall(opened: Database) -> None:
    status = find_status(opened, [])
    assert [entry["dataset"] for entry in status["datasets"]] == ["alpha", "beta"]
    [provider] = status["datasets"][0]["providers"]
    assert (provider["provider"], provider["reported"], provider["harvested"], provider["shortfall"]) == ("semantic_scholar", 20, 11, 9)
    assert status["last_run"]["command"] == "geocode"


def test_status_tells_why_names_could_not_be_read(tmp_path: Path) -> None:
    reason, path = "garbage: the font of the names has no Unicode map", build(tmp_path / "a.db")
    assert "could not be read" not in run(path, "status", "alpha")
    db = open_for_writing(path)
    with writing(db):
        db.conn.execute("UPDATE document_state SET reason = ? WHERE stage = 'read'", [reason])
    db.close()
    assert f"alpha: names and affiliations of 1 full text could not be read: {reason} (1)." in run(path, "status", "alpha")
    assert json.loads(run(path, "status", "alpha", "--json"))["datasets"][0]["full_texts"]["unread"] == {reason: 1}


def run(database: Path, *args: str) -> str:
    result = CliRunner().invoke(main, ["--db", str(database), *args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_status_as_table_and_json(database: Path) -> None:
    table = run(database, "status")
    assert "alpha" in table and "20" in table and "shortfall" in table
    assert json.loads(run(database, "status", "gamma", "--json"))["datasets"][0]["counts"]["found"] == 0


def test_news_tells_new_and_withdrawn(opened: Database) -> None:
    news = find_news(opened, "alpha", "1")  # after run 1
    assert [work["title"] for work in news["new_works"]] == ["Known by its country", "Method for recognising examples"]
    assert {work["title"] for work in news["new_full_texts"]} == {"Faces at scale", "East of the line"}
    assert {work["title"] for work in news["withdrawn"]} == {"Withdrawn", "Withdrawn but verified"}
    assert len(news["new_decisions"]) == 9
    assert [place["institution"] for place in news["corrected_places"]] == ["Example Reviewed College"]
    later = find_news(opened, "alpha", "2026-03-05")
    assert later["corrected"] == [], "a decision that was reopened, and that nobody has published, is no correction"
    assert later["new_works"] == later["new_decisions"] == []
    nothing = find_news(opened, "alpha", "2026-03-06T00:00:00+00:00")
    assert not any(value for value in nothing.values() if isinstance(value, list))


def test_news_reads_days_times_and_runs(opened: Database) -> None:
    assert since_of(opened, "2026-03-01").at == "2026-03-01T00:00:00Z"
    assert since_of(opened, "2026-03-01T02:00:00+02:00").at == "2026-03-01T00:00:00Z"
    assert since_of(opened, "1") == ("2026-03-02T10:00:00Z", 1)
    for wrong in ("yesterday", "99", "2026-13-01", ""):
        with pytest.raises(UsageError):
            since_of(opened, wrong)


def test_news_after_a_run_leaves_out_what_that_run_brought(tmp_path: Path) -> None:
    """Also where the next run began within the same second."""
    path = build(tmp_path / "quick.db")
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        for run_id in (4, 5):
            now = {"started_at": DAY.format(9), "ended_at": DAY.format(9)}
            rows.insert("run", run_id=run_id, command="import", version="0.1", status="done", **now)
            rows.work(f"of run {run_id}", file=f"run{run_id}")
            seen = {"slug": "gamma", "provider": "import", "how": "import", "run_id": run_id, "retrieved_at": DAY.format(9)}
            rows.insert("finding", work_id=rows.works[f"of run {run_id}"], **seen)
    titles = [[work["title"] for work in find_news(db, "gamma", since)["new_works"]] for since in ("3", "4", "5")]
    db.close()
    assert titles == [["of run 4", "of run 5"], ["of run 5"], []]


def test_news_command(database: Path) -> None:
    assert "withdrawn citation" in run(database, "news", "alpha", "--since", "1")
    assert "Nothing new." in run(database, "news", "alpha", "--since", "2026-03-06")
    assert json.loads(run(database, "news", "alpha", "--since", "1", "--json"))["dataset"] == "alpha"


@pytest.mark.parametrize("command", [("export", "nix", "--format", "csv"), ("status", "nix"), ("news", "nix", "--since", "1")])
def test_an_unknown_dataset_is_named(database: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"'nix'.*datasets list"):
        run(database, *command)


def test_export_writes_a_file_or_stdout(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "x.jsonl"
    assert run(database, "-q", "export", "alpha", "--format", "jsonl", "-o", str(target)) == ""
    assert target.read_text(encoding="utf-8") == run(database, "export", "alpha", "--format", "jsonl")
    assert list(target.parent.iterdir()) == [target], "a partial file was left"


def test_export_never_writes_over_the_database(database: Path) -> None:
    with pytest.raises(UsageError, match="is the database"):
        run(database, "export", "alpha", "--format", "csv", "-o", str(database))


def test_a_failed_export_leaves_the_old_file(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")
    with pytest.raises(UsageError):
        run(database, "export", "nix", "--format", "csv", "-o", str(target))
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_export_goes_through_links_and_into_devices(database: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    run(database, "-q", "export", "alpha", "--format", "csv", "-o", str(link))
    assert link.is_symlink() and target.read_text(encoding="utf-8").startswith("id,dataset,")
    run(database, "-q", "export", "alpha", "--format", "csv", "-o", "/dev/null")
    assert not Path("/dev/null").is_file(), "the device was replaced by a file"
