"""The parts of a dataset's page that tell of its photos; only where a command of ``whereused photos`` ran for it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from db.connect import Database
from db.queries.photo_faces import Ages, Mosaic, load_ages, load_licence_changes, load_mosaic
from db.queries.photo_tables import (
    AGE_LIMITS,
    CREDIT_COLUMNS,
    DISTRIBUTIONS,
    LIMITS,
    MOSAIC_NOTE,
    NOTES,
    credit_rows,
    licence_rows,
    sentence,
    use_rows,
)
from db.queries.photos import Audit, LinkState, UseRow, load_audit, load_links, load_uses

SHOWN = 20  # of the distributions that have no natural end
_ENDLESS = ("tag", "country", "rights")
MOSAIC_FILE = "mosaic-licenses.csv"
FILES = {
    MOSAIC_FILE: "credits of the mosaic's tiles",
    "photos-licences.csv": "the licence table of the photos",
    "photos-uses.csv": "what each verified use took in, by country, sector and company",
    "photos-distributions.csv": "ages, copyright, tags, years and countries of the photos, with source, date and caveat",
}
COLUMNS = {
    MOSAIC_FILE: CREDIT_COLUMNS,
    "photos-licences.csv": ("licence", "count", "share", "attribution", "share_alike", "no_derivatives", "commercial_use"),
    "photos-uses.csv": (
        "scope", "name", "verified_uses", "uses_by_companies", "images_closed_to_commercial_use", "images_asking_attribution",
        "images_asking_share_alike", "images_closed_to_derivatives", "attribution_duties", "commercial_prohibitions",
    ),
    "photos-distributions.csv": ("distribution", "value", "count", "source", "date", "caveat"),
}  # fmt: skip


class Chart(NamedTuple):
    """A distribution: (value, count) of what is shown, the largest count, where it comes from and what it doesn't tell."""

    kind: str
    caption: str
    values: list[tuple[str, int]]
    most: int
    source: str
    date: str
    notes: tuple[str, ...]


class Photos(NamedTuple):
    """What the page says of the photos; each part is empty or None where its command never ran."""

    audit: Audit | None
    rows: list[dict[str, Any]]
    uses: list[dict[str, Any]]
    sentence: str | None
    charts: list[Chart]
    changes: list[tuple[str, str, str, int]]
    links: LinkState | None
    limits: tuple[str, ...]
    mosaic: Mosaic | None
    tiles: list[tuple[str, dict[str, Any]]]  # (address of the picture, credit)
    mosaic_note: str


def load_photos(db: Database, slug: str, year: int | None = None) -> Photos | None:
    """All that is known of a dataset's photos, ready for the page; None where nothing is.  ``year``: when the dataset was made."""
    audit, ages, mosaic = load_audit(db, slug), load_ages(db, slug), load_mosaic(db, slug)
    if audit is None and ages is None and mosaic is None:
        return None
    uses: list[UseRow] = load_uses(db, slug) if audit else []
    tiles = mosaic.tiles if mosaic else []
    pictures = ["data:image/png;base64," + b64encode(tile.picture).decode() for tile in tiles]
    return Photos(
        audit,
        licence_rows(audit) if audit else [],
        use_rows(uses, audit.duties) if audit else [],
        sentence(uses, audit.duties) if audit else None,
        [chart for kind in DISTRIBUTIONS if (chart := _chart(kind, audit, ages))],
        [change for change in load_licence_changes(db, slug) if year is None or int(change[0]) >= year],
        load_links(db, slug),
        LIMITS,
        mosaic,
        list(zip(pictures, credit_rows(tiles), strict=True)),
        MOSAIC_NOTE,
    )


def _chart(kind: str, audit: Audit | None, ages: Ages | None) -> Chart | None:
    if kind == "age" and ages and ages.decades:
        source = f"{ages.n_faces:,} faces in {ages.n_images:,} images; {ages.method}"
        if not ages.is_whole:
            source += f"; not finished: {ages.n_done:,} of {ages.n_files:,} files were looked at"
        return Chart(kind, DISTRIBUTIONS[kind], ages.decades, max(n for _, n in ages.decades), source, ages.updated_at[:10], AGE_LIMITS)
    values = audit.counts.get(kind, []) if audit else []
    if audit is None or not values:
        return None
    source = "the audited files " + ", ".join(str(source["file"]) for source in audit.sources)
    return Chart(
        kind, DISTRIBUTIONS[kind], values, max(n for _, n in values), source, str(audit.figures["audited_at"])[:10], (NOTES[kind],)
    )


def shown(chart: Chart) -> list[tuple[str, int]]:
    """The values that stand on the page; the rest is in the data."""
    return chart.values[:SHOWN] if chart.kind in _ENDLESS else chart.values


def files_of(photos: Photos | None) -> Iterator[tuple[str, Iterable[Iterable[object]]]]:
    """(name, rows) of the files that go beside the page."""
    if photos is None:
        return
    if photos.mosaic:
        yield MOSAIC_FILE, [row.values() for _, row in photos.tiles]
    if photos.audit:
        yield "photos-licences.csv", [row.values() for row in photos.rows]
        yield "photos-uses.csv", [row.values() for row in photos.uses]
    if photos.charts:
        yield (
            "photos-distributions.csv",
            [(c.kind, value, n, c.source, c.date, " ".join(c.notes)) for c in photos.charts for value, n in c.values],
        )
