"""What a crawl brought, in words: what the provider claims, what came, what is missing and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.providers import LISTS, PATENT_SERVICES, PROVIDERS, SEMANTIC_SCHOLAR
from crawler.runs import Session
from db.crawl_plan import ListReport, load_list_reports, load_problems
from db.errors import ProviderError
from db.fulltexts import count_fulltexts, count_reasons
from db.patent_crawl import SearchState, load_searches
from db.queries.searches import CitationCount, SearchCount, load_citation_counts, load_search_counts
from db.queries.shortfall import Shortfall, load_shortfall
from db.wording import count

TITLES = {provider.name: provider.title for provider in PROVIDERS}
MOST_NAMED = 4  # subjects of one reason


@dataclass(slots=True)
class CrawlReport:
    """The outcome of a call.  ``failure`` is set where a provider failed after retries."""

    slugs: tuple[str, ...]
    lists: list[ListReport]
    fulltexts: Counter[str]
    reasons: Counter[str]
    problems: list[tuple[str, str]]
    rejected: Counter[str]
    notes: tuple[str, ...]
    searches: list[SearchCount] = field(default_factory=list)
    counts: list[CitationCount] = field(default_factory=list)
    shortfalls: list[Shortfall] = field(default_factory=list)
    patent_searches: list[SearchState] = field(default_factory=list)
    failure: ProviderError | None = None
    run_id: int | None = None  # of this call: lists of other calls were not read again

    def lines(self) -> Iterator[str]:
        """The report for people."""
        for report in self.lists:
            by = f" (by {LISTS[report.provider].title})" if report.provider != SEMANTIC_SCHOLAR.name else ""
            yield f"{', '.join(report.slugs)}: {report.title}{by}"
            again = report.state != "done" or self.run_id in (None, report.run_id)
            yield f"  {_list_line(report) if again else _rest_line(report)}"
        yield from map(_shortfall_line, self.shortfalls)
        for told in self.counts:
            yield f"{told.slug}: {told.paper}: {TITLES[told.provider]} counts {count(told.n, 'citation')}"
        for search in self.searches:
            yield f"{search.slug}: {search.kind} for {search.query} (by {TITLES[search.provider]})"
            yield f"  {_search_line(search)}"
        yield from map(_patent_line, self.patent_searches)
        if self.fulltexts:
            states = [
                f"{self.fulltexts[state]} {state}"
                for state in ("stored", "pending", "refused", "failed", "no place")
                if self.fulltexts[state]
            ]
            why = "; addresses that gave none: " + ", ".join(f"{n} × {reason}" for reason, n in self.reasons.most_common(4))
            yield f"full texts of {count(self.fulltexts.total(), 'work')}: {', '.join(states)}{why if self.reasons else ''}"
        if self.rejected:
            yield "dropped values: " + ", ".join(f"{n} {what}" for what, n in sorted(self.rejected.items()))
        yield from self.notes
        yield from self._not_harvested()
        if not (self.lists or self.searches or self.patent_searches or self.fulltexts or self.problems):
            yield f"{', '.join(self.slugs)}: nothing was found; name its papers with `whereused datasets add … --paper ID`"

    def _not_harvested(self) -> Iterator[str]:
        """What went wrong, each reason once with all that it concerns."""
        by_reason: dict[str, list[str]] = {}
        for subject, reason in self.problems:
            by_reason.setdefault(reason, []).append(subject)
        for reason, subjects in by_reason.items():
            more = f" and {len(subjects) - MOST_NAMED} more" if len(subjects) > MOST_NAMED else ""
            why = "" if self.failure and reason in str(self.failure) else f": {reason}"  # the last line of the call says it
            yield f"not harvested: {'; '.join(subjects[:MOST_NAMED])}{more}{why}"


def _list_line(report: ListReport) -> str:
    parts = [f"{count(report.n_rows, 'row')}, {count(report.n_edges, 'citing work')}"]
    parts += [f"{report.n_without_id} of them without an id"] if report.n_without_id else []
    parts += [f"{report.n_new} new, {report.n_withdrawn} withdrawn"]
    if report.reported is not None:
        parts += [f"the provider counts {report.reported}" + (f", {report.shortfall} of them not shown" if report.shortfall else "")]
    if report.state != "done":
        parts += ["not read to its end, the next crawl goes on"]
    elif report.capped:
        parts += ["cut off: the provider shows no more than 9,999 of a list"]
    if report.suspect:
        parts += [f"suspect: {report.suspect}"]
    return "; ".join(parts)


def _rest_line(report: ListReport) -> str:
    return f"not read again: {count(report.n_edges, 'citing work')} on {(report.completed_at or '')[:10]}" + (
        f"; suspect: {report.suspect}" if report.suspect else ""
    )


def _patent_line(search: SearchState) -> str:
    of = f" of {search.reported}" if search.reported is not None and search.reported > search.n_hits else ""
    rest = "" if search.state == "done" else "; not read to its end, the next crawl goes on"
    return f"{search.slug}: patents by {PATENT_SERVICES[search.provider].title}: {search.n_hits}{of} hits{rest}"


def _shortfall_line(entry: Shortfall) -> str:
    claimed = f" of the {entry.claimed} that it counts" if entry.claimed is not None else ""
    parts = [f"{entry.slug} by {TITLES[entry.provider]}: {count(entry.received, 'row')} came{claimed}"]
    parts += [f"{entry.without_id} without an id"] if entry.without_id else []
    parts += [f"{entry.duplicates} repeated"] if entry.duplicates else []
    parts += [f"full text of {entry.with_full_text} of {count(entry.n_works, 'work')}"]
    why = sorted(entry.why_not.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMED]
    return ", ".join(parts) + (f" (else: {', '.join(f'{n} × {reason}' for reason, n in why)})" if why else "")


def _search_line(search: SearchCount) -> str:
    named = f"{search.n_works} of them name it" if search.n_works else "none names it"
    parts = [f"{count(search.n_rows, 'hit')}, {named}"]
    parts += [f"{search.n_without_citation} of those without a citation"] if search.n_without_citation else []
    parts += [f"{search.n_new} new"] if search.n_works else []
    parts += [f"the provider counts {search.reported}"] if search.reported else []
    if search.state != "done":
        parts += ["not read to its end, the next crawl goes on"]
    elif search.capped:
        parts += ["there are more, and not all are taken (WHEREUSED_SEARCH_LIMIT)"]
    return "; ".join(parts)


def make_report(session: Session) -> CrawlReport:
    """The report of a call, from the database."""
    db, slugs = session.db, session.slugs
    lists = [report for provider in LISTS for report in load_list_reports(db, provider, slugs)]
    counts = [told for slug in slugs for told in load_citation_counts(db, slug)]
    shortfalls = [
        load_shortfall(db, slug, provider)
        for slug in slugs
        for provider in LISTS
        if any(report.provider == provider and slug in report.slugs for report in lists)
    ]
    searches = [search for slug in slugs for search in load_search_counts(db, slug) if session.search and search.is_worth_a_line]
    return CrawlReport(
        slugs, lists, count_fulltexts(db, slugs), count_reasons(db, slugs), load_problems(db, run_id=session.run_id),
        session.rejected, tuple(session.notes), searches, counts, shortfalls, load_searches(db, slugs),
        run_id=session.run_id,
    )  # fmt: skip


__all__ = ["CrawlReport", "make_report"]
