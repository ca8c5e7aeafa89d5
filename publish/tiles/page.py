"""The page over the tiles.  MapLibre GL JS (BSD-3-Clause) comes out of the installed package maplibre, and is copied beside the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment

from db.errors import UsageError
from publish.export import Export
from publish.page.assets import land
from publish.stream import dumps

# Tiles and scripts from the page's own server, workers that MapLibre makes out of its own text; nothing else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src blob:; child-src blob:; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'"
)
Files = Callable[[Export, int, int, list[dict[str, Any]]], Iterator[tuple[str, str]]]


def page_files() -> Files:
    """A function that makes (name, text) of every file of the page; UsageError where the extra is missing."""
    try:
        wheel = distribution("maplibre")
    except PackageNotFoundError as error:
        raise UsageError("`whereused tiles` needs more packages: pip install 'whereused[tiles]'") from error
    folder = Path(str(wheel.locate_file("maplibre/srcjs")))

    def make(export: Export, n_places: int, n_works: int, table: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        yield "maplibre-gl.js", (folder / "maplibre-gl.js").read_text(encoding="utf-8")
        yield "maplibre-gl.css", (folder / "maplibre-gl.css").read_text(encoding="utf-8")
        yield "tiles.js", _own("tiles.js")
        yield "tiles.css", _own("tiles.css")
        yield "land.json", dumps(land())
        template = Environment(autoescape=True).from_string(_own("tiles.html"))
        told = export.members({*export.attributions})
        yield (
            "index.html",
            template.render(
                policy=POLICY, name=export.dataset.name, table=table, n_places=n_places, n_works=n_works, told=told, include=export.include
            ),
        )

    return make


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
