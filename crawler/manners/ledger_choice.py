"""Where the pace of a provider is kept: in a file of the user, or in Redis."""

from __future__ import annotations

from crawler.manners.ledger import Ledger, named, open_ledger
from db.config import Config


def ledger_of(provider: str, url: str, key: str | None, config: Config) -> Ledger:
    """The ledger of a provider at this address for this key: a file of the user, or in Redis for users of several machines."""
    if address := config.get("PACE"):
        from crawler.frontier.ledger import redis_ledger

        return redis_ledger(config, address, named(provider, url, key))
    return open_ledger(provider, url, key, config.state / "pace")


def reach_shared(config: Config) -> None:
    """Ask the Redis of WHEREUSED_PACE, where there is one, before anything is asked of a provider.

    UsageError where it refuses or is no address, FrontierError where nobody answers: told by itself, not as a fault of a provider.
    """
    if address := config.get("PACE"):
        from crawler.frontier.ledger import redis_ledger

        redis_ledger(config, address, "")
