"""GeoJSON lines of any number of works in flat memory: the same Features as the collection's.

Works are read in batches and put aside on disk under each of their places, already as JSON; then place after place is
read back, and its Feature is put together from these texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from db.connect import Database
from db.queries.records import Place, Work
from db.queries.spill import Spill
from db.queries.works import load_works_anyhow
from publish.geojson import Json, Link, as_work, describe, links_of, make_feature, work_order
from publish.rules import is_point

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
_NONE = '"works":[]'  # can't stand inside a JSON string, where its quotes would be escaped


def stream_features(db: Database, slug: str, include: str, tell: Callable[[set[str]], Json]) -> Iterator[str]:
    """The Feature of each place as a line, sorted by key.

    ``tell`` gives the members that every line gets, once all providers behind the works are known.
    """
    spill, providers = Spill(db), set[str]()
    try:
        for work in load_works_anyhow(db, slug):
            if include == "all" or work.is_used:
                providers |= providers_of(work)
                _put_aside(spill, work, include)
        told = tell(providers)
        for _, rows in groupby(spill.rows(), key=itemgetter(0)):
            yield _feature(slug, [row for _, row in rows], told)
    finally:
        spill.close()


def providers_of(work: Work) -> set[str]:
    """Every provider that told something about a work."""
    names = {found.provider for found in work.found} | {mention.provider for mention in (*work.mentions, *work.contexts)}
    names |= {affiliation.place.provider for affiliation in work.affiliations if affiliation.place}
    return names | ({work.fulltext.provider} if work.fulltext else set())


def _put_aside(spill: Spill, work: Work, include: str) -> None:
    """Under each place one row: a short head in JSON, and behind it the work as it will stand in the Feature."""
    best: dict[str, Link] = {}
    for link in links_of(work, include):
        if is_point(link.place):
            held = best.setdefault(link.place.key, link)
            best[link.place.key] = max(held, link, key=Link.strength)
    described = describe(work) if best else None
    for key, link in best.items():
        told = as_work(link, described)
        head = [*link.strength(), work.id, told["year"], told["status"], *link.place]
        spill.add(key, work_order(work), dumps(head) + "\n" + dumps(told))


def _feature(slug: str, rows: list[str], told: Json) -> str:
    heads, texts = [], []
    for row in rows:
        head, text = row.split("\n", 1)
        heads.append(json.loads(head))
        texts.append(text)
    # Of equal strengths the one of the first work, as in the collection, which goes by the works' ids.
    strongest = max(head[:5] for head in heads)
    place = Place(*min((head for head in heads if head[:5] == strongest), key=itemgetter(5))[8:])
    feature = make_feature(slug, place, [{"year": head[6], "status": head[7]} for head in heads])
    feature["properties"]["works"] = []
    return dumps(feature | told).replace(_NONE, f'"works":[{",".join(texts)}]', 1) + "\n"


def dumps(value: Any) -> str:
    """JSON in one line, keys in the order of the format."""
    return _ENCODER.encode(value)
