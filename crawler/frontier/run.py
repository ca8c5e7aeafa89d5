"""``whereused fetch-worker``: one of several processes, here or elsewhere, that fetch full texts for one writer."""

from __future__ import annotations

from typing import cast

from sqlite_utils import Database

from crawler.frontier.server import open_redis
from crawler.run import run_spiders
from crawler.runs import Session
from crawler.spiders.fetch import FetchSpider
from db.config import Config
from db.progress import progress_bars


def run(config: Config, address: str, *, idle_seconds: float | None = None) -> list[str]:
    """Fetch what the writer of ``address`` asks for, until a signal comes or nothing has been left to do for ``idle_seconds``.

    Returns lines about hosts that were left alone.  UsageError for no address, ProviderError where Redis does not answer,
    KeyboardInterrupt where the user stopped it: what was in hand is given back at once.
    """
    open_redis(config, address).close()
    no_database = cast(Database, None)  # whoever asks a worker for one is wrong
    session = Session(config, no_database, 0, (), frontier=address, idle_seconds=idle_seconds)
    with progress_bars(config) as progress:
        run_spiders(session, [FetchSpider], progress)
    session.check()
    return list(session.notes)
