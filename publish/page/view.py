"""What the templates show, taken from the same Features, rows and counts that are exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.queries.records import Version, Work
from publish.export import Export
from publish.geojson import work_order
from publish.page.chart import KINDS, Chart, country_name, make_chart
from publish.rules import Evidence, chosen, cites, find_evidence, link_of_work, tidy
from publish.tables import count_countries

Json = dict[str, Any]
NAMED_SECTORS = ("commercial", "military", "government")
SECTORS = ("academic", "commercial", "government", "military", "nonprofit", "healthcare", "other")
VERDICTS = {
    "created": "made the dataset",
    "not_used": "read: not used",
    "unsure": "read: unsure",
    "no_access": "no full text to read",
    "wrong_work": "misfiled: another work",
}


LISTED = "listed by an import"
_PROVIDERS = {
    "openalex": "OpenAlex", "opencitations": "OpenCitations", "arxiv": "arXiv", "ror": "ROR", "geonames": "GeoNames", "epo_ops": "the EPO",
    "uspto": "the USPTO", "google_patents_bigquery": "Google Patents (BigQuery)",
}  # fmt: skip


def provider_name(name: str) -> str:
    """A provider as people call it."""
    return _PROVIDERS.get(name, name.replace("_", " ").title())


class Headline(NamedTuple):
    """The verified uses that have a place: institutions and countries, and bodies of the sectors that are named."""

    n_places: int
    n_countries: int
    named: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Row:
    """One work in the table of citations."""

    number: int
    work: Work
    title: str
    venue: str | None
    link: str | None
    evidence: Evidence | None
    is_used: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Named:
    """A place of the map with its works; ``number`` is its position among all places."""

    number: int
    properties: Json
    name: str
    country: str
    used: tuple[Row, ...]
    citing: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ChartSet:
    """The charts of one choice of the switch: all works, one kind, or one sector."""

    key: str
    words: str
    used: Chart
    found: Chart | None  # every work, where all were asked for


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a dataset's page shows."""

    export: Export
    rows: list[Row]
    places: list[Named]  # every Feature, by name
    headline: Headline
    named: dict[str, list[Named]]  # commercial, military and government ones, those with most uses first
    patents: list[Row]  # verified uses first
    unlocated: list[tuple[str, int]]
    charts: list[ChartSet]
    credits: list[str]


def make_view(export: Export, works: list[Work], collection: Json) -> View:
    """The view of a dataset's works and of the FeatureCollection made of them."""
    rows = _rows(chosen(works, export.include))
    by_id = {row.work.id: row for row in rows}
    features = [feature["properties"] | {"coordinates": feature["geometry"]["coordinates"]} for feature in collection["features"]]
    features.sort(key=lambda properties: (_name(properties).casefold(), _name(properties), properties["ror_id"] or ""))
    places = [_named(number, properties, by_id) for number, properties in enumerate(features)]
    return View(
        export=export,
        rows=rows,
        places=places,
        headline=_headline(places),
        named={sector: _ranked([place for place in places if place.properties["sector"] == sector]) for sector in NAMED_SECTORS},
        patents=sorted([row for row in rows if row.work.preferred.kind == "patent"], key=lambda row: (not row.is_used, row.number)),
        unlocated=[(country_name(entry["country_code"]), entry["n_works"]) for entry in collection["unlocated"]],
        charts=list(_charts(works, export.include)),
        credits=collection["attribution"],
    )


_BODIES = {
    "commercial": ("company", "companies"),
    "military": ("military body", "military bodies"),
    "government": ("government body", "government bodies"),
}


def _headline(places: list[Named]) -> Headline:
    used = [place for place in places if place.used]
    counted = Counter(place.properties["sector"] for place in used)
    named = tuple((counted[sector], words[counted[sector] != 1]) for sector, words in _BODIES.items() if counted[sector])
    return Headline(len(used), len({place.properties["country_code"] for place in used} - {None}), named)


def _ranked(places: list[Named]) -> list[Named]:
    """Those with most verified uses first, then those with most works; equal ones by name."""
    return sorted(places, key=lambda place: (-len(place.used), -len(place.citing)))


def holders(work: Work) -> list[str]:
    """The institutions that a patent names."""
    return list(dict.fromkeys(a.place.name for a in work.affiliations if a.place and a.place.name))


def _charts(works: list[Work], include: str) -> Iterator[ChartSet]:
    """All works, then each kind and sector that has any."""
    choices: list[tuple[str, str, dict[str, str]]] = [("all", "all works", {})]
    choices += [(kind, words, {"kind": kind}) for kind, (_, words) in KINDS.items()]
    choices += [(sector, f"{sector} institutions", {"sector": sector}) for sector in SECTORS]
    everything = None
    for key, words, wanted in choices:
        total, verified = count_countries(works, include, **wanted)
        if everything is None or (total and total != everything):  # what equals "all works" is no choice
            everything = total if everything is None else everything
            yield ChartSet(key, words, make_chart(verified), make_chart(total) if include == "all" else None)


def _rows(works: Iterable[Work]) -> list[Row]:
    """Newest first; works of one year by title."""
    ordered = sorted(works, key=lambda work: (-(work.preferred.year or 0), *work_order(work)[1:]))
    return [_row(number, work) for number, work in enumerate(ordered, 1)]


def _without_title(shown: Version) -> str:
    """What tells a work whose title nobody gave: its file name or best id."""
    known = [f"{scheme} {value}" for scheme, value in sorted(shown.ids.items()) if scheme in ("file", "doi", "arxiv", "s2")]
    return f"Untitled ({known[0]})" if known else "Untitled"


def _row(number: int, work: Work) -> Row:
    shown = work.preferred
    title = tidy(shown.title) or _without_title(shown)
    return Row(number, work, title, tidy(shown.venue), link_of_work(work), find_evidence(work), work.is_used, _verdict(work))


def _verdict(work: Work) -> str:
    """The words for what is known of the use: "used" only where the final decision says so, "cites" only where it is seen."""
    if work.decision is None:
        return "cites" if cites(work) else LISTED
    if not work.is_used:
        seen = "cites; " if cites(work) and work.decision.label in ("not_used", "unsure", "no_access") else ""
        return seen + VERDICTS[work.decision.label]
    purposes = ", ".join(work.decision.purposes)
    return f"used: {purposes}" if purposes else "used"


def _name(properties: Json) -> str:
    return properties["institution"] or f"{properties['city'] or 'Unnamed place'} (city only)"


def _named(number: int, properties: Json, by_id: dict[str, Row]) -> Named:
    used = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] == "verified")
    citing = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] != "verified")
    return Named(number, properties, _name(properties), country_name(properties["country_code"]), used, citing)
