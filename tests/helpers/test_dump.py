"""The dump must be blind to the order in which content came, and to nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from db.citations import CitationRow
from db.connect import open_for_writing, writing
from db.crawl import ListStep, open_pass, save_page, save_seed
from db.records import Context, FulltextPlace, ProviderFacts, WorkRecord
from db.runs import save_run_start
from db.works import save_provider
from tests.helpers.dump import canonical_dump

SEED = WorkRecord("A seed paper about faces in the wild", ids=(("s2", "1" * 40),))


def row(number: int) -> CitationRow:
    work = WorkRecord(f"A citing work with the number {number}", ids=(("doi", f"10.5555/{number}"), ("s2", f"{number:040x}")))
    return CitationRow(work, (Context("as in [1]"),), places=(("s2p", FulltextPlace(f"https://x.org/{number}.pdf", 0)),))


def database(path: Path, pages: Iterable[Iterable[int]], *, runs: int = 1, withdraws: bool = False) -> str:
    db = open_for_writing(path)
    with writing(db):
        save_provider(db, ProviderFacts("s2p"))
    for _ in range(runs):
        run_id = save_run_start(db, "crawl", "1")
    with writing(db):
        work_id = save_seed(db, [], SEED, provider="s2p", run_id=run_id, confirmed=False)
        open_pass(db, "s2p", work_id, 1, None)
    for page in pages:
        step = ListStep("s2p", "1" * 40, "https://x.org", 1, "{}", "{}", "paging", 1, withdraws=False)
        save_page(db, step, [row(n) for n in page], run_id=run_id)
    if withdraws:
        with writing(db):
            db.conn.execute("UPDATE citation_sighting SET withdrawn_at = '2026-01-01T00:00:00Z' WHERE citation_id = 1")
    db.close()
    return canonical_dump(path)


def test_order_and_runs_do_not_matter(tmp_path: Path) -> None:
    one = database(tmp_path / "1.db", [[1, 2], [3, 4]])
    assert one == database(tmp_path / "2.db", [[4, 3], [2, 1]], runs=3)
    assert "work_id" in one and "10.5555/3" in one


def test_content_matters(tmp_path: Path) -> None:
    one = database(tmp_path / "1.db", [[1, 2], [3, 4]])
    assert one != database(tmp_path / "2.db", [[1, 2], [3, 5]])
    assert one != database(tmp_path / "3.db", [[1, 2], [3, 4]], withdraws=True)
    assert one != database(tmp_path / "4.db", [[1, 2], [3], [4]]), "the number of rows of the pass"
