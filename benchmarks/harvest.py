"""The campaign: 25,000 citing works from a provider on this machine that errs in every way that was seen.

python -m benchmarks.harvest [N] [--seed S] [--kills K] [--rate R] [--only NAME…]

calm     calls against ceil(rows/1000) + windows + closing pass, wall time, peak memory at N and at N/10, a refresh of the unchanged list
faults   every tenth answer wrong, a list that moves, rows without an id, holes, repeats, works without a date: all arrive, once;
         again with pages of at most 125 rows, so that the tenth holds every kind of fault
kills    K kills by -9 at random moments: the same canonical dump
pace     share of the allowed rate that is kept, by one process, by three with one key, and across restarts; never above it

Exit 1 where a floor is not reached.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from crawler.sample.provider import LoopbackProvider
from tests.crawl.campaign import HOLES, KINDS, BadDays, count_calls, harvested, name_of, rows_of, world
from tests.crawl.world import MEGAFACE, citing, citing_id, edge, provider_of
from tests.helpers.dump import canonical_dump

PACES = (  # what, requests a second, processes, requests of each, starts one after the other
    ("one process", 20.0, 1, 200, 1), ("three processes, one key", 20.0, 3, 80, 1),
    ("three processes, started three times", 20.0, 3, 30, 3), ("two processes", 1.0, 2, 8, 1),
)  # fmt: skip
missed: list[str] = []


def say(what: str, value: str, ok: bool | None = None) -> None:
    """One line of the report; a floor that is not reached is remembered."""
    mark = {True: "ok     ", False: "MISSED ", None: "       "}[ok]
    print(f"{mark}{what}: {value}", flush=True)
    if ok is False:
        missed.append(what)


@dataclass
class Run:
    """A crawl in a process of its own."""

    seconds: float
    cpu: float
    peak_mb: float
    code: int


def start(provider: LoopbackProvider, db: Path, rate: float, *slugs: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, **provider.environ, "WHEREUSED_RATE_SEMANTIC_SCHOLAR": str(rate), "WHEREUSED_SEMANTIC_SCHOLAR_KEY": "one-key"}
    environ |= {"XDG_STATE_HOME": str(db.parent / "state")}
    argv = [sys.executable, "-m", "whereused", "-q", "--db", str(db), "crawl", *(slugs or ("megaface",)), "--no-fulltext"]
    return subprocess.Popen(argv, env=environ)


def crawl(provider: LoopbackProvider, db: Path, rate: float) -> Run:
    begin, process = time.monotonic(), start(provider, db, rate)
    _, status, usage = os.wait4(process.pid, 0)
    return Run(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def calm(n: int, rate: float, folder: Path) -> None:
    """A provider in good health."""
    peaks = {}
    for size in (n // 10, n):
        db = folder / f"calm-{size}.db"
        with world(size) as provider:
            run = crawl(provider, db, rate)
            calls = count_calls(provider, None, size + 10)
            peaks[size] = run.peak_mb
            found = harvested(db)
            arrived = sum(citing_id(i) in found for i in range(size))
            say(f"{size:,} works, all arrive once", f"{arrived:,}", arrived == size and set(found.values()) == {1} and run.code == 0)
            told = f"{calls.asked} calls ({calls.windows} windows, {calls.closing} closing), bound {calls.bound:.1f}"
            say(f"{size:,} works, calls", told, calls.kept)
            paced = len(provider.requests) / rate
            asked = [r.at for r in provider.requests]
            told = f"{run.seconds:.1f} s, {run.cpu:.1f} s of them at work, {asked[-1] - asked[0]:.1f} s from the first call to the last"
            told += f"; calls / pace {paced:.1f} s, wall {run.seconds / paced:.2f} times that; peak {run.peak_mb:.0f} MB"
            say(f"{size:,} works, wall at {rate:g}/s", told)
            if size == n:
                refresh(provider, db, n, rate)
    say("memory", f"{peaks[n] / peaks[n // 10]:.2f} times that of a tenth", peaks[n] <= 1.3 * peaks[n // 10])


def refresh(provider: LoopbackProvider, db: Path, n: int, rate: float) -> None:
    """The same list again: nothing is rewritten."""
    before = rows_of(db)
    provider.requests.clear()
    run = crawl(provider, db, rate)
    n_calls = sum(MEGAFACE in r.path for r in provider.requests)
    bound = ceil(n / 1000) + 3 if n < 10_000 else None
    say(
        f"{n:,} works unchanged, calls",
        f"{n_calls}, {run.seconds:.1f} s" + (f", bound {bound}" if bound else ""),
        bound is None or n_calls <= bound,
    )
    say(f"{n:,} works unchanged, rows rewritten", "none" if rows_of(db) == before else "some", rows_of(db) == before)


def faults(n: int, seed: int, rate: float, folder: Path, page: int = 0) -> None:
    """A provider on its worst days."""
    with world(n, seed) as provider:
        provider.faults = days = BadDays(seed, moves=0.02 if page else 0.2, page=page)
        db = folder / f"faults-{page}.db"
        run = crawl(provider, db, rate)
        found = harvested(db)
        gone = days.gone
        missing = {citing_id(i) for i in range(n)} - found.keys() - gone
        n_met = sum(days.met.values())
        say(f"{n:,} works on bad days{f', pages of {page}' if page else ''}, exit code", str(run.code), run.code == 0)
        stood = n - len(gone - found.keys())
        once = not missing and set(found.values()) == {1}
        say("works that stood throughout and arrived once", f"{stood - len(missing):,} of {stood:,}", once)
        come = {citing_id(1_000_000 + i) for i in range(days.n_arrived)}
        say("works that came while it read", f"{len(come & found.keys())} of {len(come)}")
        calls = count_calls(provider, days, n + 10)
        told = f"{calls.asked} for the list, {calls.forced} of them forced; bound {calls.bound:.1f}"
        say("calls", told, calls.kept)
        kinds = {name_of(kind) for kind in KINDS + HOLES}
        met = {kind for kind, count in days.met.items() if count}
        say("faults", ", ".join(f"{count} × {kind}" for kind, count in sorted(days.met.items())))
        told = f"{len(met)} of {len(kinds)}, in {100 * n_met / len(provider.requests):.1f} % of {len(provider.requests)} answers"
        say("kinds of faults met", told, met == kinds if page else None)
        provider.faults = BadDays(seed + 1, share=0.0)
        crawl(provider, db, rate)
        left = {row["citingPaper"] for row in provider.citations[MEGAFACE] if isinstance(row["citingPaper"], str)}  # type: ignore[index]
        say(
            "after one more crawl all that the list shows",
            f"{len(left & harvested(db).keys()):,} of {len(left):,}",
            left <= harvested(db).keys(),
        )


def kills(n: int, seed: int, times: int, rate: float, folder: Path) -> None:
    """One crawl that is killed again and again, against one that nobody disturbed."""
    dice, db = random.Random(seed), folder / "killed.db"
    undisturbed = folder / f"calm-{n}.db"
    with world(n) as provider:
        if not undisturbed.exists():
            crawl(provider, undisturbed, rate)
        else:  # the refreshed one counts passes
            undisturbed = folder / "undisturbed.db"
            crawl(provider, undisturbed, rate)
        provider.faults, n_killed, n_ended = BadDays(seed, holes=False), 0, 0
        while n_killed < times:
            process = start(provider, db, rate)
            try:
                process.wait(dice.uniform(0.5, 4.0))
                n_ended += 1
                db.unlink()
                for name in ("-wal", "-shm"):
                    db.with_name(db.name + name).unlink(missing_ok=True)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                n_killed += 1
        crawl(provider, db, rate)
    same = canonical_dump(db) == canonical_dump(undisturbed)
    say(f"{n:,} works, {times} kills by -9", "same dump" if same else f"another dump, see {shutil.copy(db, '/tmp')}", same)


@contextmanager
def small_lists(n_lists: int) -> Iterator[LoopbackProvider]:
    """Many short pages: the pace is what limits."""
    with provider_of({MEGAFACE: [edge(i) for i in range(n_lists)]}, [citing(i) for i in range(n_lists)]) as provider:
        yield provider


def shares(rounds: list[list[float]], rate: float) -> tuple[float, float]:
    """(share of the rate that was kept while processes ran, the most requests in any second over the rate)."""
    span, times = sum(max(times) - min(times) for times in rounds), sorted(at for times in rounds for at in times)
    most = max(sum(1 for at in times[i:] if at < begin + 1.0) for i, begin in enumerate(times))
    return (len(times) - len(rounds)) / span / rate, most / max(1, ceil(rate))


def pace(folder: Path) -> None:
    """Turns as the crawl takes them, by processes that do nothing else.

    A turn is noted with the time at which it was given.  On a machine with more to do than cores a process may be put aside between
    that moment and its next line; how late it was then is told beside, and says nothing of the pace.
    """
    code = (
        "import asyncio,sys,time\nfrom pathlib import Path\nimport crawler.manners.pace\nfrom crawler.manners.ledger import FileLedger\n"
        "given = 0.0\n"
        "def clock():\n    global given\n    given = time.monotonic()\n    return given\n"
        "crawler.manners.pace.monotonic = clock\n"
        "async def story():\n"
        "    pace, stop = crawler.manners.pace.Pace(1/float(sys.argv[2]), 1.0, FileLedger(Path(sys.argv[1]))), asyncio.Event()\n"
        "    for _ in range(int(sys.argv[3])):\n"
        "        await pace.turn(stop)\n        print(given, time.monotonic() - given, flush=True)\n"
        "asyncio.run(story())"
    )
    for name, rate, processes, n, starts in PACES:
        rounds: list[list[float]] = []
        late: list[float] = []
        for _ in range(starts):
            argv = [sys.executable, "-c", code, str(folder / f"{name}.json"), str(rate), str(n)]
            started = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
            texts = [process.communicate()[0] for process in started]
            lines = [line.split() for text in texts for line in text.splitlines()]
            rounds.append([float(given) for given, _ in lines])
            late += [float(after) for _, after in lines]
        share, most = shares(rounds, rate)
        told = f"{100 * share:.1f} % kept; most in a second {most:.2f} of the rate; left up to {1000 * max(late):.0f} ms later"
        say(f"pace of {rate:g}/s, {name}", told,
            most <= 1.0 and share >= 0.95)  # fmt: skip


def main() -> None:
    """All parts, or those that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("n", nargs="?", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--only", nargs="*", default=["calm", "faults", "kills", "pace"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if "pace" in args.only:
            pace(folder)
        if "calm" in args.only:
            calm(args.n, args.rate, folder)
        if "faults" in args.only:
            faults(args.n, args.seed, 200, folder)
            faults(args.n, args.seed, 200, folder, page=125)
        if "kills" in args.only:
            kills(args.n, args.seed, args.kills, 200, folder)
    sys.exit(f"not reached: {'; '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
