"""The shape of Crossref: from a record to a paper.  https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from crawler.items import Paper

_INLINE = re.compile(r"</?(?:jats:)?(?:italic|i|b|bold|em|strong|sub|sup|sc|u|scp)\b[^>]*>", re.IGNORECASE)  # within a word or line
_TAG = re.compile(r"<[^>]+>")


def parse_message(given: Mapping[str, Any]) -> Paper:
    """A record; titles and abstracts may hold JATS or HTML tags, dates may lack month and day."""
    parts = _date(given)
    count = given.get("is-referenced-by-count")
    kind = given.get("type")
    return Paper(
        title=_plain(_first(given.get("title"))), year=parts[0] if parts else None, venue=_plain(_first(given.get("container-title"))),
        publication_date="-".join(f"{part:02d}" for part in parts) if len(parts) == 3 else None,
        abstract=_plain(given.get("abstract")), publication_types=[kind] if isinstance(kind, str) else [],
        authors=[name for author in _list(given.get("author")) if (name := _name(author))],
        ids=[("doi", given.get("DOI"))], n_citations=count if isinstance(count, int) else None,
    )  # fmt: skip


def _date(given: Mapping[str, Any]) -> list[int]:
    """The earliest date that is told: [year, month, day], [year, month], [year] or []."""
    found = []
    for name in ("issued", "published-print", "published-online", "published"):
        value = given.get(name)
        rows = value.get("date-parts") if isinstance(value, Mapping) else None
        parts = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
        if parts and all(isinstance(part, int) for part in parts):
            found.append(parts)
    return min(found, default=[])


def _name(author: object) -> str | None:
    row = author if isinstance(author, Mapping) else {}
    told = [row.get("given"), row.get("family")] if row.get("family") else [row.get("name")]
    return " ".join(part for part in told if isinstance(part, str)) or None


def _first(value: object) -> object:
    return next(iter(_list(value)), value if isinstance(value, str) else None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(text: object) -> str | None:
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", text))).split()) or None if isinstance(text, str) else None
