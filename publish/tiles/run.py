"""``whereused tiles``: places as vector tiles by tippecanoe (https://github.com/felt/tippecanoe), and the page beside them.

Places come as GeoJSON lines in flat memory; tippecanoe puts near ones together, level by level, and sorts on the disk.
"""

from __future__ import annotations

import heapq
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db.connect import Database
from db.errors import StorageError, UsageError
from db.queries.works import stream_works
from publish.export import Export, as_geojsonl, load_export
from publish.files import save_page
from publish.folder import writing_alone
from publish.parquet import save_parquet
from publish.stream import dumps
from publish.tiles.page import page_files

DEEPEST = 9  # level of the tiles: some 300 m a pixel; deeper ones are drawn from these
SHOWN = 100  # places in the table below the map
TOLD = ("institution", "ror_id", "sector", "city", "country_code", "n_works", "n_verified", "first_year", "last_year")
_NEEDS = "needs more packages: pip install 'whereused[tiles]'"


@dataclass(slots=True)
class Seen:
    """What went by: how many places and works at them, and the places with most works."""

    n_places: int = 0
    n_works: int = 0
    n_verified: int = 0
    largest: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)

    def add(self, told: dict[str, Any]) -> None:
        self.n_places += 1
        self.n_works += told["n_works"]
        self.n_verified += told["n_verified"]
        keep = heapq.heappushpop if len(self.largest) >= SHOWN else heapq.heappush
        keep(self.largest, (told["n_works"], -self.n_places, told))

    def table(self) -> list[dict[str, Any]]:
        return [told for _, _, told in sorted(self.largest, key=lambda entry: entry[:2], reverse=True)]


def run(db: Database, slug: str, *, out: Path, include: str) -> Seen:
    """Write ``index.html``, ``tiles/``, ``institutions.geojsonl`` and ``works.parquet`` into ``out``.

    UsageError for an unknown dataset, or where the extra is missing; StorageError where ``out`` can't be written.
    """
    program, scripts = find_tippecanoe(), page_files()
    export, seen = load_export(db, slug, include), Seen()
    if (out / "tiles").is_dir() and any((out / "tiles").iterdir()) and not (out / "tiles" / "metadata.json").is_file():
        raise UsageError(f"{out / 'tiles'} was not made by `whereused tiles`; name another folder, or move it away")
    with writing_alone(out):
        _write(db, export, out, seen, program)
        for file, text in scripts(export, seen.n_places, seen.n_works, seen.table()):
            save_page(out / file, [text])
    return seen


def _write(db: Database, export: Export, out: Path, seen: Seen, program: str) -> None:
    """The places, as lines and as tiles, and the works."""
    try:
        with TemporaryDirectory(prefix=".tiles.", dir=out) as name:
            lines, made = Path(name) / "places.geojsonl", Path(name) / "tiles"
            save_page(out / "institutions.geojsonl", _places(db, export, lines, seen))
            _make_tiles(program, export, lines, made, seen)
            _replace(made, out / "tiles")
    except OSError as error:
        raise StorageError(f"{out} can't be written ({error.strerror}); name another place, or check permissions and space") from error
    save_parquet(out / "works.parquet", export, stream_works(db, export.dataset.slug))


def find_tippecanoe() -> str:
    """The program: the user's own, else that of the package cubao-tippecanoe."""
    if found := shutil.which("tippecanoe"):
        return found
    try:
        files = distribution("cubao-tippecanoe").files or []
    except PackageNotFoundError as error:
        raise UsageError(f"tippecanoe is not installed; `whereused tiles` {_NEEDS}") from error
    return next(str(file.locate()) for file in files if file.name.startswith("__cubao_tippecanoe_tippecanoe"))


def _places(db: Database, export: Export, slim: Path, seen: Seen) -> Iterator[str]:
    """The lines of the export; beside them, into ``slim``, each place without its works."""
    with slim.open("w", encoding="utf-8") as file:
        for line in as_geojsonl(db, export):
            feature = json.loads(line)
            told = {name: feature["properties"][name] for name in TOLD}
            seen.add(told)
            properties = {name: value for name, value in told.items() if value is not None}
            file.write(dumps({"type": "Feature", "geometry": feature["geometry"], "properties": properties}) + "\n")
            yield line


def _make_tiles(program: str, export: Export, lines: Path, target: Path, seen: Seen) -> None:
    """A folder of tiles; near places become one, which knows how many they are and adds up their works."""
    if not seen.n_places:  # tippecanoe refuses to make nothing
        target.mkdir()
        return
    sums = [f"--accumulate-attribute={name}:sum" for name in ("n_works", "n_verified")]
    done = subprocess.run(
        [
            program, f"--output-to-directory={target}", "--layer=places", f"--name={export.dataset.name}", "--minimum-zoom=0",
            f"--maximum-zoom={DEEPEST}", "--drop-rate=1", "--cluster-distance=12", f"--cluster-maxzoom={DEEPEST - 1}",
            "--cluster-densest-as-needed", "--no-tile-compression", *sums, f"--temporary-directory={lines.parent}", "--quiet", str(lines),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StorageError(f"tippecanoe failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")


def _replace(made: Path, target: Path) -> None:
    """Put a folder into the place of an older one."""
    old = made.with_name("old")
    if target.exists():
        target.rename(old)
    made.rename(target)
