"""Manners that hold over all workers: the pace of each host, and which are left alone, stand in Redis."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping, MutableSet
from typing import Any

from scrapy.crawler import Crawler

from crawler.frontier.ledger import RedisLedger
from crawler.frontier.server import PREFIX, Frontier, one_error
from crawler.frontier.ticket import Answer
from crawler.manners.ledger import named
from crawler.manners.pace import Pace, unit_of
from crawler.middlewares import BackOffMiddleware
from crawler.spiders.fulltext import RATE


class Shared(MutableMapping[str, Any]):
    """A dictionary in Redis; with ``default`` as a counter has one."""

    def __init__(self, frontier: Frontier, name: str, default: object = None) -> None:
        self._frontier, self._key, self._default = frontier, f"{PREFIX}{name}", default

    def _ask(self, command: str, *args: str) -> Any:
        with one_error(self._frontier.address):
            return getattr(self._frontier.redis, command)(self._key, *args)

    def __getitem__(self, name: str) -> Any:
        told = self._ask("hget", name)
        if told is None and self._default is None:
            raise KeyError(name)
        return self._default if told is None else json.loads(told)

    def __setitem__(self, name: str, value: object) -> None:
        self._ask("hset", name, json.dumps(value))

    def __delitem__(self, name: str) -> None:
        self._ask("hdel", name)

    def __contains__(self, name: object) -> bool:
        return bool(self._ask("hexists", str(name)))

    def __iter__(self) -> Iterator[str]:
        return iter([name.decode() for name in self._ask("hkeys")])

    def __len__(self) -> int:
        return int(self._ask("hlen"))


class SharedSet(MutableSet[str]):
    """The names in a dictionary."""

    def __init__(self, names: Shared) -> None:
        self._names = names

    def add(self, value: str) -> None:
        self._names[value] = 1

    def discard(self, value: str) -> None:
        del self._names[value]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class SharedBackOffMiddleware(BackOffMiddleware):
    """As in a single process, robots.txt and redirects included; what ends with that one ends here with the writer's call."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        frontier: Frontier = crawler.spider.frontier  # type: ignore[union-attr]
        self.frontier = frontier
        self.closed, self.refusals = Shared(frontier, "closed"), Shared(frontier, "refusals")
        self.in_vain, self.tried = Shared(frontier, "in_vain", 0), SharedSet(Shared(frontier, "tried"))

    def _pace(self, host: str) -> Pace:
        if host not in self.paces:
            config = self.session.config
            provider = self.policy.hosts(config).get(host)
            interval = provider.interval(config) if provider else 1 / config.number("RATE_FULLTEXT", RATE)
            name = named(provider.name, provider.url(config), provider.key(config)) if provider else f"host:{host}"
            self.paces[host] = Pace(interval, unit_of(interval), RedisLedger(self.frontier.redis, self.frontier.address, name))
        return self.paces[host]

    def _save_refusal(self, host: str, reason: str) -> None:
        self.frontier.tell(Answer(None, "refused", reason, host=host))

    def _forget_refusal(self, host: str) -> None:
        self.frontier.tell(Answer(None, "stored", host=host))
