"""Licences of photos, told apart by their address and never by their name: names were changed, addresses stand.

https://creativecommons.org/licenses/ for what each asks; https://www.flickr.com/services/api/flickr.photos.licenses.getInfo.html
for the ids of Flickr.  The flags follow the licence texts; they are no legal advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

ORDER = ("BY", "BY-ND", "BY-SA", "BY-NC", "BY-NC-SA", "BY-NC-ND", "CC0", "PDM", "USGOV", "NKCR", "ARR", "unknown", "unstated")
_CC = re.compile(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/|$)")
_PUBLIC = re.compile(r"creativecommons\.org/publicdomain/(zero|mark)/(\d\.\d)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence asks and allows; None where that can't be told from the licence alone."""

    code: str
    version: str | None
    attribution: bool | None
    share_alike: bool | None
    derivatives: bool | None
    commercial: bool | None

    @property
    def name(self) -> str:
        """As it is printed: ``BY-NC-SA 2.0``."""
        return f"{self.code} {self.version}" if self.version else self.code

    @property
    def order(self) -> tuple[int, str]:
        """Its place in tables."""
        return ORDER.index(self.code), self.version or ""


UNKNOWN = Licence("unknown", None, None, None, None, None)
UNSTATED = Licence("unstated", None, None, None, None, None)
ALL_RIGHTS_RESERVED = Licence("ARR", None, None, False, False, False)
NO_KNOWN_RESTRICTIONS = Licence("NKCR", None, False, False, None, None)  # the institution says more
US_GOVERNMENT = Licence("USGOV", None, False, False, True, True)

# Flickr's ids → addresses.  They are not in the order of restriction: 1 is BY-NC-SA, 4 is BY.
_BY_ID = ("by-nc-sa", "by-nc", "by-nc-nd", "by", "by-sa", "by-nd")
_BY_ID_4 = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
FLICKR_IDS = (
    {str(n): f"https://creativecommons.org/licenses/{code}/2.0/" for n, code in enumerate(_BY_ID, 1)}
    | {str(n): f"https://creativecommons.org/licenses/{code}/4.0/" for n, code in enumerate(_BY_ID_4, 11)}
    | {
        "0": "https://www.flickrhelp.com/hc/en-us/articles/10710266545556-Using-Flickr-images-shared-by-other-members",
        "7": "https://www.flickr.com/commons/usage/",
        "8": "https://www.usa.gov/government-copyright",
        "9": "https://creativecommons.org/publicdomain/zero/1.0/",
        "10": "https://creativecommons.org/publicdomain/mark/1.0/",
    }
)
_ELSEWHERE = (
    ("flickr.com/commons/usage", NO_KNOWN_RESTRICTIONS),
    ("usa.gov/copyright", US_GOVERNMENT),  # as it was until about 2021
    ("usa.gov/government-copyright", US_GOVERNMENT),
    ("usa.gov/government-works", US_GOVERNMENT),
    ("flickrhelp.com/hc/en-us/articles/10710266545556", ALL_RIGHTS_RESERVED),
)


@cache
def parse_licence(address: str | None) -> Licence:
    """The licence of an address; ``unstated`` where there is none, ``unknown`` where we don't know it."""
    if not address or not address.strip():
        return UNSTATED
    text = re.sub(r"^(?:https?:)?//(?:www\.)?", "", address.strip().lower())
    if found := _PUBLIC.match(text):
        return Licence("CC0" if found[1] == "zero" else "PDM", found[2], False, False, True, True)
    if found := _CC.match(text):
        return _creative_commons(found[1].split("-"), found[2])
    return next((licence for start, licence in _ELSEWHERE if text.startswith(start)), UNKNOWN)


def _creative_commons(elements: list[str], version: str) -> Licence:
    if not set(elements) <= {"by", "nc", "nd", "sa"} or len(set(elements)) != len(elements) or {"nd", "sa"} <= set(elements):
        return UNKNOWN
    code = "-".join(e for e in ("by", "nc", "nd", "sa") if e in elements).upper()
    if code not in ORDER:  # version 1.0 had licences without BY, such as NC-SA
        return UNKNOWN
    return Licence(code, version, True, "sa" in elements, "nd" not in elements, "nc" not in elements)
