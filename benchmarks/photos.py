"""The licence audit at the size of MegaFace: the table of the model page, and the time against DuckDB by hand.

python -m benchmarks.photos [--rounds N] [--folder DIR]
python -m benchmarks.photos --growth N…      seconds and peak memory of one audit at N times that size, say 1 3 10 (6, 18 GB)

Makes 3,311,471 rows of the shape of YFCC100M (1.8 GB, kept in the folder for the next time) with the licence counts of the model
page, then in each round, one after the other: reads the file; lets the best hand-written DuckDB query give the same answers; runs the
audit.  Every measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb

COUNTS = {"by": 540_073, "by-nd": 179_759, "by-sa": 307_270, "by-nc": 433_861, "by-nc-sa": 960_331, "by-nc-nd": 890_177}
SHARES = {"BY": "16.3 %", "BY-ND": "5.4 %", "BY-SA": "9.3 %", "BY-NC": "13.1 %", "BY-NC-SA": "29 %", "BY-NC-ND": "26.9 %"}
TOTALS = {
    "no commercial use": (2_284_369, "69 %"),
    "commercial use allowed": (1_027_102, "31 %"),
    "attribution required": (3_311_471, "100 %"),
}
PHOTOS, OWNERS = sum(COUNTS.values()), 48_383
COLUMNS = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(25))


def make(target: Path, rows: int = PHOTOS) -> None:
    """Rows of 25 fields: one in five hundred owners is large, two in five rows have no tags, half have coordinates."""
    bounds, case = 0, "CASE"
    for code, n in COUNTS.items():
        bounds += n
        case += f" WHEN p < {bounds} THEN '{code}'"
    owner = (
        f"(10000000 + CASE WHEN i < {OWNERS} THEN i ELSE ({OWNERS} * ((hash(i + 7) % 1000003) / 1000003.0) ** 2)::BIGINT % {OWNERS} END)"
    )
    partial = target.with_suffix(".partial")
    duckdb.connect().execute(
        f"""COPY (SELECT i, photo, left(md5(i::VARCHAR), 30), nsid, 'user_' || o,
              strftime(TIMESTAMP '2003-01-01' + INTERVAL (h % 4000) DAY, '%Y-%m-%d %H:%M:%S.0'), 1100000000 + h % 300000000,
              CASE WHEN h % 7 = 0 THEN '' ELSE 'Canon+PowerShot+ELPH+310+HS' END, 'Title+number+' || i,
              CASE WHEN h % 4 = 0 THEN repeat('some+words+of+text%2C+', 20) ELSE '' END,
              CASE WHEN h % 5 < 2 THEN '' ELSE 'tag' || (h % 1000) || ',wedding%2Cparty,x' || (h % 77) || ',caf%C3%A9'
                || CASE WHEN h % 3 = 0 THEN ',long+tag+' || (h % 50000) ELSE '' END END, '',
              CASE WHEN h % 2 = 0 THEN ((h % 3600) / 10.0 - 180)::VARCHAR ELSE '' END,
              CASE WHEN h % 2 = 0 THEN ((h % 1800) / 10.0 - 90)::VARCHAR ELSE '' END, CASE WHEN h % 2 = 0 THEN '16' ELSE '' END,
              'http://www.flickr.com/photos/' || nsid || '/' || photo || '/',
              'http://farm8.staticflickr.com/7205/' || photo || '_df7747990d.jpg', 'a name that tells nothing',
              'http://creativecommons.org/licenses/' || {case} END || '/2.0/', 7205, 8, 'df7747990d', '692d7e0a7f', 'jpg', 0
            FROM (SELECT *, 4000000000 + i * 17 AS photo, o || '@N0' || (o % 9) AS nsid FROM
                   (SELECT i, (hash(i) >> 1)::BIGINT % 1000000007 AS h, {owner} AS o, (i::HUGEINT * 1999993) % {PHOTOS} AS p
                      FROM range({rows}) t(i))))
          TO '{partial}' (FORMAT csv, DELIMITER '\t', QUOTE '', ESCAPE '', HEADER false)"""
    )
    partial.rename(target)


def read_file(path: Path) -> None:
    """The bytes, nothing else."""
    with path.open("rb", buffering=0) as file:
        while file.read(4 << 20):
            pass


def by_hand(path: Path) -> None:
    """The same answers by hand: the needed columns into a table, then a query for each question."""
    db = duckdb.connect(config={"preserve_insertion_order": False, "memory_limit": "640MiB"})
    db.execute(
        f"""CREATE TABLE p AS SELECT c1::BIGINT AS id, c3 AS owner, left(c5, 4)::SMALLINT AS year, c10 AS tags,
              CASE WHEN c12 <> '' AND c13 <> ''
                   THEN (floor((c13::DOUBLE + 90) * 10) * 3600 + floor((c12::DOUBLE + 180) * 10))::INTEGER END AS cell,
              c18 AS licence, c24 AS kind
            FROM read_csv('{path}', delim='\t', quote='', escape='', header=false, auto_detect=false, columns={{{COLUMNS}}})"""
    )
    for sql in (
        "SELECT licence, count(*) FROM p GROUP BY 1",
        "SELECT year, count(*) FROM p GROUP BY 1",
        "SELECT count(*), count(*) FILTER (kind = '1'), count(*) FILTER (tags = ''), count(cell) FROM p",
        "SELECT cell, count(*) FROM p GROUP BY 1",
        "SELECT count(id), count(DISTINCT id) FROM p",
        "SELECT count(*), max(n), median(n) FROM (SELECT owner, count(*) AS n FROM p GROUP BY 1)",
        """SELECT tag, count(*) FROM (SELECT unnest(string_split(tags, ',')) AS tag FROM p WHERE tags <> '')
            GROUP BY 1 ORDER BY 2 DESC LIMIT 100""",
    ):
        db.execute(sql).fetchall()


def audit(path: Path, *, slug: str | None = None) -> dict[str, Any]:
    """Ours; with ``slug`` the index and the table for the next question too."""
    from crawler.datasets import load_datasets
    from db.config import Config
    from db.queries.photo_tables import licence_rows
    from photos.find import find
    from photos.run import run

    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        config = Config(db=Path(name) / "w.db", verbosity=-1)
        report, found = run(config, [path], out=Path(name) / "out", slug=slug, catalogue=load_datasets)
        facts: dict[str, Any] = {"table": {row["licence"]: [row["count"], row["share"]] for row in licence_rows(found)}}
        if slug:
            facts |= {
                "seconds": report.seconds,
                "index": report.index_bytes,
                "cache": report.cache_bytes,
                "look-up ms": _look_up(config, slug),
            }
            start = perf_counter()
            answer = find(config, nsid="10000001@N02", username=None, photo_url=None, photo_id=None, tag=None)
            facts["an owner, opened and answered, ms"] = 1000 * (perf_counter() - start)
            facts["photos of that owner"] = answer.answers[0].photos
            start = perf_counter()
            run(config, [path], out=Path(name) / "again", slug=slug, catalogue=load_datasets)
            facts["next question s"] = perf_counter() - start
    return facts


def _look_up(config: Any, slug: str) -> float:
    from photos.find import index_path
    from photos.index import Index
    from photos.keys import load_key

    with Index(index_path(config, slug), load_key(config)) as index:
        start = perf_counter()
        hits = sum(index.find_photo(str(4_000_000_000 + n * 17 * 331)) is not None for n in range(10_000))
        assert hits == 10_000
        return (perf_counter() - start) / 10


STEPS: dict[str, Callable[[Path], Any]] = {
    "read": read_file, "by hand": by_hand, "audit": audit, "audit --dataset": lambda path: audit(path, slug="megaface"),
}  # fmt: skip


def measured(step: str, path: Path) -> dict[str, Any]:
    """One step in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.photos", "--step", step, "--file", str(path)], capture_output=True, check=True
    )
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table and the times, or the growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "whereused-photos")
    parser.add_argument("--growth", type=int, nargs="+")
    parser.add_argument("--keep", action="store_true", help="keep the files of --growth for the next time")
    parser.add_argument("--step")
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.step:
        start, cpu = perf_counter(), process_time()
        facts = STEPS[given.step](given.file)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"s": perf_counter() - start, "cpu": process_time() - cpu, "MiB": peak, "facts": facts}))
        return None
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.growth:
        return _growth(given.folder, given.growth, keep=given.keep)
    path = given.folder / "megaface-shape.tsv"
    if not path.exists():
        make(path)
    rounds = [{step: measured(step, path) for step in ("read", "by hand", "audit")} for _ in range(given.rounds)]
    _print_table(rounds[-1]["audit"]["facts"]["table"])
    for step in ("read", "by hand", "audit"):
        found = [r[step] for r in rounds]
        s, cpu = statistics.median(f["s"] for f in found), statistics.median(f["cpu"] for f in found)
        peak = max(f["MiB"] for f in found)
        print(f"{step:8} {s:6.2f} s wall, {cpu:6.2f} s cpu (medians of {given.rounds}), peak {peak:.0f} MiB")
    for what in ("s", "cpu"):
        ratio = statistics.median(found["audit"][what] / found["by hand"][what] for found in rounds)
        print(f"ratio of audit to by hand, {what}: {ratio:.2f} (target 1.3)")
    kept = measured("audit --dataset", path)
    print(f"audit --dataset: {kept['s']:.1f} s with all below, peak {kept['MiB']:.0f} MiB")
    for name, value in kept["facts"].items():
        if name != "table":
            print(f"  {name}: {value}")
    return None


def _growth(folder: Path, times: list[int], *, keep: bool) -> None:
    """A file of each size, audited once as it comes from the disk: what the system happens to hold of it would blur the growth."""
    first: dict[str, float] = {}
    for many in times:
        path, rows = folder / f"growth-{many}.tsv", many * PHOTOS
        if not path.exists():
            make(path, rows)
        try:
            _let_go(path)
            got = measured("audit", path)
            size = path.stat().st_size
        finally:
            if not keep:
                path.unlink()
        each = {what: 1e6 * got[what] / rows for what in ("s", "cpu")}
        first = first or each
        more = [f"{each[what] / first[what]:.2f}" for what in each]
        print(
            f"{rows:>11,} rows {size / 1e9:6.1f} GB  {got['s']:7.1f} s wall, {got['cpu']:7.1f} s cpu, peak {got['MiB']:5.0f} MiB; "
            f"a row {each['s']:.2f} µs wall, {each['cpu']:.2f} cpu: {' and '.join(more)} of the first",
            flush=True,
        )


def _let_go(path: Path) -> None:
    """Have the system forget what it holds of a file in memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _print_table(table: dict[str, list[Any]]) -> None:
    """The licence table beside the model page's."""
    wanted = {f"{code.upper()} 2.0": [n, SHARES[code.upper()]] for code, n in COUNTS.items()}
    wanted |= {name: list(total) for name, total in TOTALS.items()}
    for name, expected in wanted.items():
        got = table[name]
        print(f"{name:24} {got[0]:>10,} {got[1]:>7}  {'same' if got == expected else f'DIFFERS from {expected}'}")


if __name__ == "__main__":
    main()
