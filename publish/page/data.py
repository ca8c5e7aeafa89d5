"""The data block of a page: every work and place once, in short, from which the browser builds the table and the map.

Repeated texts (venues, verdicts, countries …) stand once in lists and are named by their position.  ``store.js`` is
the reader of this layout.  A block above ``PACK_ABOVE`` is packed, so that a page of 20,000 works stays small.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

from markupsafe import Markup

from publish.page.assets import as_json
from publish.page.chart import country_name
from publish.page.view import SECTORS, VERDICTS, Named, Row, View, provider_name
from publish.rules import LINK_PREFIXES, LINK_SCHEMES
from publish.words import PURPOSES

Json = dict[str, Any]
KINDS = ("paper", "patent", "other")
PACK_ABOVE = 400_000  # bytes of JSON; below it the block stays readable in the source of the page
TITLE_LENGTH, VENUE_LENGTH = 400, 160  # characters that the page shows; the data files hold all
_PREFIXES = (*LINK_PREFIXES, "")  # the last one: a link that stands in full


class _Once:
    """Values in the order of their first use, each with its position."""

    def __init__(self) -> None:
        self.positions: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        return self.positions.setdefault(value, len(self.positions))

    def values(self) -> list[Any]:
        return list(self.positions)


def page_data(view: View) -> Json:
    """Works in the order of the table, places in the order of the export."""
    venues, verdicts, givers, methods, cities = _Once(), _Once(), _Once(), _Once(), _Once()
    works = [_work(row, venues, verdicts, givers) for row in view.rows]
    places = [_place(place, methods, cities) for place in view.places]
    countries = sorted({place.properties["country_code"] or "" for place in view.places})
    return {
        "prefixes": _PREFIXES,
        "schemes": LINK_SCHEMES,
        "ids": {row.number - 1: row.work.id for row in view.rows if row.work.id != _id_of(row.link)},
        "given": {row.number - 1: row.given for row in view.rows if row.given},
        "waiting": {row.number - 1: row.waiting for row in view.rows if row.waiting is not None},
        "keys": {place.number: place.key for place in view.places if place.key != _ror(place)},
        "venues": venues.values(),
        "verdicts": [[words, decision, codes.split(), *rest] for words, decision, codes, *rest in verdicts.values()],
        "decisions": {"used": "used", "": "not decided"} | VERDICTS,
        "givers": [[name, provider_name(name)] for name in givers.values()],
        "methods": methods.values(),
        "cities": cities.values(),
        "sectors": SECTORS,
        "kinds": KINDS,
        "purposes": PURPOSES,
        "countries": {code: country_name(code) for code in countries},
        "works": works,
        "places": places,
        "home": _home(view),
        "slug": view.export.dataset.slug,
    }


def _work(row: Row, venues: _Once, verdicts: _Once, givers: _Once) -> list[Any]:
    """[title, year, venue, link, kind, verdict, quote, page, giver, section, translation]; what is missing at the end is left out."""
    work, evidence = row.work, row.evidence
    decision = work.decision.label if work.decision else ""
    purposes = " ".join(work.decision.purposes) if work.decision else ""
    cells: list[Any] = [
        _cut(row.title, TITLE_LENGTH),
        work.preferred.year or 0,
        venues(_cut(row.venue or "", VENUE_LENGTH)),
        _short(row.link),
        KINDS.index(work.preferred.kind),
        verdicts((row.verdict, decision, purposes, int(row.is_used), int(work.is_withdrawn), row.reviewed_by)),
    ]
    if not evidence:
        return cells
    cells += [evidence.quote, evidence.page or 0, givers(evidence.provider)]
    return [*cells, evidence.section or "", evidence.translation or ""] if evidence.section or evidence.translation else cells


def _place(place: Named, methods: _Once, cities: _Once) -> list[Any]:
    """[name, ROR id, sector, city, country, is a city, score, method, latitude, longitude, works]; of each work twice
    its position, and one more where its use is verified there.
    """
    told = place.properties
    links = sorted((2 * (row.number - 1) + is_used for rows, is_used in ((place.used, 1), (place.citing, 0)) for row in rows))
    longitude, latitude = told["coordinates"]
    return [
        place.name, _ror(place), SECTORS.index(told["sector"]), cities(told["city"] or ""), told["country_code"] or "",
        int(told["granularity"] == "city"), round(told["match_score"], 2), methods(told["method"]), latitude, longitude, links,
    ]  # fmt: skip


def _ror(place: Named) -> str:
    return str(place.properties["ror_id"] or "").rsplit("/", 1)[-1]


def _home(view: View) -> list[Any] | None:
    """[city, latitude, longitude] of where the dataset was made."""
    dataset = view.export.dataset
    if dataset.home_latitude is None or dataset.home_longitude is None:
        return None
    return [dataset.home_city or "", dataset.home_latitude, dataset.home_longitude]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _id_of(link: str | None) -> str | None:
    """The id of a work as its link tells it, which is most often its best one."""
    known = zip(LINK_SCHEMES, LINK_PREFIXES, strict=True)
    return next((f"{scheme}:{link[len(prefix) :]}" for scheme, prefix in known if link and link.startswith(prefix)), None)


def _short(link: str | None) -> str:
    """A link with its usual beginning replaced by one digit; none is empty."""
    if link is None:
        return ""
    position = next(i for i, prefix in enumerate(_PREFIXES) if link.startswith(prefix))
    return f"{position}{link[len(_PREFIXES[position]) :]}"


def as_block(value: object, pack_above: int) -> tuple[Markup, bool]:
    """(text of the data block, whether it is packed: base64 of zlib's format, whose header is the same in every Python)."""
    text = as_json(value)
    data = text.encode()
    if len(data) <= pack_above:
        return text, False
    packed = base64.b64encode(zlib.compress(data, 9)).decode()
    return Markup(packed), True  # noqa: S704 — base64
