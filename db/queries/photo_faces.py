"""What was found in a dataset's pictures: ages as a histogram, the mosaic of blurred faces, and licences that changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from db.connect import Database


class Tile(NamedTuple):
    """A blurred face (PNG) with the credit of its image."""

    picture: bytes
    title: str
    owner: str
    licence: str
    licence_url: str
    link: str


@dataclass(frozen=True, slots=True)
class Ages:
    """The histogram of estimated ages: ``decades`` as (from–to, faces).  ``is_whole``: every file was looked at."""

    n_files: int
    n_done: int
    n_images: int
    n_faces: int
    method: str
    updated_at: str
    decades: list[tuple[str, int]]

    @property
    def is_whole(self) -> bool:
        return self.n_done == self.n_files


@dataclass(frozen=True, slots=True)
class Mosaic:
    """The mosaic; ``counts`` tells what was left out and why."""

    tiles: list[Tile]
    counts: dict[str, int]
    method: str
    made_at: str


def load_ages(db: Database, slug: str) -> Ages | None:
    """The histogram; None where `photos ages` never ran."""
    sql = "SELECT n_files, n_done, n_images, n_faces, method, updated_at FROM photo_ages WHERE slug = ?"
    row = db.conn.execute(sql, [slug]).fetchone()
    if row is None:
        return None
    by_decade = "SELECT age / 10 * 10 AS decade, sum(n) FROM photo_age WHERE slug = ? GROUP BY 1 ORDER BY 1"
    n_files, n_done, n_images, n_faces, method, updated_at = row
    return Ages(
        n_files,
        n_done,
        n_images,
        n_faces,
        method,
        updated_at,
        [(f"{decade}–{decade + 9}", n) for decade, n in db.conn.execute(by_decade, [slug])],
    )


def load_mosaic(db: Database, slug: str) -> Mosaic | None:
    """The mosaic; None where `photos mosaic` never ran for the dataset."""
    row = db.conn.execute("SELECT counts, method, made_at FROM photo_mosaic WHERE slug = ?", [slug]).fetchone()
    if row is None:
        return None
    sql = "SELECT picture, title, owner, licence, licence_url, link FROM photo_tile WHERE slug = ? ORDER BY position"
    return Mosaic([Tile(*tile) for tile in db.conn.execute(sql, [slug])], json.loads(row[0]), row[1], row[2])


def load_licence_changes(db: Database, slug: str) -> list[tuple[str, str, str, int]]:
    """(year, before, after, photos) of licences that owners changed, as recorded answers tell."""
    sql = "SELECT year, before, after, n FROM photo_licence_change WHERE slug = ? ORDER BY year, before, after"
    return list(db.conn.execute(sql, [slug]))
