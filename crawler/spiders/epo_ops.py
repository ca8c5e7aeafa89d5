"""Applicants with country, families, titles and cited literature of known patents, by the EPO's Open Patent Services."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.middlewares import Policy, Stopped, describe
from crawler.patents.ops import FaultError, parse_answer
from crawler.patents.records import Patent, located_strings
from crawler.patents.throttle import WINDOW, Throttle
from crawler.providers import EPO_OPS_API
from crawler.runs import WhereusedSpider
from db.connect import writing
from db.crawl import save_problem
from db.identifiers import parse_publication_number
from db.patents import load_incomplete, load_parties, save_assignees, save_patent
from db.records import WorkRecord
from db.runs import installed_version
from db.works import save_work

NAME = EPO_OPS_API.name
KEPT = "what came is kept, the same command goes on from there"


class EpoOpsSpider(WhereusedSpider):
    """Bibliographic data of each patent that the service has not told yet, one request after the other.

    A token lives 20 minutes; an expired one is a 400, answered by one new token.  A used-up quota is a 403: the spider stops.
    """

    name = NAME
    policy = Policy(EPO_OPS_API, is_json=False)
    custom_settings = {"ROBOTSTXT_OBEY": False}  # noqa: RUF012  # an API is made for programs

    async def start(self) -> AsyncIterator[Any]:
        self._numbers = load_incomplete(self.session.db, self.session.slugs, NAME)
        if self.session.limit:
            self._numbers = self._numbers[: self.session.limit]
        self._throttle = Throttle("retrieval", at_first=int(WINDOW / EPO_OPS_API.interval(self.session.config)))
        self._unit = min(1.0, EPO_OPS_API.interval(self.session.config))  # a server of the user's own may be asked faster
        if self._numbers and not EPO_OPS_API.key(self.session.config):
            self.session.notes[
                f"{len(self._numbers)} patents lack applicants and families: set {EPO_OPS_API.key_name}=ID:SECRET "
                "(free at https://developers.epo.org) and the EPO fills them in"
            ] = None
        elif self._numbers:
            yield self._ask_token(self._numbers[0], renewed=False)

    def _ask_token(self, number: str, *, renewed: bool) -> Request:
        """A request for a token; ``renewed``: because the last one is no longer taken."""
        key = EPO_OPS_API.key(self.session.config) or ""
        return Request(
            f"{EPO_OPS_API.url(self.session.config)}/auth/accesstoken", method="POST", body="grant_type=client_credentials",
            headers={
                "Authorization": f"Basic {base64.b64encode(key.encode()).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            callback=self.parse_token, errback=self.miss, cb_kwargs={"number": number, "renewed": renewed},
            meta={"handle_httpstatus_all": True, "dont_redirect": True}, dont_filter=True,
        )  # fmt: skip

    def parse_token(self, response: Response, number: str, renewed: bool) -> Iterator[Request]:
        try:
            self._token = str(json.loads(response.body)["access_token"])
        except (ValueError, KeyError, TypeError):
            self.session.fail(f"the EPO gives no token (status {response.status}): check {EPO_OPS_API.key_name}; {KEPT}")
            return
        yield self._ask(number, renewed=renewed)

    def _ask(self, number: str, *, renewed: bool = False, after: float = 0.0) -> Request:
        found = parse_publication_number(number)
        docdb = found.docdb if found else number
        return Request(
            f"{EPO_OPS_API.url(self.session.config)}/rest-services/published-data/publication/docdb/{docdb}/biblio",
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/exchange+xml"},
            callback=self.parse_biblio, errback=self.miss, cb_kwargs={"number": number, "renewed": renewed},
            meta={"handle_httpstatus_all": True, "dont_redirect": True, "not_before": monotonic() + after}, dont_filter=True,
        )  # fmt: skip

    def parse_biblio(self, response: Response, number: str, renewed: bool) -> Iterator[Request]:
        self._throttle.take(_header(response, "X-Throttling-Control"), monotonic())
        try:
            found = parse_answer(response.body)
        except FaultError as fault:
            if fault.code == "invalid_access_token" and not renewed:
                yield self._ask_token(number, renewed=True)
                return
            if response.status not in (400, 404, 413):
                self._fail(f"the EPO answers with status {response.status} ({fault.code}); {KEPT}")
                return
            save_problem(
                self.session.db, NAME, number, self.session.clean(f"the EPO has no data of it ({fault.code})"), run_id=self.session.run_id
            )
            found = ()
        told = [patent for patent in found if patent.number.startswith(number)]
        for patent in told[:1]:
            self._save(number, patent)
        if found and not told:
            save_problem(self.session.db, NAME, number, f"the EPO answers for {found[0].number}", run_id=self.session.run_id)
        yield from self._next(number)

    def _next(self, number: str) -> Iterator[Request]:
        at = self._numbers.index(number) + 1
        if at < len(self._numbers) and not self.session.stop.is_set():
            yield self._ask(self._numbers[at], after=max(1.0, self._throttle.interval(monotonic())) * self._unit)

    def _save(self, number: str, patent: Patent) -> None:
        db = self.session.db
        inventors = tuple(party.name for party in patent.facts.parties if party.role == "inventor")
        record = WorkRecord(
            patent.title, kind="patent", year=int(patent.publication_date[:4]) if patent.publication_date else None,
            publication_date=patent.publication_date, abstract=patent.abstract, authors=inventors, ids=(("publication_number", number),),
        )  # fmt: skip
        with writing(db):
            work_id = save_work(db, record, provider=NAME, run_id=self.session.run_id)
            save_patent(db, work_id, patent.facts, provider=NAME)
            if strings := located_strings(load_parties(db, work_id)):
                save_assignees(db, work_id, strings, version=installed_version())

    def miss(self, failure: Failure) -> None:
        if isinstance(failure.value, Stopped):
            if str(failure.value) != "stopped":
                self._fail(str(failure.value))
        else:
            self._fail(f"the EPO can't be reached ({describe(failure.value)}); {KEPT}")

    def _fail(self, reason: str) -> None:
        if not self.session.stop.is_set():
            self.session.fail(reason)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
