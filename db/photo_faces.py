"""Writing what was found in pictures: the sums of ages, and the mosaic.  Only ``photos`` imports this module."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlite_utils import Database

from db.connect import now, writing
from db.queries.photo_faces import Tile


@dataclass(slots=True)
class AgeSums:
    """What is known of a folder so far; ``n_done`` files of it in their order."""

    n_done: int = 0
    n_images: int = 0
    n_faces: int = 0
    ages: dict[int, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)


def load_ages_state(db: Database, slug: str, listing: str, method: str) -> AgeSums | None:
    """The sums to go on from; None where nothing stands for the same folder and the same networks."""
    sql = "SELECT n_done, n_images, n_faces FROM photo_ages WHERE slug = ? AND listing = ? AND method = ?"
    row = db.conn.execute(sql, [slug, listing, method]).fetchone()
    if row is None:
        return None
    ages = dict(db.conn.execute("SELECT age, n FROM photo_age WHERE slug = ?", [slug]))
    failures = dict(db.conn.execute("SELECT reason, n FROM photo_age_failure WHERE slug = ?", [slug]))
    n_done, n_images, n_faces = row
    return AgeSums(n_done, n_images, n_faces, ages, failures)


def save_ages(db: Database, slug: str, sums: AgeSums, *, listing: str, n_files: int, method: str, run_id: int) -> None:
    """Put the sums in place of those that stood, in one transaction."""
    with writing(db):
        for table in ("photo_age", "photo_age_failure", "photo_ages"):
            db.conn.execute(f"DELETE FROM {table} WHERE slug = ?", [slug])
        db.conn.execute(
            "INSERT INTO photo_ages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [slug, listing, n_files, sums.n_done, sums.n_images, sums.n_faces, method, run_id, now()],
        )
        db.conn.executemany("INSERT INTO photo_age VALUES (?, ?, ?)", [(slug, age, n) for age, n in sorted(sums.ages.items())])
        db.conn.executemany(
            "INSERT INTO photo_age_failure VALUES (?, ?, ?)", [(slug, reason, n) for reason, n in sorted(sums.failures.items())]
        )


def save_mosaic(db: Database, slug: str, tiles: Iterable[Tile], *, counts: Mapping[str, int], method: str, run_id: int) -> None:
    """Put a mosaic in place of the dataset's earlier one, in one transaction."""
    with writing(db):
        db.conn.execute("DELETE FROM photo_tile WHERE slug = ?", [slug])
        db.conn.execute("DELETE FROM photo_mosaic WHERE slug = ?", [slug])
        db.conn.execute("INSERT INTO photo_mosaic VALUES (?, ?, ?, ?, ?)", [slug, json.dumps(counts), method, run_id, now()])
        db.conn.executemany(
            "INSERT INTO photo_tile VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [(slug, place, *tile) for place, tile in enumerate(tiles)]
        )
