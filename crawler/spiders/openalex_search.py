"""Works that name a dataset anywhere in their text, by OpenAlex."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.items import Hit
from crawler.lists.listing import json_of
from crawler.lists.search_listing import Running, SearchSpider
from crawler.lists.searching import Terms, find_quotes, open_query
from crawler.manners.openalex import MeteredSpider
from crawler.providers import OPENALEX
from crawler.shapes.openalex import PER_PAGE, SELECT, parse_row
from db.catalogue import Dataset
from db.searches import Search

KIND = "full-text search"


class OpenAlexSearchSpider(MeteredSpider, SearchSpider):
    """One boolean query for the names of each asked dataset, over title, abstract and full text (where OpenAlex has it).

    ``/works?search=&cursor=*``, on with ``meta.next_cursor`` until it is null; ten times the price of a list.  The passage is
    not shown: only an abstract that names the dataset gives a quote.  https://developers.openalex.org/how-to-use-the-api/find-similar-works
    """

    name = f"{OPENALEX.name}_search"

    def searches(self, dataset: Dataset, terms: Terms) -> Iterator[tuple[Search, str]]:
        if terms:
            query = open_query(terms)
            url = f"{OPENALEX.url(self.session.config)}/works?{urlencode({'search': query})}"
            yield Search(OPENALEX.name, dataset.slug, KIND, query), url

    def ask(self, running: Running) -> Iterable[Request]:
        if self.is_broke(running.subject):
            return
        at = running.position
        fields: dict[str, object] = {"search": running.search.query, "per-page": PER_PAGE, "cursor": at.token or "*", "select": SELECT}
        if at.window:
            first, last = at.window
            days = [f"from_publication_date:{first}"] * bool(first) + [f"to_publication_date:{last}"] * bool(last)
            fields["filter"] = ",".join(days)
        yield self.api_request(
            "works", self.with_key(**fields), callback=self.parse, errback=self.miss, cb_kwargs={"running": running}
        )  # fmt: skip

    def parse(self, response: Response, running: Running) -> Iterator[Any]:
        answer = json_of(response)
        if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
            if response.status in (400, 404):
                self.note(running.subject, f"OpenAlex refuses the search ({response.status})")
            else:
                self.fail(running.subject, self.what(response))
            return
        meta = answer["meta"] if isinstance(answer.get("meta"), dict) else {}
        self.charge(meta)
        papers = [edge.paper for row in answer["results"] if (edge := parse_row(row, self.session.config))]
        told = [[(paper.title, "title"), (paper.abstract, "abstract")] for paper in papers]
        hits = [Hit(paper, find_quotes(texts, running.terms)) for paper, texts in zip(papers, told, strict=True)]
        count, token = meta.get("count"), meta.get("next_cursor")
        yield from self.take(
            running, len(hits), hits, count if isinstance(count, int) else None, str(token) if token and hits else None
        )  # fmt: skip
