"""What a crawl brought, in words: what the provider claims, what came, what is missing and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.providers import LISTS, PATENT_SERVICES, SEMANTIC_SCHOLAR
from crawler.runs import Session
from db.crawl_plan import ListReport, load_list_reports, load_problems
from db.errors import ProviderError
from db.fulltexts import count_fulltexts, count_reasons
from db.patent_crawl import SearchState, load_searches


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
    searches: list[SearchState] = field(default_factory=list)
    failure: ProviderError | None = None

    def lines(self) -> Iterator[str]:
        """The report for people."""
        for report in self.lists:
            by = f" (by {LISTS[report.provider].title})" if report.provider != SEMANTIC_SCHOLAR.name else ""
            yield f"{', '.join(report.slugs)}: {report.title}{by}"
            yield f"  {_list_line(report)}"
        yield from map(_search_line, self.searches)
        if self.fulltexts:
            states = [
                f"{self.fulltexts[state]} {state}"
                for state in ("stored", "pending", "refused", "failed", "no place")
                if self.fulltexts[state]
            ]
            why = f" ({', '.join(f'{n} × {reason}' for reason, n in self.reasons.most_common(4))})" if self.reasons else ""
            yield f"full texts of {self.fulltexts.total()} works: {', '.join(states)}{why}"
        if self.rejected:
            yield "dropped values: " + ", ".join(f"{n} {what}" for what, n in sorted(self.rejected.items()))
        yield from self.notes
        yield from (f"not harvested: {subject}: {reason}" for subject, reason in self.problems)


def _list_line(report: ListReport) -> str:
    parts = [f"{report.n_rows} rows, {report.n_edges} citing works"]
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


def _search_line(search: SearchState) -> str:
    count = f" of {search.reported}" if search.reported is not None and search.reported > search.n_hits else ""
    rest = "" if search.state == "done" else "; not read to its end, the next crawl goes on"
    return f"{search.slug}: patents by {PATENT_SERVICES[search.provider].title}: {search.n_hits}{count} hits{rest}"


def make_report(session: Session) -> CrawlReport:
    """The report of a call, from the database."""
    db, slugs = session.db, session.slugs
    lists = [report for provider in LISTS for report in load_list_reports(db, provider, slugs)]
    return CrawlReport(
        slugs, lists, count_fulltexts(db, slugs), count_reasons(db, slugs), load_problems(db, run_id=session.run_id),
        session.rejected, tuple(session.notes), load_searches(db, slugs),
    )  # fmt: skip


__all__ = ["CrawlReport", "make_report"]
