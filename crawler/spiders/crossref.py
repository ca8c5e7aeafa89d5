"""Facts of DOIs and the count of citations of seed works, by Crossref."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import FactsAnswer
from crawler.lists.listing import ListSpider, json_of
from crawler.manners.refusals import Policy
from crawler.providers import CROSSREF
from crawler.shapes.crossref import parse_message
from crawler.shapes.unpaywall import find_email
from db.completing import Wanted, load_seed_dois, load_untold

NAME = CROSSREF.name


class CrossrefSpider(ListSpider):
    """One call for each seed work's DOI, and for each DOI in scope of which no title or no year is known.

    ``/works/{doi}?mailto=``: an address in ``WHEREUSED_CONTACT`` leads to the polite pool.  ``is-referenced-by-count`` is all
    that the public API tells of citations.  404 with plain text for an unknown DOI; those of arXiv are DataCite's and not asked.
    https://api.crossref.org/swagger-ui/index.html
    """

    name = NAME
    provider = CROSSREF
    policy = Policy(CROSSREF)

    async def start(self) -> AsyncIterator[Any]:
        db, slugs = self.session.db, self.session.slugs
        untold = [work for work in load_untold(db, slugs, NAME, ("doi",), told=()) if not work.value.startswith("10.48550/")]
        seeds = load_seed_dois(db, slugs)
        email = find_email(self.session.config)
        for work in [*seeds, *(work for work in untold if work not in seeds)][: self.session.limit]:
            yield self.api_request(
                f"works/{quote(work.value, safe='')}", {"mailto": email} if email else {},
                callback=self.parse, errback=self.miss, cb_kwargs={"wanted": work},
            )  # fmt: skip

    def parse(self, response: Response, wanted: Wanted) -> Iterator[Any]:
        answer = json_of(response)
        if isinstance(answer, dict) and isinstance(answer.get("message"), dict):
            told = answer["message"].get("DOI")
            is_it = not isinstance(told, str) or told.lower() == wanted.value.lower()  # never take another work's facts
            yield FactsAnswer(NAME, [(wanted, parse_message(answer["message"]) if is_it else None)])
        elif response.status in (400, 404):
            yield FactsAnswer(NAME, [(wanted, None)])
        else:
            self.fail("facts of DOIs", self.what(response))

    def miss(self, failure: Failure) -> None:
        self.fail("facts of DOIs", self.why(failure))
