"""The frontier in Redis (https://redis.io/docs/latest/commands/), and with ``ledger.py`` the only module that knows it.

    queue:<host>      tickets that wait for a host
    hosts             hosts with waiting tickets that nobody asks at this moment, by the time since when
    taken, where, leases, busy    tickets in the hands of workers: token → ticket, host, until when; host → token
    works             works with a ticket anywhere; a work leaves when the writer has saved its last answer
    answers, saving   what workers brought; what the writer took and has not confirmed yet
    lost, poisoned    tickets whose workers died again and again; what can't be understood
    closed, refusals, in_vain, tried   what the manners remember of hosts (``manners.py``)
    workers, owner, pace:<name>   workers → last seen; whose database this is about; the pace of a host or provider

Every step is one script, so that a process that dies leaves either all of it or nothing.  A ticket is out of the queue only as long as
its worker renews the lease.  One ticket of a host is out at a time: one connection to each host, over all workers.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from crawler.frontier.scripts import GIVE_BACK, HAND_BACK, POP, PUSH, RENEW
from crawler.frontier.ticket import Answer, PoisonedError, Ticket
from db.config import Config
from db.errors import ProviderError, UsageError

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
PREFIX = "whereused:1:"  # 1: the layout; another one would not be seen by workers of this one
LEASE = 60.0  # seconds; WHEREUSED_FRONTIER_LEASE
MOST_DEATHS = 3  # of workers, on one ticket
MOST_ANSWERS = 64  # that wait for the writer, of 64 MB at most; then workers wait too
MOST_POISONED = 1000  # kept to be looked at
_ANSWERS = 5.0  # seconds for Redis to answer


class FrontierError(ProviderError):
    """Redis does not answer."""


def open_redis(config: Config, address: str) -> Any:
    """A client for ``redis://`` or ``rediss://`` (TLS); its password may stand in WHEREUSED_REDIS_PASSWORD instead.

    Raises UsageError for an address that is none, FrontierError where nobody answers there.
    """
    try:
        import redis
        from redis.backoff import ExponentialBackoff, NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise UsageError("a frontier needs more packages: pip install 'whereused[redis]'") from error
    more = {"password": password} if (password := config.get("REDIS_PASSWORD")) else {}
    limits = {"socket_timeout": _ANSWERS, "socket_connect_timeout": _ANSWERS} | more
    try:
        with redis.Redis.from_url(address, retry=Retry(NoBackoff(), 0), **limits) as asked:
            asked.ping()
        return redis.Redis.from_url(address, retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), 6), **limits)
    except ValueError as error:
        raise UsageError(f"{address!r} is no address of a frontier; give one such as redis://host:6379/0") from error
    except (redis.AuthenticationError, redis.ResponseError) as error:
        raise UsageError(f"the Redis at {shown(address)} refuses: {error}; set WHEREUSED_REDIS_PASSWORD") from error
    except redis.RedisError as error:
        raise FrontierError(f"no Redis answers at {shown(address)}; start one with `redis-server`") from error


def shown(address: str) -> str:
    """The address without a password."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


@contextmanager
def one_error(address: str) -> Iterator[None]:
    """Errors of the client as one of ours."""
    import redis

    try:
        yield
    except redis.RedisError as error:
        raise FrontierError(f"the Redis at {shown(address)} does not answer ({error}); what is done is kept") from error


def answered(method: Callable[P, R]) -> Callable[P, R]:
    """A method that asks Redis."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        frontier: Any = args[0]
        with one_error(frontier.address):
            return method(*args, **kwargs)

    return call


class Frontier:
    """What writer and workers do with it."""

    def __init__(self, config: Config, address: str) -> None:
        self.config, self.address = config, address
        self.redis = open_redis(config, address)
        self.lease = config.number("FRONTIER_LEASE", LEASE)
        self.name = uuid.uuid4().hex  # of this worker
        self._scripts = {text: self.redis.register_script(text) for text in (PUSH, POP, HAND_BACK, GIVE_BACK, RENEW)}

    def _run(self, script: str, *args: object) -> Any:
        return self._scripts[script](keys=[PREFIX], args=args)

    # ------------------------------------------------------------ workers

    @answered
    def pop(self) -> tuple[str, Ticket] | None:
        """(token, ticket) of a host that nobody asks at this moment; None where there is none, or the writer lags behind."""
        while True:
            token = uuid.uuid4().hex
            text = self._run(POP, token, int(1000 * self.lease), MOST_ANSWERS, MOST_DEATHS)
            if text is None:
                return None
            try:
                return token, Ticket.decode(text)
            except PoisonedError as error:
                log.warning("a ticket that can't be understood is put aside: %s", error)
                self._run(HAND_BACK, token, b"", b"", "", text, MOST_POISONED)

    @answered
    def hand_back(self, token: str, answer: Answer, rest: Ticket | None) -> bool:
        """An answer to the writer, and the rest of the ticket into the queue; False where the lease was lost, and nothing is done."""
        more = (rest.encode(), rest.host) if rest else (b"", "")
        return bool(self._run(HAND_BACK, token, answer.encode(), *more, b"", MOST_POISONED))

    @answered
    def give_back(self, tokens: Iterable[str]) -> None:
        """Tickets that were not worked on."""
        self._run(GIVE_BACK, *tokens)

    @answered
    def renew(self, tokens: Iterable[str]) -> None:
        """The worker is alive, and at work on these."""
        self._run(RENEW, self.name, int(1000 * self.lease), *tokens)

    @answered
    def leave(self, tokens: Iterable[str]) -> None:
        """The worker ends."""
        self._run(GIVE_BACK, *tokens)
        self.redis.zrem(f"{PREFIX}workers", self.name)

    @answered
    def tell(self, answer: Answer) -> None:
        """A message about a host."""
        self.redis.rpush(f"{PREFIX}answers", answer.encode())

    # ------------------------------------------------------------ the writer

    @answered
    def push(self, ticket: Ticket) -> bool:
        """A ticket for a work that has none; False where it has one."""
        return bool(self._run(PUSH, ticket.work_id, ticket.encode(), ticket.host))

    @answered
    def has(self, work_id: int) -> bool:
        """Whether a work has a ticket, or an answer that is not saved yet."""
        return bool(self.redis.sismember(f"{PREFIX}works", work_id))

    @answered
    def pending(self) -> int:
        """Hosts with waiting tickets, and tickets in the hands of workers."""
        return int(self.redis.zcard(f"{PREFIX}hosts")) + int(self.redis.hlen(f"{PREFIX}taken"))

    @answered
    def own(self, owner: str) -> None:
        """A frontier is about one database; UsageError where it is another one's."""
        if not self.redis.set(f"{PREFIX}owner", owner, nx=True) and (other := self.redis.get(f"{PREFIX}owner")) != owner.encode():
            raise UsageError(
                f"the frontier at {shown(self.address)} belongs to {(other or b'').decode()}; name another one, "
                f"such as the same with another number at its end, or remove that one with `redis-cli -u ADDRESS flushdb`"
            )

    @answered
    def missing(self, work_ids: list[int]) -> list[int]:
        """Which of these works have no ticket."""
        found = []
        for start in range(0, len(work_ids), 1000):
            some = work_ids[start : start + 1000]
            found += [
                work_id for work_id, is_there in zip(some, self.redis.smismember(f"{PREFIX}works", some), strict=True) if not is_there
            ]
        return found

    @answered
    def disown(self) -> None:
        """Where nothing is left to be fetched, the next crawl may be that of another database."""
        if not self.redis.exists(f"{PREFIX}works"):
            self.redis.delete(f"{PREFIX}owner", f"{PREFIX}deaths")

    @answered
    def begin(self, hosts: dict[str, bool], in_vain: int) -> None:
        """A call of the writer begins, and with it what workers remember of hosts; of those that refuse the database knows whether
        that was within a day, and they have given nothing ``in_vain`` times.
        """
        with self.redis.pipeline() as pipe:
            pipe.delete(*(f"{PREFIX}{name}" for name in ("refusals", "closed", "in_vain", "tried")))
            if hosts:
                pipe.hset(f"{PREFIX}refusals", mapping={host: json.dumps(fresh) for host, fresh in hosts.items()})
                pipe.hset(f"{PREFIX}in_vain", mapping=dict.fromkeys(hosts, in_vain))
            pipe.execute()

    @answered
    def take(self) -> bytes | None:
        """The next answer; it stays Redis' until it is confirmed, and comes again to the next writer where it never is."""
        text: bytes | None = self.redis.lindex(f"{PREFIX}saving", 0)
        return text if text is not None else self.redis.lmove(f"{PREFIX}answers", f"{PREFIX}saving", "LEFT", "RIGHT")

    @answered
    def confirm(self, settled: int | None = None) -> None:
        """The answer that was taken is saved; with it, a work has no more to come."""
        with self.redis.pipeline() as pipe:
            pipe.lpop(f"{PREFIX}saving")
            if settled is not None:
                pipe.srem(f"{PREFIX}works", settled)
            pipe.execute()

    @answered
    def put_aside(self) -> None:
        """The answer that was taken can't be understood."""
        self.redis.lmove(f"{PREFIX}saving", f"{PREFIX}poisoned", "LEFT", "RIGHT")
        self.redis.ltrim(f"{PREFIX}poisoned", -MOST_POISONED, -1)

    @answered
    def return_lost(self) -> None:
        """Tickets of workers that died go back, also where no worker is left to ask for one; those of several deaths become answers."""
        self._run(POP, "", 0, 0, MOST_DEATHS)
        while text := self.redis.lindex(f"{PREFIX}lost", 0):
            try:
                ticket = Ticket.decode(text)
            except PoisonedError:
                self.redis.lmove(f"{PREFIX}lost", f"{PREFIX}poisoned", "LEFT", "RIGHT")
                continue
            answer = Answer(ticket.places[0], "failed", "each process that fetched it died", is_last=ticket.rest is None)
            more = (ticket.rest.encode(), ticket.rest.host) if ticket.rest else (b"", "")
            self._run(HAND_BACK, "lost", answer.encode(), *more, b"", MOST_POISONED)

    @answered
    def n_workers(self) -> int:
        """Workers that were seen within a lease."""
        seconds, micro = self.redis.time()
        since = 1000 * (seconds + micro / 1e6 - self.lease)
        return int(self.redis.zcount(f"{PREFIX}workers", since, "+inf"))
