"""Disks that run full under the whole job: `python -m benchmarks.disks [ROUNDS] [SEED]`; part of `make soak`.

On a small disk of its own (tmpfs in a mount namespace: https://man7.org/linux/man-pages/man1/unshare.1.html) every command of the job meets
a disk with a random rest of room, a hundred bytes to a megabyte.  It has to end by itself, or with 1 and one line that says so, the
database whole; then there is room again, and the same command ends the work.  In the end the content has to be that of a run on a large
disk.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks.kills import N_WORKS, built, content
from db.config import Config
from geocode.gazetteer import import_dump
from tests.crawl.process import Running
from tests.geocode.registry import write_dump
from tests.trust.house import STAGES, House, ended, integrity, world

INSIDE, MEGABYTES = "SMALL_DISK", 40


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes of room."""
    found, filler = os.statvfs(disk), disk / "filler"
    with filler.open("wb") as file:
        room = found.f_bavail * found.f_frsize - left
        os.posix_fallocate(file.fileno(), 0, max(room, 1))
    return filler


def round_of(house: House, disk: Path, chance: random.Random) -> Counter[str]:
    """The whole job; how often each command met the end of the disk."""
    met: Counter[str] = Counter()
    for stage in STAGES:
        filler = fill(disk, int(10 ** chance.uniform(2, 6)))
        done = ended(house.start(stage))
        lines = [line for line in done.err.splitlines() if line.startswith("whereused: ")]
        full = done.code == 1 and len(lines) == 1 and ("space" in lines[0] or "can't be written" in lines[0])
        if not (done.code == 0 or full) or "Traceback" in done.err:
            sys.exit(f"{stage} on a full disk ended with {done.code}: {done.err}")
        met[stage] += full
        filler.unlink()
        if house.db.exists() and integrity(house.db) != ("ok", []):
            sys.exit(f"{stage}: the database is damaged")
        if done.code:
            again(house, stage)
    return met


def again(house: House, stage: str) -> None:
    """Call a command again; a reviewer goes on behind the answers that were saved."""
    args, answers = STAGES[stage]
    saved = 0
    if stage == "verify":
        with closing(sqlite3.connect(house.db)) as conn:
            (saved,) = conn.execute("SELECT (SELECT count(*) FROM label) + (SELECT count(*) FROM label_draft)").fetchone()
    STAGES[stage] = (args, "".join(answers.splitlines(keepends=True)[saved:]))
    done = ended(house.start(stage))
    STAGES[stage] = (args, answers)
    if done.code:
        sys.exit(f"{stage} with room again ended with {done.code}: {done.err}")


def main(rounds: int, seed: int, place: Path) -> None:
    """The campaign, on a disk that is mounted."""
    chance, met = random.Random(seed), Counter[str]()
    disk = place / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(disk)], check=True)
    os.environ["WHEREUSED_STATE"] = str(place / "state")
    import_dump(Config(gazetteer=place / "gazetteer.db"), write_dump(place))
    Running(["--version"], os.environ).wait()
    begun = time.monotonic()
    with world(N_WORKS) as provider:
        large = built(place / "large", House(place, provider, place / "gazetteer.db"))
        for stage in STAGES:
            ended(large.start(stage))
        wanted = content(large)
        for number in range(rounds):
            house = built(disk / f"round{number}", large)
            met += round_of(house, disk, chance)
            differ = sorted(set(content(house)) ^ set(wanted))
            if differ:
                sys.exit(f"round {number} of seed {seed}: {len(differ)} lines differ\n" + "\n".join(line[:300] for line in differ[:10]))
            subprocess.run(["rm", "-r", str(house.folder)], check=True)
    subprocess.run(["umount", str(disk)], check=True)
    by_stage = ", ".join(f"{stage} {met[stage]}" for stage in STAGES)
    print(f"{rounds} whole jobs on a disk that runs full, {met.total()} times in the middle of a command ({by_stage}), seed {seed}, "
          f"{time.monotonic() - begun:.0f} s: every content equal to that of a large disk")  # fmt: skip


if __name__ == "__main__":
    if INSIDE not in os.environ:
        os.execvpe("unshare", ["unshare", "-Urm", sys.executable, "-m", "benchmarks.disks", *sys.argv[1:]], os.environ | {INSIDE: "1"})
    with tempfile.TemporaryDirectory(prefix="disks-") as folder:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10, int(sys.argv[2]) if len(sys.argv) > 2 else 1, Path(folder))
