"""Full texts: where they may be had, what came of asking, and the stored documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlite_utils import Database

from db.connect import SOON, now, writing
from db.records import FulltextPlace
from db.works import save_fulltext_places

ASK_AGAIN_DAYS = 1.0  # a place that failed or refused is left alone for so long
SEARCH_AGAIN_DAYS = 30.0  # … and a provider that named no place for so long
MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A place to ask for a full text."""

    work_id: int
    url: str
    provider: str
    n_tries: int = 0  # so often it was asked


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in ``PATH.files/``."""

    sha256: str
    n_bytes: int
    media_type: str = "application/pdf"


_SCOPE = "SELECT work_id FROM found WHERE slug IN ({marks}) AND withdrawn_at IS NULL"
_HAS_NONE = "NOT EXISTS (SELECT 1 FROM fulltext s WHERE s.work_id = f.work_id AND s.status = 'stored')"


def load_places(db: Database, slugs: Iterable[str]) -> list[list[Place]]:
    """For each work of these datasets without a full text: the places that may be asked now, best first.

    A place is asked again a day after it failed or refused, ``MAX_TRIES`` times in all.
    """
    slugs = list(slugs)
    before = (datetime.now(UTC) - timedelta(days=ASK_AGAIN_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = db.conn.execute(
        f"""SELECT f.work_id, f.url, f.provider, f.n_tries FROM fulltext f
             WHERE f.work_id IN ({_SCOPE.format(marks=", ".join("?" * len(slugs)))}) AND {_HAS_NONE}
               AND (f.status = 'pending' OR (f.status IN ('failed', 'refused')
                    AND f.retrieved_at NOT BETWEEN ? AND {SOON} AND f.n_tries < ?))
             ORDER BY f.work_id, f.rank, f.url""",
        [*slugs, before, MAX_TRIES],
    ).fetchall()
    return [[Place(*row) for row in group] for _, group in groupby(rows, key=lambda row: row[0])]


def load_wanted_dois(db: Database, slugs: Iterable[str], provider: str) -> list[tuple[int, str]]:
    """(work, DOI) of works of these datasets without a full text and without a place still to be asked.

    Not those for which the provider was asked within a month, and not arXiv's DOIs, whose places are known.
    """
    slugs = list(slugs)
    before = (datetime.now(UTC) - timedelta(days=SEARCH_AGAIN_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return db.conn.execute(
        f"""SELECT w.work_id, min(e.value) FROM ({_SCOPE.format(marks=", ".join("?" * len(slugs)))} GROUP BY work_id) w
              JOIN external_id e ON e.work_id = w.work_id AND e.scheme = 'doi' AND e.value NOT LIKE '10.48550/%'
             WHERE NOT EXISTS (SELECT 1 FROM fulltext f WHERE f.work_id = w.work_id AND f.status IN ('stored', 'pending'))
               AND NOT EXISTS (SELECT 1 FROM place_search s WHERE s.work_id = w.work_id AND s.provider = ?
                                AND s.searched_at BETWEEN ? AND {SOON})
             GROUP BY w.work_id ORDER BY w.work_id""",
        [*slugs, provider, before],
    ).fetchall()


def save_place_search(db: Database, work_id: int, places: Iterable[tuple[str, FulltextPlace]], *, provider: str, run_id: int) -> None:
    """Note that a provider was asked where a work's full text may be had, and the (who named it, place) that it gave."""
    places = list(places)
    with writing(db):
        for namer, place in places:
            save_fulltext_places(db, work_id, [place], provider=namer, run_id=run_id)
        db.conn.execute(
            """INSERT INTO place_search (provider, work_id, n_places, searched_at) VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET n_places = excluded.n_places, searched_at = excluded.searched_at""",
            [provider, work_id, len(places), now()],
        )


def load_refusals(db: Database) -> dict[str, bool]:
    """Hosts that have refused → whether that was within a day."""
    before = (datetime.now(UTC) - timedelta(days=ASK_AGAIN_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        str(host): bool(fresh)
        for host, fresh in db.conn.execute(f"SELECT host, refused_at BETWEEN ? AND {SOON} FROM host_refusal", [before])
    }


def save_refusal(db: Database, host: str, reason: str) -> None:
    """A host refuses: it is left alone for a day."""
    with writing(db):
        db.conn.execute(
            """INSERT INTO host_refusal (host, reason, refused_at) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET reason = excluded.reason, refused_at = excluded.refused_at""",
            [host, reason, now()],
        )


def forget_refusal(db: Database, host: str) -> None:
    """A host gives again."""
    with writing(db):
        db.conn.execute("DELETE FROM host_refusal WHERE host = ?", [host])


_SAVE = "UPDATE fulltext SET status = ?, sha256 = ?, reason = ?, n_tries = n_tries + 1, run_id = ?, retrieved_at = ?"


def save_fulltext(
    db: Database, place: Place, *, status: str, file: StoredFile | None = None, reason: str | None = None, run_id: int | None
) -> None:
    """What came of asking at a place; ``file`` must lie there already.  Other works that name the same place get it too."""
    with writing(db):
        if file:
            db.conn.execute(
                "INSERT OR IGNORE INTO document (sha256, media_type, bytes, stored_at) VALUES (?, ?, ?, ?)",
                [file.sha256, file.media_type, file.n_bytes, now()],
            )
        said = [status, file.sha256 if file else None, reason, run_id, now()]
        db.conn.execute(f"{_SAVE} WHERE work_id = ? AND url = ?", [*said, place.work_id, place.url])
        if file:
            db.conn.execute(f"{_SAVE} WHERE status = 'pending' AND url = ?", [*said, place.url])


def is_answered(db: Database, place: Place) -> bool:
    """Whether what came of asking at a place is saved since it was handed out: an answer that comes twice counts once."""
    row = db.conn.execute("SELECT n_tries FROM fulltext WHERE work_id = ? AND url = ?", [place.work_id, place.url]).fetchone()
    return row is None or row[0] != place.n_tries


def is_stored(db: Database, work_id: int) -> bool:
    """Whether the full text of a work is here."""
    return db.conn.execute("SELECT 1 FROM fulltext WHERE work_id = ? AND status = 'stored'", [work_id]).fetchone() is not None


def count_fulltexts(db: Database, slugs: Iterable[str]) -> Counter[str]:
    """How many works of these datasets stand where: stored, pending, refused, failed (the best of their places), or no place."""
    slugs = list(slugs)
    rows = db.conn.execute(
        f"""SELECT CASE WHEN max(f.status = 'stored') THEN 'stored' WHEN max(f.status = 'pending') THEN 'pending'
                        WHEN max(f.status = 'refused') THEN 'refused' WHEN max(f.status = 'failed') THEN 'failed' ELSE 'no place' END
              FROM ({_SCOPE.format(marks=", ".join("?" * len(slugs)))} GROUP BY work_id) w LEFT JOIN fulltext f USING (work_id)
             GROUP BY w.work_id""",
        slugs,
    )
    return Counter(str(row[0]) for row in rows)


def count_reasons(db: Database, slugs: Iterable[str]) -> Counter[str]:
    """Why places of these datasets gave nothing."""
    slugs = list(slugs)
    rows = db.conn.execute(
        f"""SELECT f.reason, count(*) FROM fulltext f WHERE f.status IN ('failed', 'refused')
               AND f.work_id IN ({_SCOPE.format(marks=", ".join("?" * len(slugs)))}) GROUP BY 1""",
        slugs,
    )
    return Counter({str(reason): int(n) for reason, n in rows})
