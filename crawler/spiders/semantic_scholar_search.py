"""Works that name a dataset, by Semantic Scholar: in title and abstract, and in passages of the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.lists.listing import json_of
from crawler.lists.search_listing import Running, SearchSpider
from crawler.lists.searching import Terms, bulk_query, snippet_queries
from crawler.manners.refusals import SHRINKS, Policy
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.shapes.s2 import SEARCH_FIELDS, key_header, parse_error, parse_hits, parse_snippets
from db.catalogue import Dataset
from db.searches import Search

NAME = SEMANTIC_SCHOLAR.name
BULK, SNIPPETS = "search", "snippet search"  # kinds of searches
PATHS = {BULK: "paper/search/bulk", SNIPPETS: "snippet/search"}
SNIPPET_PAGE = 500  # of 1,000 that are allowed; passages are long, and the best ones come first
SMALLEST_PAGE = 50


class SemanticScholarSearchSpider(SearchSpider):
    """Two searches for the names of each asked dataset.

    ``/paper/search/bulk``: one boolean query over titles and abstracts, 1,000 hits a call, on with ``token`` until it is gone;
    ``total`` is an estimate, and where the token is gone long before it the search is read again in windows of dates.
    ``/snippet/search``: a query for each name, the best passages of indexed texts by meaning, so only those that hold the name
    count; no paging, a paper is told by its ``corpusId`` (a string) and little else.
    https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_paper_bulk_search
    """

    name = f"{NAME}_search"
    provider = SEMANTIC_SCHOLAR
    policy = Policy(SEMANTIC_SCHOLAR)

    def searches(self, dataset: Dataset, terms: Terms) -> Iterator[tuple[Search, str]]:
        queries = [(BULK, bulk_query(terms))] if terms else []
        for kind, query in queries + [(SNIPPETS, query) for query in snippet_queries(terms)]:
            url = f"{SEMANTIC_SCHOLAR.url(self.session.config)}/{PATHS[kind]}?{urlencode({'query': query})}"
            yield Search(NAME, dataset.slug, kind, query), url

    def ask(self, running: Running) -> Iterable[Request]:
        search, at = running.search, running.position
        fields: dict[str, object] = {"query": search.query}
        if search.kind == SNIPPETS:
            fields["limit"] = min(running.width, SNIPPET_PAGE)
        else:
            fields |= {"fields": SEARCH_FIELDS} | ({"token": at.token} if at.token else {})
        if at.window:
            fields["publicationDateOrYear"] = ":".join(at.window)
        request = self.api_request(
            PATHS[search.kind], fields, headers=key_header(self.session.config),
            callback=self.parse_snippets if search.kind == SNIPPETS else self.parse_bulk, errback=self.miss,
            cb_kwargs={"running": running},
        )  # fmt: skip
        request.meta[SHRINKS] = search.kind == SNIPPETS and min(running.width, SNIPPET_PAGE) > SMALLEST_PAGE
        yield request

    def parse_bulk(self, response: Response, running: Running) -> Iterator[Any]:
        answer = json_of(response)
        if not isinstance(answer, dict):
            yield from self._refused(response, running)
            return
        n_rows, hits = parse_hits(answer, running.terms, self.session.config)
        self._count_others(n_rows - len(hits))
        total, token = answer.get("total"), answer.get("token")
        yield from self.take(running, n_rows, hits, total if isinstance(total, int) else None, str(token) if token else None)

    def parse_snippets(self, response: Response, running: Running) -> Iterator[Any]:
        answer = json_of(response)
        if not isinstance(answer, dict):
            yield from self._refused(response, running)
            return
        named, hits = parse_snippets(answer, running.terms)
        self._count_others(named.count(False))
        goes_on = len(named) >= min(running.width, SNIPPET_PAGE) and any(named[-len(named) // 4 :])
        yield from self.take(running, len(named), hits, None, None, full=goes_on)

    def _count_others(self, n: int) -> None:
        if n:
            self.session.rejected["search hits whose text does not name the dataset"] += n

    def _refused(self, response: Response, running: Running) -> Iterator[Request]:
        if response.status == 504 and running.search.kind == SNIPPETS and min(running.width, SNIPPET_PAGE) > SMALLEST_PAGE:
            running.width = min(running.width, SNIPPET_PAGE) // 2
            yield from self.ask(running)
        elif response.status in (400, 404):
            self.note(running.subject, f"Semantic Scholar refuses the search ({parse_error(response.body) or response.status})")
        else:
            self.fail(running.subject, self.what(response, parse_error(response.body)))
