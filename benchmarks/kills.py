"""Random kills over the whole job: `python -m benchmarks.kills [KILLS] [SEED]`; part of `make soak`.

Each round does the whole job of `tests.trust.house` anew: crawl, import, read, geocode, verify in a pseudo-terminal, publish; the provider
errs.  Each command is killed by -9 at random moments, called again, perhaps killed again, until it ends by itself.  At the end of a round
the canonical dump of the database and the published files have to be those of a run that nobody disturbed.  Rounds are added until there
were KILLS kills (default 200).  Exit 1 at the first difference, whose folder is then kept.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from crawler.sample.provider import Fault
from db.config import Config
from geocode.gazetteer import import_dump
from publish.stream import dumps
from tests.crawl.process import Running
from tests.crawl.world import MEGAFACE
from tests.geocode.registry import write_dump
from tests.helpers.dump import canonical_dump
from tests.trust.house import LIST, STAGES, House, integrity, world
from tests.verify.terminal import Terminal

N_WORKS = 16
ANSWERS = (("u", "t", "\n"), ("n",), ("c",))
# Times, checksums and sizes of files that hold them, numbers of runs.
CHANGING = re.compile(r'20\d\d-\d\d-\d\dT[\d:]+Z|\b[0-9a-f]{64}\b|\brun \d+|"(?:run_id|run|bytes)":\d+')
PAGES = re.compile(r"(?<=citations\?)[^\" ,;|]*")  # after a time-out smaller pages are asked for


def faults(chance: random.Random) -> list[Fault]:
    """What goes wrong at the provider in one round: each is over after a second or two."""
    lists = [
        Fault("status", "/citations", status=504, skip=chance.randrange(4)),
        Fault("html", "/citations", status=502, skip=chance.randrange(4)),
        Fault("drop", "/citations", skip=chance.randrange(4)),
        Fault("cut", "/citations", skip=chance.randrange(4)),
        Fault("empty", f"{MEGAFACE}/citations", skip=1),
        Fault("status", "/citations", status=429, retry_after="1", skip=chance.randrange(4)),
    ]
    documents = [Fault("status", "/pdf/", status=503, skip=chance.randrange(3)), Fault("drop", "/pdf/", skip=chance.randrange(3))]
    return [chance.choice(lists), chance.choice(documents)]


def answer_all(house: House, deadline: float | None) -> bool:
    """Review in a pseudo-terminal until nothing is left, the answers being those of the works; True where it was killed before."""
    environ = {**house.provider.environ, "WHEREUSED_GAZETTEER": str(house.gazetteer)}
    with Terminal(house.db, "verify", "megaface", "--reviewer", "ann", env=environ) as terminal:
        alarm = threading.Timer(deadline or 3600, terminal.process.kill)
        alarm.start()
        try:
            while True:
                said = terminal.expect(r"0 left to judge|othing is left|Did they use.*?\x1b\[\?7h")
                if "left" in said[:20]:
                    terminal.send("q")
                    return terminal.finish() != 0
                number = re.findall(r"10\.5555/(?:face|list)\.(\d+)", "\n".join(terminal.frame()))[-1]
                keys = ANSWERS[int(number) % len(ANSWERS)]
                terminal.send(keys[0])
                for key in keys[1:]:
                    terminal.expect(r"\x1b\[\?7h")
                    terminal.send(key)
        except (AssertionError, OSError):
            if terminal.process.wait(5) is None or deadline is None:
                raise
            return True
        finally:
            alarm.cancel()


def call(house: House, stage: str, deadline: float | None = None) -> bool:
    """Call a command; True where it was killed after so many seconds."""
    if stage == "verify":
        return answer_all(house, deadline)
    running = house.start(stage)
    running.process.join(deadline)
    killed = running.process.exitcode is None
    if killed:
        running.process.kill()
    code, _, err = running.wait()
    if code not in (0, -9):
        sys.exit(f"{stage} in {house.folder} ended with {code}:\n{err}")
    return killed and code == -9


def content(house: House) -> list[str]:
    """All that is stored and published, without times and the numbers of runs."""
    files = sorted(path for path in (house.folder / "site").rglob("*") if path.is_file())
    told = [f"{path.relative_to(house.folder)}: {_told(path)}" for path in files]
    return [PAGES.sub("~", line) for line in [*canonical_dump(house.db).splitlines(), *told]]


def _told(path: Path) -> str:
    """What a published file says, whatever calls it took to come there."""
    text = path.read_text(encoding="utf-8")
    if path.name == "manifest.json":
        manifest = json.loads(text)
        text = dumps({name: value for name, value in manifest.items() if name != "runs"})
    if path.name == "citations.csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        text = "\n".join(str({name: value for name, value in row.items() if name != "run"}) for row in rows)
    return CHANGING.sub("~", text)


def built(folder: Path, like: House) -> House:
    """An empty house."""
    folder.mkdir()
    (folder / "list.csv").write_text(LIST)
    return House(folder, like.provider, like.gazetteer)


def disturbed(house: House, seconds: dict[str, float], chance: random.Random) -> Counter[str]:
    """The whole job with kills; how often each command was killed."""
    kills: Counter[str] = Counter()
    for stage in STAGES:
        for deadline in [chance.uniform(0.0, seconds[stage]) for _ in range(chance.choice((1, 2, 3, 4)))]:
            if not call(house, stage, deadline):
                break  # it was quicker
            kills[stage] += 1
        else:
            call(house, stage)
    return kills


def main(n_kills: int, seed: int) -> None:
    """The campaign."""
    chance, kills, place = random.Random(seed), Counter[str](), Path(tempfile.mkdtemp(prefix="kills-"))
    os.environ["WHEREUSED_STATE"] = str(place / "state")
    import_dump(Config(gazetteer=place / "gazetteer.db"), write_dump(place))
    rounds, started = 0, time.monotonic()
    with world(N_WORKS) as provider:
        calm = built(place / "calm", House(place, provider, place / "gazetteer.db"))
        seconds = {}
        Running(["--version"], os.environ).wait()  # the server of processes is there before the clock runs
        for stage in STAGES:
            begun = time.monotonic()
            call(calm, stage)
            seconds[stage] = time.monotonic() - begun
        wanted = content(calm)
        while kills.total() < n_kills:
            rounds += 1
            provider.faults[:] = faults(chance)
            house = built(place / f"round{rounds}", calm)
            kills += disturbed(house, seconds, chance)
            found = content(house)
            left = [p.name for p in house.folder.rglob("*") if ".partial" in p.name]
            if found != wanted or left or integrity(house.db) != ("ok", []):
                differ = [
                    f"{sign} {line}"
                    for sign, line in (*(("+", x) for x in found if x not in wanted), *(("-", x) for x in wanted if x not in found))
                ]
                sys.exit(f"round {rounds} of seed {seed} in {house.folder}: {len(differ)} lines differ, left over: {left}\n" + "\n".join(
                    line[:300] for line in differ[:10]))  # fmt: skip
            shutil.rmtree(house.folder)
    shutil.rmtree(place)
    by_stage = ", ".join(f"{stage} {kills[stage]}" for stage in STAGES)
    print(f"{rounds} whole jobs, {kills.total()} kills by -9 ({by_stage}), seed {seed}, {time.monotonic() - started:.0f} s: "
          f"{len(wanted):,} lines of content each, all equal to the undisturbed run's")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
