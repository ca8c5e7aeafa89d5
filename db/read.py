"""Writing what the stage ``read`` found in the documents.

Results are kept by work: every work whose best readable document this is gets them, in one transaction, in place of
what an earlier reading told.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from db.connect import now, writing
from db.forgetting import kept
from db.read_rows import FULLTEXT, TIER, AffiliationRow, FrontMatterRows, MentionRows
from db.records import WorkRecord
from db.works import save_provider, save_work


def save_reading(db: Database, sha256: str, front: FrontMatterRows | None, passages: MentionRows | None, *, run_id: int) -> None:
    """Store the results of one document for all its works; None leaves that part as it is."""
    with writing(db):
        save_provider(db, FULLTEXT)
        for work_id in _works_of(db, sha256):
            if front is not None:
                _save_front_matter(db, work_id, sha256, front, run_id)
            if passages is not None:
                _save_mentions(db, work_id, sha256, passages)
        if front is not None:
            _save_state(db, sha256, "read", "done", (front.recogniser and f"recognised by {front.recogniser}") or front.note, front.version)
        if passages is not None:
            _save_state(db, sha256, "mentions", "done", passages.note, passages.version)


def save_failure(db: Database, sha256: str, reason: str, versions: dict[str, str]) -> None:
    """Note why a document can't be read; ``versions`` by stage.

    What it told before is taken back, and another document of its works may speak.
    """
    with writing(db):
        for work_id in _works_of(db, sha256):
            told = "read" in versions and _forget_front_matter(db, work_id, sha256)
            if (
                "mentions" in versions
                and db.conn.execute("DELETE FROM mention WHERE work_id = ? AND sha256 = ?", [work_id, sha256]).rowcount
            ):
                db.conn.execute("DELETE FROM use_score WHERE work_id = ?", [work_id])
                told = True
            if told:
                db.conn.execute(
                    """DELETE FROM document_state WHERE sha256 <> ?1 AND status = 'done'
                          AND sha256 IN (SELECT sha256 FROM fulltext WHERE work_id = ?2 AND status = 'stored')""",
                    [sha256, work_id],
                )
        for stage, version in versions.items():
            _save_state(db, sha256, stage, "failed", reason, version)


def _row_version(rows: FrontMatterRows | MentionRows) -> str:
    """The version that a row carries: of the reader, and of the program that recognised the pages, if one had to."""
    return f"{rows.version}, {rows.recogniser}" if rows.recogniser else rows.version


def _save_state(db: Database, sha256: str, stage: str, status: str, reason: str | None, version: str) -> None:
    db.conn.execute(
        """INSERT INTO document_state (sha256, stage, status, reason, version, updated_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (sha256, stage) DO UPDATE SET status = excluded.status, reason = excluded.reason,
             version = excluded.version, updated_at = excluded.updated_at""",
        [sha256, stage, status, reason, version, now()],
    )


def _works_of(db: Database, sha256: str) -> list[int]:
    """The works that have this document and no better one that could be read."""
    rows = db.conn.execute(
        """SELECT DISTINCT f.work_id FROM fulltext f
            WHERE f.sha256 = ?1 AND f.status = 'stored' AND NOT EXISTS (
                  SELECT 1 FROM fulltext b JOIN document_state s ON s.sha256 = b.sha256 AND s.stage = 'read' AND s.status = 'done'
                   WHERE b.work_id = f.work_id AND b.status = 'stored' AND b.sha256 <> ?1
                     AND (b.rank, b.url) < (
                         SELECT o.rank, o.url FROM fulltext o WHERE o.work_id = f.work_id AND o.sha256 = ?1 AND o.status = 'stored'
                          ORDER BY o.rank, o.url LIMIT 1))
            ORDER BY f.work_id""",
        [sha256],
    )
    return [int(row[0]) for row in rows]


# ---------------------------------------------------------------- front matter


def _save_front_matter(db: Database, work_id: int, sha256: str, front: FrontMatterRows, run_id: int) -> None:
    _forget_front_matter(db, work_id, None)
    links: list[int] = []
    for position, row in enumerate(front.affiliations):
        cursor = db.conn.execute(
            "INSERT INTO affiliation (work_id, tier, position, string_id, page, sha256, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [work_id, TIER, position, _string_id(db, row), row.page, sha256, _row_version(front)],
        )
        links.append(int(cursor.lastrowid or 0))
    may_be_saved = set(kept(db, "author", [author.name for author in front.authors]))
    for position, author in enumerate(front.authors):
        if author.name not in may_be_saved:
            continue
        cursor = db.conn.execute(
            "INSERT INTO authorship (work_id, tier, position, name) VALUES (?, ?, ?, ?)", [work_id, TIER, position, author.name]
        )
        pairs = [(cursor.lastrowid, links[at]) for at in sorted(set(author.affiliations))]
        db.conn.executemany("INSERT INTO authorship_affiliation (authorship_id, affiliation_id) VALUES (?, ?)", pairs)
    if front.title:
        _save_title(db, work_id, front.title, run_id)
    if front.year:
        _save_year(db, work_id, front.year, run_id)


def _string_id(db: Database, row: AffiliationRow) -> int:
    """The string with these e-mail domains; the same one for every work that prints it."""
    domains = json.dumps(sorted(set(row.email_domains)))
    found = db.conn.execute("SELECT string_id FROM affiliation_string WHERE text = ? AND email_domains = ?", [row.text, domains]).fetchone()
    if found:
        return int(found[0])
    return int(db.conn.execute("INSERT INTO affiliation_string (text, email_domains) VALUES (?, ?)", [row.text, domains]).lastrowid or 0)


def _forget_front_matter(db: Database, work_id: int, sha256: str | None) -> bool:
    """Take back what was read for a work (from this document, or from any), and strings that nothing refers to any more.

    Whether there was any.
    """
    rows = db.conn.execute(
        "SELECT string_id FROM affiliation WHERE work_id = ? AND tier = ? AND sha256 = coalesce(?, sha256)", [work_id, TIER, sha256]
    ).fetchall()
    if sha256 is not None and not rows:
        return False
    db.conn.execute("DELETE FROM authorship WHERE work_id = ? AND tier = ?", [work_id, TIER])
    db.conn.execute("DELETE FROM affiliation WHERE work_id = ? AND tier = ?", [work_id, TIER])
    db.conn.executemany(
        """DELETE FROM affiliation_string WHERE string_id = ?1
              AND NOT EXISTS (SELECT 1 FROM affiliation WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM string_state WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM string_match WHERE string_id = ?1)
              AND NOT EXISTS (SELECT 1 FROM place_answer WHERE string_id = ?1)""",
        [(row[0],) for row in rows],
    )
    return bool(rows)


def _save_title(db: Database, work_id: int, title: str, run_id: int) -> None:
    """Give a work its read title where nobody told one: a bare PDF has none, or the name of its file."""
    row = db.conn.execute(
        """SELECT w.title, coalesce(json_extract(w.field_providers, '$.title'), w.provider) FROM work w WHERE w.work_id = ?""", [work_id]
    ).fetchone()
    names = {str(value) for (value,) in db.conn.execute("SELECT value FROM external_id WHERE work_id = ? AND scheme = 'file'", [work_id])}
    told, by = row
    if told not in (None, "") and by != FULLTEXT.name and told.removesuffix(".pdf") not in names:
        return
    held = db.conn.execute("SELECT scheme, value FROM external_id WHERE work_id = ? ORDER BY scheme, value LIMIT 1", [work_id]).fetchone()
    if held is not None and told != title:
        save_work(db, WorkRecord(title=title, ids=((held[0], held[1]),)), provider=FULLTEXT.name, run_id=run_id)


def _save_year(db: Database, work_id: int, year: int, run_id: int) -> None:
    """Give a work the printed year where nobody told one."""
    sql = "SELECT year, coalesce(json_extract(field_providers, '$.year'), provider) FROM work WHERE work_id = ?"
    told, by = db.conn.execute(sql, [work_id]).fetchone()
    held = db.conn.execute("SELECT scheme, value FROM external_id WHERE work_id = ? ORDER BY scheme, value LIMIT 1", [work_id]).fetchone()
    if held is not None and (told is None or (by == FULLTEXT.name and told != year)):
        save_work(db, WorkRecord(title=None, year=year, ids=((held[0], held[1]),)), provider=FULLTEXT.name, run_id=run_id)


# ---------------------------------------------------------------- mentions


def _save_mentions(db: Database, work_id: int, sha256: str, passages: MentionRows) -> None:
    db.conn.execute("DELETE FROM mention WHERE work_id = ? AND provider = ?", [work_id, FULLTEXT.name])
    db.conn.execute("DELETE FROM use_score WHERE work_id = ?", [work_id])
    positions: dict[str, int] = {}
    for row in passages.mentions:
        position = positions.setdefault(row.slug, 0)
        positions[row.slug] += 1
        db.conn.execute(
            """INSERT INTO mention (work_id, slug, provider, position, alias, quote, page, section, in_references, sha256, version)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                work_id,
                row.slug,
                FULLTEXT.name,
                position,
                row.alias,
                row.quote,
                row.page,
                row.section,
                int(row.in_references),
                sha256,
                _row_version(passages),
            ],
        )
    for use in passages.uses:
        db.conn.execute(
            "INSERT INTO use_score (work_id, slug, score, reasons, version) VALUES (?, ?, ?, ?, ?)",
            [work_id, use.slug, use.score, json.dumps(use.reasons, ensure_ascii=False), passages.version],
        )


# ---------------------------------------------------------------- looking one up
