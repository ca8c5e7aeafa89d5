"""When a server refuses or is broken: how patient a spider is with it, how long it asks to wait, what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawler.providers import Provider
from db.config import Config

BROKEN = (
    CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, ResponseDataLossError,
    ConnectError, ConnectionDone, ConnectionLost, OSError,
)  # fmt: skip
SHRINKS = "shrinks"  # in the meta of a request whose spider can ask for less of the same
GIVE_UP_AFTER = 3  # requests in a row that came to nothing: the host is left alone


class Stopped(IgnoreRequest):
    """A request that did not leave, or whose answer is final; its text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a spider is with its servers.

    ``provider`` is the one whose API it asks, None for the many hosts of full texts.  Waits in seconds.
    """

    provider: Provider | None = None
    tries_refused: int = 8
    tries_broken: int = 4
    longest_wait: float = 300.0
    is_json: bool = True  # the provider answers with JSON; anything else with status 200 is a fault of a gateway
    among: tuple[Provider, ...] = ()  # providers among the many hosts, whose pace is kept too

    def hosts(self, config: Config) -> dict[str, Provider]:
        """The providers among the many hosts, by host."""
        return {urlsplit(provider.url(config)).hostname or "": provider for provider in self.among}


MS_FROM = 1000  # a wait of more than this is in milliseconds, where a provider means them


def retry_after(response: Response, *, in_ms: bool = False) -> float | None:
    """Seconds that a server asks to wait, as a number or a date; at least one.  ``in_ms``: large numbers are milliseconds."""
    given = response.headers.get("Retry-After") or response.headers.get("x-rate-limit-retry-after-seconds")
    if not given:
        millis = (response.headers.get("x-rate-limit-retry-after-millis") or b"").decode("latin-1").strip()  # Lens, since May 2025
        return max(1.0, int(millis) / 1000) if millis.isdigit() else None
    text = given.decode("latin-1").strip()
    try:
        seconds = float(text)
        seconds = seconds / 1000 if in_ms and seconds > MS_FROM else seconds
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(1.0, seconds) if seconds == seconds else None  # not a NaN


WORDS = {
    CannotResolveHostError: "the host is unknown",
    DownloadConnectionRefusedError: "the host takes no connections",
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection broke off",
}


def describe(error: BaseException | None) -> str:
    """Why a request got no answer, in plain words."""
    if "certificate verify failed" in str(error):
        return "its certificate can't be verified: check the address, and the clock of this machine"
    return next((text for kind, text in WORDS.items() if isinstance(error, kind)), type(error).__name__)


def host_of(request: Request) -> str:
    """The host that a pace belongs to: Scrapy's download slot."""
    return urlsplit(request.url).hostname or ""
