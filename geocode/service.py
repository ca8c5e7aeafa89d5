"""Geocoding services through geopy: Nominatim, or Photon where its address is set.  The only module that meets geopy.

Nominatim's policy (https://operations.osmfoundation.org/policies/nominatim/): one request a second for the whole
application, an own user agent, results kept.  Photon (https://github.com/komoot/photon) promises nothing: fair use.
geopy: https://geopy.readthedocs.io/en/stable/
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeocoderTimedOut,
)
from geopy.geocoders import Nominatim, Photon

from db.config import Config
from db.errors import ProviderError
from db.runs import installed_version

NOMINATIM_URL = "https://nominatim.openstreetmap.org"
TIMEOUT_S = 15.0
TRIES = 3
_REFUSALS = (
    GeocoderInsufficientPrivileges,
    GeocoderRateLimited,
    GeocoderQuotaExceeded,
    GeocoderAuthenticationFailure,
    GeocoderParseError,  # an HTML page where JSON is due: "Bandwidth limit exceeded"
)

Raw = dict[str, Any]


class PlaceService:
    """One geocoding service, asked at most once a second; ``name`` is its row in table ``provider``."""

    def __init__(self, config: Config, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = "photon" if config.get("PHOTON_URL") else "nominatim"
        url = urlsplit(config.url(self.name, NOMINATIM_URL))
        agent = f"whereused/{installed_version()} ({config.contact or 'no contact given'})"
        kind = Photon if self.name == "photon" else Nominatim
        self._geocoder = kind(domain=url.netloc + url.path, scheme=url.scheme, user_agent=agent, timeout=TIMEOUT_S)
        self._pause = 1 / config.number(f"RATE_{self.name}", 1.0)
        self._sleep = sleep
        self._last = 0.0

    def fetch_places(self, query: str) -> list[Raw]:
        """What the service answers to a query, as it says it; [] where it knows nothing.

        Raises ProviderError, in one line, where it refuses or stays silent: it is then not to be asked again in this run.
        """
        for attempt in range(TRIES):
            self._wait(attempt)
            try:
                found = self._ask(query)
                return [location.raw for location in found or ()]
            except (GeocoderQueryError, ValueError, TypeError, LookupError):
                return []  # the query is at fault, or an answer without a usable point
            except _REFUSALS as error:
                raise ProviderError(
                    f"{self.name} refuses ({_kind(error)}); go on later, or set WHEREUSED_NOMINATIM_URL to a server of your own"
                ) from error
            except GeocoderServiceError as error:
                if attempt == TRIES - 1:
                    raise ProviderError(
                        f"{self.name} can't be reached ({_kind(error)}); try again later with `geocode --online`"
                    ) from error
        return []

    def _ask(self, query: str) -> list[Any] | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # geopy warns of latitudes beyond the poles, then refuses them
            return self._geocode(query)

    def _geocode(self, query: str) -> list[Any] | None:
        if self.name == "photon":
            return self._geocoder.geocode(query, exactly_one=False, language="en", limit=5)  # type: ignore[no-any-return]
        return self._geocoder.geocode(query, exactly_one=False, language="en", addressdetails=True, limit=5)  # type: ignore[no-any-return]

    def _wait(self, attempt: int) -> None:
        """Keep the pace; wait longer after each failure."""
        due = self._last + self._pause * 2**attempt
        if (left := due - time.monotonic()) > 0:
            self._sleep(left)
        self._last = time.monotonic()


def _kind(error: Exception) -> str:
    if isinstance(error, GeocoderParseError):
        return "a web page instead of JSON"
    if isinstance(error, GeocoderTimedOut):
        return "no answer in time"
    return " ".join(str(error).split())[:120] or type(error).__name__
