"""Saving patents, whoever tells of them: facts, institutions to locate, passages that name a dataset, and why they are in scope.

Files of the user and answers of services come together here.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from crawler.patents.evidence import find_evidence
from crawler.patents.records import Patent, located_strings
from crawler.reading.aliases import Catalogue
from db.patents import PassageRow, load_dataset_names, load_parties, paper_ids, part_of, save_assignees, save_passages, save_patent
from db.records import WorkRecord
from db.runs import installed_version
from db.works import save_finding, save_work


class PatentStore:
    """Saves patents inside transactions of the caller."""

    def __init__(self, db: Database, run_id: int) -> None:
        self.db, self.run_id = db, run_id
        self._catalogue = Catalogue.of(*load_dataset_names(db))
        self._papers: dict[str, dict[str, set[str]]] = {}
        self._version = installed_version()

    def save(self, patent: Patent) -> tuple[int, tuple[PassageRow, ...]]:
        """The patent with its facts and passages; (work, passages of all datasets)."""
        ids = [("publication_number", patent.number), *([("lens", patent.lens_id)] if patent.lens_id else [])]
        record = WorkRecord(
            patent.title, kind="patent", year=int(patent.publication_date[:4]) if patent.publication_date else None,
            publication_date=patent.publication_date, abstract=patent.abstract, ids=tuple(ids),
        )  # fmt: skip
        work_id = save_work(self.db, record, provider=patent.provider, run_id=self.run_id)
        save_patent(self.db, work_id, patent.facts, provider=patent.provider)
        if strings := located_strings(load_parties(self.db, work_id), patent.number):
            save_assignees(self.db, work_id, strings, version=self._version)
        return work_id, self._save_passages(work_id, patent)

    def _save_passages(self, work_id: int, patent: Patent) -> tuple[PassageRow, ...]:
        if not patent.segments:
            return ()
        found = find_evidence(patent.segments, self._catalogue)
        uses = [(use.slug, use.score, use.reasons) for use in found.uses]
        parts = {part_of(segment.section) for segment in patent.segments}
        save_passages(self.db, work_id, found.passages, uses, parts=parts, provider=patent.provider, version=self._version)
        return found.passages

    def save_hits(
        self, work_id: int, slug: str, hows: Iterable[str], passages: Iterable[PassageRow], *, provider: str, url: str,
        cited: Iterable[tuple[str, str]] = (),
    ) -> int:  # fmt: skip
        """Why the patent is in the scope of a dataset: how it was found, that its text names it, that it cites its papers.

        The number of its passages that name the dataset.
        """
        if slug not in self._papers:
            self._papers[slug] = paper_ids(self.db, slug)
        told = set(hows)
        if any(value in self._papers[slug].get(scheme, ()) for scheme, value in cited):
            told.add("npl citation")
        own = [passage for passage in passages if passage.slug == slug]
        told |= {"npl citation" if passage.in_references else "text" for passage in own}
        for how in sorted(told):
            save_finding(self.db, work_id, slug, provider=provider, how=how, url=url, run_id=self.run_id)
        return len(own)
