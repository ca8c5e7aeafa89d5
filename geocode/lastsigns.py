"""The country of a string that names neither a known institution nor a place: what its e-mail address and its own name tell.

Weak signs: they place nothing on the map, they only say under which country a work without a place counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from db.gazetteer import Institution
from geocode.cities import PlaceFound
from geocode.countries import load_places, load_top_domains
from geocode.evidence import LONGEST, NEW, Evidence
from geocode.segments import Text
from geocode.words import FREE_MAIL

BY_MAIL, BY_NAME, BY_FAMILY = 0.45, 0.35, 0.4  # scores; below the bar of the map, like every country
FAMILY = 10  # houses of one beginning that tell where it is at home …
NEARLY_ALL = 0.9  # … where this share of them stands in one country
SHORTEST = 4  # letters of a country or region that a name may hold by the way
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)")
# Names of places that are other places' as well, or words: the US state, Mass spectrometry, Long Island.
_DOUBTFUL = frozenset(("georgia", "victoria", "mass", "penn", "conn", "island", "newfoundland", "jersey", "guernsey", "ontario", "monaco"))


def last_country(text: Text, evidence: Evidence, affiliation: str, domains: Sequence[str]) -> PlaceFound | None:
    """The one country of the e-mail addresses, beside the string or in it; else the one that the names in the string hold.

    None where a place is printed, and where they differ.
    """
    if evidence.countries:
        return None
    mailed = {code for domain in (*domains, *_DOMAIN.findall(affiliation)) if (code := country_of_domain(domain))}
    if len(mailed) == 1:
        return _country(mailed.pop(), BY_MAIL, "country of the e-mail address")
    if mailed:
        return None
    named = named_countries(text) or {city.country_code for city in evidence.cities.values() if city.city_id in evidence.telling}
    return _country(named.pop(), BY_NAME, "country in a name") if len(named) == 1 else None


def family_country(text: Text, evidence: Evidence, family: Callable[[list[str]], list[Institution]]) -> PlaceFound | None:
    """The country where nearly all houses stand whose names begin with the one name of a string: "Max Planck Institute".

    ``family`` finds them.  None where a place is printed, and where the string holds more than the name.
    """
    if evidence.countries or evidence.cities or len(text.bounds) != 1 or len(text.words) < 2:
        return None
    countries = Counter(record.country_code for record in family(text.words) if record.country_code)
    [(code, n_there), *_] = countries.most_common(1) or [("", 0)]
    return _country(code, BY_FAMILY, "country of the houses so called") if n_there >= max(FAMILY, NEARLY_ALL * countries.total()) else None


def _country(code: str, score: float, method: str) -> PlaceFound:
    return PlaceFound("geonames", f"country:{code}", code, code, None, None, "country", score, method)


def country_of_domain(domain: str) -> str | None:
    """The country whose ending a domain has; None for free mail and for endings that are sold all over the world (.ai, .io, .me)."""
    labels = domain.strip().strip(".").lower().split(".")
    if ".".join(labels[-2:]) in FREE_MAIL or ".".join(labels[-3:]) in FREE_MAIL:
        return None
    return load_top_domains().get(labels[-1])


@lru_cache(maxsize=1)
def _long_places() -> dict[str, str]:
    return {key: code for key, code in load_places().items() if len(key) >= SHORTEST and key not in _DOUBTFUL}


def named_countries(text: Text) -> set[str]:
    """Countries, and those of divisions, that stand anywhere in a string, also inside a house's name: "Bank of Lithuania"."""
    places, found, n = _long_places(), set[str](), 0
    while n < len(text.folded):
        for end in range(min(n + LONGEST, len(text.folded)), n, -1):
            code = places.get("".join(text.folded[n:end]))
            if code and not (n and text.folded[n - 1] in NEW):
                found.add(code.partition(".")[0])
                n = end
                break
        else:
            n += 1
    return found
