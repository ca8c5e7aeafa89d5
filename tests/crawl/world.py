"""A small world of papers that cite each other, and a way to crawl it as a user would: the real command in a process of its own."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.process import Running

MEGAFACE = "1" * 40
BENCHMARK = "2" * 40
LEVEL = "3" * 40
SEEDS = [
    {
        "paperId": MEGAFACE,
        "title": "MegaFace: A Million Faces for Recognition at Scale",
        "externalIds": {"ArXiv": "1505.02108"},
        "year": 2015,
    },
    {"paperId": BENCHMARK, "title": "The MegaFace Benchmark", "externalIds": {"ArXiv": "1512.00596"}, "year": 2016},
    {"paperId": LEVEL, "title": "Level Playing Field", "externalIds": {"ArXiv": "1705.00393"}, "year": 2017},
]
SEARCHES = ("/graph/v1/paper/search/bulk", "/graph/v1/snippet/")
WHEREUSED = (sys.executable, "-m", "whereused")


def citing_id(number: int) -> str:
    """The provider's id of a citing work."""
    return f"c{number:039x}"


def citing(number: int, **fields: Any) -> dict[str, Any]:
    """A citing work, with the fields that a provider usually has."""
    return {
        "paperId": citing_id(number),
        "title": f"On the recognition of faces in crowds, part {number}",
        "year": 2015 + number % 10,
        "venue": "A Conference on Faces",
        "externalIds": {"CorpusId": 1_000_000 + number, "DOI": f"10.5555/face.{number}"},
        "authors": [{"authorId": None, "name": f"Ada Part{number}"}],
        "publicationTypes": ["JournalArticle"],
    } | fields


def edge(number: int, **fields: Any) -> dict[str, Any]:
    """A row of a list that says something of the citation."""
    return {
        "citingPaper": citing_id(number),
        "contexts": [f"We train on MegaFace [{number}]."],
        "contextsWithIntent": [{"context": f"We train on MegaFace [{number}].", "intents": ["methodology"]}],
        "intents": ["methodology"],
        "isInfluential": True,
    } | fields


def nameless(title: str) -> dict[str, Any]:
    """A row without an id."""
    return {"citingPaper": {"paperId": None, "title": title}}


def provider_of(
    lists: Mapping[str, Iterable[str | Mapping[str, Any]]],
    papers: Iterable[Mapping[str, Any]] = (),
    faults: Iterable[Fault] = (),
    **more: Any,
) -> LoopbackProvider:
    """A provider that knows MegaFace's three papers, their lists, and the papers."""
    return LoopbackProvider([*SEEDS, *papers], {cited: list(rows) for cited, rows in lists.items()}, faults=faults, **more)


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int | None
    err: str
    out: str


@dataclass(frozen=True)
class Crawl:
    """The user's side: a database and an environment."""

    db: Path
    provider: LoopbackProvider

    def environ(self, **settings: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONWARNINGS": "error",
            **self.provider.environ,
            **{f"WHEREUSED_{k.upper()}": v for k, v in settings.items()},
        }

    def start(
        self, *args: str, options: Iterable[str] = (), answer: str = "", dies_at: tuple[str, int] | None = None, **settings: str
    ) -> Running:
        """Start `whereused OPTIONS crawl ARGS` and return at once."""
        return Running([*options, "--db", str(self.db), "crawl", *args], self.environ(**settings), answer, dies_at)

    def __call__(self, *args: str, **more: Any) -> Outcome:
        """Run `whereused crawl` to its end."""
        code, out, err = self.start(*args, **more).wait()
        return Outcome(code, err, out)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        conn = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        try:
            return conn.execute(sql, values).fetchall()
        finally:
            conn.close()

    def one(self, sql: str, *values: object) -> Any:
        """The one value that the database says."""
        ((value,),) = self.rows(sql, *values)
        return value

    @property
    def asked(self) -> list[str]:
        """What was asked of the API for seeds and lists, with offset and limit of pages; searches are counted apart."""
        return [
            f"{r.path.removeprefix('/graph/v1/paper/')}" + (f" {r.query['offset']}+{r.query['limit']}" if "offset" in r.query else "")
            for r in self.provider.requests
            if r.path.startswith("/graph/") and not r.path.startswith(SEARCHES)
        ]
