"""Writing what an import brings: documents, and which work a file belongs to.  Inside a transaction of the caller."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlite_utils import Database

from db.connect import now
from db.fulltexts import MAX_TRIES
from db.identity import is_telling, title_key
from db.works import find_work, holder_of


def find_work_of_file(
    db: Database, sha256: str, ids: Iterable[tuple[str, str]], hints: Iterable[tuple[str, str]], titles: Iterable[str]
) -> int | None:
    """The work that a file belongs to: by its content, by an id that it surely has, or by the one that its name hints at."""
    if (work_id := holder_of(db, "sha256", sha256)) is not None:
        return work_id
    if (work_id := find_work(db, ids)) is not None:
        return work_id
    for found in (_holders(db, hints), _titled(db, titles)):
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _holders(db: Database, ids: Iterable[tuple[str, str]]) -> set[int]:
    return {work_id for pair in ids if (work_id := holder_of(db, *pair)) is not None}


def _titled(db: Database, titles: Iterable[str]) -> set[int]:
    """The works with one of these titles; of several versions of one work the one that is shown."""
    sql = """SELECT DISTINCT g.preferred_work_id FROM work w JOIN work_group g USING (group_id)
             WHERE w.title_key = ? AND g.preferred_work_id IS NOT NULL"""
    return {int(row[0]) for title in titles if is_telling(title) for row in db.conn.execute(sql, [title_key(title)])}


def work_of_name(db: Database, name: str) -> int | None:
    """The work that came in by a file of this name and has no stored document yet: the user brings a better file."""
    work_id = holder_of(db, "file", name)
    if work_id is None or db.conn.execute("SELECT 1 FROM fulltext WHERE work_id = ? AND status = 'stored'", [work_id]).fetchone():
        return None
    return work_id


def free_name(db: Database, name: str, sha256: str) -> str:
    """A value for the scheme ``file``: the name, or with a piece of its hash where another work has it."""
    return name if holder_of(db, "file", name) is None else f"{name}~{sha256[:8]}"


def title_key_of(db: Database, scheme: str, value: str) -> str | None:
    """The title, for comparing, of the work that holds an id; None where there is none."""
    work_id = holder_of(db, scheme, value)
    row = db.conn.execute("SELECT title_key FROM work WHERE work_id = ?", [work_id]).fetchone()
    return str(row[0]) if row else None


def is_new_for(db: Database, work_id: int, slug: str, *, run_id: int) -> bool:
    """Whether nothing but this run has brought the work, or a version of it, into the scope of a dataset."""
    # The two halves of the view ``found``, each from the versions on (CROSS): asked as one, it would be made for the whole dataset.
    sql = """SELECT EXISTS (SELECT 1 FROM work v CROSS JOIN finding f ON f.work_id = v.work_id
                             WHERE v.group_id = w.group_id AND f.slug = :slug AND f.run_id IS NOT :run)
                 OR EXISTS (SELECT 1 FROM work v JOIN citation c ON c.citing_work_id = v.work_id
                              JOIN dataset_paper p ON p.work_id = c.cited_work_id
                             WHERE v.group_id = w.group_id AND p.slug = :slug)
               FROM work w WHERE w.work_id = :work"""
    return not db.conn.execute(sql, {"slug": slug, "run": run_id, "work": work_id}).fetchone()[0]


def save_quote(db: Database, work_id: int, slug: str, quote: str, *, provider: str, version: str) -> bool:
    """Note a passage that a person has found to tell of a use; False where it is known.  It goes by the first alias that it holds."""
    where = [work_id, slug, provider]
    known = db.conn.execute("SELECT quote, position FROM mention WHERE work_id = ? AND slug = ? AND provider = ?", where).fetchall()
    if quote in {row[0] for row in known}:
        return False
    aliases = [
        row[0] for row in db.conn.execute("SELECT alias FROM dataset_alias WHERE slug = ? ORDER BY length(alias) DESC, alias", [slug])
    ]
    names = [row[0] for row in db.conn.execute("SELECT name FROM dataset WHERE slug = ?", [slug])]
    held = (re.search(re.escape(name), quote, re.IGNORECASE) for name in [*aliases, *names])
    alias = next((found.group() for found in held if found), names[0])
    position = max((row[1] for row in known), default=-1) + 1
    db.conn.execute(
        "INSERT INTO mention (work_id, slug, provider, position, alias, quote, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [*where, position, alias, quote, version],
    )
    return True


def save_document(db: Database, sha256: str, *, media_type: str, n_bytes: int) -> None:
    """Note a document whose bytes are stored already."""
    db.conn.execute(
        "INSERT OR IGNORE INTO document (sha256, media_type, bytes, stored_at) VALUES (?, ?, ?, ?)", [sha256, media_type, n_bytes, now()]
    )


def save_file_place(db: Database, work_id: int, url: str, *, sha256: str | None, reason: str | None, run_id: int) -> None:
    """What came of a file of the user: stored under its hash, or refused with the reason.  A stored one stays stored.

    It is no address to ask: all tries count as used up.
    """
    status = "stored" if sha256 else "refused"
    db.conn.execute(
        """INSERT INTO fulltext (work_id, url, provider, rank, status, sha256, reason, n_tries, run_id, retrieved_at)
           VALUES (?1, ?2, 'import', 0, ?3, ?4, ?5, ?8, ?6, ?7)
           ON CONFLICT (work_id, url) DO UPDATE SET status = ?3, sha256 = ?4, reason = ?5, run_id = ?6, retrieved_at = ?7
             WHERE sha256 IS NOT ?4 AND ?4 IS NOT NULL OR status = 'refused' AND reason IS NOT ?5""",
        [work_id, url, status, sha256, reason, run_id, now(), MAX_TRIES],
    )
