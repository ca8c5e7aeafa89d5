"""``photos ages``: the histogram of ages that a network estimates over the faces of a folder.  Estimates, not facts.

Only sums leave a worker process and only sums are kept: no face, no measure of a face, no value of a photo or a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from db.catalogue import Dataset, find_dataset, sync
from db.config import Config
from db.connect import Database, one_line_errors, open_for_writing, writing
from db.photo_faces import AgeSums, load_ages_state, save_ages
from db.progress import progress_bars
from db.queries.photo_tables import AGE_LIMITS
from db.runs import installed_version, running
from photos.pictures import NoPictureError, list_pictures, open_picture
from photos.workers import Workers, default_workers

if TYPE_CHECKING:
    from photos.networks import Networks

SMALLEST = 20  # pixels of a face that is looked at: of smaller ones nothing can be told
EVERY = 64  # files after which the sums are kept
KILLED = "took too long or too much memory"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker tells of one file: sums for the histogram."""

    ages: tuple[int, ...] = ()
    failure: str | None = None


@dataclass(slots=True)
class AgesReport:
    """What `photos ages` found."""

    slug: str
    sums: AgeSums
    n_files: int
    went_on_from: int = 0
    limits: tuple[str, ...] = field(default=AGE_LIMITS)

    def decades(self) -> list[tuple[str, int]]:
        """(from–to, faces)."""
        counts: Counter[int] = Counter()
        for age, n in self.sums.ages.items():
            counts[age // 10 * 10] += n
        return [(f"{decade}–{decade + 9}", n) for decade, n in sorted(counts.items())]

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "dataset": self.slug, "files": self.n_files, "done": self.sums.n_done, "images": self.sums.n_images,
            "faces": self.sums.n_faces, "failures": self.sums.failures, "estimated_ages": dict(sorted(self.sums.ages.items())),
            "limits": self.limits,
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """For stderr."""
        if self.went_on_from:
            yield f"went on after {self.went_on_from:,} files that were done"
        yield f"{self.sums.n_images:,} images, {self.sums.n_faces:,} faces, {sum(self.sums.failures.values()):,} files without an answer"
        for reason, n in sorted(self.sums.failures.items()):
            yield f"  {reason}: {n:,}"
        yield from self.limits


@cache
def _networks() -> Networks:
    from photos.networks import Networks

    return Networks()


def look(path: Path) -> Seen:
    """The faces of one file; runs in a worker."""
    try:
        picture = open_picture(path)
    except NoPictureError as error:
        return Seen(failure=str(error))
    networks = _networks()
    try:
        faces = [box.cut(picture) for box in networks.find(picture) if box.smaller >= SMALLEST]
        return Seen(tuple(sorted(networks.age(face) for face in faces)))
    except Exception:  # the runtime's own errors have no common class; one file must not end a long run
        return Seen(failure="the networks failed on it")


def run(
    config: Config,
    folder: Path,
    *,
    slug: str,
    workers: int | None = None,
    again: bool = False,
    catalogue: Callable[[], Iterable[Dataset]] = tuple,
) -> AgesReport:
    """Look at every picture of a folder; a call that was stopped goes on where the sums stand, if the folder is the same.

    ``again`` begins anew.  Raises UsageError without the extra or where the folder holds no picture.
    """
    from photos.networks import require

    method = require()
    paths, listing = list_pictures(folder)
    db = open_for_writing(config.db)
    try:
        with one_line_errors(config.db):
            with writing(db):
                sync(db, catalogue())
            slug = find_dataset(db, slug).slug
            with running(db, "photos ages", installed_version()) as run_id:
                kept = None if again else load_ages_state(db, slug, listing, method)
                sums = kept or AgeSums()
                report = AgesReport(slug, sums, len(paths), sums.n_done)
                _look_at_all(config, db, report, paths, listing, method, run_id, workers or default_workers())
                return report
    finally:
        db.close()


def _look_at_all(
    config: Config, db: Database, report: AgesReport, paths: list[Path], listing: str, method: str, run_id: int, workers: int
) -> None:
    sums, start = report.sums, report.sums.n_done
    kept = start
    guarded = Workers(look, Seen(failure=KILLED), workers=workers)

    def keep() -> None:
        save_ages(db, report.slug, sums, listing=listing, n_files=len(paths), method=method, run_id=run_id)

    try:
        with progress_bars(config) as bars:
            bar = bars.add_task("faces", total=len(paths), completed=start)
            for done, answers in guarded.run(paths[start:]):
                add(sums, answers)
                bars.update(bar, completed=start + done)
                if sums.n_done - kept >= EVERY:
                    keep()
                    kept = sums.n_done
    finally:
        keep()  # also of a call that is broken off


def add(sums: AgeSums, answers: Iterable[Seen]) -> None:
    """Add what workers told."""
    for seen in answers:
        sums.n_done += 1
        if seen.failure:
            sums.failures[seen.failure] = sums.failures.get(seen.failure, 0) + 1
            continue
        sums.n_images += 1
        sums.n_faces += len(seen.ages)
        for age, n in Counter(seen.ages).items():
            sums.ages[age] = sums.ages.get(age, 0) + n
