"""Writing what only patents have: parties, family, non-patent citations, passages.  Inside a transaction of the caller.

Each provider has its own rows, so the content does not depend on the order of imports.  A part is replaced where a later
record of the same provider tells it, and stays where that is silent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.connect import now
from db.forgetting import kept_parties
from db.identifiers import parse_publication_number
from db.works import holder_of, merge_groups, precedence

ASSIGNEE_TIER = "assignee"


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands on a patent: role ``applicant``, ``assignee``, ``current assignee`` or ``inventor``; country by ISO 3166.

    Inventors are told apart from the others by their records, and are not kept.
    """

    role: str
    name: str
    country_code: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class PatentFacts:
    """What a record tells of a patent beside the fields of a work.  Numbers are in normal form, dates YYYY-MM-DD."""

    docdb_family_id: str | None = None
    priority_date: str | None = None
    filing_date: str | None = None
    grant_date: str | None = None
    language: str | None = None
    parties: tuple[Party, ...] = ()
    members: tuple[str, ...] = ()
    npl: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage that names a dataset, in the words of the patent; ``translation`` is a machine's, where there is one."""

    slug: str
    alias: str
    quote: str
    section: str | None
    in_references: bool = False
    translation: str | None = None


def save_patent(db: Database, work_id: int, facts: PatentFacts, *, provider: str) -> None:
    """Store the facts of a patent and tie its family: by the EPO's family id, by members, by a number without its kind."""
    _save_facts(db, work_id, facts, provider)
    _save_parties(db, work_id, facts.parties, provider)
    db.conn.executemany(
        "INSERT OR IGNORE INTO patent_family_member (work_id, publication_number) VALUES (?, ?)",
        [(work_id, number) for number in facts.members],
    )
    if facts.npl:
        db.conn.execute("DELETE FROM npl_citation WHERE work_id = ? AND provider = ?", [work_id, provider])
        rows = [(work_id, at, text, provider) for at, text in enumerate(facts.npl)]
        db.conn.executemany("INSERT INTO npl_citation (work_id, position, text, provider) VALUES (?, ?, ?, ?)", rows)
    tie_family(db, work_id, facts)


def _save_parties(db: Database, work_id: int, parties: Sequence[Party], provider: str) -> None:
    """The applicants and assignees; inventors are persons and are left out, also those who apply themselves."""
    inventors = {_words(party.name) for party in parties if party.role == "inventor"}
    wanted = kept_parties(db, (party.name for party in parties))
    for role in dict.fromkeys(party.role for party in parties if party.role != "inventor"):
        named = [party for party in parties if party.role == role and party.name in wanted and _words(party.name) not in inventors]
        db.conn.execute("DELETE FROM patent_party WHERE work_id = ? AND role = ? AND provider = ?", [work_id, role, provider])
        db.conn.executemany(
            "INSERT INTO patent_party (work_id, role, position, name, country_code, city, provider) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(work_id, role, at, party.name, party.country_code, party.city, provider) for at, party in enumerate(named)],
        )


def _words(name: str) -> frozenset[str]:
    """The words of a name in any order: PART ADA and Ada Part are one."""
    return frozenset(re.findall(r"\w+", name.casefold()))


def _save_facts(db: Database, work_id: int, facts: PatentFacts, provider: str) -> None:
    values = [facts.docdb_family_id, facts.priority_date, facts.filing_date, facts.grant_date, facts.language]
    db.conn.execute(
        """INSERT INTO patent (work_id, docdb_family_id, priority_date, filing_date, grant_date, language, provider, retrieved_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (work_id, provider) DO UPDATE SET docdb_family_id = coalesce(excluded.docdb_family_id, docdb_family_id),
             priority_date = coalesce(excluded.priority_date, priority_date), filing_date = coalesce(excluded.filing_date, filing_date),
             grant_date = coalesce(excluded.grant_date, grant_date), language = coalesce(excluded.language, language),
             retrieved_at = excluded.retrieved_at
           WHERE coalesce(excluded.docdb_family_id, docdb_family_id) IS NOT docdb_family_id
              OR coalesce(excluded.priority_date, priority_date) IS NOT priority_date
              OR coalesce(excluded.filing_date, filing_date) IS NOT filing_date
              OR coalesce(excluded.grant_date, grant_date) IS NOT grant_date
              OR coalesce(excluded.language, language) IS NOT language""",
        [work_id, *values, provider, now()],
    )


def tie_family(db: Database, work_id: int, facts: PatentFacts) -> None:
    """Make one group of the publications of a family that are in the database."""
    numbers = [
        str(row[0])
        for row in db.conn.execute("SELECT value FROM external_id WHERE work_id = ? AND scheme = 'publication_number'", [work_id])
    ]
    own = [found for number in numbers if (found := parse_publication_number(number))]
    for found in own:
        if found.stem:
            _tie(db, [work_id], f"publication {found.stem}")
    if facts.docdb_family_id:
        _tie(db, [work_id], f"docdb {facts.docdb_family_id}")
    for member in dict.fromkeys((*facts.members, *(found.normal for found in own))):
        # A member that comes in later finds this sign by its own number.
        holder = holder_of(db, "publication_number", member)
        _tie(db, [work_id] if holder is None else [work_id, holder], f"member {member}")


def _tie(db: Database, work_ids: Sequence[int], value: str) -> None:
    known = {int(row[0]) for row in db.conn.execute("SELECT work_id FROM id_claim WHERE scheme = 'family' AND value = ?", [value])}
    if not set(work_ids) <= known:
        merge_groups(db, work_ids, scheme="family", value=value)


def load_parties(db: Database, work_id: int) -> list[tuple[Party, ...]]:
    """The parties of a patent, one tuple for each provider, the one whose word counts most first."""
    told: dict[str, list[Party]] = {}
    sql = "SELECT provider, role, name, country_code, city FROM patent_party WHERE work_id = ? ORDER BY provider, role, position"
    for provider, *party in db.conn.execute(sql, [work_id]):
        told.setdefault(provider, []).append(Party(*party))
    return [tuple(told[provider]) for provider in sorted(told, key=precedence)]


def save_assignees(db: Database, work_id: int, strings: Sequence[str], *, version: str) -> None:
    """Give a work its affiliation strings of the tier ``assignee``, in place of older ones; ``geocode`` decides each."""
    held = db.conn.execute(
        """SELECT s.text FROM affiliation a JOIN affiliation_string s USING (string_id)
            WHERE a.work_id = ? AND a.tier = ? ORDER BY a.position""",
        [work_id, ASSIGNEE_TIER],
    ).fetchall()
    if [row[0] for row in held] == list(strings):
        return
    db.conn.execute("DELETE FROM affiliation WHERE work_id = ? AND tier = ?", [work_id, ASSIGNEE_TIER])
    for position, text in enumerate(strings):
        db.conn.execute("INSERT OR IGNORE INTO affiliation_string (text, email_domains) VALUES (?, '[]')", [text])
        db.conn.execute(
            """INSERT INTO affiliation (work_id, tier, position, string_id, version)
               SELECT ?, ?, ?, string_id, ? FROM affiliation_string WHERE text = ? AND email_domains = '[]'""",
            [work_id, ASSIGNEE_TIER, position, version, text],
        )


def part_of(section: str | None) -> str:
    """The part of a patent that a section belongs to: claim, description, abstract, non-patent, title."""
    return (section or "").replace(",", " ").partition(" ")[0].rstrip("s")


def save_passages(
    db: Database,
    work_id: int,
    passages: Iterable[PassageRow],
    uses: Iterable[tuple[str, float, Sequence[str]]],
    *,
    parts: Iterable[str],
    provider: str,
    version: str,
) -> None:
    """Give a work the passages of these parts by this provider, in place of older ones; other parts came by another file and stay.

    ``uses`` are (slug, score, reasons); of the scores by several files the highest counts.
    """
    replaced = set(parts)
    held = db.conn.execute("SELECT mention_id, section FROM mention WHERE work_id = ? AND provider = ?", [work_id, provider]).fetchall()
    gone = [(mention_id,) for mention_id, section in held if part_of(section) in replaced]
    db.conn.executemany("DELETE FROM mention WHERE mention_id = ?", gone)
    for row in passages:
        db.conn.execute(
            """INSERT INTO mention (work_id, slug, provider, position, alias, quote, section, in_references, version, translation)
               VALUES (?1, ?2, ?3, (SELECT coalesce(max(position) + 1, 0) FROM mention WHERE work_id = ?1 AND slug = ?2 AND provider = ?3),
                       ?4, ?5, ?6, ?7, ?8, ?9)""",
            [work_id, row.slug, provider, row.alias, row.quote, row.section, int(row.in_references), version, row.translation],
        )
    for slug, score, reasons in uses:
        db.conn.execute(
            """INSERT INTO use_score (work_id, slug, score, reasons, version) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET score = excluded.score, reasons = excluded.reasons, version = excluded.version
                 WHERE excluded.score > score OR excluded.version <> version""",
            [work_id, slug, score, json.dumps(list(reasons), ensure_ascii=False), version],
        )


def paper_ids(db: Database, slug: str) -> dict[str, set[str]]:
    """The ids of a dataset's papers by scheme, of all their versions, as providers and the catalogue tell them."""
    ids: dict[str, set[str]] = {}
    sql = """SELECT e.scheme, e.value FROM dataset_paper p JOIN work w ON w.work_id = p.work_id JOIN work v ON v.group_id = w.group_id
               JOIN external_id e ON e.work_id = v.work_id WHERE p.slug = ?1
             UNION SELECT 'doi', doi FROM dataset_paper WHERE slug = ?1 AND doi IS NOT NULL
             UNION SELECT 'arxiv', arxiv FROM dataset_paper WHERE slug = ?1 AND arxiv IS NOT NULL"""
    for scheme, value in db.conn.execute(sql, [slug]):
        ids.setdefault(str(scheme), set()).add(str(value))
    for arxiv in ids.get("arxiv", set()):
        ids.setdefault("doi", set()).add(f"10.48550/arxiv.{arxiv}")
    return ids


def load_dataset_names(db: Database) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """(slug, alias, weak) of all datasets, and (slug, title) of their papers."""
    aliases = db.conn.execute("SELECT slug, alias, weak FROM dataset_alias ORDER BY slug, alias").fetchall()
    titles = db.conn.execute("SELECT slug, title FROM dataset_paper ORDER BY slug, position").fetchall()
    return [(slug, alias, bool(weak)) for slug, alias, weak in aliases], [(slug, title) for slug, title in titles]


def search_names(db: Database, slug: str) -> list[str]:
    """The names by which services are searched for a dataset: not the weak ones, which are everyday words in millions of texts."""
    rows = db.conn.execute("SELECT alias FROM dataset_alias WHERE slug = ? AND NOT weak ORDER BY alias", [slug]).fetchall()
    return [str(row[0]) for row in rows or db.conn.execute("SELECT name FROM dataset WHERE slug = ?", [slug])]


def count_families(db: Database, work_ids: Iterable[int]) -> int:
    """How many groups these works make."""
    sql = "SELECT count(DISTINCT group_id) FROM work WHERE work_id IN (SELECT value FROM json_each(?))"
    return int(db.conn.execute(sql, [json.dumps(sorted(work_ids))]).fetchone()[0])
