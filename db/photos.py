"""Writing an audit of photo metadata and its sample of links.  Only ``photos`` imports this module."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from db.connect import now, writing
from db.queries.photos import LicenceRow

KINDS = ("year", "tag", "country", "rights", "age")


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """The numbers of an audit, under the names of the columns of ``photo_audit``."""

    n_items: int
    n_photos: int
    n_videos: int
    n_faces: int | None
    n_owners: int
    n_rejected: int
    n_duplicates: int
    n_without_match: int
    n_without_tags: int
    n_distinct_tags: int
    n_geotagged: int
    n_placeholders: int
    median_owner: float
    largest_owner: int
    top_1_percent: float
    top_10_percent: float


def save_audit(
    db: Database,
    slug: str,
    figures: AuditFigures,
    *,
    sources: Iterable[Mapping[str, object]],
    licences: Iterable[LicenceRow],
    counts: Mapping[str, Iterable[tuple[str, int]]],
    links: Iterable[str],
    changes: Mapping[tuple[str, str, str], int],
    run_id: int,
) -> None:
    """Put an audit in place of the dataset's earlier one, in one transaction.

    ``counts`` by kind (``KINDS``), ``changes`` of licences by (year, before, after).
    Links that were drawn before keep what came of asking; others are forgotten.
    """
    row = {"slug": slug, "sources": json.dumps(list(sources), ensure_ascii=False), **asdict(figures), "run_id": run_id, "audited_at": now()}
    with writing(db):
        for table in ("photo_licence", "photo_count", "photo_licence_change", "photo_audit"):
            db.conn.execute(f"DELETE FROM {table} WHERE slug = ?", [slug])
        db.conn.execute(f"INSERT INTO photo_audit ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        db.conn.executemany(
            "INSERT INTO photo_licence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(slug, position, *licence) for position, licence in enumerate(licences)],
        )
        db.conn.executemany(
            "INSERT INTO photo_count VALUES (?, ?, ?, ?, ?)",
            [(slug, kind, position, value, n) for kind, values in counts.items() for position, (value, n) in enumerate(values)],
        )
        db.conn.executemany("INSERT INTO photo_licence_change VALUES (?, ?, ?, ?, ?)", [(slug, *what, n) for what, n in changes.items()])
        _save_links(db, slug, list(links))


def _save_links(db: Database, slug: str, links: list[str]) -> None:
    db.conn.execute("DELETE FROM photo_link WHERE slug = ? AND url NOT IN (SELECT value FROM json_each(?))", [slug, json.dumps(links)])
    db.conn.executemany("INSERT INTO photo_link (slug, url) VALUES (?, ?) ON CONFLICT DO NOTHING", [(slug, url) for url in links])


def remove_links_of(db: Database, nsid: str) -> int:
    """Take an owner's photos out of the samples of links, within a transaction of the caller; returns how many went."""
    return db.conn.execute("DELETE FROM photo_link WHERE instr(url, '/photos/' || ? || '/')", [nsid]).rowcount
