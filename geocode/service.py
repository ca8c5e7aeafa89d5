"""Geocoding services through geopy: Nominatim, Photon, Pelias or GeoNames.  The only module that meets geopy.

``WHEREUSED_GEOCODER`` names the service; without it, it is the one whose address or key is set, Nominatim before the others.  Policies:
Nominatim (https://operations.osmfoundation.org/policies/nominatim/): one request a second for the whole application, an
own user agent, results kept.  Photon (https://github.com/komoot/photon) promises nothing: fair use.  Pelias
(https://github.com/pelias/documentation) runs at many hosts, most want a key.  GeoNames
(https://www.geonames.org/export/web-services.html) wants a user's name.  geopy: https://geopy.readthedocs.io/en/stable/
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
from geopy.geocoders import GeoNames, Nominatim, Pelias, Photon

from db.config import Config
from db.errors import ProviderError, UsageError
from db.runs import installed_version
from geocode.turn import Turn

URLS = {  # Pelias has no host of its own
    "nominatim": "https://nominatim.openstreetmap.org",
    "photon": "https://photon.komoot.io",
    "geonames": "https://secure.geonames.org",
    "pelias": None,
}
_WISHES: dict[str, dict[str, Any]] = {
    "nominatim": {"language": "en", "addressdetails": True, "limit": 5},
    "photon": {"language": "en", "limit": 5},
    "pelias": {"language": "en"},
}
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
    """One geocoding service, asked at most once a second by all processes of a user; ``name`` is its name in the cache."""

    def __init__(self, config: Config, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = chosen(config)
        self._geocoder = _geocoder(config, self.name)
        pause = 1 / config.number(f"RATE_{self.name}", 1.0)
        self._turn = Turn(config.gazetteer.with_name(f"{self.name}.turn"), pause, sleep)

    def fetch_places(self, query: str) -> list[Raw]:
        """What the service answers to a query, as it says it; [] where it knows nothing.

        Raises ProviderError, in one line, where it refuses or stays silent: it is then not to be asked again in this run.
        """
        for attempt in range(TRIES):
            try:
                with self._turn.taken(attempt):
                    found = self._ask(query)
                return [location.raw for location in found or () if location is not None]
            except (GeocoderQueryError, ValueError, TypeError, LookupError, RecursionError):
                return []  # the query is at fault, or an answer without a usable point
            except _REFUSALS as error:
                raise ProviderError(
                    f"{self.name} refuses ({_kind(error)}); go on later, or set WHEREUSED_{self.name.upper()}_URL to a server of your own"
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
        wishes = _WISHES.get(self.name, {})
        return self._geocoder.geocode(query, exactly_one=False, **wishes)  # type: ignore[no-any-return]


def chosen(config: Config) -> str:
    """The service to ask.  Raises UsageError for a name that is none, and where what it needs is not set."""
    name = config.get("GEOCODER")
    if name is None:
        name = next((other for other in ("nominatim", "photon", "pelias") if config.get(f"{other}_URL")), None)
        name = name or ("geonames" if config.key("geonames") else "nominatim")
    if name not in URLS:
        raise UsageError(f"WHEREUSED_GEOCODER is {name!r}: give one of {', '.join(URLS)}")
    if name == "pelias" and not config.get("PELIAS_URL"):
        raise UsageError("Pelias runs at many hosts: set WHEREUSED_PELIAS_URL, and WHEREUSED_PELIAS_KEY where the host wants one")
    if name == "geonames" and not config.key("geonames"):
        raise UsageError("GeoNames wants the name of your account: set WHEREUSED_GEONAMES_KEY")
    return name


def _geocoder(config: Config, name: str) -> Any:
    url = urlsplit(config.url(name, URLS[name] or ""))
    agent = f"whereused/{installed_version()} ({config.contact or 'no contact given'})"
    common = {"domain": url.netloc + url.path, "scheme": url.scheme, "user_agent": agent, "timeout": TIMEOUT_S}
    if name == "pelias":
        return Pelias(api_key=config.key("pelias"), **common)
    if name == "geonames":
        return GeoNames(config.key("geonames"), **common)
    return (Photon if name == "photon" else Nominatim)(**common)


def _kind(error: Exception) -> str:
    if isinstance(error, GeocoderParseError):
        return "a web page instead of JSON"
    if isinstance(error, GeocoderTimedOut):
        return "no answer in time"
    return " ".join(str(error).split())[:120] or type(error).__name__
