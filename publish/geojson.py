"""GeoJSON (RFC 7946): one Feature for each institution (or city) and dataset, with its works and their evidence.

What has no point at institution or city level stands in the foreign member ``unlocated``, by country, so that each work
of the export is found in a Feature, in ``unlocated``, or both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from db.queries.records import NOWHERE, Place, Work
from publish.rules import (
    Evidence,
    chosen,
    family_of,
    find_evidence,
    is_misfiled,
    is_point,
    is_verified_at,
    knows_country,
    link_of_work,
    tidy,
)

Json = dict[str, Any]


class Link(NamedTuple):
    """What leads from a work to a place: the versions of the reader and matcher that saw it so."""

    work: Work
    place: Place
    reader: str | None
    matcher: str | None

    def strength(self) -> tuple[bool, float, str, str, str]:
        """Of several links of one work to one place the strongest is shown."""
        return self.place.reviewed, self.place.score, self.place.method, self.reader or "", self.matcher or ""


@dataclass(slots=True)
class Site:
    """An institution or city (or, coarser, a country) with the works that lead there."""

    best: Link
    links: dict[str, Link] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """The place as the strongest link has it."""
        return self.best.place

    def add(self, link: Link) -> None:
        """Take a link up; of several links of one work the strongest stays."""
        self.best = max(self.best, link, key=Link.strength)
        held = self.links.get(link.work.id, link)
        self.links[link.work.id] = max(held, link, key=Link.strength)

    def works(self) -> list[Link]:
        """One link for each work, the oldest work first."""
        return sorted(self.links.values(), key=lambda link: work_order(link.work))


def work_order(work: Work) -> tuple[int, str, str]:
    """By year, then title, then id."""
    return work.preferred.year or 9999, (work.preferred.title or "").casefold(), work.id


def find_sites(works: Iterable[Work], include: str) -> tuple[list[Site], list[Site]]:
    """(sites with a point, coarser ones by country) of the works that ``include`` asks for, each sorted by key."""
    points: dict[str, Site] = {}
    coarse: dict[str, Site] = {}
    for work in chosen(works, include):
        for link in links_of(work, include):
            sites, key = (points, link.place.key) if is_point(link.place) else (coarse, link.place.country_code or "")
            sites.setdefault(key, Site(link)).add(link)
    return [points[key] for key in sorted(points)], [coarse[key] for key in sorted(coarse, key=lambda k: (not k, k))]


def links_of(work: Work, include: str) -> list[Link]:
    """Every place that a work leads to, or nowhere; a misfiled one leads to none."""
    if is_misfiled(work):
        return []
    links = [Link(work, a.place, a.reader, a.matcher) for a in work.affiliations if a.place]
    if include != "all":
        links = [link if is_verified_at(work, link.place) else _country_of(link) for link in links if knows_country(work, link.place)]
    return links or [Link(work, NOWHERE, None, None)]


def _country_of(link: Link) -> Link:
    """All that may be said of an institution that waits for its second source."""
    place = NOWHERE._replace(country_code=link.place.country_code, granularity="country", provider=link.place.provider)
    return link._replace(place=place._replace(score=link.place.score, method=link.place.method))


def describe(work: Work) -> Json:
    """What is said of a work wherever it stands; the same for each of its places."""
    shown = work.preferred
    evidence = find_evidence(work)
    first, decision = work.found[0], work.decision
    described: Json = {
        "id": work.id,
        "title": tidy(shown.title),
        "year": shown.year,
        "venue": tidy(shown.venue),
        "url": link_of_work(work),
        "doi": shown.ids.get("doi"),
        "kind": shown.kind,
        "status": "candidate",
        "decision": decision.label if decision else None,
        "purposes": list(decision.purposes) if decision else [],
        "reviewer": decision.reviewer if decision else None,
        "decided_at": decision.at if decision else None,
        "evidence": {"quote": evidence.quote, "page": evidence.page, "provider": evidence.provider} if evidence else None,
        "match_score": None,
        "method": None,
        "reader": None,
        "matcher": None,
        "found_by": {
            "provider": first.provider,
            "how": first.how,
            "url": first.url,
            "retrieved_at": first.retrieved_at,
            "run": first.run_id,
        },
        "withdrawn": work.is_withdrawn,
    }
    if shown.kind == "patent":
        described["patent"] = _patent(work, evidence)
    return described


def _patent(work: Work, evidence: Evidence | None) -> Json:
    """What only patents have: the publications of the family, and where in the patent the evidence stands, with its translation."""
    section, translation = (evidence.section, evidence.translation) if evidence else (None, None)
    return {"family": family_of(work), "section": section, "translation": translation}


def as_work(link: Link, described: Json | None = None) -> Json:
    """A work as it stands under a place; ``described`` is ``describe(link.work)`` where the caller has it already."""
    work, place = link.work, link.place
    return (described or describe(work)) | {
        "status": "verified" if is_verified_at(work, place) else "candidate",
        "match_score": None if place is NOWHERE else place.score,
        "method": None if place is NOWHERE else place.method,
        "reader": link.reader,
        "matcher": link.matcher,
    }


def _counted(works: list[Json]) -> Json:
    years = [work["year"] for work in works if work["year"] is not None]
    return {
        "n_works": len(works),
        "n_verified": sum(work["status"] == "verified" for work in works),
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
    }


def as_feature(slug: str, site: Site) -> Json:
    """The Feature of an institution or city; its status is verified as soon as one of its works is."""
    return make_feature(slug, site.place, [as_work(link) for link in site.works()])


def make_feature(slug: str, place: Place, works: list[Json]) -> Json:
    """The Feature of a place, shown as its strongest link has it, with its works."""
    counted = _counted(works)
    longitude, latitude = place.longitude or 0.0, place.latitude or 0.0
    properties = {
        "dataset": slug,
        "institution": place.name,
        "ror_id": place.ror_id,
        "sector": place.sector or "other",
        "city": place.city,
        "country_code": place.country_code,
        "granularity": place.granularity,
        "status": "verified" if counted["n_verified"] else "candidate",
        "match_score": place.score,
        "method": place.method,
        "coordinates_from": place.provider,
        "gazetteer": place.gazetteer,
        **counted,
        "works": works,
    }
    point = {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]}
    return {"type": "Feature", "id": f"{slug}/{place.key}", "geometry": point, "properties": properties}


def as_unlocated(sites: list[Site]) -> list[Json]:
    """The works without a point, by country; those without any place last, under null."""
    entries = []
    for site in sites:
        works = [as_work(link) for link in site.works()]
        counted = _counted(works)
        entries.append({"country_code": site.place.country_code, **counted, "works": works})
    return entries
