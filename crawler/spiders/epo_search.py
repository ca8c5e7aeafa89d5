"""Patents whose title or abstract names a dataset, by the EPO's Open Patent Services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from crawler.manners.epo import EpoSpider, Job
from crawler.patent_items import PatentAnswer, Told
from crawler.patents.cql import REACHABLE, Walk, make_queries
from crawler.patents.ops import Answer, FaultError
from crawler.providers import EPO_OPS_API
from db.connect import writing
from db.intervals import fresh_days
from db.patent_crawl import SearchStep, is_searched, open_search
from db.patents import search_names


@dataclass(slots=True)
class _Search:
    """The search for one dataset, and where it stands."""

    slug: str
    queries: list[str]
    walk: Walk
    saved: str
    n_hits: int = 0


class EpoSearchSpider(EpoSpider):
    """``/search?q=<CQL>&Range=1-100`` for the names of each dataset, split by publication date past 2,000 hits.

    A search without hits is a 404 (SERVER.EntityNotFound).  What a hit is about comes after, by ``EpoOpsSpider``.
    """

    name = "epo_ops_search"

    def jobs(self) -> Iterator[Job]:
        db = self.session.db
        for slug in self.session.slugs:
            if self.session.due and is_searched(db, EPO_OPS_API.name, slug, days=fresh_days(db, [slug])):
                continue
            queries = make_queries(search_names(db, slug))
            with writing(db):
                position = open_search(db, EPO_OPS_API.name, slug, run_id=self.session.run_id)
            search = _Search(slug, queries, Walk.load(position, len(queries)), position)
            while search.walk.windows and not (self.session.limit and search.n_hits >= self.session.limit):
                cql = search.walk.query(queries)
                yield Job("search", f"search?{urlencode({'q': cql, 'Range': search.walk.range}, quote_via=quote)}", search)

    def take(self, job: Job, answer: Answer | FaultError) -> Iterator[Any]:
        search: _Search = job.key
        hits = answer.patents if isinstance(answer, Answer) else ()
        total = (answer.total or len(hits)) if isinstance(answer, Answer) else 0
        if total > REACHABLE and search.walk.is_ancient:
            self.stop_with(f"the EPO does not part the hits for {search.slug} by date: {total:,} of long ago")
            return
        if split := search.walk.split(total):
            search.walk, hits = split, ()
        else:
            if total > REACHABLE:
                self.session.notes[f"the EPO shows 2,000 of {total:,} hits of a single day for {search.slug}"] = None
            search.walk = search.walk.turn(total)
        after = search.walk.dump()
        step = SearchStep(search.slug, search.saved, after, not search.walk.windows, len(hits))
        search.saved, search.n_hits = after, search.n_hits + len(hits)
        once = {hit.number: hit for hit in hits}
        yield PatentAnswer(
            EPO_OPS_API.name, [Told(hit, self.url_of(job), (search.slug,), "title or abstract") for hit in once.values()], step=step
        )
