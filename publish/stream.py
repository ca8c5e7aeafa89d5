"""GeoJSON lines of any number of works in flat memory: the same Features as the collection's.

Each work is turned into JSON once and put aside on disk under each of its places; then place after place is read back, and its
Feature is put together from these texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

from db.connect import Database
from db.queries.described import count_records, load_described
from db.queries.leads import Lead, Strength, drop_leads, load_place, save_leads
from db.queries.records import Work
from publish.geojson import Json, describe, make_feature, work_order
from publish.rules import is_misfiled, is_point
from publish.spill import Spill

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_encode = msgspec.json.Encoder().encode  # the same bytes for all but floats, of which a work has none, in a sixth of the time
# What can't stand inside a JSON string, where its quotes would be escaped.
_NO_WORKS = '"works":[]'
_STATUS = '"status":"candidate"'
_MATCH = '"match_score":null,"method":null,"reader":null,"matcher":null'


# A work at a place, as it is put aside; they sort by the first three, the oldest work first: year (or 9999), title and id of the work,
# its year as told, whether its use is verified there, strength and number of its lead, its text.
_Entry = tuple[int, str, str, int | None, bool, Strength, int, str]
_STRENGTH, _TEXT = itemgetter(5), itemgetter(7)


def stream_features(db: Database, slug: str, include: str, tell: Callable[[set[str]], Json]) -> Iterator[str]:
    """The Feature of each place as a line, sorted by key.

    ``tell`` gives the members that every line gets, once all providers behind the works are known.
    """
    everything = include == "all"
    spill, providers = Spill(save_leads(db, is_point), count_records(db)), set[str]()
    try:
        for work, leads in load_described(db, slug, everything=everything):
            providers |= providers_of(work)
            providers.update([lead.provider for lead in leads])
            for site, entry in _entries(work, leads, everything=everything):
                spill.add(site, entry)
        told = tell(providers)
        for _, entries in spill.read():
            yield _feature(db, slug, sorted(entries), told)
    finally:
        spill.close()
        drop_leads(db)


def _entries(work: Work, leads: list[Lead], *, everything: bool) -> list[tuple[int, _Entry]]:
    """(place, the work there) for each place where it may be shown, by its strongest lead there."""
    best: dict[int, tuple[Strength, Lead]] = {}
    for lead in leads:
        if lead.is_shown and (everything or lead.is_sure):
            strength, held = lead.strength(), best.get(lead.site)
            if held is None or strength > held[0]:
                best[lead.site] = strength, lead
    if not best or is_misfiled(work):
        return []
    head, rest = _encode(describe(work)).decode().split(_STATUS, 1)
    middle, tail = rest.split(_MATCH, 1)
    order, year, is_used = work_order(work), work.preferred.year, work.is_used
    entries = []
    for site, (strength, lead) in best.items():
        is_verified = is_used and bool(lead.is_sure)
        match = _match(lead.score, lead.method, lead.reader, lead.matcher)
        text = f'{head}"status":"{"verified" if is_verified else "candidate"}"{middle}{match}{tail}'
        entries.append((site, (*order, year, is_verified, strength, lead.number, text)))
    return entries


def providers_of(work: Work) -> set[str]:
    """Every provider that told something about a work."""
    names = {found.provider for found in work.found}
    if passages := work.mentions + work.contexts:
        names.update([mention.provider for mention in passages])
    if work.affiliations:
        names.update(affiliation.place.provider for affiliation in work.affiliations if affiliation.place)
    if work.fulltext:
        names.add(work.fulltext.provider)
    return names


def _feature(db: Database, slug: str, entries: list[_Entry], told: Json) -> str:
    """The line of a place."""
    # Of equal strengths the one of the first work, as in the collection, which goes by the works' ids.
    strongest = max(map(_STRENGTH, entries))
    _, number = min([(name, number) for _, _, name, _, _, strength, number, _ in entries if strength == strongest])
    counted = [{"year": year, "status": "verified" if used else "candidate"} for _, _, _, year, used, _, _, _ in entries]
    feature = make_feature(slug, load_place(db, number), counted)
    feature["properties"]["works"] = []
    return dumps(feature | told).replace(_NO_WORKS, f'"works":[{",".join(map(_TEXT, entries))}]', 1) + "\n"


@lru_cache(maxsize=4096)
def _match(score: float, method: str, reader: str | None, matcher: str | None) -> str:
    return dumps({"match_score": score, "method": method, "reader": reader, "matcher": matcher})[1:-1]


def dumps(value: Any) -> str:
    """JSON in one line, keys in the order of the format."""
    return _ENCODER.encode(value)
