"""Manners on the wire: what to do when a server refuses, is broken or asks for patience, and whom never to ask.

Scrapy's own retry ignores ``Retry-After`` and begins again at once, so it is switched off and these rules stand instead:

    429 or 503 with Retry-After   nobody asks the host for so long, at least a second; where it is too long, the host is left alone
    429 without                   2, 4, 8 … 60 s with jitter for the whole host, which is asked more slowly from then on
    these waits                   hold for all requests to the provider, those of other processes too (``crawler.manners.ledger``)
    other 5xx, broken connection, HTML where JSON is due     1, 2, 4, 8 s for this request
    504 where less can be asked   once; then the spider asks for a smaller page
    401, 403 of a provider        the provider is left alone for this call
    401, 403 of a full text       three in a row: the host is left alone for a day, then one more is enough for the next day
    400, 404                      no second try; the spider records them
"""

from __future__ import annotations

from collections import Counter
from collections.abc import MutableMapping, MutableSet
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.manners.pace import Gate, Pace, Unhurried, nap, pace_of, pass_gate, unit_of
from crawler.manners.refusals import BROKEN, GIVE_UP_AFTER, SHRINKS, Policy, Stopped, describe, host_of, retry_after
from crawler.runs import OfCrawl
from db.fulltexts import forget_refusal, load_refusals, save_refusal
from db.outside import parse_json


class BackOffMiddleware(OfCrawl):
    """Patience with servers that refuse or are broken; see the rules above."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        self.policy: Policy = spider.policy
        self.gate: Gate | None = None if self.session.replay else getattr(spider, "gate", None)
        self.paces: dict[str, Pace] = {}
        closed = self.session.closed
        # host → why it is left alone; a provider is left alone by all spiders of the call
        self.closed: MutableMapping[str, str] = closed.setdefault(self.policy.provider.name, {}) if self.policy.provider else {}
        self.in_vain: MutableMapping[str, int] = Counter()
        self.refusals: MutableMapping[str, bool] | None = None  # hosts of full texts that refused before → within a day
        self.tried: MutableSet[str] = set()  # of them

    def _pace(self, host: str) -> Pace:
        """A provider's pace is shared by all processes; that of other hosts is Scrapy's download delay, and refusals add to it."""
        if host not in self.paces:
            provider = self.policy.provider or self.policy.hosts(self.session.config).get(host)
            unit = unit_of(self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
            own = Unhurried() if self.session.replay else Pace(0.0, unit)
            self.paces[host] = pace_of(provider, self.session.config) if provider and not self.session.replay else own
        return self.paces[host]

    async def process_request(self, request: Request) -> None:
        host, stop = host_of(request), self.session.stop
        request.meta["download_slot"] = host  # a redirect would keep that of the host it comes from
        if (wait := request.meta.get("not_before", 0.0) - monotonic()) > 0:
            await nap(wait, stop)
        await pass_gate(self.gate, self._pace(host), request, stop)
        if stop.is_set():
            raise Stopped("stopped")
        self._remember(host, request)
        if host in self.closed:
            raise Stopped(self.closed[host])

    def _remember(self, host: str, request: Request) -> None:
        """A host that refused is left alone for a day; after that it is tried with one request."""
        if self.policy.provider is not None or _asks_for_rules(request):
            return
        if self.refusals is None:
            self.refusals = load_refusals(self.session.db)
            self.in_vain.update(dict.fromkeys(self.refusals, GIVE_UP_AFTER - 1))
        if self.refusals.get(host):
            self.closed.setdefault(host, f"{host} has refused within the last day; it is left alone for this time")
        elif host in self.refusals and host in self.tried and not request.meta.get("trial"):
            raise Stopped(f"{host} has refused before; it was tried with one full text")
        elif host in self.refusals:
            self.tried.add(host)
            request.meta["trial"] = True

    def process_response(self, request: Request, response: Response) -> Request | Response:
        host, status = host_of(request), response.status
        if self.gate and (patience := self.gate.answered(request, response)):
            self._pace(host).hold(patience)
        in_ms = self.policy.provider is not None and self.policy.provider.waits_in_ms
        wait = retry_after(response, in_ms=in_ms) if status in (429, 503) or (in_ms and not _rejection(response)) else None
        if wait is not None and wait > self.policy.longest_wait:
            return self._close(host, response, f"asks to wait {wait:.0f} s ({status})")
        if wait is not None and status < 400:  # it gives, and asks for patience
            self._pace(host).hold(wait)
        elif status == 429 or wait is not None:
            return self._refused(request, response, wait)
        if status in (401, 403):
            return self._forbidden(host, response)
        if status >= 500 or self._is_no_json(response):
            what = f"status {status}" if status >= 500 else "no JSON"
            return self._again(request, what, at_most=1 if status == 504 and request.meta.get(SHRINKS) else None) or response
        self._pace(host).answered()
        if _asks_for_rules(request):
            return response
        self.in_vain.pop(host, None)
        if self.refusals and host in self.refusals:
            del self.refusals[host]
            self._forget_refusal(host)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        return self._again(request, describe(exception)) if isinstance(exception, BROKEN) else None

    def _is_no_json(self, response: Response) -> bool:
        if self.policy.provider is None or not self.policy.is_json or response.status != 200:
            return False
        try:
            return not isinstance(parse_json(response.body), (dict, list))
        except ValueError:  # a gateway's page, or a body that was cut
            return True

    def _refused(self, request: Request, response: Response, wait: float | None) -> Request | Response:
        host, tries = host_of(request), request.meta.get("refused", 0) + 1
        if tries > self.policy.tries_refused:
            return self._close(host, response, f"still says {response.status} (too many requests) after {tries - 1} waits")
        if wait is None:
            self._pace(host).refused(tries)
        else:
            self._pace(host).hold(wait)
        return _copy(request, refused=tries)

    def _forbidden(self, host: str, response: Response) -> Response:
        if self.policy.provider is None:
            again = "again" if self.refusals and host in self.refusals else f"{GIVE_UP_AFTER} times in a row"
            self._in_vain(host, response, f"refused {again} ({response.status})")
            if host in self.closed:
                self._save_refusal(host, f"status {response.status}")
            return response
        if reason := _rejection(response):  # Open Patent Services: a quota is used up, the key is good
            return self._close(host, response, f"refuses: quota used up ({reason})")
        name = self.policy.provider.key_name
        if name is None:
            return self._close(host, response, f"refuses ({response.status})")
        advice = f"check {name}" if self.policy.provider.key(self.session.config) else f"ask it for a key and set {name}"
        return self._close(host, response, f"refuses ({response.status}): {advice}")

    def _again(self, request: Request, what: str, at_most: int | None = None) -> Request | None:
        """The request once more after a while, or None where it was tried often enough."""
        host, tries = host_of(request), request.meta.get("broken", 0)
        if tries < (self.policy.tries_broken if at_most is None else at_most):
            return _copy(request, broken=tries + 1, not_before=monotonic() + 2**tries * self._pace(host).unit)
        if at_most is None:
            self._in_vain(host, None, f"came to nothing {GIVE_UP_AFTER} times in a row ({what})")
        return None

    def _in_vain(self, host: str, response: Response | None, why: str) -> Response:
        self.in_vain[host] += 1
        if self.in_vain[host] >= GIVE_UP_AFTER:
            self.closed[host] = f"{host} {why}; it is left alone for this time"
        return response  # type: ignore[return-value]

    def _save_refusal(self, host: str, reason: str) -> None:
        save_refusal(self.session.db, host, reason)

    def _forget_refusal(self, host: str) -> None:
        forget_refusal(self.session.db, host)

    def _close(self, host: str, response: Response, why: str) -> Response:
        """Leave a host alone; a provider's request ends with the reason, a full text's with the answer as it is."""
        name = self.policy.provider.title if self.policy.provider else host
        self.closed[host] = f"{name} {why}; what came is kept, the same command goes on from there"
        if self.policy.provider:
            raise Stopped(self.closed[host])
        return response


def _rejection(response: Response) -> str:
    """Which quota is used up, as Open Patent Services tell."""
    return (response.headers.get("X-Rejection-Reason") or b"").decode("latin-1")


def _asks_for_rules(request: Request) -> bool:
    """A host gives its robots.txt also where it refuses everything else."""
    return urlsplit(request.url).path == "/robots.txt"


def _copy(request: Request, **meta: object) -> Request:
    return request.replace(meta={**request.meta, **meta}, dont_filter=True)
