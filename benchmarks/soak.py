"""A long campaign of kills: `make soak`, or `python -m benchmarks.soak [ROUNDS] [SEED]`.

Each round runs import and read on the stand-ins of the demo, kills one of the commands by -9 at a random moment, runs them again,
and compares the canonical dump with that of a run that nobody disturbed.  Exit 1 at the first difference.  Before that, a year of weekly
crawls (``tests.crawl.year``).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from crawler.sample.world import pdfs
from tests.crawl.year import Year, live, shown
from tests.helpers.dump import canonical_dump

STEPS = (("import", "pdf", "--dataset", "megaface"), ("read",))


def run(folder: Path, name: str, step: tuple[str, ...], seconds: float | None = None) -> bool:
    """Run one command on a database of this folder; True where it was killed after so many seconds."""
    environ = {**os.environ, "WHEREUSED_DB": str(folder / f"{name}.db")}
    process = subprocess.Popen([sys.executable, "-m", "whereused", "-q", *step], cwd=folder, env=environ, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def year(n: int, seed: int) -> None:
    """52 weekly crawls of a world that changes; exit 1 where the database is not what the world shows at the end."""
    with tempfile.TemporaryDirectory() as place:
        world, db = Year(n=n, seed=seed), Path(place) / "year.db"
        with world.provider as provider:
            outcomes = live(world, db, 52, patience=3600)
            found, truth = shown(db), world.truth
            asked = [r.path for r in provider.requests if r.path.startswith("/pdf/")]
        failed = sum(outcome != "done" for outcome in outcomes)
        wrong = sum(found.get(key) != title for key, title in truth.items()) + len(found.keys() - truth.keys() - set(world.renamed))
        print(f"52 weeks of {n:,} works and {sum(world.news)} new ones, {len(truth):,} shown at the end: {wrong} differ; "
              f"{len(asked):,} full texts asked for, {len(asked) - len(set(asked))} twice; {failed} weeks without a valid key")  # fmt: skip
        if wrong or len(asked) != len(set(asked)):
            sys.exit(f"year of seed {seed}: the database is not the truth")


def main(rounds: int, seed: int) -> None:
    """The campaign."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "pdf").mkdir()
        for name, pdf in pdfs().items():
            (folder / "pdf" / name).write_bytes(pdf)
        for step in STEPS:
            run(folder, "calm", step)
        calm, kills = canonical_dump(folder / "calm.db"), 0
        for number in range(rounds):
            victim = chance.randrange(len(STEPS))
            for position, step in enumerate(STEPS):
                if position == victim:
                    kills += run(folder, f"round{number}", step, chance.uniform(0.3, 3.0))
                run(folder, f"round{number}", step)
            if canonical_dump(folder / f"round{number}.db") != calm:
                sys.exit(f"round {number} of seed {seed}: the content differs from the undisturbed run's")
    print(f"{rounds} rounds, {kills} kills by -9, seed {seed}: every dump equal to the undisturbed run's")


if __name__ == "__main__":
    year(2000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
