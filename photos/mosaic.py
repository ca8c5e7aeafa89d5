"""``photos mosaic``: blurred faces of a folder, each with the credit that its licence asks for.

A tile is made of a face alone: cut out, reduced to a few dots, enlarged and blurred, in memory.  What is left of a face are
averages over a sixth of its width and more; the picture itself is never written anywhere.  A tile in which one of two detectors
still sees a face is dropped.
"""

from __future__ import annotations

import io
import os
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.catalogue import Dataset, find_dataset, sync
from db.config import Config
from db.connect import Database, one_line_errors, open_for_writing, writing
from db.errors import WhereusedError
from db.photo_faces import save_mosaic
from db.progress import progress_bars
from db.queries.photo_faces import Tile
from db.queries.photo_tables import MOSAIC_NOTE, credit_rows
from db.runs import installed_version, running
from photos.credits import Credit, keys_of, read_credits
from photos.files import save_whole
from photos.pictures import NoPictureError, list_pictures, open_picture
from photos.rejects import Rejects
from photos.report import as_csv
from photos.workers import Workers, default_workers

if TYPE_CHECKING:
    from photos.networks import Box, Networks, Pixels

SIDE = 96  # pixels of a tile
DOTS = 7  # averages that a face and its margin are reduced to, across and down
MARGIN = 0.15  # of the face's longer side, on each side
BLUR = 9  # pixels, of the Gaussian over the enlarged dots
SMALLEST = 32  # pixels of a face that gets a tile
MOST = 400  # tiles of a page
CREDITS = "mosaic-licenses.csv"
KILLED = "took too long or too much memory"


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker tells of one picture: PNGs of blurred tiles, and what it dropped."""

    tiles: tuple[bytes, ...] = ()
    faces: int = 0
    small: int = 0
    dropped: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class MosaicReport:
    """What was made; ``counts`` tells what was left out and why."""

    page: Path
    tiles: list[Tile]
    counts: dict[str, int]

    def lines(self) -> Iterator[str]:
        """For stderr."""
        yield f"{len(self.tiles):,} {'tile' if len(self.tiles) == 1 else 'tiles'}: {self.page}, credits: {self.page.with_name(CREDITS)}"
        for what, n in self.counts.items():
            yield f"  {what}: {n:,}"


@cache
def _networks() -> Networks:
    from photos.networks import Networks

    return Networks()


def blur(picture: Pixels, box: Box) -> Any:
    """A face as a blurred tile (a Pillow image); nothing of the picture but averages over its dots goes in."""
    from PIL import Image, ImageFilter

    half = (1 / 2 + MARGIN) * max(box.right - box.left, box.bottom - box.top)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    height, width = picture.shape[:2]
    cut = picture[max(0, int(y - half)) : min(height, int(y + half)), max(0, int(x - half)) : min(width, int(x + half))]
    dots = Image.fromarray(cut).resize((DOTS, DOTS), Image.Resampling.BOX)
    return dots.resize((SIDE, SIDE), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(BLUR))


def shows_face(tile: Any, networks: Networks) -> bool:
    """Whether one of the detectors sees a face in a tile, as it is or enlarged."""
    import numpy as np

    from photos.networks import STRICT

    for side in (SIDE, 3 * SIDE):
        seen = np.asarray(tile.resize((side, side)))
        if networks.find(seen, STRICT) or networks.find_frontal(seen):
            return True
    return False


def make(path: Path) -> Made:
    """The tiles of one picture; runs in a worker."""
    try:
        picture = open_picture(path)
    except NoPictureError as error:
        return Made(failure=str(error))
    networks = _networks()
    try:
        return _tiles_of(picture, networks)
    except Exception:  # the runtime's own errors have no common class; one file must not end a long run
        return Made(failure="the networks failed on it")


def _tiles_of(picture: Pixels, networks: Networks) -> Made:
    faces = networks.find(picture)
    large = [box for box in faces if box.smaller >= SMALLEST]
    blurred = [blur(picture, box) for box in large]
    good = [tile for tile in blurred if not shows_face(tile, networks)]
    return Made(tuple(map(_as_png, good)), len(faces), len(faces) - len(large), len(blurred) - len(good))


def _as_png(tile: Any) -> bytes:
    buffer = io.BytesIO()
    tile.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def run(
    config: Config,
    folder: Path,
    credits: Iterable[Path],
    *,
    out: Path,
    slug: str | None = None,
    most: int = MOST,
    workers: int | None = None,
    catalogue: Callable[[], Iterable[Dataset]] = tuple,
) -> MosaicReport:
    """Make the page and its credits; with ``slug`` keep the tiles for the dataset's page.

    A picture without a credit, without a known licence or with one that allows no derivatives is never opened.  Raises
    UsageError without the extra, WhereusedError where no tile could be made.
    """
    from photos.networks import require

    method = require()
    paths, _ = list_pictures(folder)
    with Rejects(Path(os.devnull)) as rejects:
        found = read_credits(credits, paths, rejects)
    counts: Counter[str] = Counter({"pictures in the folder": len(paths)})
    allowed = list(_allowed(paths, found, counts))
    tiles = _make_all(config, allowed, counts, most, workers or default_workers())
    if not tiles:
        raise WhereusedError("no tile could be made: " + ", ".join(f"{what}: {n:,}" for what, n in counts.items()))
    report = MosaicReport(out, tiles, dict(counts))
    _save(report)
    if slug:
        _keep(config, slug, report, method, catalogue)
    return report


def _allowed(paths: Iterable[Path], found: dict[str, Credit], counts: Counter[str]) -> Iterator[tuple[Path, Credit]]:
    """Pictures whose licence allows a blurred tile, with their credits; the others are counted."""
    for path in paths:
        credit = next((found[key] for key in keys_of(path) if key in found), None)
        if credit is None:
            counts["left out: no row names them"] += 1
        elif credit.licence.derivatives is None:
            counts["left out: licence not known"] += 1
        elif not credit.licence.derivatives:
            counts["left out: licence allows no derivatives"] += 1
        elif credit.licence.attribution and not credit.owner:
            counts["left out: owner to name is not known"] += 1
        else:
            yield path, credit


def _make_all(config: Config, allowed: list[tuple[Path, Credit]], counts: Counter[str], most: int, workers: int) -> list[Tile]:
    tiles: list[Tile] = []
    guarded = Workers(make, Made(failure=KILLED), workers=workers)
    with progress_bars(config) as bars:
        bar = bars.add_task("tiles", total=len(allowed))
        for done, answers in guarded.run([path for path, _ in allowed]):
            for made, (_, credit) in zip(answers, allowed[done - len(answers) : done], strict=True):
                _count(made, counts)
                tiles += [Tile(png, credit.title, credit.owner, credit.licence.name, credit.licence_url, credit.link) for png in made.tiles]
            bars.update(bar, completed=done)
            if len(tiles) >= most:
                counts["pictures not looked at, the page is full"] = len(allowed) - done
                break
    counts["tiles"] = len(tiles[:most])
    return tiles[:most]


def _count(made: Made, counts: Counter[str]) -> None:
    if made.failure:
        counts[f"left out: {made.failure}"] += 1
    counts["faces found"] += made.faces
    counts["faces left out: too small"] += made.small
    counts["tiles dropped: a detector still saw a face"] += made.dropped


def _save(report: MosaicReport) -> None:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("photos", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["data_uri"] = lambda png: "data:image/png;base64," + b64encode(png).decode()
    page = environment.get_template("mosaic.html").render(tiles=report.tiles, counts=report.counts, note=MOSAIC_NOTE, credits=CREDITS)
    save_whole(report.page.with_name(CREDITS), as_csv(credit_rows(report.tiles)))
    save_whole(report.page, page)


def _keep(config: Config, slug: str, report: MosaicReport, method: str, catalogue: Callable[[], Iterable[Dataset]]) -> None:
    db: Database = open_for_writing(config.db)
    try:
        with one_line_errors(config.db):
            with writing(db):
                sync(db, catalogue())
            slug = find_dataset(db, slug).slug
            with running(db, "photos mosaic", installed_version()) as run_id:
                save_mosaic(db, slug, report.tiles, counts=report.counts, method=method, run_id=run_id)
    finally:
        db.close()
