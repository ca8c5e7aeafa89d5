"""A year of weekly `run --due` over a world that changes: `python -m benchmarks.year [WORKS] [WEEKS] [SEED]`; part of `make soak`.

Each week the real command crawls, reads, locates and publishes; the world is that of `tests.crawl.year` (works appear, forty at once in
every eighth week, take other ids, become one, vanish, come back; a field changes, the key expires for two weeks), and every twentieth work
has a PDF that can be read.  Prints what each week brought and cost, and what a week costs by its news.  Exit 1 where the database is not
what the world shows in the end, or a full text was asked for twice.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from db.config import Config
from geocode.gazetteer import import_dump
from tests.crawl.process import Running
from tests.crawl.world import citing_id
from tests.crawl.year import EXPIRES, KEY, NEW_KEY, RENEWED, Year, a_week_passes, shown
from tests.geocode.registry import write_dump
from tests.reading.world import paper
from tests.trust.house import PLACES, integrity

READABLE = 20  # every so manieth work has a PDF with text
BURST = 40


@dataclass(frozen=True)
class Week:
    """What a week brought, and what it cost."""

    news: int
    exit_code: int
    lists: int
    fulltexts: int
    others: int
    rows: int
    seconds: float

    @property
    def requests(self) -> int:
        """All of them."""
        return self.lists + self.fulltexts + self.others


def count_rows(told: Path, folder: Path) -> None:
    """In the child: note at its end how many rows its connections have inserted, changed or deleted."""
    os.chdir(folder)
    opened: list[sqlite3.Connection] = []
    counts: list[int] = []

    class Counting(sqlite3.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            opened.append(self)

        def close(self) -> None:
            counts.append(self.total_changes)
            opened.remove(self)
            super().close()

    sqlite3.connect = partial(sqlite3.connect, factory=Counting)  # type: ignore[assignment]
    Finalize(None, lambda: told.write_text(str(sum(counts) + sum(conn.total_changes for conn in opened))), exitpriority=1)


def give_pdfs(world: Year, numbers: range) -> None:
    """Put real PDFs in place of the stand-ins of some works."""
    for number in numbers:
        if number % READABLE == 0:
            title = world.provider.papers[citing_id(number)]["title"]
            world.provider.pdfs[f"{number}.pdf"] = paper(title, place=PLACES[number % len(PLACES)])


def live(world: Year, folder: Path, weeks: int) -> Iterator[Week]:
    """Call `run` so many times, a week apart."""
    db, told = folder / "w.db", folder / "rows"
    for number in range(weeks):
        before = world.next if number else 0
        world.turn()
        give_pdfs(world, range(before, world.next))
        world.provider.requests.clear()
        key = NEW_KEY if len(world.news) >= RENEWED else KEY
        environ = {**os.environ, **world.provider.environ, "WHEREUSED_SEMANTIC_SCHOLAR_KEY": key, "WHEREUSED_STATE": str(folder / "state")}
        environ["WHEREUSED_GAZETTEER"] = str(folder / "gazetteer.db")
        begun = time.monotonic()
        arguments = ["--db", "w.db", "-q", "run", "megaface", "--due", "--out", "site"]
        code, _, err = Running(arguments, environ, prepare=partial(count_rows, told, folder)).wait(1200)
        seconds = time.monotonic() - begun
        if code not in (0, 3) or "Traceback" in err or (code == 3) != (EXPIRES <= number < RENEWED - 1):
            sys.exit(f"week {number + 1} ended with {code}: {err}")
        paths = [request.path for request in world.provider.requests]
        fulltexts, lists = (sum(part in path for path in paths) for part in ("/pdf/", "/citations"))
        yield Week(world.news[-1], code, lists, fulltexts, len(paths) - fulltexts - lists, int(told.read_text()), seconds)
        world.asked += [path for path in paths if path.startswith("/pdf/")]
        a_week_passes(db)


def differences(world: Year, folder: Path) -> list[str]:
    """What is not as the world shows it in the end."""
    found, truth, asked = shown(folder / "w.db"), world.truth, world.asked
    wrong = [f"{key}: {found.get(key)!r} instead of {title!r}" for key, title in truth.items() if found.get(key) != title]
    wrong += [f"{key} stands, and is not shown" for key in found.keys() - truth.keys() - set(world.renamed) - set(world.joined)]
    wrong += [f"{path} was asked for twice" for path in sorted({path for path in asked if asked.count(path) > 1})]
    return wrong + ([] if integrity(folder / "w.db") == ("ok", []) else ["the database is damaged"])


def table(weeks: list[Week]) -> Iterator[str]:
    """The weeks, then what a week costs by its news."""
    yield "week  new works  exit  requests: lists, full texts, others  rows written  seconds"
    for number, w in enumerate(weeks, 1):
        yield f"{number:4}  {w.news:9}  {w.exit_code:4}  {w.lists:15}, {w.fulltexts:10}, {w.others:6}  {w.rows:12,}  {w.seconds:7.1f}"
    usual = [week for week in weeks[1:] if week.exit_code == 0]
    yield "new works  weeks  requests  rows written  seconds (medians)"
    for news in sorted({week.news for week in usual}):
        some = [week for week in usual if week.news == news]
        medians = [statistics.median(getattr(week, name) for week in some) for name in ("requests", "rows", "seconds")]
        yield f"{news:9}  {len(some):5}  {medians[0]:8.0f}  {medians[1]:12,.0f}  {medians[2]:7.1f}"


def main(n: int, weeks: int, seed: int) -> None:
    """The campaign."""
    with tempfile.TemporaryDirectory(prefix="year-") as place:
        folder, world = Path(place), Year(n=n, seed=seed, burst=BURST)
        import_dump(Config(gazetteer=folder / "gazetteer.db"), write_dump(folder))
        with world.provider:
            lived = list(live(world, folder, weeks))
            wrong = differences(world, folder)
        print("\n".join(table(lived)))
        with closing(sqlite3.connect(folder / "w.db")) as conn:
            (n_read,) = conn.execute("SELECT count(DISTINCT sha256) FROM document_state").fetchone()
    told = {"shown at the end": len(world.truth), "vanished": len(world.vanished), "took other ids": len(world.renamed),
            "went into others": len(world.joined), "full texts asked for": len(world.asked), "documents read": n_read}  # fmt: skip
    print(f"{weeks} weeks of {n:,} works and {sum(world.news)} new ones, seed {seed}: "
          f"{', '.join(f'{count:,} {what}' for what, count in told.items())}; {len(wrong)} differences")  # fmt: skip
    if wrong:
        sys.exit("\n".join(wrong[:20]))


if __name__ == "__main__":
    numbers = [*map(int, sys.argv[1:]), *(2000, 52, 1)[len(sys.argv) - 1 :]]
    main(*numbers)
