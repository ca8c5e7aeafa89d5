"""Where works without a full text may be had, by Unpaywall."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import Paper, PlacesAnswer
from crawler.lists.listing import ListSpider, json_of
from crawler.manners.refusals import Policy
from crawler.providers import UNPAYWALL
from crawler.shapes.unpaywall import find_email, parse_places
from db.fulltexts import load_wanted_dois


class UnpaywallSpider(ListSpider):
    """One call for each DOI whose other places gave nothing; asked again after a month.

    ``/v2/{doi}?email=``: a real e-mail address is a condition of use (``WHEREUSED_CONTACT``); without one nothing is asked.
    404 for an unknown DOI.  https://unpaywall.org/products/api
    """

    name = UNPAYWALL.name
    provider = UNPAYWALL
    policy = Policy(UNPAYWALL)

    async def start(self) -> AsyncIterator[Any]:
        email = find_email(self.session.config)
        wanted = load_wanted_dois(self.session.db, self.session.slugs, UNPAYWALL.name) if email else []
        for work_id, doi in wanted[: self.session.limit]:
            yield self.api_request(
                doi, {"email": email}, callback=self.parse, errback=self.miss, cb_kwargs={"work_id": work_id, "doi": doi}
            )

    def parse(self, response: Response, work_id: int, doi: str) -> Iterator[Any]:
        answer = json_of(response)
        if isinstance(answer, dict) and str(answer.get("doi") or doi).lower() != doi.lower():
            answer = {}  # another work's places: as if it knew none
        if answer is not None or response.status == 404:
            yield PlacesAnswer(work_id, UNPAYWALL.name, Paper(places=parse_places(answer, self.session.config)))
        elif response.status == 422:
            self.fail("full texts", "Unpaywall refuses the e-mail address in WHEREUSED_CONTACT; set a real one")
        else:
            self.fail("full texts", self.what(response))

    def miss(self, failure: Failure) -> None:
        self.fail("full texts", self.why(failure))
