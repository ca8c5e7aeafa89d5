"""What a crawl brought, in words: what the provider claims, what came, what is missing and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.providers import LISTS, SEMANTIC_SCHOLAR
from crawler.runs import Session
from db.crawl_plan import ListReport, load_list_reports, load_problems
from db.errors import ProviderError
from db.fulltexts import count_fulltexts, count_reasons


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
    failure: ProviderError | None = None

    def lines(self) -> Iterator[str]:
        """The report for people."""
        for report in self.lists:
            by = f" (by {LISTS[report.provider].title})" if report.provider != SEMANTIC_SCHOLAR.name else ""
            yield f"{', '.join(report.slugs)}: {report.title}{by}"
            yield f"  {_list_line(report)}"
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
        failed = str(self.failure or "")  # it is told once, at the end
        unasked = [subject for subject, reason in self.problems if reason in failed]
        yield from (f"not harvested: {subject}: {reason}" for subject, reason in self.problems if reason not in failed)
        if unasked:
            yield f"not harvested, for the reason below: {'; '.join(unasked)}"


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


def make_report(session: Session) -> CrawlReport:
    """The report of a call, from the database."""
    db, slugs = session.db, session.slugs
    lists = [report for provider in LISTS for report in load_list_reports(db, provider, slugs)]
    return CrawlReport(
        slugs, lists, count_fulltexts(db, slugs), count_reasons(db, slugs), load_problems(db, run_id=session.run_id),
        session.rejected, tuple(session.notes),
    )  # fmt: skip


__all__ = ["CrawlReport", "make_report"]
