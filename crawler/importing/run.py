"""``whereused import``: read the user's files, save the works, keep the PDFs.

One file or a batch of rows is one transaction: a kill costs nothing that was saved, and importing again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from crawler.datasets import find_in_catalogue, load_datasets
from crawler.fulltext import sweep_partials
from crawler.importing.entry import Entry, Problem
from crawler.importing.other import OtherUse, is_other_table, parse_other, save_other
from crawler.importing.patent_formats import PATENT_FORMATS, find_patent_format
from crawler.importing.patents import PatentSaver, read_patents
from crawler.importing.pdfs import find_pdfs, is_pdf
from crawler.importing.references import parse_bibtex, parse_ris
from crawler.importing.report import ImportReport
from crawler.importing.saving import PROVIDER, Saver, shared_urls
from crawler.importing.tables import parse_csv
from crawler.importing.text import read_text
from db import catalogue
from db.config import Config
from db.connect import open_for_writing, writing
from db.errors import UsageError
from db.progress import progress_bars
from db.runs import installed_version, running
from db.wording import plain
from db.works import save_provider

BATCH = 200  # rows a transaction
_READERS: dict[str, Callable[..., Iterator[Entry | Problem]]] = {"csv": parse_csv, "ris": parse_ris, "bibtex": parse_bibtex}
_SUFFIXES = {".pdf": "pdf", ".ris": "ris", ".bib": "bibtex", ".bibtex": "bibtex", ".csv": "csv", ".tsv": "csv", ".txt": "text"}


def run(config: Config, path: Path, slug: str, *, format: str = "auto") -> ImportReport:
    """Import a folder of PDFs, a PDF, or a file of references; UsageError where it can't be read at all."""
    if not config.db.exists():
        find_in_catalogue(slug)  # no database is made for a slug that nobody knows
    if not path.is_file() and not path.is_dir():
        raise UsageError(f"{path} {'is no file or folder on the disk; save it first' if path.exists() else 'does not exist'}")
    kind = find_format(path) if format == "auto" else format
    report = ImportReport(slug, show_all=config.verbosity > 0)
    is_patents = kind in PATENT_FORMATS
    if kind == "csv" and format == "auto" and is_other_table(read_text(path)):
        kind = "other"
    uses = _read_other(path, report) if kind == "other" else []
    entries = [] if is_patents or kind in ("pdf", "other") else _read(path, kind, report)
    files = find_pdfs(path) if kind == "pdf" else []
    db = open_for_writing(config.db)
    sweep_partials(config)
    with writing(db):
        catalogue.sync(db, load_datasets())
        catalogue.find_dataset(db, slug)
        save_provider(db, PROVIDER)
    with running(db, "import", installed_version()) as run_id, progress_bars(config) as bars:
        if is_patents:
            rows = read_patents(db, path, kind, slug)
            PatentSaver(db, report, run_id, origin=plain(path.name)).save_all(bars.track(rows, description="import"))
            return report
        saver = Saver(config, db, report, run_id)
        if kind == "other":
            save_other(db, uses, report, provider=PROVIDER.name, run_id=run_id, origin=plain(path.name))
        elif kind == "pdf":
            for file, name in bars.track(files, description="import"):
                saver.save_file(file, name)
        else:
            task = bars.add_task("import", total=len(entries))
            for start in range(0, len(entries), BATCH):
                saver.save_entries(entries[start : start + BATCH], shared_urls(entries), origin=plain(path.name))
                bars.advance(task, BATCH)
    return report


def find_format(path: Path) -> str:
    """The format of a file by its name, then by its content; a folder holds PDFs or saved pages of patents."""
    if found := find_patent_format(path):
        return found
    if path.is_dir():
        return "pdf"
    kind = _SUFFIXES.get(path.suffix.lower(), "text")
    if kind != "text":
        return kind
    if is_pdf(path):
        return "pdf"
    lines = [line for line in read_text(path).lstrip("\ufeff").splitlines() if line.strip()]
    if any(line.startswith("TY  -") for line in lines[:50]):
        return "ris"
    return "bibtex" if any(line.lstrip().startswith("@") for line in lines[:50]) else "csv"


def _read_other(path: Path, report: ImportReport) -> list[OtherUse]:
    """The other uses of a table; what could not be taken over goes into the report."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file for --format other")
    found = list(parse_other(read_text(path), name=path.name))
    report.problems += [row for row in found if isinstance(row, Problem)]
    return [row for row in found if isinstance(row, OtherUse)]


def _read(path: Path, kind: str, report: ImportReport) -> list[Entry]:
    """The entries of a file; what could not be taken over goes into the report."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file for --format {kind}")
    entries = []
    for found in _READERS[kind](read_text(path), name=path.name, folder=path.parent):
        if isinstance(found, Problem):
            report.problems.append(found)
        else:
            entries.append(found)
            report.remarks += [Problem(found.place, note) for note in found.notes]
    return entries
