"""One call of the crawl: what all its spiders share, from the open database to what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import scrapy
from filelock import FileLock, Timeout
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.datasets import load_datasets
from crawler.fulltext import sweep_partials
from crawler.providers import PATENTS, PROVIDERS
from db.catalogue import find_dataset, sync
from db.config import Config, load_config
from db.connect import Database, open_for_writing, writing
from db.crawl_plan import list_crawled_slugs, list_derived_slugs
from db.discretion import hide_secrets
from db.errors import DatabaseError, ProviderError, WhereusedError
from db.runs import installed_version, running
from db.works import save_provider

DEFAULT_SLUG = "megaface"
log = logging.getLogger(__name__)


def nobody_confirms(question: str) -> bool:
    """Where no person can be asked."""
    return False


@dataclass(slots=True)
class Session:
    """What the spiders, middlewares and pipelines of one call share."""

    config: Config
    db: Database
    run_id: int
    slugs: tuple[str, ...]
    due: bool = False
    limit: int | None = None
    yes: bool = False  # take hits of title searches, where the titles are the same
    confirm: Callable[[str], bool] = nobody_confirms
    stop: asyncio.Event = field(default_factory=asyncio.Event)  # set: finish what is under way, begin nothing
    stopping: asyncio.Future[None] | None = None
    interrupted: bool = False
    error: BaseException | None = None  # it ends the call, as a full disk does
    failures: dict[str, None] = field(default_factory=dict)  # of providers, each once
    failed: set[str] = field(default_factory=set)  # names of the providers that did; what else they were to be asked waits
    search: bool = True  # also search for works that name a dataset
    notes: dict[str, None] = field(default_factory=dict)  # what the user should know, each once
    archive: bool = False  # keep the answers of providers
    derived: list[tuple[str, str]] = field(default_factory=list)  # (dataset, derivative), where derivatives are harvested too
    n_fulltexts: int = 0  # works whose full text is asked for
    rejected: Counter[str] = field(default_factory=Counter)  # values that the pipelines threw away

    def fail(self, text: str) -> None:
        """A provider failed after retries; the call goes on with the others and exits with 3."""
        self.failures[text] = None

    def abort(self, error: BaseException) -> None:
        """Nothing more can be saved."""
        self.error = self.error or error
        self.stop.set()

    def spider_failed(self, failure: Failure, spider: scrapy.Spider) -> None:
        """A mistake in our own code: Scrapy would log it and go on, and something would be missing without a word."""
        assert failure.value is not None
        self.abort(failure.value)

    def check(self) -> None:
        """Raise what ended the call, if anything did."""
        if self.error:
            raise self.error
        if self.interrupted:
            raise KeyboardInterrupt
        if self.failures:
            raise ProviderError("; ".join(self.failures))


@contextmanager
def _only_crawl(config: Config) -> Iterator[None]:
    """One crawl at a time on a database; the lock goes with the process."""
    try:
        with FileLock(config.db.with_name(config.db.name + ".crawl.lock"), timeout=0):
            yield
    except Timeout as error:
        raise DatabaseError(f"another crawl is at work on {config.db}; wait for it to end, then try again") from error


@contextmanager
def open_session(config: Config, slugs: Iterable[str], *, derived: bool = False, **options: Any) -> Iterator[Session]:
    """A session around a crawl: database, lock, catalogue, run.  UsageError for an unknown slug, before anything is asked."""
    with ExitStack() as stack:
        db = open_for_writing(config.db)
        stack.callback(db.close)
        stack.enter_context(_only_crawl(config))
        sweep_partials(config)
        for path in config.files.glob("archive/*/*.partial"):  # only crawl writes there, and only one is at work
            path.unlink(missing_ok=True)
        with writing(db):
            sync(db, load_datasets())
            for provider in PROVIDERS:
                save_provider(db, provider.facts)
            for facts in PATENTS:
                save_provider(db, facts)
        chosen = [find_dataset(db, slug).slug for slug in slugs] or list_crawled_slugs(db) or [DEFAULT_SLUG]
        made = list_derived_slugs(db, chosen) if derived else []
        run_id = stack.enter_context(running(db, "crawl", installed_version()))
        yield Session(config, db, run_id, tuple(dict.fromkeys([*chosen, *(slug for _, slug in made)])), derived=made, **options)


def reactor() -> Any:
    """The reactor that Scrapy has installed; importing it before would install another one."""
    from twisted.internet import reactor as installed

    return installed


def user_agent(config: Config) -> str:
    """How we name ourselves to every server, with the operator's address where it is set."""
    return f"whereused/{installed_version()}" + (f" (+{config.contact})" if config.contact else "")


class OfCrawl:
    """What Scrapy builds for a crawl (a middleware, a step of the pipeline): it finds the session through the spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def session(self) -> Session:
        spider: Any = self.crawler.spider
        session: Session = spider.session
        return session


class WhereusedSpider(scrapy.Spider):
    """A spider with a session: that of ``whereused crawl``, or under plain ``scrapy crawl`` one of its own.

    Arguments of ``scrapy crawl``: ``-a slugs=megaface,lfw``, ``-a limit=N``, ``-a yes=1``; settings from the environment.
    """

    session: Session

    @classmethod
    def configure(cls, settings: BaseSettings, config: Config) -> None:
        """Settings that follow from the user's configuration."""
        settings.set("USER_AGENT", user_agent(config), priority="spider")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        cls.configure(settings, settings.get("WHEREUSED_CONFIG") or load_config())

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, session: Session | None = None, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = session or cls._own_session(crawler, **kwargs)
        hide_secrets(spider.session.config)  # under `scrapy crawl` the handlers are Scrapy's
        return spider

    @staticmethod
    def _own_session(crawler: Crawler, slugs: str = "", limit: str = "", yes: str = "", **_: Any) -> Session:
        stack = ExitStack()
        names = [slug for slug in slugs.split(",") if slug]
        session = stack.enter_context(open_session(load_config(), names, limit=int(limit) if limit else None, yes=bool(yes)))

        def close() -> None:
            try:
                with stack:
                    session.check()
            except WhereusedError as error:
                log.error("%s", error)

        crawler.signals.connect(close, signals.spider_closed, weak=False)
        return session
