"""Facts of works that Semantic Scholar has not told of yet: many in one call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import FactsAnswer
from crawler.lists.listing import ListSpider, json_of
from crawler.manners.refusals import SHRINKS, Policy
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.shapes.s2 import PAPER_FIELDS, key_header, parse_error, parse_paper
from db.completing import Wanted, load_untold

NAME = SEMANTIC_SCHOLAR.name
BATCH = 500  # ids in one call
SMALLEST = 10  # a batch that fails is halved down to this
# By which id a work is asked for, the surest first, and how the service wants it to be written.
PREFIXES = {
    "s2": "",
    "corpus": "CorpusId:",
    "doi": "DOI:",
    "arxiv": "ARXIV:",
    "pubmed": "PMID:",
    "pmc": "PMCID:",
    "acl": "ACL:",
    "mag": "MAG:",
}
OWN_IDS = ("s2", "corpus")


class SemanticScholarBatchSpider(ListSpider):
    """``POST /paper/batch`` for works in scope that came by a snippet, another provider or an import: each once.

    500 ids a call; the answer has the order of the ids, ``null`` for what is not known (asked again after a month), and may
    name a work by another id than the asked one: both are kept.  Large answers time out (504) or are too large: the batch is
    halved.  https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/post_graph_get_papers
    """

    name = f"{NAME}_batch"
    provider = SEMANTIC_SCHOLAR
    policy = Policy(SEMANTIC_SCHOLAR)

    async def start(self) -> AsyncIterator[Any]:
        if NAME in self.session.failed:
            return
        wanted = load_untold(self.session.db, self.session.slugs, NAME, tuple(PREFIXES), told=OWN_IDS)[: self.session.limit]
        for first in range(0, len(wanted), BATCH):
            yield self._ask(wanted[first : first + BATCH])

    def _ask(self, wanted: list[Wanted]) -> Request:
        url = f"{SEMANTIC_SCHOLAR.url(self.session.config)}/paper/batch?{urlencode({'fields': PAPER_FIELDS}, safe=',')}"
        return Request(
            url, method="POST", body=json.dumps({"ids": [_asked(work) for work in wanted]}),
            headers={"Content-Type": "application/json", **(key_header(self.session.config) or {})},
            callback=self.parse, errback=self.miss, cb_kwargs={"wanted": wanted},
            meta={"handle_httpstatus_all": True, "dont_redirect": True, SHRINKS: len(wanted) > SMALLEST}, dont_filter=True,
        )  # fmt: skip

    def parse(self, response: Response, wanted: list[Wanted]) -> Iterator[Any]:
        answer, said = json_of(response), parse_error(response.body)
        if isinstance(answer, list) and len(answer) == len(wanted):
            papers = [parse_paper(row, self.session.config) if isinstance(row, dict) and row.get("paperId") else None for row in answer]
            yield FactsAnswer(NAME, list(zip(wanted, papers, strict=True)))
        elif response.status == 404 or (response.status == 400 and ("valid paper id" in said.lower() or len(wanted) == 1)):
            yield FactsAnswer(NAME, [(work, None) for work in wanted])
        elif response.status in (200, 400, 413, 504) and len(wanted) > (1 if response.status == 400 else SMALLEST):
            yield self._ask(wanted[: len(wanted) // 2])
            yield self._ask(wanted[len(wanted) // 2 :])
        else:
            self.fail("facts of works", self.what(response, said))

    def miss(self, failure: Failure) -> None:
        self.fail("facts of works", self.why(failure))


def _asked(work: Wanted) -> str:
    return PREFIXES[work.scheme] + (work.value.removeprefix("PMC") if work.scheme == "pmc" else work.value)
