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
from crawler.patents.records import Patent, located_strings
from crawler.providers import PATENTS
from db.connect import writing
from db.errors import UsageError
from db.importing import last_work_id
from db.patents import count_families, load_dataset_names, load_parties, paper_ids, part_of, save_assignees, save_passages, save_patent
from db.records import ProviderFacts, WorkRecord
from db.runs import installed_version
from db.works import save_finding, save_provider, save_work

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
        from crawler.reading.aliases import Catalogue

        self.db, self.report, self.run_id, self.origin = db, report, run_id, origin
        self._papers = paper_ids(db, report.slug)
        self._catalogue = Catalogue.of(*load_dataset_names(db))
        self._last_known = last_work_id(db)
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
        patent = row.patent
        inventors = tuple(party.name for party in patent.facts.parties if party.role == "inventor")
        ids = [("publication_number", patent.number), *([("lens", patent.lens_id)] if patent.lens_id else [])]
        record = WorkRecord(
            patent.title, kind="patent", year=int(patent.publication_date[:4]) if patent.publication_date else None,
            publication_date=patent.publication_date, abstract=patent.abstract, authors=inventors, ids=tuple(ids),
        )  # fmt: skip
        work_id = save_work(self.db, record, provider=patent.provider, run_id=self.run_id)
        save_patent(self.db, work_id, patent.facts, provider=patent.provider)
        if strings := located_strings(load_parties(self.db, work_id)):
            save_assignees(self.db, work_id, strings, version=installed_version())
        self._save_hits(work_id, row)
        if work_id not in self._seen:
            self._seen.add(work_id)
            self.report.n_works += 1
            self.report.n_usable += 1
            self.report.n_new += work_id > self._last_known

    def _save_hits(self, work_id: int, row: Row) -> None:
        """Why the patent is in scope: it stands in the user's file, its text names the dataset, it cites the dataset's papers."""
        hows = {row.patent.how}
        if any(value in self._papers.get(scheme, ()) for scheme, value in row.cited):
            hows.add("npl citation")
        hows |= self._save_evidence(work_id, row.patent)
        for how in sorted(hows):
            save_finding(
                self.db,
                work_id,
                self.report.slug,
                provider=row.patent.provider,
                how=how,
                url=f"{self.origin}: {row.place}",
                run_id=self.run_id,
            )

    def _save_evidence(self, work_id: int, patent: Patent) -> set[str]:
        if not patent.segments:
            return set()
        from crawler.patents.evidence import find_evidence

        found = find_evidence(patent.segments, self._catalogue)
        uses = [(use.slug, use.score, use.reasons) for use in found.uses]
        parts = {part_of(segment.section) for segment in patent.segments}
        save_passages(self.db, work_id, found.passages, uses, parts=parts, provider=patent.provider, version=installed_version())
        own = [passage for passage in found.passages if passage.slug == self.report.slug]
        self.report.n_mentions += len(own)
        return {"npl citation" if passage.in_references else "text" for passage in own}
