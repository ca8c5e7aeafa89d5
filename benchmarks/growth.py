"""What one work costs each stage as the database grows: processor time per synthetic work, by the number of works.

    python -m benchmarks.growth [SIZE...]      default 1,000 10,000 100,000

Stages: ``crawl`` saves pages of 1,000 rows of a list; ``waiting`` and ``saving`` are what `read` does beside reading (a document costs
the same whatever else is stored: `python -m benchmarks.cluster` times it); ``export`` writes GeoJSON lines.  The last column is the cost at
the largest size against that at 10,000.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.export_stream import ours
from benchmarks.publish_speed import make
from crawler.datasets import load_datasets
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.reading.reader import READER_VERSION
from db.catalogue import sync
from db.citations import CitationRow
from db.connect import open_for_writing, writing
from db.crawl import ListStep, open_pass, save_page
from db.read import save_reading
from db.read_plan import load_waiting
from db.read_rows import AffiliationRow, AuthorRow, FrontMatterRows, MentionRow, MentionRows
from db.records import Context, WorkRecord
from db.runs import save_run_start
from db.works import save_finding, save_provider, save_work

PAGE = 1000
NAME = SEMANTIC_SCHOLAR.name


def rows(start: int) -> Iterator[CitationRow]:
    """A page of a list."""
    for n in range(start, start + PAGE):
        ids = (("s2", f"{n:040x}"), ("corpus", str(n)), ("doi", f"10.5555/growth.{n}"))
        record = WorkRecord(f"Faces in crowds, part {n}", year=2000 + n % 20, authors=(f"Ada Part{n}",), ids=ids)
        yield CitationRow(record, (Context(f"We train on it [{n}].", ("methodology",)),), ("methodology",), True)


def crawl_and_read(path: Path, n: int) -> dict[str, float]:
    """Stage → seconds of processor time."""
    db = open_for_writing(path)
    with writing(db):
        sync(db, load_datasets())
        save_provider(db, SEMANTIC_SCHOLAR.facts)
    run_id = save_run_start(db, "crawl", "growth")
    with writing(db):
        seed = save_work(db, WorkRecord("The seed", ids=(("s2", "f" * 40),)), provider=NAME, run_id=run_id)
        db.conn.execute("UPDATE dataset_paper SET work_id = ? WHERE slug = 'megaface' AND position = 0", [seed])
        open_pass(db, NAME, seed, 1, n)

    def crawl() -> None:
        before = "{}"
        for start in range(0, n, PAGE):
            after = f'{{"offset": {start + PAGE}}}'
            save_page(db, ListStep(NAME, "f" * 40, "u", 1, before, after, "paging", PAGE, work_id=seed), rows(start), run_id=run_id)
            before = after

    told = {"crawl": timed(crawl)}
    ids = [row[0] for row in db.conn.execute("SELECT work_id FROM work WHERE work_id <> ? ORDER BY work_id", [seed])]
    with writing(db):
        for work_id in ids:
            save_finding(db, work_id, "megaface", provider=NAME, how="citation", url=None, run_id=run_id)
            db.conn.execute("INSERT INTO document VALUES (?, 'application/pdf', 1, 'now')", [f"{work_id:064x}"])
            db.conn.execute(
                "INSERT INTO fulltext (work_id, url, provider, rank, status, sha256) VALUES (?, ?, ?, 0, 'stored', ?)",
                [work_id, f"u:{work_id}", NAME, f"{work_id:064x}"],
            )
    told["waiting"] = timed(lambda: load_waiting(db, ["megaface"], reader=READER_VERSION, mentions="m", again=False))

    def save() -> None:
        for work_id in ids:
            place = AffiliationRow(f"Institute {work_id % (n // 3)}, Leeds, UK", 1, ())
            front = FrontMatterRows("A title", (AuthorRow(f"Ada Part{work_id}", (0,)),), (place,), READER_VERSION)
            passages = MentionRows((MentionRow("megaface", "MegaFace", "We train on MegaFace.", 2, None, False),), (), "m", None)
            save_reading(db, f"{work_id:064x}", front, passages, run_id=run_id)

    told["saving"] = timed(save)
    db.close()
    return told


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure, print microseconds per work."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]
    costs: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        for n in sizes:
            told = crawl_and_read(Path(place) / f"crawl-{n}.db", n)
            database = make(Path(place) / f"export-{n}.db", n)
            told["export"] = timed(lambda database=database: ours(database))  # type: ignore[misc]
            for stage, seconds in told.items():
                costs.setdefault(stage, []).append(1e6 * seconds / n)
    print(f"{'µs per work':<12}" + "".join(f"{n:>12,}" for n in sizes) + "   largest : 10,000")
    middle = sizes.index(10_000) if 10_000 in sizes else 0
    for stage, found in costs.items():
        print(f"{stage:<12}" + "".join(f"{cost:12.1f}" for cost in found) + f"{found[-1] / found[middle]:12.2f}")


if __name__ == "__main__":
    main()
