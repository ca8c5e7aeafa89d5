"""Saving what an import read.  A file or a batch of rows is one transaction; saving it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.fulltext import store_pdf
from crawler.importing import pdfs
from crawler.importing.entry import Entry, Problem
from crawler.importing.report import ImportReport
from db.config import Config
from db.connect import writing
from db.identity import canonical, title_key
from db.importing import find_work_of_file, free_name, is_new_for, save_document, save_file_place, title_key_of, work_of_name
from db.records import ProviderFacts, WorkRecord
from db.works import holder_of, save_finding, save_fulltext_places, save_ids, save_work

PROVIDER = ProviderFacts("import")


def shared_urls(entries: Iterable[Entry]) -> set[str]:
    """Addresses that stand beside different titles: a search page or a journal, no id of a work."""
    titles: dict[str, set[str]] = {}
    for entry in entries:
        for scheme, value in entry.record.ids:
            if scheme == "url":
                titles.setdefault(value, set()).add(title_key(entry.record.title))
    return {url for url, keys in titles.items() if len(keys) > 1 or urlsplit(url).path == "/"}


class Saver:
    """Saves entries and files for the dataset of the report, and counts."""

    def __init__(self, config: Config, db: Database, report: ImportReport, run_id: int) -> None:
        self.config, self.db, self.report, self.run_id = config, db, report, run_id
        self._seen: set[int] = set()

    def save_file(self, path: Path, name: str) -> None:
        """One PDF: its bytes first, then its work, the document and the finding."""
        pdf = self._keep(path, name)
        if pdf is None:
            return
        with writing(self.db):
            work_id = self._find_work(pdf)
            if work_id is None:
                ids = () if pdf.refusal else (("sha256", pdf.sha256), *pdfs.own_ids(name))
                file_id = ("file", free_name(self.db, name, pdf.sha256))
                work_id = save_work(self.db, WorkRecord(None, ids=(*ids, file_id)), provider=PROVIDER.name, run_id=self.run_id)
            self._attach(work_id, pdf)
            if not pdf.refusal:  # what is no document is remembered with the reason, but nothing was found
                self._count(work_id, pdfs.readable(path.name))

    def save_entries(self, entries: Iterable[Entry], shared: set[str], *, origin: str) -> None:
        """A batch of references, with the PDFs that lie beside their file; ``origin`` is the name of that file."""
        kept = [(entry, self._keep(entry.pdf, pdfs.readable(entry.pdf.stem)) if entry.pdf else None) for entry in entries]
        with writing(self.db):
            for entry, pdf in kept:
                record = self._with_telling_url(entry.record, shared)
                work_id = save_work(self.db, record, provider=PROVIDER.name, run_id=self.run_id)
                save_fulltext_places(self.db, work_id, entry.places, provider=PROVIDER.name, run_id=self.run_id)
                if pdf:
                    self._attach(work_id, pdf)
                self._count(work_id, origin)

    def _keep(self, path: Path, name: str) -> pdfs.PdfFile | None:
        """Look at a file and store its bytes; None where it can't be read, which the report then says."""
        try:
            body = path.read_bytes()
        except OSError as error:
            self.report.problems.append(Problem(pdfs.readable(path.name), f"can't be read ({error.strerror})"))
            return None
        pdf = pdfs.inspect(body, canonical("file", name) or "unnamed")
        if pdf.refusal:
            self.report.refused.append(Problem(pdfs.readable(path.name), pdf.refusal))
        else:
            store_pdf(self.config, body)
            self.report.n_stored += 1
        if pdf.remark:
            self.report.remarks.append(Problem(pdfs.readable(path.name), pdf.remark))
        return pdf

    def _find_work(self, pdf: pdfs.PdfFile) -> int | None:
        """The work that is known already: by content, then by what the name tells.  A refused file has no content to go by."""
        if pdf.refusal:
            return holder_of(self.db, "file", pdf.name)
        hints, titles = pdfs.hinted_ids(pdf.name), pdfs.hinted_titles(pdf.name)
        found = find_work_of_file(self.db, pdf.sha256, pdfs.own_ids(pdf.name), hints, titles)
        return found or work_of_name(self.db, pdf.name)

    def _attach(self, work_id: int, pdf: pdfs.PdfFile) -> None:
        """Hang a file on its work: the ids that it brings, the document, and the place that it came from."""
        name = pdf.name if holder_of(self.db, "file", pdf.name) in (None, work_id) else free_name(self.db, pdf.name, pdf.sha256)
        if pdf.refusal:
            save_ids(self.db, work_id, [("file", name)])
        else:
            save_ids(self.db, work_id, [("file", name), ("sha256", pdf.sha256)])  # a work that has the same bytes becomes a version of it
            save_document(self.db, pdf.sha256, media_type="application/pdf", n_bytes=pdf.n_bytes)
        sha256 = None if pdf.refusal else pdf.sha256
        save_file_place(self.db, work_id, f"file:{name}.pdf", sha256=sha256, reason=pdf.refusal, run_id=self.run_id)

    def _with_telling_url(self, record: WorkRecord, shared: set[str]) -> WorkRecord:
        """The record, its address among the ids only where it is the one thing that tells the work."""
        others = tuple(pair for pair in record.ids if pair[0] != "url")
        urls = [value for scheme, value in record.ids if scheme == "url"]
        key = title_key(record.title)
        foreign = any(url in shared or ((known := title_key_of(self.db, "url", url)) and known != key) for url in urls)
        return replace(record, ids=others) if others or foreign else record

    def _count(self, work_id: int, origin: str) -> None:
        save_finding(self.db, work_id, self.report.slug, provider=PROVIDER.name, how="import", url=origin, run_id=self.run_id)
        if work_id not in self._seen:
            self._seen.add(work_id)
            self.report.n_works += 1
            self.report.n_new += is_new_for(self.db, work_id, self.report.slug, run_id=self.run_id)
            self.report.n_usable += 1
