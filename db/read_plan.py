"""What the stage ``read`` has to know before it begins: which documents wait, for which datasets, and which works they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.catalogue import unknown_slug
from db.read_rows import FULLTEXT, TIER, ToldWork

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored document that is to be read, and for what."""

    sha256: str
    front_matter: bool
    mentions: bool


def load_names(db: Database) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """(slug, alias, weak) of all datasets, and (slug, title) of their seed papers, in a fixed order."""
    aliases = db.conn.execute("SELECT slug, alias, weak FROM dataset_alias ORDER BY slug, alias").fetchall()
    titles = db.conn.execute("SELECT slug, title FROM dataset_paper ORDER BY slug, position").fetchall()
    return [(slug, alias, bool(weak)) for slug, alias, weak in aliases], [(slug, title) for slug, title in titles]


def load_waiting(
    db: Database, slugs: Sequence[str], *, reader: str, mentions: str, again: bool, recognises: bool = False
) -> tuple[list[Waiting], int]:
    """The stored PDFs of these datasets (of all, without a slug) that these versions have not read, and how many there are in all.

    ``recognises``: pages without a text layer can be recognised now, so documents that failed for want of one wait again.
    """
    known = [str(row[0]) for row in db.conn.execute("SELECT slug FROM dataset ORDER BY slug")]
    for slug in slugs:
        if slug not in known:
            raise unknown_slug(slug, known)
    scope = (
        f"AND f.work_id IN (SELECT work_id FROM found WHERE slug IN ({', '.join('?' * len(slugs))}) AND withdrawn_at IS NULL)"
        if slugs
        else ""
    )
    retry = "AND NOT (s.status = 'failed' AND s.reason GLOB '* text layer:*')" if recognises else ""
    rows = db.conn.execute(
        f"""SELECT d.sha256,
                   NOT EXISTS (SELECT 1 FROM document_state s WHERE s.sha256 = d.sha256 AND s.stage = 'read' AND s.version = ?1 {retry}),
                   NOT EXISTS (SELECT 1 FROM document_state s WHERE s.sha256 = d.sha256 AND s.stage = 'mentions' AND s.version = ?2 {retry})
              FROM document d
             WHERE d.media_type = ?3 AND EXISTS (SELECT 1 FROM fulltext f WHERE f.sha256 = d.sha256 AND f.status = 'stored' {scope})
             ORDER BY d.sha256""",
        [reader, mentions, _PDF, *slugs],
    ).fetchall()
    waiting = [
        Waiting(sha256, again or bool(front), again or bool(passages)) for sha256, front, passages in rows if again or front or passages
    ]
    return waiting, len(rows)


def told_works(db: Database, sha256: str) -> list[ToldWork]:
    """What providers tell of the works of a document; nothing where one of the works has no title but what we read or a file's name."""
    rows = db.conn.execute(
        """SELECT DISTINCT w.work_id, w.title, coalesce(json_extract(w.field_providers, '$.title'), w.provider)
             FROM fulltext f JOIN work w USING (work_id) WHERE f.sha256 = ? AND f.status = 'stored' ORDER BY 2, 1""",
        [sha256],
    ).fetchall()
    ids = {work_id: _ids_of(db, work_id) for work_id, _, _ in rows}
    files = [value.removesuffix(".pdf") for known in ids.values() for scheme, value in known if scheme == "file"]
    if any(not title or by == FULLTEXT.name or title.removesuffix(".pdf") in files for _, title, by in rows):
        return []
    return [
        ToldWork(title, _authors_of(db, work_id), tuple(value for scheme, value in ids[work_id] if scheme in ("doi", "arxiv")))
        for work_id, title, _ in rows
    ]


def _ids_of(db: Database, work_id: int) -> list[tuple[str, str]]:
    return [(str(s), str(v)) for s, v in db.conn.execute("SELECT scheme, value FROM external_id WHERE work_id = ?", [work_id])]


def _authors_of(db: Database, work_id: int) -> tuple[str, ...]:
    """The authors that providers tell."""
    rows = db.conn.execute("SELECT DISTINCT name FROM authorship WHERE work_id = ? AND tier <> ? ORDER BY name", [work_id, TIER])
    return tuple(str(row[0]) for row in rows)


def find_document(db: Database, name: str) -> str | None:
    """The stored PDF of a work, named by one of its ids (with or without ``scheme:``), by its number in the database, or by the
    hash of the document.
    """
    scheme, _, value = name.partition(":")
    candidates: Iterable[tuple[str, list[str]]] = (
        ("SELECT sha256 FROM document WHERE sha256 LIKE ? || '%' AND length(?) >= 8", [name, name]),
        (_OF_ID.format("e.value = ?"), [name]),
        (_OF_ID.format("e.value = ? COLLATE NOCASE"), [name]),
        (_OF_ID.format("e.scheme = ? AND e.value = ? COLLATE NOCASE"), [scheme, value]),
        ("SELECT sha256 FROM fulltext WHERE CAST(work_id AS TEXT) = ? AND status = 'stored' ORDER BY rank, url LIMIT 1", [name]),
    )
    for sql, values in candidates:
        row = db.conn.execute(sql, values).fetchone()
        if row:
            return str(row[0])
    return None


_OF_ID = """SELECT f.sha256 FROM external_id e JOIN fulltext f USING (work_id)
             WHERE {} AND f.status = 'stored' ORDER BY f.rank, f.url LIMIT 1"""
