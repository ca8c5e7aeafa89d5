"""CSV tables: the works, and the countries by year behind the chart.

RFC 4180, UTF-8, one line a row.  A cell that a spreadsheet would take for a formula gets an apostrophe in front
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from db.queries.records import Work
from db.rules import is_above_bar, is_sure
from publish.rules import (
    chosen,
    count_reviewers,
    family_of,
    find_evidence,
    given_names,
    is_misfiled,
    is_point,
    knows_country,
    link_of_work,
    tidy,
    unconfirmed_places,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")  # fullwidth forms too
_COLUMNS = """
id dataset status kind title year venue url doi arxiv s2 corpus openalex publication_number file n_versions
decision purposes decision_reason reviewer decided_at
institutions ror_ids sectors countries doubtful_institutions
quote page evidence_provider fulltext fulltext_url fulltext_licence
providers how provider_url retrieved_at run reader matcher withdrawn attribution family
n_reviewers n_unconfirmed organisations_as_given
"""
WORK_COLUMNS = tuple(_COLUMNS.split())


def safe_cell(value: object) -> str:
    """A cell as text that no spreadsheet executes; numbers stay numbers, None is empty."""
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = tidy(str(value)) or ""
    return "'" + text if text.startswith(_FORMULA) else text


def as_csv(columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> Iterable[str]:
    """The lines of a table, header first."""
    yield _line(columns)
    for row in rows:
        yield _line(safe_cell(value) for value in row)


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def work_row(work: Work, attributions: Mapping[str, str], include: str) -> list[object]:
    """A work as a row of ``WORK_COLUMNS``; lists are joined with semicolons."""
    shown, decision, evidence, text = work.preferred, work.decision, find_evidence(work), work.fulltext
    ids, first = shown.ids, work.found[0]
    providers = sorted({found.provider for found in work.found})
    return [
        work.id, work.dataset, "verified" if work.is_used else "candidate", shown.kind, shown.title, shown.year, shown.venue,
        link_of_work(work), ids.get("doi"), ids.get("arxiv"), ids.get("s2"), ids.get("corpus"), ids.get("openalex"),
        ids.get("publication_number"), ids.get("file"), len(work.versions),
        decision.label if decision else None, "; ".join(decision.purposes) if decision else None, decision.reason if decision else None,
        decision.reviewer if decision else None, decision.at if decision else None,
        *_places(work, include),
        evidence.quote if evidence else None, evidence.page if evidence else None, evidence.provider if evidence else None,
        text.status if text else "none", text.url if text else None, text.licence if text else None,
        "; ".join(providers), "; ".join(sorted({found.how for found in work.found})), first.url, first.retrieved_at, first.run_id,
        "; ".join(sorted({a.reader for a in work.affiliations})), "; ".join(sorted({a.matcher for a in work.affiliations if a.matcher})),
        work.is_withdrawn, " ".join(attributions[name] for name in providers if name in attributions),
        "; ".join(family_of(work)) or None, count_reviewers(work), len(unconfirmed_places(work)), "; ".join(given_names(work)) or None,
    ]  # fmt: skip


def _places(work: Work, include: str) -> list[str]:
    """Institutions, ROR ids and sectors in parallel, countries, and institutions below the map bar (only where all is asked for)."""
    places = [affiliation.place for affiliation in work.affiliations if affiliation.place]
    sure = dict.fromkeys((p.name or "", p.ror_id or "", p.sector or "") for p in places if p.name and is_sure(p))
    doubtful = dict.fromkeys(p.name for p in places if p.name and not is_sure(p) and include == "all")
    countries = sorted({p.country_code for p in places if p.country_code and (is_sure(p) or is_above_bar(p) or not is_point(p))})
    columns = [[told[column] for told in sure] for column in range(3)]
    return ["; ".join(names) for names in (*columns, countries, [name for name in doubtful if name])]


_INSTITUTIONS = """
dataset institution ror_id sector city country_code latitude longitude granularity status
n_works n_verified first_year last_year match_score method coordinates_from gazetteer
"""
INSTITUTION_COLUMNS = tuple(_INSTITUTIONS.split())


def institution_rows(features: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    """The Features of the map as rows of ``INSTITUTION_COLUMNS``, without their works."""
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        told = feature["properties"] | {"latitude": latitude, "longitude": longitude}
        yield [told[column] for column in INSTITUTION_COLUMNS]


# Coordinates of these services are OpenStreetMap's and under its licence, not under that of the rest.
OPENSTREETMAP = ("nominatim", "photon")
OSM_FILE, OSM_LICENCE = "coordinates-openstreetmap.csv", "ODbL-1.0"
OSM_COLUMNS = ("id", "latitude", "longitude", "coordinates_from", "licence", "attribution")


def osm_rows(features: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    """The Features whose points are OpenStreetMap's: what to leave out, or to give on under its licence."""
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        service = feature["properties"]["coordinates_from"]
        yield [
            feature["id"],
            latitude,
            longitude,
            service,
            OSM_LICENCE,
            "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
        ]


COUNTRY_COLUMNS = (
    "dataset",
    "country_code",
    "year",
    "n_works",
    "n_verified",
    "n_papers",
    "n_patents",
    "n_verified_papers",
    "n_verified_patents",
)
Years = dict[str, Counter[tuple[int | None, str]]]  # country → how many works of a year and kind


def count_countries(works: Iterable[Work], include: str, *, kind: str | None = None, sector: str | None = None) -> tuple[Years, Years]:
    """Works by country, year and kind: (all that ``include`` asks for, verified uses).  A work counts once for each of its countries.

    With ``kind`` only works of that kind, with ``sector`` only places of that sector.
    """
    total: Years = {}
    verified: Years = {}
    for work in chosen(works, include):
        if is_misfiled(work) or (kind and work.preferred.kind != kind):
            continue
        places = [a.place for a in work.affiliations if a.place and a.place.country_code]
        places = [place for place in places if not sector or place.sector == sector]
        cell = work.preferred.year, work.preferred.kind
        for code in {p.country_code or "" for p in places if include == "all" or knows_country(work, p)}:
            total.setdefault(code, Counter())[cell] += 1
        for code in {p.country_code or "" for p in places if knows_country(work, p)}:
            verified.setdefault(code, Counter())[cell] += 1
    return total, verified


def country_rows(slug: str, total: Years, verified: Years) -> list[list[object]]:
    """Rows of ``COUNTRY_COLUMNS``, by country and year; works without a year last."""
    pairs = sorted({(code, year) for code, cells in total.items() for year, _ in cells}, key=lambda p: (p[0], p[1] is None, p[1] or 0))
    return [[slug, code, year, *_of_year(total, verified, code, year)] for code, year in pairs]


def _of_year(total: Years, verified: Years, code: str, year: int | None) -> list[int]:
    """(all, verified), then papers and patents of both; what is neither counts in the first two alone."""
    both = [{kind: n for (of, kind), n in counts.get(code, Counter()).items() if of == year} for counts in (total, verified)]
    return [sum(kinds.values()) for kinds in both] + [kinds.get(kind, 0) for kinds in both for kind in ("paper", "patent")]
