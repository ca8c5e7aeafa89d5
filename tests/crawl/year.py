"""A year of weekly crawls of a changing world: works appear, take other ids, become one, vanish, return; a field changes, a key expires."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.sample.provider import LoopbackProvider, Request
from crawler.sample.routes import Answer, json_answer
from tests.crawl.process import _CONTEXT
from tests.crawl.world import MEGAFACE, citing, citing_id, edge, provider_of

KEY, NEW_KEY = "first-key-of-the-year", "second-key-of-the-year"
EXPIRES, RENEWED, CORRECTED = 10, 12, 15  # weeks


@dataclass
class Year:
    """The world.  ``news`` counts what each week brought; ``truth`` is id → title of what the list shows now.

    ``burst``: so many works more in each eighth week, as after a conference.
    """

    n: int
    seed: int = 1
    burst: int = 0
    news: list[int] = field(default_factory=list)
    vanished: list[int] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)  # ids of records that went into another one of the list
    asked: list[str] = field(default_factory=list)  # paths of full texts, where the caller keeps them

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.next = self.n
        pdfs = {f"{i}.pdf": b"%%PDF-1.4 %d" % i for i in range(10_000)}
        lists = {MEGAFACE: [edge(i) for i in range(self.n)]}
        self.provider: LoopbackProvider = provider_of(lists, map(self._paper, range(self.n)), pdfs=pdfs, key=KEY, also=self._control)

    @staticmethod
    def _paper(number: int) -> dict[str, Any]:
        return citing(number, openAccessPdf={"url": f"{{url}}/pdf/{number}.pdf"})

    @property
    def truth(self) -> dict[str, str]:
        rows: list[Any] = self.provider.citations[MEGAFACE]
        return {row["citingPaper"]: self.provider.papers[row["citingPaper"]]["title"] for row in rows}

    def _control(self, request: Request) -> Answer | None:
        """The crawling process says that a week has passed, and hears the key that its user has by then."""
        if request.path != "/next-week":
            return None
        self.turn()
        return json_answer(200, {"key": NEW_KEY if len(self.news) >= RENEWED else KEY})

    def turn(self) -> None:
        """What a week brings."""
        provider, rows, week = self.provider, self.provider.citations[MEGAFACE], len(self.news)
        arrived = range(self.next, self.next + self.dice.randrange(3) + (self.burst if week % 8 == 4 else 0))
        for number in arrived:
            provider.papers[citing_id(number)] = self._paper(number)
            rows.insert(0, edge(number))
        self.next += len(arrived)
        if week % 4 == 1:  # one vanishes …
            row: Any = rows.pop(self.dice.randrange(len(rows)))
            self.vanished.append(
                next(i for i in range(self.next) if citing_id(i) == row["citingPaper"] or self._now(i) == row["citingPaper"])
            )
        if week % 12 == 7 and self.vanished:  # … and some come back
            rows.append({**edge(number := self.vanished.pop(0)), "citingPaper": self._now(number)})
        if week % 6 == 2:  # a record gets another id; asked by the old one, the provider answers with the new one
            at = self.dice.randrange(len(rows))
            old = rows[at]["citingPaper"]  # type: ignore[index]
            new = f"d{week:039x}"
            provider.papers[new] = provider.papers.pop(old) | {"paperId": new}
            provider.merged[old] = self.renamed[old] = new
            provider.merged |= {other: new for other, one in provider.merged.items() if one == old}
            rows[at] = {**rows[at], "citingPaper": new}  # type: ignore[dict-item]
        if week % 13 == 9:  # two records become one
            away: Any = rows.pop(self.dice.randrange(len(rows)))
            stays: Any = self.dice.choice(rows)
            del provider.papers[away["citingPaper"]]
            provider.merged[away["citingPaper"]] = stays["citingPaper"]
            self.joined.append(away["citingPaper"])
        if week == CORRECTED:  # a field changes once
            provider.papers[rows[-1]["citingPaper"]]["title"] = "A title that was corrected"  # type: ignore[index]
        self.dice.shuffle(rows)
        if week == EXPIRES:
            provider.key = NEW_KEY
        self.news.append(len(arrived))

    def _now(self, number: int) -> str:
        key = citing_id(number)
        while key in self.renamed:
            key = self.renamed[key]
        return key


def a_week_passes(db: Path) -> None:
    """All times of the database lie a week further back."""
    conn = sqlite3.connect(db)
    for (table,) in conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlite%'"
    ).fetchall():
        for column in [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[1].endswith("_at")]:
            conn.execute(f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-7 days') WHERE {column} IS NOT NULL")
    conn.commit()
    conn.close()


def _live(db: Path, weeks: int, environ: Mapping[str, str], told: Path) -> None:
    """In a process of its own: weekly calls of `crawl --due`, all in one reactor, since a fresh process each week takes a minute."""
    os.environ.update(environ)
    import asyncio

    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.manners.loop import reactor
    from crawler.run import _quiet
    from crawler.runs import open_session
    from crawler.spiders.fulltext import FulltextSpider
    from crawler.spiders.semantic_scholar import SemanticScholarSpider
    from db.config import load_config
    from db.errors import ProviderError

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("WHEREUSED_CONFIG", load_config(db=db))
    settings.set("LOG_INSTALL_ROOT_HANDLER", False)
    with _quiet(0):
        process = AsyncCrawlerProcess(settings)
    outcomes: list[str] = []

    async def week(config: Any) -> str:
        try:
            with open_session(config, ["megaface"], due=True) as session:
                for spider in (SemanticScholarSpider, FulltextSpider):
                    await process.crawl(process.create_crawler(spider), session=session)
                session.check()
        except ProviderError as error:
            return str(error)
        return "done"

    async def story() -> None:
        try:
            for _ in range(weeks):
                with await asyncio.to_thread(urllib.request.urlopen, f"{environ['WORLD']}/next-week") as answer:
                    key = json.load(answer)["key"]
                outcomes.append(await week(load_config(db=db, environ={**os.environ, "WHEREUSED_SEMANTIC_SCHOLAR_KEY": key})))
                a_week_passes(db)
        finally:
            told.write_text(json.dumps(outcomes))
            reactor().callLater(0, reactor().stop)

    task = asyncio.get_event_loop().create_task(story())
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    task.result()


def live(year: Year, db: Path, weeks: int, patience: float = 110) -> list[str]:
    """Crawl so many weeks; how each of them ended."""
    told = db.with_suffix(".json")
    environ = {**os.environ, **year.provider.environ, "WORLD": year.provider.url}
    child = _CONTEXT.Process(target=_live, args=(db, weeks, environ, told))
    child.start()
    child.join(patience)
    assert child.exitcode == 0, child.exitcode
    outcomes: list[str] = json.loads(told.read_text())
    return outcomes


def shown(db: Path) -> dict[str, str]:
    """Id → title of the works that stand, by the newest id of each."""
    conn = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    rows = conn.execute(
        """SELECT e.value, w.title FROM citation_sighting s JOIN citation c USING (citation_id) JOIN work w ON w.work_id = c.citing_work_id
             JOIN external_id e ON e.work_id = w.work_id AND e.scheme = 's2' WHERE s.withdrawn_at IS NULL"""
    ).fetchall()
    conn.close()
    return dict(rows)
