"""Applicants with country, families, titles, cited literature and texts of known patents, by the EPO's Open Patent Services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crawler.manners.epo import EpoSpider, Job
from crawler.patent_items import PatentAnswer, Told
from crawler.patents.ops import Answer, FaultError
from crawler.providers import EPO_OPS_API
from db.identifiers import parse_publication_number
from db.patent_crawl import Part, load_missing

# Offices whose claims and descriptions the service has; not those of China, Japan, Korea and the United States.
FULL_TEXT = "EP WO AT BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU MC MD ME NL NO PL PT RO RS SE SI SK TR"
PARTS = (("biblio", ""), ("description", FULL_TEXT), ("claims", FULL_TEXT))


class EpoOpsSpider(EpoSpider):
    """``/publication/docdb/{number}/{biblio|description|claims}`` of each patent in scope, each part once.

    What the service does not have (404), takes for a wrong number (404) or for several (413) is noted and not asked again.
    """

    name = EPO_OPS_API.name

    def jobs(self) -> Iterator[Job]:
        for part, offices in PARTS:
            numbers = load_missing(self.session.db, self.session.slugs, EPO_OPS_API.name, part, offices.split())
            for number in numbers[: self.session.limit]:
                found = parse_publication_number(number)
                yield Job("retrieval", f"publication/docdb/{found.docdb if found else number}/{part}", (number, part))

    def take(self, job: Job, answer: Answer | FaultError) -> Iterator[Any]:
        number, part = job.key
        if isinstance(answer, FaultError):
            self._none(number, part)
            yield PatentAnswer(EPO_OPS_API.name, parts=[Part(number, part, answer.code)])
            return
        # Asked without a kind code it answers with all publications of the number.
        told = [patent for patent in answer.patents if patent.number == number] or [
            patent for patent in answer.patents if patent.number.startswith(number)
        ]
        if not told:
            self._none(number, part)
        reason = None if told else f"answers for {answer.patents[0].number}" if answer.patents else "an empty answer"
        saved = [Told(replace(patent, number=number), self.url_of(job)) for patent in told[:1]]
        yield PatentAnswer(EPO_OPS_API.name, saved, [Part(number, part, reason)])

    def _none(self, number: str, part: str) -> None:
        if part == "biblio":
            self.session.rejected["patents that the EPO does not know"] += 1
