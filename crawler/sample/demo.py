"""The demo: the real stages, one after the other, over the sample.

The stages are siblings and don't know each other, so the command line hands them in.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.datasets import load_datasets
from crawler.sample.folder import SITE, demo_config, prepare_folder, save_registry
from crawler.sample.imports import PATENTS, save_table
from crawler.sample.works import load_slugs, load_works
from crawler.sample.world import sample_provider
from db import catalogue
from db.config import Config
from db.connect import Database, open_for_reading, open_for_writing, writing
from db.errors import WhereusedError
from db.queries.counts import load_counts
from db.sample import mark_sample, replace_addresses
from db.works import holder_of

SEMANTIC_SCHOLAR = "semantic_scholar"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stages:
    """The ``run`` functions of the stages, and the two steps that stand beside them.

    ``import_gazetteer(config, path)`` builds the index; ``decide(db, slug, work_id, label, purposes)`` writes a sample decision.
    """

    crawl: Callable[..., Any]
    import_file: Callable[..., Any]
    read: Callable[..., Any]
    import_gazetteer: Callable[[Config, Path], object]
    geocode: Callable[..., Any]
    decide: Callable[[Database, str, int, str, tuple[str, ...]], None]
    publish: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the demo made: denominators by dataset, and what stands on the maps."""

    counts: dict[str, dict[str, int]]
    n_institutions: int
    n_countries: int
    index: Path
    geojson: tuple[Path, ...]
    seconds: float

    def lines(self) -> Iterator[str]:
        """The summary for people: the denominators, then where everything lies."""
        names = list(next(iter(self.counts.values())))
        rows = [["dataset", *(name.replace("_", " ") for name in names)]]
        rows += [[slug, *(str(counts[name]) for name in names)] for slug, counts in self.counts.items()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            yield "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        yield f"{self.n_institutions} institutions in {self.n_countries} countries on the maps; decisions are samples, full texts stand-ins"
        yield f"GeoJSON: {self.geojson[0]}" + (f" (and of {len(self.geojson) - 1} more datasets beside it)" if self.geojson[1:] else "")
        yield f"map: {self.index}"


def run(config: Config, out: Path, stages: Stages, tell: Tell) -> Summary:
    """The whole job into ``out``; ``tell`` hears of each step.

    UsageError where ``out`` is not the demo's; WhereusedError where a stage brought nothing.
    """
    started = time.monotonic()
    prepare_folder(out)
    tell("1/6 typesetting the stand-ins, starting a provider on this machine, with the faults of a real one")
    with _without_proxy(), sample_provider() as provider:
        own = demo_config(config, out, provider.environ)
        _begin(own)
        tell(f"2/6 crawl {len(load_slugs())} datasets, import a patent")
        report = stages.crawl(own, load_slugs(), providers=(SEMANTIC_SCHOLAR,), search=False, yes=True)
    if report.failure:
        raise report.failure
    _own_the_sample(own, provider.url)
    _import_patents(own, out, stages)
    tell("3/6 read the stand-ins")
    stages.read(own, ())
    tell("4/6 find the institutions")
    if not own.gazetteer.is_file():
        stages.import_gazetteer(own, save_registry(out))
    stages.geocode(own, ())
    tell("5/6 take over the sample decisions")
    _decide(own, stages)
    tell("6/6 publish")
    pages = stages.publish(own, (), out=out / SITE, include="all")
    summary = _summary(own, pages, time.monotonic() - started)
    open_for_writing(own.db).close()  # the last one to close takes the log into the database
    for lock in out.glob("*.lock"):
        lock.unlink(missing_ok=True)
    return summary


@contextmanager
def _without_proxy() -> Iterator[None]:
    """A proxy that the user has set can't reach the provider on this machine."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    os.environ |= dict.fromkeys(before, "127.0.0.1")
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _begin(config: Config) -> None:
    """A database that says of itself that it is a sample."""
    db = open_for_writing(config.db)
    with writing(db):
        catalogue.sync(db, load_datasets())
    mark_sample(db, ())
    db.close()


def _own_the_sample(config: Config, base: str) -> None:
    """The sample must not be credited to the services whose shapes it was told in, nor lead to the one that ran at ``base``."""
    db = open_for_writing(config.db)
    mark_sample(db, (SEMANTIC_SCHOLAR, "arxiv"))
    replace_addresses(db, base)
    db.close()


def _import_patents(config: Config, out: Path, stages: Stages) -> None:
    for slug in dict.fromkeys(patent.slug for patent in PATENTS):
        path = out / f"patents-{slug}.csv"
        save_table(tuple(patent for patent in PATENTS if patent.slug == slug), path)
        stages.import_file(config, path, slug)


def _decide(config: Config, stages: Stages) -> None:
    """The decisions of the sample; what it leaves open stays in the queue."""
    db = open_for_writing(config.db)
    for work in load_works():
        for citation in work.citations:
            work_id = holder_of(db, "s2", work.paper_id)
            if work_id is None:
                raise WhereusedError(f"the crawl of the demo did not bring {work.title!r}; run it again with -v")
            if citation.decision:
                stages.decide(db, citation.slug, work_id, citation.decision, citation.purposes)
    db.close()


def _summary(config: Config, pages: Any, seconds: float) -> Summary:
    """Counted from the database and from what was published."""
    paths = sorted((page.geojson for page in pages.pages), key=lambda path: load_slugs().index(path.parent.name))
    found = [feature["properties"] for path in paths for feature in json.loads(path.read_text(encoding="utf-8"))["features"]]
    institutions = {properties["ror_id"]: properties["country_code"] for properties in found if properties["ror_id"]}
    db = open_for_reading(config.db)
    counts = {slug: load_counts(db, slug) for slug in load_slugs()}
    db.close()
    return Summary(counts, len(institutions), len(set(institutions.values())), pages.index, tuple(paths), seconds)
