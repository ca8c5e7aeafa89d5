"""``photos audit``: files of photo metadata → licence table, distributions, what each verified use broke, the owner's index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

from db.catalogue import Dataset, find_dataset, sync
from db.config import Config
from db.connect import Database, one_line_errors, open_for_writing, writing
from db.errors import StorageError, UsageError, WhereusedError
from db.photos import AuditFigures, save_audit
from db.progress import progress_bars
from db.queries.photos import Audit, LicenceRow, UseRow, add_duties, load_audit, load_uses
from db.runs import installed_version, running
from db.wording import noun
from photos.cache import fingerprint, load_cache, save_cache
from photos.engine import Engine, open_engine
from photos.find import folder, index_path
from photos.forget import leave_out_forgotten
from photos.index import build_index
from photos.keys import make_key
from photos.load import Loaded, load
from photos.measure import Measured, measure
from photos.rejects import Rejects
from photos.report import save_report
from photos.tracking import Track

LINKS = 1000  # of the sample that `photos check` asks for
_LINK = "coalesce(page, 'https://www.flickr.com/photos/' || owner || '/' || photo || '/')"


@dataclass(slots=True)
class AuditReport:
    """What an audit found and where it lies.  ``seconds`` by step."""

    measured: Measured
    loaded: Loaded
    reasons: dict[str, int]
    out: Path
    slug: str | None = None
    from_cache: bool = False
    index_bytes: int = 0
    cache_bytes: int = 0
    uses: list[UseRow] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """For stderr: what was read, what was refused, what was kept, how long it took."""
        rows, rejected = sum(s.rows for s in self.loaded.sources), sum(self.reasons.values())
        yield f"{rows:,} rows read, {rejected:,} rejected{' (rejects.csv says which)' if rejected else ''}: {self.out / 'audit.html'}"
        if self.loaded.duplicates:
            yield f"{self.loaded.duplicates:,} rows repeat a photo and count once"
        if self.loaded.without_id:
            told = noun(self.loaded.without_id, "photo has", "photos have")
            yield f"{self.loaded.without_id:,} {told} no id that is a number: counted, but `photos find` can't find such"
        if self.loaded.without_match:
            yield f"{self.loaded.without_match:,} photos are not in the joined table"
        if self.measured.broken_tags:
            yield f"{self.measured.broken_tags:,} tags with broken percent-encoding count as they are written"
        if self.measured.blocked_tags:
            yield f"{self.measured.blocked_tags:,} hateful terms among the frequent tags are not repeated"
        for address, n in self.measured.unknown_licences:
            yield f"unknown licence, {n:,} images: {address}"
        if self.from_cache:
            yield "the files are unchanged: answered from the last reading"
        if self.index_bytes:
            yield f"index {self.index_bytes:,} bytes, table {self.cache_bytes:,} bytes"
        yield ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())


def run(
    config: Config,
    files: Sequence[Path],
    *,
    out: Path,
    slug: str | None = None,
    joined: Sequence[Path] = (),
    catalogue: Callable[[], Iterable[Dataset]] = tuple,
) -> tuple[AuditReport, Audit]:
    """Audit files; with ``slug`` keep the result for the dataset's page and build the index of the look-up.

    Without files the dataset's table of the last audit is asked again.  ``catalogue`` gives the datasets that a new database
    should know.  Raises UsageError for files that can't be read, WhereusedError where no row could be used.
    """
    if not files and not slug:
        raise UsageError("name the files of the photo metadata, or a dataset that was audited before")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{out} can't be made ({error.strerror}); name another place with --out") from error
    if slug is None:
        return _audit(config, None, files, joined, out)
    db = open_for_writing(config.db)
    try:
        with one_line_errors(config.db):
            with writing(db):
                sync(db, catalogue())
            slug = find_dataset(db, slug).slug
            with running(db, "photos audit", installed_version()) as run_id:
                return _audit(config, (db, slug, run_id), files, joined, out)
    finally:
        db.close()


def _audit(
    config: Config, kept: tuple[Database, str, int] | None, files: Sequence[Path], joined: Sequence[Path], out: Path
) -> tuple[AuditReport, Audit]:
    with open_engine(folder(config) if kept else out) as engine:
        report = _measured(config, engine, kept[1] if kept else None, files, joined, out)
        if kept:
            _keep(config, engine, *kept, report, fingerprint(files, joined))
            audit = load_audit(kept[0], kept[1])
            assert audit is not None
            report.uses = load_uses(kept[0], kept[1])
        else:
            audit = _as_audit(report)
    save_report(out, audit, report.uses, report.reasons)
    return report, audit


def _measured(config: Config, engine: Engine, slug: str | None, files: Sequence[Path], joined: Sequence[Path], out: Path) -> AuditReport:
    """Load and measure, from the cache where the files are the same."""
    start, rejected = monotonic(), out / "rejects.csv"
    marks = fingerprint(files, joined) if files else None
    cached = load_cache(engine, folder(config) / f"{slug}.parquet", marks, rejected) if slug else None
    if cached:
        loaded, reasons = cached
    elif not files:
        raise UsageError(f"{slug} was not audited here before; name the files of its photo metadata")
    else:
        with progress_bars(config) as bars, Rejects(rejected) as rejects:
            loaded = load(engine, files, joined, rejects, Track(bars, (*files, *joined)), names=slug is not None)
        reasons = dict(rejects.reasons.most_common())
    read = monotonic()
    found = measure(engine)
    if not found.rows:
        raise WhereusedError(f"no row could be used; {rejected} says why")
    report = AuditReport(found, loaded, reasons, out, slug, from_cache=cached is not None)
    report.seconds = {"read": read - start, "measure": monotonic() - read}
    return report


def _keep(config: Config, engine: Engine, db: Database, slug: str, run_id: int, report: AuditReport, marks: list[list[object]]) -> None:
    """The index and the cache first, the rows last: what the database tells of is there."""
    if report.from_cache:
        links = [str(url) for (url,) in db.conn.execute("SELECT url FROM photo_link WHERE slug = ? ORDER BY url", [slug])]
    else:
        start = monotonic()
        leave_out_forgotten(engine, db, make_key(config))
        links = [url for (url,) in engine.rows(f"SELECT {_LINK} AS url FROM photo WHERE url IS NOT NULL ORDER BY hash(url) LIMIT {LINKS}")]
        report.index_bytes = build_index(engine, make_key(config), slug, index_path(config, slug))
        report.seconds["index"] = monotonic() - start
        start = monotonic()
        rejects = Rejects(report.out / "rejects.csv")
        rejects.reasons.update(report.reasons)
        report.cache_bytes = save_cache(engine, folder(config) / f"{slug}.parquet", marks, report.loaded, rejects)
        report.seconds["cache"] = monotonic() - start
    save_audit(
        db,
        slug,
        _figures(report),
        sources=_sources(report),
        licences=_licences(report),
        counts=_counts(report),
        links=links,
        changes=report.loaded.changes,
        run_id=run_id,
    )


def _figures(report: AuditReport) -> AuditFigures:
    found, loaded = report.measured, report.loaded
    return AuditFigures(
        n_items=found.rows, n_photos=found.photos, n_videos=found.videos, n_faces=loaded.faces, n_owners=found.owners.n,
        n_rejected=sum(report.reasons.values()), n_duplicates=loaded.duplicates, n_without_match=loaded.without_match,
        n_without_tags=found.without_tags, n_distinct_tags=found.distinct_tags, n_geotagged=found.geotagged,
        n_placeholders=found.placeholders, median_owner=found.owners.median, largest_owner=found.owners.largest,
        top_1_percent=found.owners.top_1_percent, top_10_percent=found.owners.top_10_percent,
    )  # fmt: skip


def _sources(report: AuditReport) -> list[dict[str, object]]:
    return [{"file": s.path.name, "format": s.format, "rows": s.rows, "rejected": s.rejected} for s in report.loaded.sources]


def _licences(report: AuditReport) -> list[LicenceRow]:
    def flag(value: bool | None) -> int | None:
        return None if value is None else int(value)

    return [
        LicenceRow(
            row.licence.code, row.licence.version, row.n, flag(row.licence.attribution), flag(row.licence.share_alike),
            flag(row.licence.derivatives), flag(row.licence.commercial),
        )
        for row in report.measured.licences
    ]  # fmt: skip


def _counts(report: AuditReport) -> dict[str, list[tuple[str, int]]]:
    found = report.measured
    kinds = {"year": found.years, "tag": found.tags, "country": found.countries, "rights": found.rights, "age": found.ages}
    return {kind: values for kind, values in kinds.items() if values}


def _as_audit(report: AuditReport) -> Audit:
    """An audit that no database keeps."""
    licences = tuple(_licences(report))
    return Audit("", asdict(_figures(report)), _sources(report), licences, add_duties(licences), _counts(report))
