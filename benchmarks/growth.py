"""What one work costs each stage as the database grows: processor time per synthetic work, by the number of works.

    python -m benchmarks.growth [--stages NAME…] [SIZE...]      default 1,000 10,000 100,000
    python -m benchmarks.growth --one SIZE > FILE               one size, where all of them would take too long at once
    python -m benchmarks.growth --of FILE... [--save]           the table of such files; kept for ``benchmarks.plan``

Stages: ``crawl`` saves pages of 1,000 rows of a list, ``fulltext`` what came of asking for a full text; ``waiting`` and ``saving`` are what
`read` does beside reading (a document costs the same whatever else is stored: `python -m benchmarks.cluster` times it), ``strings`` and
``places`` what `geocode` does beside matching; ``queue`` opens a reviewer's desk; ``export`` writes GeoJSON lines, ``publish`` a folder.
``answer`` is what one reviewer's answer costs, whatever waits: the only figure that is not divided by the works.

Each size is a process of its own, which prints its peak memory too.  The last column is the cost at the largest size against that at
10,000, where fixed costs no longer show; a cost that grows with the number of works is a mistake.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.export_stream import ours
from benchmarks.measured import save
from benchmarks.publish_speed import make
from crawler.datasets import load_datasets
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.reading.reader import READER_VERSION
from db.catalogue import sync
from db.citations import CitationRow
from db.config import Config
from db.connect import open_for_writing, writing
from db.crawl import ListStep, open_pass, save_page
from db.fulltexts import StoredFile, load_places, save_fulltext
from db.geocode import InstitutionRow, MatchRow, load_pending, save_decision
from db.read import save_reading
from db.read_plan import load_waiting
from db.read_rows import AffiliationRow, AuthorRow, FrontMatterRows, MentionRow, MentionRows
from db.records import Context, FulltextPlace, WorkRecord
from db.runs import save_run_start
from db.verify import Seat, save_reviewer
from db.works import save_provider, save_work

PAGE = 1000
MEMORY = Path("/dev/shm")  # what waits for the disk is not what is measured
ANSWERS = 100  # each meets some forty further works: of 10,000 too, most have not been met before
NAME = SEMANTIC_SCHOLAR.name
HARVEST = ("crawl", "fulltext", "waiting", "saving", "strings", "places")  # on one database, each on what the former wrote
MADE = ("queue", "answer", "export", "publish")  # on a made-up database that has been through all stages


def rows(start: int, stop: int) -> Iterator[CitationRow]:
    """A page of a list."""
    for n in range(start, stop):
        ids = (("s2", f"{n:040x}"), ("corpus", str(n)), ("doi", f"10.5555/growth.{n}"))
        record = WorkRecord(f"Faces in crowds, part {n}", year=2000 + n % 20, authors=(f"Ada Part{n}",), ids=ids)
        place = (NAME, FulltextPlace(f"https://example.org/{n}.pdf", 0))
        yield CitationRow(record, (Context(f"We train on it [{n}].", ("methodology",)),), ("methodology",), True, (place,))


def harvest(path: Path, n: int) -> Iterator[tuple[str, float]]:
    """(stage, seconds of processor time), one stage after the other."""
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
            page = rows(start, min(start + PAGE, n))
            save_page(db, ListStep(NAME, "f" * 40, "u", 1, before, after, "paging", PAGE, work_id=seed), page, run_id=run_id)
            before = after

    def fulltext() -> None:
        for [place] in load_places(db, ["megaface"]):
            save_fulltext(db, place, status="stored", file=StoredFile(f"{place.work_id:064x}", 1), run_id=run_id)

    def saving() -> None:
        for work_id in [row[0] for row in db.conn.execute("SELECT work_id FROM work WHERE work_id <> ?", [seed])]:
            place = AffiliationRow(f"Institute {work_id % (n // 3)}, Leeds, UK", 1, ())
            front = FrontMatterRows("A title", (AuthorRow(f"Ada Part{work_id}", (0,)),), (place,), READER_VERSION)
            passages = MentionRows((MentionRow("megaface", "MegaFace", "We train on MegaFace.", 2, None, False),), (), "m", None)
            save_reading(db, f"{work_id:064x}", front, passages, run_id=run_id)

    def places() -> None:
        pending = load_pending(db, ["megaface"], "m", "g")
        for start in range(0, len(pending), 100):
            with writing(db):
                for string in pending[start : start + 100]:
                    key = f"https://ror.org/0{string.string_id % 20_000:08d}"
                    row = InstitutionRow(key, "Institute", "GB", "Leeds", 53.8, -1.5, "academic", "active", "g")
                    save_decision(db, string, [MatchRow(row, 1.0, "name")], None, "m", "g")

    yield "crawl", timed(crawl)
    with writing(db):
        db.conn.execute(
            "INSERT INTO finding (work_id, slug, provider, how, run_id, retrieved_at) "
            "SELECT citing_work_id, 'megaface', ?, 'citation', ?, '2026-01-01T00:00:00Z' FROM citation",
            [NAME, run_id],
        )
    yield "fulltext", timed(fulltext)
    yield "waiting", timed(lambda: load_waiting(db, ["megaface"], reader=READER_VERSION, mentions="m", again=False))
    yield "saving", timed(saving)
    yield "strings", timed(lambda: load_pending(db, ["megaface"], "m", "g"))
    yield "places", timed(places)
    db.close()


def after(path: Path, n: int, stages: set[str]) -> Iterator[tuple[str, float]]:
    """The same for a database that holds works with institutions and decisions."""
    if stages & {"queue", "answer"}:
        yield from desk(path, n)
    if "export" in stages:
        yield "export", timed(lambda: ours(path))
    if "publish" in stages:
        from publish.run import run

        yield "publish", timed(lambda: run(Config(db=path, verbosity=-1), ["alpha"], out=path.with_suffix(".out"), include="all"))


def desk(path: Path, n: int) -> Iterator[tuple[str, float]]:
    """A reviewer sits down, and answers."""
    from db.catalogue import find_dataset
    from verify.codebook import load_codebook
    from verify.prompts import Answer
    from verify.queue import Manner, Review
    from verify.session import VerifyReport

    db = open_for_writing(path)
    reviewer = save_reviewer(db, "growth")
    made: list[Review] = []
    report = VerifyReport("alpha", reviewer.pseudonym)

    def sit_down() -> None:
        seat, book = Seat("alpha", reviewer.reviewer_id), load_codebook()
        made.append(Review(Config(db=path, verbosity=-1), db, seat, find_dataset(db, "alpha"), book, report, Manner()))
        made[0].prompt("")

    def answer() -> None:
        for number in range(ANSWERS):
            made[0].label(Answer("label", ("used", "not_used")[number % 2]))
            made[0].prompt("")

    yield "queue", timed(sit_down)
    yield "answer", timed(answer) / ANSWERS  # of one
    db.close()


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def one(n: int, stages: set[str]) -> None:
    """In a process of its own: stage → microseconds per work, and the peak in MiB."""
    told: dict[str, float] = {}
    sizes: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
        if stages & set(HARVEST):
            for stage, seconds in harvest(Path(place) / "harvest.db", n):
                told[stage] = 1e6 * seconds / n
                print(f"{n:>9,} {stage:<9} {seconds:8.1f} s", file=sys.stderr, flush=True)
                if not {name for name in HARVEST if name not in told} & stages:
                    break
            sizes["bytes"] = (Path(place) / "harvest.db").stat().st_size / n
        if stages & set(MADE):
            for stage, seconds in after(make(Path(place) / "made.db", n), n, stages):
                told[stage] = 1e6 * seconds / n
                print(f"{n:>9,} {stage:<9} {seconds:8.1f} s", file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {name: told[name] for name in (*HARVEST, *MADE) if name in told and name in stages}
    print(json.dumps({"n": n} | figures | sizes | {"peak": peak}))


def main() -> None:
    """Measure, print microseconds per work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--stages", nargs="+", default=[*HARVEST, *MADE], choices=[*HARVEST, *MADE])
    parser.add_argument("--one", action="store_true")
    parser.add_argument("--of", nargs="+", type=Path)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    if given.one:
        return one(given.sizes[0], set(given.stages))
    told: dict[int, dict[str, float]] = {}
    for text in [path.read_text() for path in given.of] if given.of else (_call(n, given.stages) for n in given.sizes):
        figures = json.loads(text)
        told.setdefault(figures["n"], {}).update(figures)
    _print(told)
    if given.save:
        save("growth", {str(n): figures for n, figures in told.items()})
    return None


def _call(n: int, stages: list[str]) -> str:
    command = [sys.executable, "-m", "benchmarks.growth", "--one", str(n), "--stages", *stages]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _print(told: dict[int, dict[str, float]]) -> None:
    """A line for each stage; a stage that was not measured at a size has no figure there."""
    sizes = sorted(told)
    print(f"{'µs per work':<12}" + "".join(f"{n:>12,}" for n in sizes) + "   largest : 10,000")
    for stage in (*HARVEST, *MADE):
        found = {n: told[n][stage] * (n if stage == "answer" else 1) for n in sizes if stage in told[n]}
        if not found:
            continue
        cells = "".join(f"{found[n]:12.1f}" if n in found else " " * 12 for n in sizes)
        print(f"{stage:<12}{cells}{found[max(found)] / found.get(10_000, found[min(found)]):12.2f}")
    print(f"{'peak MiB':<12}" + "".join(f"{told[n]['peak']:12.0f}" for n in sizes))


if __name__ == "__main__":
    main()
