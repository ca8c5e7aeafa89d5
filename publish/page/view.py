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
from publish.page.where import Where, find_where, wait_by_sector
from publish.rules import (
    Evidence,
    chosen,
    cites,
    count_reviewers,
    find_evidence,
    given_names,
    knows_country,
    link_of_work,
    tidy,
    unconfirmed_places,
)
from publish.tables import count_countries
from publish.words import count, purposes

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
    "uspto": "the USPTO", "google_patents_bigquery": "Google Patents (BigQuery)", "import": "an imported list",
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
    n_reviewers: int  # behind a final decision
    given: list[str]  # organisations that no place is known of, as a patent or page names them
    waiting: list[str] | None  # known countries of institutions that are not confirmed yet and not named; None where none waits

    @property
    def reviewed_by(self) -> str:
        """How many people stand behind the words "used"; empty where nobody said so."""
        return count(self.n_reviewers, "reviewer") if self.is_used and self.n_reviewers else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A place of the map with its works; ``number`` is its position among all places, ``key`` its lasting name."""

    number: int
    key: str
    properties: Json
    name: str
    country: str
    used: tuple[Row, ...]
    citing: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ChartSet:
    """The charts of one choice of the switch: all works, one kind, or one sector."""

    key: str
    group: str  # "Kind", "Sector", or empty
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
    where: Where
    waiting: dict[str, int]  # sector → verified uses whose institution of that sector is not confirmed yet
    charts: list[ChartSet]
    credits: list[str]
    n_imported: int  # works that no provider told of, but a file of who made the page

    @property
    def n_naming(self) -> int:
        """Families of patents that were seen to name the dataset."""
        return sum(cites(row.work) for row in self.patents)


def make_view(export: Export, works: list[Work], collection: Json) -> View:
    """The view of a dataset's works and of the FeatureCollection made of them."""
    rows = _rows(chosen(works, export.include), export.include)
    by_id = {row.work.id: row for row in rows}
    features = [
        feature["properties"] | {"coordinates": feature["geometry"]["coordinates"], "key": feature["id"].split("/", 1)[1]}
        for feature in collection["features"]
    ]
    features.sort(key=lambda properties: (_name(properties).casefold(), _name(properties), properties["ror_id"] or ""))
    places = [_named(number, properties, by_id) for number, properties in enumerate(features)]
    return View(
        export=export,
        rows=rows,
        places=places,
        headline=_headline(places),
        named={sector: _ranked([place for place in places if place.properties["sector"] == sector]) for sector in NAMED_SECTORS},
        patents=sorted([row for row in rows if row.work.preferred.kind == "patent"], key=lambda row: (not row.is_used, row.number)),
        where=find_where([row.work for row in rows]),
        waiting=wait_by_sector([row.work for row in rows]),
        charts=list(_charts(works, export.include)),
        credits=collection["attribution"],
        n_imported=sum(all(found.provider == "import" for found in row.work.found) for row in rows),
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
    """The institutions that a patent names, those without a place as it prints them."""
    return list(dict.fromkeys([*(a.place.name for a in work.affiliations if a.place and a.place.name), *given_names(work)]))


def _charts(works: list[Work], include: str) -> Iterator[ChartSet]:
    """All works, then each kind and sector that has any."""
    choices: list[tuple[str, str, str, dict[str, str]]] = [("all", "", "all works", {})]
    choices += [(kind, "Kind", words, {"kind": kind}) for kind, (_, words) in KINDS.items()]
    choices += [  # there are other kinds, and there are other sectors
        (f"{sector}-sector" if sector in KINDS else sector, "Sector", f"{sector} institutions", {"sector": sector}) for sector in SECTORS
    ]
    everything = None
    for key, group, words, wanted in choices:
        total, verified = count_countries(works, include, **wanted)
        if everything is None or (total and total != everything):  # what equals "all works" is no choice
            everything = total if everything is None else everything
            yield ChartSet(key, group, words, make_chart(verified), make_chart(total) if include == "all" else None)


def _rows(works: Iterable[Work], include: str) -> list[Row]:
    """Newest first; works of one year by title."""
    ordered = sorted(works, key=lambda work: (-(work.preferred.year or 0), *work_order(work)[1:]))
    return [_row(number, work, include) for number, work in enumerate(ordered, 1)]


def _without_title(shown: Version) -> str:
    """What tells a work whose title nobody gave: a patent's number, a file name or the best id."""
    if number := shown.ids.get("publication_number"):
        return number
    known = [f"{scheme} {value}" for scheme, value in sorted(shown.ids.items()) if scheme in ("file", "doi", "arxiv", "s2")]
    return f"Untitled ({known[0]})" if known else "Untitled"


def _row(number: int, work: Work, include: str) -> Row:
    shown = work.preferred
    title, venue, given = tidy(shown.title) or _without_title(shown), tidy(shown.venue), given_names(work)
    unsure = unconfirmed_places(work) if include != "all" else []  # else they stand there by name
    countries = dict.fromkeys(country_name(place.country_code) for place in unsure if knows_country(work, place))
    told = (title, venue if venue not in given else None, link_of_work(work), find_evidence(work), work.is_used, _verdict(work))
    return Row(number, work, *told, count_reviewers(work), given, list(countries) if unsure else None)


def _verdict(work: Work) -> str:
    """The words for what is known of the use: "used" only where the final decision says so, "cites" only where it is seen.

    A press release or a product's page has no references: it "names" the dataset.
    """
    cites_it = "names it" if work.preferred.kind == "other" else "cites"
    if work.decision is None:
        return cites_it if cites(work) else LISTED
    if not work.is_used:
        seen = f"{cites_it}; " if cites(work) and work.decision.label in ("not_used", "unsure", "no_access") else ""
        return seen + VERDICTS[work.decision.label]
    what_for = purposes(work.decision.purposes)
    return f"used: {what_for}" if what_for else "used"


def _name(properties: Json) -> str:
    return properties["institution"] or f"{properties['city'] or 'Unnamed place'} (city only)"


def _named(number: int, properties: Json, by_id: dict[str, Row]) -> Named:
    used = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] == "verified")
    citing = tuple(by_id[work["id"]] for work in properties["works"] if work["status"] != "verified")
    return Named(number, properties["key"], properties, _name(properties), country_name(properties["country_code"]), used, citing)
