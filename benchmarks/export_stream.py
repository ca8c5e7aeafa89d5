"""GeoJSON lines against plain sqlite3: memory of 10,000 and 100,000 works, and the rate.

python -m benchmarks.export_stream [SMALL LARGE]      default 10,000 100,000

The plain way is one SQL join that gives the cells of our Features, a row for each work and institution, in the same order, and
``json.dumps`` of each row.  It looks at none of the tables that are empty here (passages of full texts, imports, decisions about
places), knows no versions, no choice of evidence, no tidying and no nesting: it is a floor on the cheap side.  Rates are
works per second of processor time, since other work on the machine moves the clock on the wall.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.publish_speed import make

PLAIN = """
  SELECT i.ror_id, i.name, i.sector, i.city, i.country_code, i.latitude, i.longitude, i.gazetteer, m.score, m.method,
         e.scheme || ':' || e.value AS id, w.title, w.year, w.venue, e.value AS doi, w.kind, d.label, d.purposes, r.pseudonym, d.decided_at,
         x.text AS quote, x.provider, a.version AS reader, t.version AS matcher, s.provider AS found_by, s.url, s.retrieved_at, s.run_id,
         s.withdrawn_at
    FROM citation c
    JOIN dataset_paper p ON p.work_id = c.cited_work_id AND p.slug = 'alpha'
    JOIN work w ON w.work_id = c.citing_work_id
    JOIN citation_sighting s ON s.citation_id = c.citation_id
    LEFT JOIN citation_context x ON x.citation_id = c.citation_id
    LEFT JOIN external_id e ON e.work_id = w.work_id AND e.scheme = 'doi'
    LEFT JOIN decision d ON d.work_id = w.work_id
    LEFT JOIN reviewer r ON r.reviewer_id = d.reviewer_id
    JOIN affiliation a ON a.work_id = w.work_id
    JOIN string_state t ON t.string_id = a.string_id
    JOIN string_match m ON m.string_id = a.string_id
    JOIN institution i ON i.ror_id = m.ror_id
   ORDER BY i.ror_id, w.year, w.title"""


def plain(path: Path) -> int:
    """The rows as they come; returns how many."""
    conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    with Path("/dev/null").open("w", encoding="utf-8") as out:
        n = 0
        for n, row in enumerate(conn.execute(PLAIN), 1):  # noqa: B007
            out.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
    return n


def ours(path: Path) -> int:
    """``export --format geojsonl --include all``; returns the number of Features."""
    from db.connect import open_for_reading
    from db.queries import snapshot
    from publish.export import stream

    db = open_for_reading(path)
    with snapshot(db), Path("/dev/null").open("w", encoding="utf-8") as out:
        return sum(bool(out.write(line)) for line in stream(db, "alpha", format="geojsonl", include="all"))


def peak() -> float:
    """MiB at most of this process; ``ru_maxrss`` would count what the parent held when it forked."""
    [told] = [line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
    return int(told.split()[1]) / 1024


def measure(way: str, path: Path) -> tuple[float, float]:
    """(seconds of processor time, peak MiB) of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.export_stream", way, str(path)]
    seconds, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), float(peak)


def main(small: int, large: int) -> None:
    """Print seconds, rates and peaks."""
    with tempfile.TemporaryDirectory() as folder:
        told = {}
        for n in (small, large):
            path = make(Path(folder) / f"{n}.db", n)
            for way in ("plain", "ours"):
                seconds, peak = told[way, n] = measure(way, path)
                print(f"{n:>9,} works  {way:5}  {seconds:7.2f} s  {n / seconds:9,.0f} works/s  peak {peak:6.1f} MiB", flush=True)
        print(f"peak of {large:,} against {small:,}: {told['ours', large][1] / told['ours', small][1]:.2f} (floor 1.3)")
        print(f"rate against plain at {large:,}: {told['plain', large][0] / told['ours', large][0]:.0%} (floor 70 %)")


if __name__ == "__main__":
    if sys.argv[1:2] in (["plain"], ["ours"]):
        start = time.process_time()
        {"plain": plain, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
        print(time.process_time() - start, peak())
    else:
        sizes = [int(n) for n in sys.argv[1:]] or [10_000, 100_000]
        main(sizes[0], sizes[-1])
