"""What the templates show, taken from the same Features, rows and counts that are exported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from db.queries.records import Work
from publish.export import Export
from publish.geojson import work_order
from publish.page.chart import Chart, country_name, make_chart
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
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Named:
    """An institution of the table "who by name", with the numbers of its works' rows."""

    properties: Json
    name: str
    country: str
    used: tuple[Row, ...]
    citing: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a dataset's page shows."""

    export: Export
    rows: list[Row]
    places: list[Named]  # every Feature, by name
    named: dict[str, list[Named]]  # commercial, military and government ones
    unlocated: list[tuple[str, int]]
    used_chart: Chart
    cites_chart: Chart | None
    map_data: list[Json]
    credits: list[str]


def make_view(export: Export, works: list[Work], collection: Json) -> View:
    """The view of a dataset's works and of the FeatureCollection made of them."""
    rows = _rows(chosen(works, export.include))
    by_id = {row.work.id: row for row in rows}
    features = [feature["properties"] | {"coordinates": feature["geometry"]["coordinates"]} for feature in collection["features"]]
    for properties in features:
        for work in properties["works"]:
            unsure = "" if work["status"] == "verified" or not by_id[work["id"]].is_used else " (place not confirmed)"
            by_id[work["id"]].places.append(_name(properties) + unsure)
    places = sorted((_named(properties, by_id) for properties in features), key=lambda named: (named.name.casefold(), named.name))
    total, verified = count_countries(works, export.include)
    return View(
        export=export,
        rows=rows,
        places=places,
        named={sector: [place for place in places if place.properties["sector"] == sector] for sector in NAMED_SECTORS},
        unlocated=[(country_name(entry["country_code"]), entry["n_works"]) for entry in collection["unlocated"]],
        used_chart=make_chart(verified),
        cites_chart=make_chart(total) if export.include == "all" else None,
        map_data=[_pin(properties, by_id) for properties in features],
        credits=collection["attribution"],
    )


def _rows(works: Iterable[Work]) -> list[Row]:
    """Newest first; works of one year by title."""
    ordered = sorted(works, key=lambda work: (-(work.preferred.year or 0), *work_order(work)[1:]))
    return [_row(number, work) for number, work in enumerate(ordered, 1)]


def _row(number: int, work: Work) -> Row:
    shown = work.preferred
    title = tidy(shown.title) or "Untitled"
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


def _named(properties: Json, by_id: dict[str, Row]) -> Named:
    used = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] == "verified")
    citing = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] != "verified")
    return Named(properties, _name(properties), country_name(properties["country_code"]), used, citing)


def _pin(properties: Json, by_id: dict[str, Row]) -> Json:
    """What the map script needs; the works' texts stand in the table already and are taken from there."""
    return {
        "name": _name(properties),
        "ror": properties["ror_id"],
        "sector": properties["sector"],
        "where": ", ".join(part for part in (properties["city"], country_name(properties["country_code"])) if part),
        "granularity": properties["granularity"],
        "status": properties["status"],
        "word": _word(properties, by_id),
        "score": properties["match_score"],
        "method": properties["method"],
        "at": properties["coordinates"][::-1],
        "works": [[by_id[work["id"]].number, work["status"] == "verified"] for work in properties["works"]],
    }


def _word(properties: Json, by_id: dict[str, Row]) -> str:
    """What a pin says before it is opened."""
    if properties["n_verified"]:
        return "used"
    return "cites" if any(cites(by_id[work["id"]].work) for work in properties["works"]) else "listed"
