"""One call of the crawl: what all its spiders share, from the open database to what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import scrapy
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
from db.errors import ProviderError, WhereusedError
from db.runs import installed_version, only_one, running
from db.sample import mark_sample
from db.secrets import keep_out_of_logs, scrub, secrets_of
from db.works import save_provider

if TYPE_CHECKING:
    from crawler.replay import Replay

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
    closed: dict[str, dict[str, str]] = field(default_factory=dict)  # provider → host → why it is left alone in this call
    notes: dict[str, None] = field(default_factory=dict)  # what the user should know, each once
    archive: bool = False  # keep the answers of providers
    replay: Replay | None = None  # take them from there instead of asking
    asked: tuple[str, ...] = ()  # datasets without their derivatives
    derived: list[tuple[str, str]] = field(default_factory=list)  # (dataset, derivative), where derivatives are harvested too
    n_fulltexts: int = 0  # works whose full text is asked for
    frontier: str | None = None  # address of the Redis over which several machines fetch full texts
    idle_seconds: float | None = None  # after which a worker of that ends
    rejected: Counter[str] = field(default_factory=Counter)  # values that the pipelines threw away

    def fail(self, text: str) -> None:
        """A provider failed after retries; the call goes on with the others and exits with 3."""
        self.failures[self.clean(text)] = None

    def clean(self, text: str) -> str:
        """A text without the user's keys: a provider may repeat them in what it says."""
        return scrub(text, secrets_of(self.config))

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
def open_session(config: Config, slugs: Iterable[str], *, derived: bool = False, **options: Any) -> Iterator[Session]:
    """A session around a crawl: database, lock, catalogue, run.  UsageError for an unknown slug, before anything is asked."""
    with ExitStack() as stack:
        db = open_for_writing(config.db)
        stack.callback(db.close)
        stack.enter_context(only_one(config.db, "crawl"))
        sweep_partials(config)
        for path in config.files.glob("archive/*/*.partial"):  # only crawl writes there, and only one is at work
            path.unlink(missing_ok=True)
        with writing(db):
            sync(db, load_datasets())
            for provider in PROVIDERS:
                save_provider(db, provider.facts)
            for facts in PATENTS:
                save_provider(db, facts)
        if config.get("SAMPLE") == "1":  # set where the provider to practise with runs
            mark_sample(db, [provider.name for provider in PROVIDERS])
        chosen = [find_dataset(db, slug).slug for slug in slugs] or list_crawled_slugs(db) or [DEFAULT_SLUG]
        made = list_derived_slugs(db, chosen) if derived else []
        run_id = stack.enter_context(running(db, "crawl", installed_version()))
        together = tuple(dict.fromkeys([*chosen, *(slug for _, slug in made)]))
        yield Session(config, db, run_id, together, asked=tuple(chosen), derived=made, **options)


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
        return spider

    @staticmethod
    def _own_session(crawler: Crawler, slugs: str = "", limit: str = "", yes: str = "", **_: Any) -> Session:
        stack = ExitStack()
        keep_out_of_logs(load_config())
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
