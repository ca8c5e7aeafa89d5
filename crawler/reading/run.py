"""The stage ``read``: front matter and mentions of the stored documents."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from crawler.reading.aliases import Catalogue
from crawler.reading.guard import Failure, Guard, Limits
from crawler.reading.ocr import is_installed
from crawler.reading.reader import READER_VERSION, Order, Reading, read_file
from crawler.reading.samework import is_another
from db.catalogue import find_dataset
from db.config import Config
from db.connect import open_existing, open_for_reading
from db.errors import UsageError
from db.files import Where, stored_at
from db.progress import progress_bars
from db.read import save_failure, save_reading
from db.read_findings import has_read_findings, save_read_findings
from db.read_plan import Waiting, find_document, load_names, load_waiting, told_works
from db.read_rows import AffiliationRow, AuthorRow, FrontMatterRows, MentionRow, MentionRows, UseRow
from db.runs import installed_version, running

PAGES_SHARE = 0.6  # of the time of a document: then the search for mentions ends with the page it is at


@dataclass(slots=True)
class ReadReport:
    """What a call came to.  ``reasons`` counts why documents could not be read."""

    n_documents: int = 0  # stored, in scope
    n_waiting: int = 0
    n_read: int = 0
    n_failed: int = 0
    n_affiliations: int = 0
    n_mentions: int = 0
    n_candidates: int = 0  # works that came for one dataset and name another
    reasons: Counter[str] = field(default_factory=Counter)
    explanation: list[str] = field(default_factory=list)
    picture: Path | None = None


def run(
    config: Config,
    slugs: tuple[str, ...],
    *,
    again: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    explain: str | None = None,
    image: Path | None = None,
) -> ReadReport:
    """Read what is stored for these datasets (for all, without a slug) and not yet read by this version; ``again`` reads all.

    In ``workers`` processes of this machine, or on the Dask cluster whose scheduler listens at ``cluster``.

    Each document is one transaction.  With ``explain`` (an id of a work, the hash of a document, a file) nothing is stored: the
    report says how its front matter was read, and a picture of that goes to ``image``.
    """
    if explain is not None:
        return _explained(config, explain, image)
    db = open_existing(config.db)
    for slug in slugs:
        find_dataset(db, slug)  # an unknown name is told before anything else
    catalogue, mentions_version = load_catalogue(db)
    recognises = languages_of(config) is not None
    waiting, n_documents = load_waiting(db, slugs, reader=READER_VERSION, mentions=mentions_version, again=again, recognises=recognises)
    report = ReadReport(n_documents=n_documents)
    limits = limits_of(config)
    while waiting:
        report.n_waiting += len(waiting)
        orders = [_order(config, document, catalogue, limits) for document in waiting]
        with running(db, "read", installed_version()) as run_id, progress_bars(config) as bars:
            bar = bars.add_task("reading", total=len(orders))
            results = read_files(orders, workers=workers, limits=limits, cluster=cluster)
            for document, (_, result) in zip(waiting, results, strict=True):
                _save(db, document, result, mentions_version, run_id, report)
                bars.advance(bar)
            report.n_candidates += save_read_findings(db, run_id=run_id)
        # A document that could be read before and fails now gives the word to another one of its work.
        waiting = load_waiting(db, slugs, reader=READER_VERSION, mentions=mentions_version, again=False)[0] if report.n_failed else []
    if has_read_findings(db):  # a dataset was begun with after its passages were read
        with running(db, "read", installed_version()) as run_id:
            report.n_candidates += save_read_findings(db, run_id=run_id)
    return report


def read_files(
    orders: Sequence[Order], *, workers: int | None, limits: Limits, cluster: str | None = None
) -> Iterator[tuple[Order, Reading | Failure]]:
    """Read files in guarded workers, the results in the order of the files."""
    if cluster is not None:
        from crawler.reading.remote import read_on_cluster

        return read_on_cluster(cluster, orders, limits)
    size = min(workers or len(os.sched_getaffinity(0)), len(orders))
    return Guard(read_file, workers=size, limits=limits).run(orders)


def limits_of(config: Config) -> Limits:
    """What one document may take: ``WHEREUSED_READ_SECONDS`` and ``WHEREUSED_READ_MEGABYTES``."""
    return Limits(config.number("READ_SECONDS", Limits().seconds), config.number("READ_MEGABYTES", Limits().megabytes))


def languages_of(config: Config) -> str | None:
    """In which languages pages without a text layer are recognised (``WHEREUSED_OCR_LANGUAGES``); None where they are not."""
    languages = config.get("OCR_LANGUAGES") or "eng"
    return languages if languages != "none" and is_installed() else None


def load_catalogue(db: Database) -> tuple[Catalogue, str]:
    """The names of all datasets, and a version of the search for them that changes as they change."""
    aliases, titles = load_names(db)
    digest = hashlib.sha256(repr((aliases, titles)).encode()).hexdigest()[:8]
    return Catalogue.of(aliases, titles), f"{READER_VERSION}+{digest}"


def _order(config: Config, document: Waiting, catalogue: Catalogue, limits: Limits) -> Order:
    return Order(
        stored_at(config, document.sha256),
        front_matter=document.front_matter,
        catalogue=catalogue if document.mentions else None,
        seconds=PAGES_SHARE * limits.seconds,
        languages=languages_of(config),
    )


def _save(db: Database, document: Waiting, result: Reading | Failure, mentions_version: str, run_id: int, report: ReadReport) -> None:
    reason = result.reason if isinstance(result, Failure) else result.error
    if isinstance(result, Reading) and reason is None and is_another(result.opening, told_works(db, document.sha256)):
        reason = "another paper: neither the title nor the authors of its work are on its first page"
    if isinstance(result, Failure) or reason is not None:
        reason = "the stored file is missing" if reason == "no such file" else str(reason)
        versions = {"read": READER_VERSION} if document.front_matter else {}
        versions |= {"mentions": mentions_version} if document.mentions else {}
        save_failure(db, document.sha256, reason, versions)
        report.n_failed += 1
        report.reasons[reason.partition(" (")[0]] += 1
        return
    front = _front_rows(result) if document.front_matter else None
    passages = _mention_rows(result, mentions_version) if document.mentions else None
    save_reading(db, document.sha256, front, passages, run_id=run_id)
    report.n_read += 1
    if document.front_matter and result.front_note:
        report.reasons[result.front_note] += 1
    report.n_affiliations += len(result.affiliations)
    report.n_mentions += len(result.mentions)


def _front_rows(reading: Reading) -> FrontMatterRows:
    return FrontMatterRows(
        title=reading.title,
        authors=tuple(AuthorRow(name, tuple(affiliations)) for name, affiliations in reading.authors),
        affiliations=tuple(AffiliationRow(text, page, tuple(domains)) for text, page, domains in reading.affiliations),
        version=READER_VERSION,
        recogniser=reading.recogniser,
        year=reading.year,
        note=reading.front_note,
    )


def _mention_rows(reading: Reading, version: str) -> MentionRows:
    return MentionRows(
        mentions=tuple(MentionRow(m.slug, m.alias, m.quote, m.page, m.section, m.in_references) for m in reading.mentions),
        uses=tuple(UseRow(use.slug, use.score, use.reasons) for use in reading.uses),
        version=version,
        note=reading.note,
        recogniser=reading.recogniser,
    )


def _explained(config: Config, name: str, image: Path | None) -> ReadReport:
    path: Where = Path(name) if Path(name).is_file() else _stored(config, name)
    seconds = PAGES_SHARE * limits_of(config).seconds
    order = Order(path, explain=True, picture=True, seconds=seconds, languages=languages_of(config))
    _, result = next(read_files([order], workers=1, limits=limits_of(config)))
    report = ReadReport(n_documents=1, n_waiting=1)
    reason = result.reason if isinstance(result, Failure) else result.error
    if isinstance(result, Failure) or reason:
        report.n_failed = 1
        report.reasons[str(reason)] += 1
        return report
    report.n_read = 1
    report.explanation = result.explanation
    if result.picture:
        report.picture = image or Path(f"{Path(path).stem[:16]}.explained.png")
        report.picture.write_bytes(result.picture)
    return report


def _stored(config: Config, name: str) -> Where:
    """The stored PDF of a work or with this hash."""
    sha256 = find_document(open_for_reading(config.db), name)
    if sha256 is None:
        raise UsageError(f"no stored full text for {name!r}; give a file, or an id of a work (such as its DOI or arXiv id) that has one")
    return stored_at(config, sha256)
