"""The steps from what a provider said to what is saved; ``ITEM_PIPELINES`` in the settings is their table of contents.

Each step does one thing and counts what it throws away in ``session.rejected``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from scrapy.exceptions import DropItem

from crawler.clock import this_year
from crawler.fulltext import PLACEHOLDER, find_flaw, store_pdf
from crawler.items import CitationPage, Edge, FactsAnswer, FulltextAnswer, Hit, Paper, PlacesAnswer, SearchPage, SeedAnswer
from crawler.runs import OfCrawl
from db.citations import CitationRow
from db.completing import Facts, Wanted, save_facts
from db.connect import writing
from db.crawl import forget_problem, open_pass, save_page, save_seed
from db.fulltexts import save_fulltext, save_place_search
from db.identity import canonical_ids
from db.records import WorkRecord
from db.searches import SearchHit, save_search_page

EARLIEST_YEAR = 1500
LONGEST_URL = 2000
_EMAIL = re.compile(r"[\w.+-]+@(?=[\w-]+(?:\.[\w-]+)+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff]")


class Step(OfCrawl):
    """One step; subclasses say what they do with an item."""

    def reject(self, what: str, n: int = 1) -> None:
        """Count values that are thrown away."""
        if n:
            self.session.rejected[what] += n

    def abort(self, error: Exception) -> None:
        """Nothing more can be saved: end the call."""
        self.session.abort(error)
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="can't save"))


def papers_of(item: object) -> Iterator[Paper]:
    """The papers in an item."""
    if isinstance(item, (SeedAnswer, PlacesAnswer)):
        yield item.paper
    elif isinstance(item, CitationPage):
        yield from (edge.paper for edge in item.edges)
    elif isinstance(item, SearchPage):
        yield from (hit.paper for hit in item.hits)
    elif isinstance(item, FactsAnswer):
        yield from (paper for _, paper in item.rows if paper)


class CanonicalIds(Step):
    """Ids in canonical form, each once; what is no id of its scheme is dropped."""

    def process_item(self, item: object) -> object:
        for paper in papers_of(item):
            good, n_bad = canonical_ids(paper.ids)
            old, n_bad_old = canonical_ids(paper.old_ids)
            paper.ids, paper.old_ids = list(good), [pair for pair in old if pair not in good]
            self.reject("ids that are none", n_bad + n_bad_old)
        return item


class TidyTexts(Step):
    """Texts in one line, without control characters and half characters; e-mail addresses lose the name before the @."""

    def process_item(self, item: object) -> object:
        for paper in papers_of(item):
            paper.title, paper.venue, paper.abstract = self._tidy(paper.title), self._tidy(paper.venue), self._tidy(paper.abstract)
            paper.authors = [name for author in paper.authors if (name := self._tidy(author))]
            paper.affiliations = [replace(a, text=text) for a in paper.affiliations if (text := self._tidy(a.text))]
            paper.publication_types = [kind for given in paper.publication_types if (kind := self._tidy(given))]
        for edge in item.edges if isinstance(item, CitationPage) else ():
            edge.intents = [intent for given in edge.intents if (intent := self._tidy(given))]
            edge.contexts = [replace(context, text=text) for context in edge.contexts if (text := self._tidy(context.text))]
        for hit in item.hits if isinstance(item, SearchPage) else ():
            hit.quotes = [replace(quote, text=text) for quote in hit.quotes if (text := self._tidy(quote.text))]
        return item

    def _tidy(self, text: str | None) -> str | None:
        if text is None:
            return None
        if not text.isascii():
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # JSON can hold half a character
        text = _CONTROL.sub("", " ".join(text.split()))
        if "@" in text:
            text, n_names = _EMAIL.subn("@", text)
            self.reject("e-mail names", n_names)
        return text.strip() or None


class PlausibleDates(Step):
    """Years from 1500 to the next one, dates of the calendar; a missing year is taken from the date."""

    def process_item(self, item: object) -> object:
        for paper in papers_of(item):
            paper.publication_date = self._date(paper.publication_date)
            paper.year = self._year(paper.year)
            if paper.year is None and paper.publication_date:
                paper.year = int(paper.publication_date[:4])
        return item

    def _date(self, given: str | None) -> str | None:
        try:
            return date.fromisoformat(given).isoformat() if given else None
        except ValueError:
            self.reject("dates that are none")
            return None

    def _year(self, given: object) -> int | None:
        if isinstance(given, int) and EARLIEST_YEAR <= given <= this_year() + 1:
            return given
        self.reject("years that can't be", given is not None)
        return None


class WebPlaces(Step):
    """Links that lead to a web server as they stand; some hold a blank to be filled in."""

    def process_item(self, item: object) -> object:
        for paper in papers_of(item):
            good = [(namer, place) for namer, place in paper.places if self._is_good(place.url)]
            self.reject("links that lead nowhere", len(paper.places) - len(good))
            paper.places = good
        return item

    @staticmethod
    def _is_good(url: str) -> bool:
        try:
            parts = urlsplit(url)
            return (
                parts.scheme in ("http", "https")
                and bool(parts.hostname)
                and PLACEHOLDER not in url
                and len(url) <= LONGEST_URL
                and not re.search(r"\s", url)
            )
        except ValueError:
            return False


class OnlyPdfs(Step):
    """An answer that is no PDF is refused, with the reason."""

    def process_item(self, item: object) -> object:
        if isinstance(item, FulltextAnswer) and item.is_new and (flaw := find_flaw(item.body)):
            item.refuse(flaw)
            self.reject("full texts that are no PDF")
        return item


class StorePdf(Step):
    """PDFs into their folder, under their hash."""

    def process_item(self, item: object) -> object:
        if isinstance(item, FulltextAnswer) and item.is_new:
            try:
                item.file, item.body = store_pdf(self.session.config, item.body), b""
            except OSError as error:
                self.abort(error)
                raise
        return item


class SaveAll(Step):
    """The last step: into the database, one transaction for each item."""

    def process_item(self, item: object) -> object:
        if self.session.error:
            raise DropItem("nothing can be saved any more")
        try:
            if isinstance(item, SeedAnswer):
                self._save_seed(item)
            elif isinstance(item, CitationPage):
                self._save_page(item)
            elif isinstance(item, SearchPage):
                save_search_page(self.session.db, item.step, [_hit(hit) for hit in item.hits], run_id=self.session.run_id)
            elif isinstance(item, FactsAnswer):
                save_facts(self.session.db, map(_facts, item.rows), provider=item.provider, run_id=self.session.run_id)
            elif isinstance(item, PlacesAnswer):
                save_place_search(self.session.db, item.work_id, item.paper.places, provider=item.provider, run_id=self.session.run_id)
            elif isinstance(item, FulltextAnswer):
                save_fulltext(
                    self.session.db, item.place, status=item.status, file=item.file, reason=item.reason, run_id=self.session.run_id
                )
        except Exception as error:
            self.abort(error)
            raise
        return item

    def _save_seed(self, item: SeedAnswer) -> None:
        db, run_id = self.session.db, self.session.run_id
        with writing(db):
            work_id = save_seed(
                db,
                item.seed.papers,
                _record(item.paper),
                provider=item.provider,
                run_id=run_id,
                confirmed=item.confirmed,
                known=item.seed.work_id,
            )
            open_pass(db, item.provider, work_id, item.pass_number, item.paper.n_citations)
            forget_problem(db, item.provider, item.seed.subject)

    def _save_page(self, item: CitationPage) -> None:
        rows = map(citation_row, item.edges)
        save_page(self.session.db, item.step, rows, run_id=self.session.run_id)


def citation_row(edge: Edge) -> CitationRow:
    """A row of a list after the steps above, as the database takes it."""
    paper, contexts, intents = edge.paper, tuple(edge.contexts), tuple(edge.intents)
    return CitationRow(_record(paper), contexts, intents, edge.is_influential, tuple(paper.places), tuple(paper.affiliations))


def _hit(hit: Hit) -> SearchHit:
    quotes = tuple((quote.alias, quote.text, quote.section) for quote in hit.quotes)
    return SearchHit(_record(hit.paper), quotes, tuple(hit.paper.places), tuple(hit.paper.affiliations))


def _facts(row: tuple[Wanted, Paper | None]) -> Facts:
    wanted, paper = row
    return Facts(wanted, _record(paper), tuple(paper.places), paper.n_citations) if paper else Facts(wanted, None)


def _record(paper: Paper) -> WorkRecord:
    """A paper after the steps above, as the database takes it."""
    return WorkRecord(
        title=paper.title, year=paper.year if isinstance(paper.year, int) else None, venue=paper.venue,
        publication_date=paper.publication_date, abstract=paper.abstract, publication_types=tuple(paper.publication_types),
        authors=tuple(paper.authors), ids=tuple((scheme, str(value)) for scheme, value in paper.ids),
        old_ids=tuple((scheme, str(value)) for scheme, value in paper.old_ids),
    )  # fmt: skip
