"""Import of patents: read, find the passages that name a dataset, save.  A batch of rows or a page is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from crawler.importing.entry import Problem
from crawler.importing.patent_citations import parse_citations
from crawler.importing.patent_tables import Row, csv_rows, parse_numbers, parse_table, xlsx_rows
from crawler.importing.report import ImportReport
from crawler.importing.text import decode, read_text
from crawler.providers import PATENTS
from db.connect import writing
from db.errors import UsageError
from db.importing import is_new_for
from db.patents import count_families, paper_ids
from db.records import ProviderFacts
from db.works import save_provider

BATCH = 200  # rows a transaction
_HTML = (".html", ".htm", ".xhtml")
MAX_FILE = 60_000_000  # bytes
_OWN = ProviderFacts("import")


def read_patents(db: Database, path: Path, format: str, slug: str) -> Iterator[Row | Problem]:
    """The patents of a file or folder, one after the other; UsageError where it can't be read as this format at all."""
    if format == "google-patents-html":
        return _files(path, _HTML, _page)
    if format == "epo-ops-xml":
        return _files(path, (".xml",), _answer)
    if format == "lens-json":
        return _files(path, (".json", ".jsonl"), _records)
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file for --format {format}")
    if format == "reliance-on-science":
        return parse_citations(path, paper_ids(db, slug))
    if format == "patent-numbers":
        return parse_numbers(read_text(path), name=path.name)
    rows = xlsx_rows(path) if format == "espacenet-xlsx" else csv_rows(read_text(path), path.name)
    return parse_table(rows, name=path.name, format=format)


def _files(path: Path, endings: tuple[str, ...], parse: Callable[[bytes, str], Iterator[Row | Problem]]) -> Iterator[Row | Problem]:
    """What ``parse`` makes of a file, or of each file of a folder; a file that is none of the kind is a problem of its own."""
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in endings and p.is_file()) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path} holds no file whose name ends in {' or '.join(endings)}")
    for file in files:
        try:
            if file.stat().st_size > MAX_FILE:
                yield Problem(file.name, f"more than {MAX_FILE:,} bytes; left out")
            else:
                yield from parse(file.read_bytes(), file.name)
        except OSError as error:
            yield Problem(file.name, f"can't be read ({error.strerror})")
        except (ValueError, UsageError) as error:
            yield Problem(file.name, str(error))


def _page(body: bytes, name: str) -> Iterator[Row | Problem]:
    from crawler.patents.page import parse_page

    yield Row(name, parse_page(decode(body, name)))


def _answer(body: bytes, name: str) -> Iterator[Row | Problem]:
    from crawler.patents.ops import parse_answer

    found = parse_answer(body)
    if not found:
        yield Problem(name, "no bibliographic data, claims or description in it; left out")
    yield from (Row(name, patent) for patent in found)


def _records(body: bytes, name: str) -> Iterator[Row | Problem]:
    from crawler.patents.lens import parse_record, parse_records

    for at, record in enumerate(parse_records(decode(body, name)), 1):
        found = parse_record(record)
        yield Row(f"{name} record {at}", *found) if found else Problem(f"{name} record {at}", "names no publication; left out")


class PatentSaver:
    """Saves patents for the dataset of the report, and counts."""

    def __init__(self, db: Database, report: ImportReport, run_id: int, *, origin: str) -> None:
        from crawler.patent_store import PatentStore

        self.db, self.report, self.origin = db, report, origin
        self._store = PatentStore(db, run_id)
        self._run_id = run_id
        self._seen: set[int] = set()
        with writing(db):
            for facts in (*PATENTS, _OWN):
                save_provider(db, facts)

    def save_all(self, rows: Iterable[Row | Problem]) -> None:
        """All rows in batches; what could not be taken over goes into the report."""
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            with writing(self.db):
                for row in batch:
                    if isinstance(row, Problem):
                        self.report.problems.append(row)
                    else:
                        self._save(row)
        self.report.n_families = count_families(self.db, self._seen)

    def _save(self, row: Row) -> None:
        work_id, passages = self._store.save(row.patent)
        self.report.n_mentions += self._store.save_hits(
            work_id, self.report.slug, [row.patent.how], passages, provider=row.patent.provider, url=f"{self.origin}: {row.place}",
            cited=row.cited,
        )  # fmt: skip
        if work_id not in self._seen:
            self._seen.add(work_id)
            self.report.n_works += 1
            self.report.n_usable += 1
            self.report.n_new += is_new_for(self.db, work_id, self.report.slug, run_id=self._run_id)
