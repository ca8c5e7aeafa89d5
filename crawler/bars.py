"""Progress of lists and full texts on stderr, as items are saved."""

from __future__ import annotations

from collections.abc import Iterable

from rich.progress import Progress, TaskID

from crawler.items import CitationPage, FulltextAnswer, SeedAnswer
from crawler.runs import Session
from db.wording import plain

WIDTH = 40


class Bars:
    """One bar for each list, one for the full texts; connected to Scrapy's signal ``item_scraped``."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self.session = session
        self.progress = progress
        self.tasks: dict[str, TaskID] = {}

    def saved(self, item: object) -> None:
        """An item went through all pipelines."""
        if isinstance(item, SeedAnswer):
            key = _key(item.paper.ids)
            self._task(key, item.paper.title or key, item.paper.n_citations)
        elif isinstance(item, CitationPage):
            self.progress.advance(self._task(item.step.cited, item.step.cited, None), item.step.n_rows)
        elif isinstance(item, FulltextAnswer):
            task = self._task("full texts", "full texts", self.session.n_fulltexts)
            self.progress.advance(task, item.status == "stored" or item.is_last)

    def _task(self, key: str, name: str, total: int | None) -> TaskID:
        if key not in self.tasks:
            self.tasks[key] = self.progress.add_task(plain(name)[:WIDTH], total=total)
        return self.tasks[key]


def _key(ids: Iterable[tuple[str, object]]) -> str:
    """By what the pages of a list name the cited work."""
    held = dict(reversed(list(ids)))
    return next((str(held[scheme]) for scheme in ("s2", "openalex", "doi") if scheme in held), "")
