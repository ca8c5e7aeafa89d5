"""From a row of the engine to a row of a list, cleaned by the same steps as what the API shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

from scrapy.crawler import Crawler

from crawler.items import CitationPage, Edge, Paper
from crawler.pipelines import CanonicalIds, PlausibleDates, TidyTexts, WebPlaces, citation_row
from crawler.runs import Session
from crawler.shapes.s2 import parse_paper
from db.citations import CitationRow
from db.config import Config
from db.crawl import ListStep
from db.records import Context

STEPS = (CanonicalIds, TidyTexts, PlausibleDates, WebPlaces)


def as_rows(session: Session, step: ListStep, found: Iterable[Mapping[str, Any]]) -> Iterator[CitationRow]:
    """The rows of one list, one at a time."""
    crawler = cast(Crawler, SimpleNamespace(spider=SimpleNamespace(session=session)))  # all that a step asks of it
    steps = [make(crawler) for make in STEPS]
    for row in found:
        page = CitationPage(step, [as_edge(row, session.config)])
        for clean in steps:
            clean.process_item(page)
        yield from map(citation_row, page.edges)


def as_edge(row: Mapping[str, Any], config: Config) -> Edge:
    """A pair with its citing paper.  A paper that the release does not describe has its corpus id only."""
    given = {
        "paperId": row["sha"], "corpusId": row["citing"], "externalIds": _json(row["externalids"]), "title": row["title"],
        "authors": _json(row["authors"]), "venue": row["venue"], "year": row["year"], "publicationDate": row["publicationdate"],
        "publicationTypes": row["publicationtypes"],
    }  # fmt: skip
    paper: Paper = parse_paper(given, config)
    texts, intents = row["contexts"] or [], row["intents"] or []
    contexts = [Context(text, tuple(filter(None, (intents[n] or []) if n < len(intents) else []))) for n, text in enumerate(texts) if text]
    told = sorted({intent for some in intents for intent in some or [] if intent})
    return Edge(str(row["citing"]), paper, contexts, told, row["influential"])


def _json(text: str | None) -> object:
    return json.loads(text) if text else None
