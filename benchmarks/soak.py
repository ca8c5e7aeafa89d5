"""A long campaign of kills: `make soak`, or `python -m benchmarks.soak [ROUNDS] [SEED]`.

Each round runs import and read on the stand-ins of the demo, kills one of the commands by -9 at a random moment, runs them again,
and compares the canonical dump with that of a run that nobody disturbed.  Exit 1 at the first difference.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from crawler.sample.world import pdfs
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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
