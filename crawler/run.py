"""``whereused crawl``: one run of Scrapy in this process, spiders of lists first, then full texts."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.progress import Progress
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.bars import Bars
from crawler.clock import pretend
from crawler.manners.ledger_choice import reach_shared
from crawler.manners.loop import reactor
from crawler.replay import load_replay, save_call
from crawler.report import CrawlReport, make_report
from crawler.runs import Session, WhereusedSpider, nobody_confirms, open_session
from crawler.shapes.unpaywall import find_email
from crawler.spiders.crossref import CrossrefSpider
from crawler.spiders.epo_ops import EpoOpsSpider
from crawler.spiders.epo_search import EpoSearchSpider
from crawler.spiders.fulltext import FulltextSpider
from crawler.spiders.google_patents import GooglePatentsSpider
from crawler.spiders.lens import LensSpider
from crawler.spiders.openalex import OpenAlexSpider
from crawler.spiders.openalex_search import OpenAlexSearchSpider
from crawler.spiders.opencitations import OpenCitationsSpider
from crawler.spiders.semantic_scholar import SemanticScholarSpider
from crawler.spiders.semantic_scholar_batch import SemanticScholarBatchSpider
from crawler.spiders.semantic_scholar_search import SemanticScholarSearchSpider
from crawler.spiders.unpaywall import UnpaywallSpider
from crawler.spiders.uspto import UsptoSpider
from db.config import Config
from db.crawl import save_derived
from db.errors import ProviderError, UsageError
from db.progress import progress_bars

SPIDERS: dict[str, type[WhereusedSpider]] = {
    spider.name: spider
    for spider in (
        SemanticScholarSpider,
        OpenAlexSpider,
        OpenCitationsSpider,
        LensSpider,
        UsptoSpider,
        CrossrefSpider,
        EpoOpsSpider,
        GooglePatentsSpider,
    )
}
# What a provider is asked for besides its lists: searches for the names of datasets, then facts of works that came from elsewhere.
SEARCHES: dict[str, type[WhereusedSpider]] = {
    SemanticScholarSpider.name: SemanticScholarSearchSpider,
    OpenAlexSpider.name: OpenAlexSearchSpider,
    EpoOpsSpider.name: EpoSearchSpider,
}
FACTS: dict[str, type[WhereusedSpider]] = {SemanticScholarSpider.name: SemanticScholarBatchSpider}
LAST = (CrossrefSpider.name, EpoOpsSpider.name, GooglePatentsSpider.name)  # they complete what the others brought
DEFAULT = (SemanticScholarSpider.name,)  # the others are second opinions, one of them metered: a user asks for them by name
OPTIONS = ("providers", "limit", "fulltext", "derived", "yes", "search")  # that a replay takes from the crawl
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(
    config: Config,
    slugs: Iterable[str],
    *,
    providers: Iterable[str] = (),
    due: bool = False,
    limit: int | None = None,
    fulltext: bool = True,
    yes: bool = False,
    derived: bool = False,
    archive: bool = False,
    search: bool = True,
    replay: str | None = None,
    frontier: str | None = None,
    confirm: Callable[[str], bool] = nobody_confirms,
) -> CrawlReport:
    """Harvest datasets: by default those that were crawled before, MegaFace where there is none.

    ``due`` leaves out lists whose interval has not passed.  ``limit`` stops each list after so many rows, and takes as
    many full texts.  ``derived`` harvests the datasets that were made from these too, and puts their works into the scope of
    these.  ``search``: also the works that name a dataset without citing its paper.  ``archive`` keeps every answer
    (``crawler.archive``); ``replay`` names an archive that every answer is taken from, and the options of its crawl hold.
    ``frontier`` is the address of a Redis over which workers fetch the full texts (``crawler.frontier``).
    ``confirm`` is asked about hits of a title search; ``yes`` takes those of the same title.

    A provider that failed is told in ``report.failure``; what was harvested is kept.  KeyboardInterrupt where the user
    stopped it.  Works once in a process: the reactor that Scrapy stands on can't be started again.
    """
    archived = load_replay(config, replay) if replay else None
    if archived:
        config, slugs, archive, due = archived.configure(config), slugs or archived.call["slugs"], False, False
        providers, limit, fulltext, derived, yes, search = (archived.call["options"][name] for name in OPTIONS)
        pretend(archived.year)
    slugs = list(slugs)
    spiders = _choose(providers, search=search)
    if fulltext:  # the places that lists name, then those that Unpaywall knows of what is still missing
        fetching = _over(config, frontier) if frontier else FulltextSpider
        spiders += [fetching, UnpaywallSpider, fetching] if find_email(config) else [fetching]
    report: CrawlReport | None = None
    if not archived:
        reach_shared(config)
    try:
        kept = {"archive": archive, "replay": archived, "search": search, "frontier": frontier}
        with open_session(config, slugs, due=due, limit=limit, yes=yes, confirm=confirm, derived=derived, **kept) as session:
            if archive:
                asked = dict(zip(OPTIONS, (list(providers), limit, fulltext, derived, yes, search), strict=True))
                save_call(config, config.files / "archive" / str(session.run_id), session.asked, asked)
            with progress_bars(config) as progress:
                run_spiders(session, spiders, progress)
            for slug, derivative in session.derived:
                save_derived(session.db, slug, derivative, run_id=session.run_id)
            report = make_report(session)
            session.check()
    except ProviderError as error:
        if report is None:
            raise
        report.failure = error
    return report


def _choose(providers: Iterable[str], *, search: bool) -> list[type[WhereusedSpider]]:
    """The spiders in their order: lists, searches, facts."""
    asked = set(providers) or set(DEFAULT)
    if unknown := sorted(asked - set(SPIDERS)):
        raise UsageError(f"there is no provider {unknown[0]!r}; there is: {', '.join(SPIDERS)}")
    chosen = [name for name in SPIDERS if name in asked]
    steps = [[SPIDERS[name] for name in chosen if name not in LAST]]
    steps += [[SEARCHES[name] for name in chosen if name in SEARCHES]] if search else []
    steps += [[FACTS[name] for name in chosen if name in FACTS], [SPIDERS[name] for name in chosen if name in LAST]]
    return [spider for step in steps for spider in step]


def _over(config: Config, address: str) -> type[WhereusedSpider]:
    """The spider that has full texts fetched by workers; an address where nobody answers is told before the harvest."""
    from crawler.frontier.server import open_redis
    from crawler.spiders.gather import GatherSpider

    open_redis(config, address).close()
    return GatherSpider


def _all_spiders() -> tuple[type[WhereusedSpider], ...]:
    return (*SPIDERS.values(), *SEARCHES.values(), *FACTS.values(), UnpaywallSpider, FulltextSpider)


def run_spiders(session: Session, spiders: Iterable[type[WhereusedSpider]], progress: Progress) -> None:
    """Run spiders one after the other, until all have ended or the user stops them."""
    gc.freeze()  # a page of a list is 50,000 new objects: what is loaded already need not be looked through each time
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("WHEREUSED_CONFIG", session.config)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False)  # the command line has set up logging
    with _quiet(session.config.verbosity):
        process = AsyncCrawlerProcess(settings)
    loop, bars = asyncio.get_event_loop(), Bars(session, progress)

    async def one_after_the_other() -> None:
        try:
            for spider in spiders:
                if not session.stop.is_set():
                    crawler = process.create_crawler(spider)
                    crawler.signals.connect(bars.saved, signals.item_scraped, weak=False)
                    crawler.signals.connect(session.spider_failed, signals.spider_error, weak=False)
                    await process.crawl(crawler, session=session)
        finally:
            reactor().callLater(0, reactor().stop)

    task = loop.create_task(one_after_the_other())
    with _stopped_by_signals(loop, session, process):
        session.confirm = _asking(session.confirm, loop, session, process, progress)
        process.start(stop_after_crawl=False, install_signal_handlers=False)
    if task.done() and not task.cancelled():
        task.result()


def _stop(session: Session, process: AsyncCrawlerProcess) -> None:
    """The first Ctrl-C or SIGTERM ends the crawl in order, a second one at once; neither loses what was saved."""
    if session.interrupted:
        reactor().stop()
    session.interrupted = True
    session.stop.set()
    session.stopping = asyncio.ensure_future(process.stop())


@contextmanager
def _stopped_by_signals(loop: asyncio.AbstractEventLoop, session: Session, process: AsyncCrawlerProcess) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, _stop, session, process)
    try:
        yield
    finally:
        for number in SIGNALS:
            if not loop.is_closed():
                loop.remove_signal_handler(number)
            signal.signal(number, before[number])


def _asking(
    confirm: Callable[[str], bool], loop: asyncio.AbstractEventLoop, session: Session, process: AsyncCrawlerProcess, progress: Progress
) -> Callable[[str], bool]:
    """``confirm`` with the bars out of the way, and with a Ctrl-C that ends the question."""

    def ask(question: str) -> bool:
        progress.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return confirm(question)
        except KeyboardInterrupt:
            _stop(session, process)
            return False
        finally:
            loop.add_signal_handler(signal.SIGINT, _stop, session, process)
            progress.start()

    return ask


@contextmanager
def _quiet(verbosity: int) -> Iterator[None]:
    """Around the making of a process: Scrapy sets its loggers to DEBUG and announces itself.

    It also prints a traceback for each failed download; the report tells what the user needs.
    """
    level = logging.CRITICAL if verbosity <= 0 else logging.INFO if verbosity == 1 else logging.DEBUG
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
        for name in ("scrapy", "twisted", *(spider.name for spider in _all_spiders())):
            logging.getLogger(name).setLevel(level)


__all__ = ["CrawlReport", "run"]
