"""People who asked to be forgotten: their names go, and a hash stays that keeps them from coming back.

A name is known in any order of its words, with or without accents and capitals ("Exämple, Ada" is "Ada Example"); other
spellings, such as initials, are names of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlite_utils import Database

from db.connect import now, writing

_KEY = "forgotten_key"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed: names in lists of authors, authors as read, parties of patents; and passages that still print the name.

    ``like``: names nearly so, where none was removed.
    """

    n_works: int
    n_authors: int
    n_parties: int
    n_passages: int
    like: tuple[str, ...] = ()


def name_key(name: str) -> str:
    """A name for comparing: its words without accents and capitals, in a fixed order."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", plain.casefold())))


def _hash(key: str, kind: str, name: str) -> str:
    return hmac.digest(bytes.fromhex(key), f"{kind}:{name_key(name)}".encode(), hashlib.sha256).hex()


def _find_key(db: Database) -> str | None:
    row = db.conn.execute("SELECT value FROM setting WHERE name = ?", [_KEY]).fetchone()
    return str(row[0]) if row else None


def load_hashes(db: Database, kind: str) -> set[str]:
    """The hashes of those of a kind who are forgotten."""
    return {str(value) for (value,) in db.conn.execute("SELECT hash FROM forgotten WHERE kind = ?", [kind])}


def is_forgotten(db: Database, kind: str, name: str) -> bool:
    """Whether this person asked to be forgotten."""
    return not kept(db, kind, [name])


def kept(db: Database, kind: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names without those who asked to be forgotten; what saves names goes through here."""
    hashes = load_hashes(db, kind)
    key = _find_key(db) if hashes else None
    if key is None:
        return tuple(names)
    return tuple(name for name in names if _hash(key, kind, name) not in hashes)


def save_tombstone(db: Database, kind: str, name: str) -> None:
    """Remember, within a transaction of the caller, that this person is forgotten."""
    key = _find_key(db)
    if key is None:
        key = secrets.token_hex(32)
        db.conn.execute("INSERT INTO setting (name, value) VALUES (?, ?)", [_KEY, key])
    save_hash(db, kind, _hash(key, kind, name))


def save_hash(db: Database, kind: str, value: str) -> None:
    """The same for a hash that was made elsewhere."""
    db.conn.execute("INSERT OR IGNORE INTO forgotten (kind, hash, forgotten_at) VALUES (?, ?, ?)", [kind, value, now()])


def forget_author(db: Database, name: str) -> Forgotten:
    """Remove an author's or inventor's name from all works, and keep it out from now on; overwritten in the file, not only unlinked
    (https://www.sqlite.org/pragma.html#pragma_secure_delete).
    """
    db.conn.execute("PRAGMA secure_delete = ON")
    wanted = name_key(name)
    with writing(db):
        save_tombstone(db, "author", name)
        n_works = _remove_from_lists(db, wanted)
        n_authors = _remove_authorships(db, wanted)
        n_parties = _remove_parties(db, wanted)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    like = () if n_works + n_authors + n_parties else tuple(find_like(db, name))
    return Forgotten(n_works, n_authors, n_parties, _count_passages(db, name), like)


def remember_author(db: Database, name: str) -> bool:
    """Take a tombstone back, so that the next crawl and reading bring the name again; whether there was one."""
    key = _find_key(db)
    if key is None:
        return False
    with writing(db):
        return db.conn.execute("DELETE FROM forgotten WHERE kind = 'author' AND hash = ?", [_hash(key, "author", name)]).rowcount > 0


def find_like(db: Database, name: str, n: int = 3) -> list[str]:
    """Names of authors and inventors that are nearly spelled so."""
    lists = (json.loads(row[0]) for row in db.conn.execute("SELECT authors FROM work WHERE authors <> '[]'"))
    names = {one for authors in lists for one in authors}
    names |= {row[0] for row in db.conn.execute("SELECT name FROM authorship UNION SELECT name FROM patent_party")}
    by_key = {name_key(one): one for one in sorted(names)}
    return [by_key[near] for near in get_close_matches(name_key(name), by_key, n=n, cutoff=0.75)]


def _remove_from_lists(db: Database, wanted: str) -> int:
    changed = []
    for work_id, authors in db.conn.execute("SELECT work_id, authors FROM work WHERE authors <> '[]'"):
        names = json.loads(authors)
        left = [name for name in names if name_key(name) != wanted]
        if left != names:
            changed.append((json.dumps(left, ensure_ascii=False), work_id))
    db.conn.executemany("UPDATE work SET authors = ? WHERE work_id = ?", changed)
    return len(changed)


def _remove_authorships(db: Database, wanted: str) -> int:
    ids = [(number,) for number, name in db.conn.execute("SELECT authorship_id, name FROM authorship") if name_key(name) == wanted]
    db.conn.executemany("DELETE FROM authorship WHERE authorship_id = ?", ids)
    return len(ids)


def _remove_parties(db: Database, wanted: str) -> int:
    """Inventors, and applicants who are persons; the string of the tier ``assignee`` that stands for one goes too."""
    names = {name for (name,) in db.conn.execute("SELECT DISTINCT name FROM patent_party") if name_key(name) == wanted}
    n = 0
    for name in names:
        n += db.conn.execute("DELETE FROM patent_party WHERE name = ?", [name]).rowcount
        same = "string_id IN (SELECT string_id FROM affiliation_string WHERE text = ? OR text LIKE ? || ', %')"
        db.conn.execute(f"DELETE FROM affiliation WHERE tier = 'assignee' AND {same}", [name, name])
    return n


def _count_passages(db: Database, name: str) -> int:
    """Quoted passages, titles and cited literature that print the name: they are what somebody else published."""
    sql = """SELECT (SELECT count(*) FROM mention WHERE instr(lower(quote), ?1))
                  + (SELECT count(*) FROM npl_citation WHERE instr(lower(text), ?1))
                  + (SELECT count(*) FROM citation_context WHERE instr(lower(text), ?1))
                  + (SELECT count(*) FROM work WHERE instr(lower(coalesce(title, '') || coalesce(abstract, '')), ?1))"""
    return int(db.conn.execute(sql, [name.lower()]).fetchone()[0])


def kept_parties(db: Database, names: Iterable[str]) -> set[str]:
    """Of the parties of a patent those that may be saved."""
    return set(kept(db, "author", list(dict.fromkeys(names))))
