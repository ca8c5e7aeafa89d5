"""The shape of Unpaywall: where a DOI's full text may be had.  https://unpaywall.org/data-format"""

from __future__ import annotations

import re
from typing import Any

from crawler.fulltext import UNPAYWALL_RANK, open_place
from db.config import Config
from db.records import FulltextPlace

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def find_email(config: Config) -> str | None:
    """The operator's e-mail address from ``WHEREUSED_CONTACT``, which Unpaywall asks for; None where it is no address."""
    found = _EMAIL.search(config.contact or "")
    return found.group() if found else None


def parse_places(answer: object, config: Config) -> list[tuple[str, FulltextPlace]]:
    """(who named it, place), repositories first: publishers often refuse programs."""
    given: dict[str, Any] = answer if isinstance(answer, dict) else {}
    others = given.get("oa_locations")
    rows = [given.get("best_oa_location"), *(others if isinstance(others, list) else [])]
    locations = [row for row in rows if isinstance(row, dict) and isinstance(row.get("url_for_pdf"), str) and row["url_for_pdf"]]
    locations.sort(key=lambda row: row.get("host_type") != "repository")
    links = {row["url_for_pdf"]: row.get("license") for row in reversed(locations)}
    return [
        open_place(url, licence if isinstance(licence, str) else None, "unpaywall", UNPAYWALL_RANK, config)
        for url, licence in reversed(links.items())
    ]
