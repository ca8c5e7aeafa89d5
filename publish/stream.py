"""GeoJSON lines of any number of works in flat memory: the same Features as the collection's.

Each work is turned into JSON once and put aside on disk; then place after place is read back, and its Feature is put
together from these texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from db.connect import Database
from db.queries.described import load_described
from db.queries.records import Work
from db.queries.sites import Lead, Sites
from db.rules import is_sure
from publish.geojson import Json, describe, make_feature, work_order
from publish.rules import is_misfiled, is_point

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
# What can't stand inside a JSON string, where its quotes would be escaped.
_NO_WORKS = '"works":[]'
_STATUS = '"status":"candidate"'
_MATCH = '"match_score":null,"method":null,"reader":null,"matcher":null'


def stream_features(db: Database, slug: str, include: str, tell: Callable[[set[str]], Json]) -> Iterator[str]:
    """The Feature of each place as a line, sorted by key.

    ``tell`` gives the members that every line gets, once all providers behind the works are known.
    """
    everything = include == "all"
    sites, providers = Sites(db), set[str]()
    try:
        for group_id, work in load_described(db, slug, everything=everything):
            providers |= providers_of(work)
            _, title, name = work_order(work)
            sites.add(group_id, name, work.preferred.year, title, work.is_used, _text(work))
        told = tell(providers | sites.providers())
        for _, leads in sites.rows(is_point):
            if best := _strongest(leads, everything=everything):
                yield _feature(slug, sites, best, told)
    finally:
        sites.close()


def providers_of(work: Work) -> set[str]:
    """Every provider that told something about a work."""
    names = {found.provider for found in work.found}
    if work.mentions or work.contexts:
        names.update(mention.provider for mention in (*work.mentions, *work.contexts))
    if work.affiliations:
        names.update(affiliation.place.provider for affiliation in work.affiliations if affiliation.place)
    if work.fulltext:
        names.add(work.fulltext.provider)
    return names


def _text(work: Work) -> str:
    """The work as JSON, in three pieces, cut where a place has its say; nothing where it stands at no place."""
    if is_misfiled(work):
        return ""
    head, rest = dumps(describe(work)).split(_STATUS, 1)
    middle, tail = rest.split(_MATCH, 1)
    return f"{head}\n{middle}\n{tail}"


def _strongest(leads: list[Lead], *, everything: bool) -> list[Lead]:
    """The strongest lead of each work that may be shown at this place, the oldest work first."""
    best: dict[int, Lead] = {}
    for lead in leads:
        if lead.size and (everything or (lead.is_used and is_sure(lead.place))):
            held = best.setdefault(lead.group_id, lead)
            if lead.strength > held.strength:
                best[lead.group_id] = lead
    return sorted(best.values(), key=lambda lead: (lead.year or 9999, lead.sort_title, lead.id))


def _feature(slug: str, sites: Sites, leads: list[Lead], told: Json) -> str:
    """The line of a place."""
    # Of equal strengths the one of the first work, as in the collection, which goes by the works' ids.
    strongest = max([lead.strength for lead in leads])
    place = min([lead for lead in leads if lead.strength == strongest], key=lambda lead: lead.id).place
    counted, texts = [], []
    for lead in leads:
        status = "verified" if lead.is_used and is_sure(lead.place) else "candidate"
        counted.append({"year": lead.year, "status": status})
        head, middle, tail = sites.text(lead).split("\n")
        match = _match(lead.place.score, lead.place.method, lead.reader, lead.matcher)
        texts.append(f'{head}"status":"{status}"{middle}{match}{tail}')
    feature = make_feature(slug, place, counted)
    feature["properties"]["works"] = []
    return dumps(feature | told).replace(_NO_WORKS, f'"works":[{",".join(texts)}]', 1) + "\n"


@lru_cache(maxsize=4096)
def _match(score: float, method: str, reader: str | None, matcher: str | None) -> str:
    return dumps({"match_score": score, "method": method, "reader": reader, "matcher": matcher})[1:-1]


def dumps(value: Any) -> str:
    """JSON in one line, keys in the order of the format."""
    return _ENCODER.encode(value)
