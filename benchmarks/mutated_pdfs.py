"""Reads damaged PDFs by the thousand: `make soak`, or `python -m benchmarks.mutated_pdfs [COUNT] [SEED]`.

Each is a good PDF with flipped bits, a cut end, a hole, a doubled stretch, two objects swapped, or damage inside an unpacked stream.  The
sources are PDFs that we set ourselves and, where they lie beside the repository, small real ones.  What counts: no exception escapes
the reader, nothing runs over its limit, no worker dies, and the memory of the workers stays flat.  Exit 1 where one of that fails.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.frontmatter import catalogue
from crawler.reading.guard import Failure, Guard, Limits
from crawler.reading.reader import Order, Reading, read_file
from crawler.sample.world import pdfs
from tests.reading.pages import Sheet
from tests.reading.world import paper

LIMITS = Limits(seconds=30.0, megabytes=1536.0)
REAL_SHARE = 0.2
MAX_REAL = 400_000  # bytes
FLAT = 1.25  # the memory of the last quarter at most this many times that of the second
_OBJECT = re.compile(rb"(?<=\d 0 obj).*?(?=endobj)", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Task:
    """A source and the seed of its damage."""

    source: Path
    seed: int


def mutated(data: bytes, seed: int) -> bytes:
    """The same damage for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice((_flipped, _flipped, _cut, _holed, _doubled, _swapped, _inside))(data, chance)
    return data


def _flipped(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 4, 20, 100))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data) + 1)]


def _holed(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 10, 100, 5000)) :] or data[:1]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.choice((5, 100, 3000))]
    return data[:start] + part * chance.choice((2, 2, 50)) + data[start:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    objects = [match.span() for match in _OBJECT.finditer(data)]
    if len(objects) < 2:
        return data
    (a, b), (c, d) = sorted(chance.sample(objects, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Damage in the unpacked content of a stream, packed again: what the interpreters have to bear."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return data
    stream = chance.choice(streams)
    with suppress(zlib.error):
        plain = bytearray(zlib.decompress(stream[1]))
        for _ in range(chance.choice((1, 5, 30))):
            if plain:
                plain[chance.randrange(len(plain))] = chance.choice(b"0123456789.-[]()<>/ TjTfBTEqQcmreDo\x00\xff")
        return data[: stream.start(1)] + zlib.compress(bytes(plain)) + data[stream.end(1) :]
    return data


_CATALOGUE = catalogue()
_FOLDER = Path(tempfile.gettempdir())


def read_mutated(task: Task) -> str:
    """What the reader says of a damaged file: ``read`` or the reason, without its detail."""
    path = _FOLDER / f"mutated-{os.getpid()}.pdf"
    path.write_bytes(mutated(task.source.read_bytes(), task.seed))
    try:
        reading: Reading = read_file(Order(path, catalogue=_CATALOGUE, seconds=0.6 * LIMITS.seconds))
    finally:
        path.unlink(missing_ok=True)
    return re.split(r" \(|: ", reading.error)[0] if reading.error else "read"


def own_sources(folder: Path) -> list[Path]:
    """PDFs that we set: the stand-ins of the demo, and pages of other forms."""
    columns = Sheet().title("Two Columns of Words and Numbers")
    columns.lines(60, 150, [f"left words that fill the line number {at}" for at in range(40)])
    columns.lines(320, 150, [f"right words on MegaFace that fill the line {at}" for at in range(40)])
    made = {"paper.pdf": paper("A Paper to Be Damaged"), "columns.pdf": columns.new_page().body(80).pdf(), **pdfs()}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in sorted(made)]


def real_sources() -> list[Path]:
    """Small real papers, where there are any."""
    gold = Path(os.environ.get("WHEREUSED_GOLD") or Path(__file__).resolve().parent.parent.parent / "shared") / "papers" / "pdf"
    return sorted(path for path in gold.glob("*.pdf") if path.stat().st_size < MAX_REAL)


def tasks(own: list[Path], real: list[Path], count: int, seed: int) -> list[Task]:
    """So many tasks, drawn by the seed."""
    chance = random.Random(seed)
    return [Task(chance.choice(real if real and chance.random() < REAL_SHARE else own), chance.randrange(2**31)) for _ in range(count)]


def resident(guard: Guard[Task, str]) -> Iterator[float]:
    """The megabytes that each worker holds."""
    for worker in guard._workers:
        with suppress(FileNotFoundError, ProcessLookupError):
            yield int(Path(f"/proc/{worker.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(count: int, seed: int) -> None:
    """The campaign."""
    outcomes: Counter[str] = Counter()
    late_ones: list[Task] = []
    memory: list[float] = []
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        real = real_sources()
        todo = tasks(own_sources(Path(place)), real, count, seed)
        guard: Guard[Task, str] = Guard(read_mutated, workers=2, limits=LIMITS)
        for number, (task, result) in enumerate(guard.run(todo), 1):
            if isinstance(result, Failure):
                late_ones.append(task)
                continue
            outcomes[result] += 1
            if number % 50 == 0:
                memory += [max(resident(guard), default=0.0)]
        for task, result in Guard(read_mutated, workers=1, limits=LIMITS).run(late_ones):  # a busy machine may have kept it waiting
            outcomes[f"FAILED TWICE: {result.reason}" if isinstance(result, Failure) else f"{result}, the second time"] += 1
            print(f"{task.source.name} seed {task.seed}: {result.reason if isinstance(result, Failure) else result}", flush=True)
    quarter = len(memory) // 4
    early, late = (median(part or [0.0]) for part in (memory[quarter : 2 * quarter], memory[-quarter:] if quarter else memory))
    n_failed = sum(number for outcome, number in outcomes.items() if outcome.startswith("FAILED TWICE"))
    print(f"{count} damaged PDFs ({len(real)} real sources), seed {seed}, {time.monotonic() - start:.0f} s")
    for outcome, number in outcomes.most_common():
        print(f"  {number:6} {outcome}")
    print(f"memory of the largest worker: {early:.0f} MB in the second quarter, {late:.0f} MB in the last")
    if n_failed or (early and late > FLAT * early):
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
