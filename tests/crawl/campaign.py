"""A provider on its worst days: every tenth answer is wrong, in every way that was seen, while its list moves.

The short form is a test, the long one `python -m benchmarks.harvest`.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.world import MEGAFACE, citing, citing_id, edge, nameless, provider_of

# What can go wrong with an answer and is put right by asking again.
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 429}, {"kind": "status", "status": 429, "retry_after": "1"}, {"kind": "status", "status": 500},
    {"kind": "status", "status": 502}, {"kind": "status", "status": 503}, {"kind": "status", "status": 503, "retry_after": "1"},
    {"kind": "status", "status": 504}, {"kind": "drop"}, {"kind": "cut"}, {"kind": "html", "status": 502}, {"kind": "html", "status": 200},
    {"kind": "body", "body": b'{"data": ['}, {"kind": "body", "body": b""},
)  # fmt: skip
# An answer that is well formed and not the whole truth: it costs another look.
HOLES: tuple[dict[str, Any], ...] = ({"kind": "empty"}, {"kind": "null"})


def name_of(kind: dict[str, Any]) -> str:
    """A kind of fault in a few words."""
    rest = " with Retry-After" if "retry_after" in kind else " of nothing" if kind.get("body") == b"" else ""
    return f"{kind['kind']} {kind.get('status', '')}".strip() + rest


@dataclass
class BadDays(list[Fault]):
    """In place of a list of faults: for each request, by chance, one of them.  ``met`` counts them by kind.

    With ``page`` an answer of more rows than that comes too late (504): many short pages, so that a short list meets all kinds.
    """

    seed: int
    share: float = 0.1
    holes: bool = True
    moves: float = 0.0
    page: int = 0
    met: dict[str, int] = field(default_factory=dict)
    n_arrived: int = 0
    gone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def __iter__(self) -> Iterator[Fault]:
        if self.dice.random() < self.share:
            turn = sum(self.met.values())  # each kind in turn: all of them come, also in a short crawl
            kinds = KINDS + HOLES if self.holes else KINDS
            kind = kinds[turn % len(kinds)]
            self.met[name_of(kind)] = self.met.get(name_of(kind), 0) + 1
            yield Fault(where="/citations" if kind in HOLES else "/graph/", **kind)
            self.met[name_of(kind)] -= 1  # asked for the next one: this one did not fit the request
        if self.page:
            yield Fault("limit", where="/citations", limit=self.page)
        if self.dice.random() < self.moves:
            yield Fault("call", where=f"{MEGAFACE}/citations", action=self._move)

    def _move(self, provider: LoopbackProvider) -> None:
        """New works stand at the top, and one of the older ones goes."""
        rows = provider.citations[MEGAFACE]
        for _ in range(self.dice.randrange(1, 4)):
            number = 1_000_000 + self.n_arrived
            self.n_arrived += 1
            provider.papers[citing_id(number)] = citing(number, publicationDate="2024-12-31", year=2024)
            rows.insert(0, edge(number))
        victim = rows.pop(self.dice.randrange(len(rows) // 2, len(rows)))
        key = victim["citingPaper"] if isinstance(victim, dict) else victim
        if isinstance(key, str) and not any(isinstance(row, dict) and row["citingPaper"] == key for row in rows):
            self.gone.add(key)


def world(n: int, seed: int = 0) -> LoopbackProvider:
    """N works over ten years, newest first: some without a date, some with a year only; rows without an id and repeats between them.

    Works without any date stand among the first 9,000: behind the cap no call can reach them.
    """
    dice = random.Random(n + seed)
    days = sorted((date(2015, 1, 1) + timedelta(days=dice.randrange(3650)) for _ in range(n)), reverse=True)
    papers = [citing(i, publicationDate=day.isoformat() if i % 5 else None, year=day.year) for i, day in enumerate(days)]
    for i in dice.sample(range(min(n, 9000)), n // 100):
        papers[i] |= {"publicationDate": None, "year": None}
    rows: list[Any] = [edge(i) for i in range(n)]
    for i in range(5):
        rows.insert(dice.randrange(min(n, 9000)), nameless(f"a line of text {i}"))
        rows.insert(dice.randrange(n), edge(dice.randrange(n)))
    return provider_of({MEGAFACE: rows}, papers)


@dataclass(frozen=True)
class Calls:
    """What a crawl of one list asked, and the bound: (pages + windows + closing pass) × 1.15; retries forced by faults stand aside."""

    asked: int
    forced: int
    windows: int
    closing: int
    n_rows: int
    page: int = 1000

    @property
    def bound(self) -> float:
        return 1.15 * (ceil(self.n_rows / self.page) + self.windows + self.closing)

    @property
    def kept(self) -> bool:
        return self.asked - self.forced <= self.bound


def count_calls(provider: LoopbackProvider, faults: BadDays | None, n_rows: int) -> Calls:
    """The calls for MegaFace's list.  An answer that came to nothing forces one more; so does each look around a hole."""
    pages = [r for r in provider.requests if r.path.endswith(f"{MEGAFACE}/citations")]
    asked = [(r.query.get("publicationDateOrYear"), r.query["offset"], r.query["limit"]) for r in pages]
    windows = {window for window, _, _ in asked if window}
    probes = sum(limit in ("500", "100", "700") for _, _, limit in asked)
    again = len(asked) - len(set(asked)) if faults is not None else 0
    closing = len({ask for ask in asked if ask[0] is None}) - probes if windows else 1
    return Calls(len(asked), again + probes, len(windows), max(1, closing), n_rows, 1000 if faults is None else faults.page or 1000)


def harvested(db: Path) -> dict[str, int]:
    """Id of a citing work → how often it stands in the database."""
    conn = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    rows = conn.execute(
        """SELECT e.value, count(*) FROM citation c JOIN citation_sighting s USING (citation_id)
             JOIN external_id e ON e.work_id = c.citing_work_id AND e.scheme IN ('s2', 'row') GROUP BY 1"""
    ).fetchall()
    conn.close()
    return dict(rows)


def rows_of(db: Path) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table but runs, lists and passes; of sightings not the number of the pass."""
    conn = sqlite3.connect(db)
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    found = {}
    for table in set(tables) - {"run", "crawl_list", "crawl_pass", "search_list", "_sqlite_migrations"}:
        columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[1] != "last_pass"]
        found[table] = set(conn.execute(f"SELECT {', '.join(columns)} FROM {table}"))
    conn.close()
    return found
