"""What a reviewer is asked about, in which order, and everything that is known of one work at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from db.connect import Database
from db.queries.own import UNASKED
from db.queries.patents import Family, load_family
from db.rules import OWN_TIERS


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One institution or place of a work, or an affiliation string that has neither (then ``place`` is empty)."""

    name: str
    sector: str | None
    place: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that names the dataset, or the sentence around the reference (``alias`` None).

    ``translation`` is a machine's, of patents in other languages.
    """

    text: str
    provider: str
    alias: str | None = None
    section: str | None = None
    page: int | None = None
    in_references: bool = False
    intents: tuple[str, ...] = ()
    sha256: str | None = None
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class WorkCard:
    """A work with its versions, as a reviewer sees it.  ``ids`` are the primary ids, of the preferred version first."""

    work_id: int
    kind: str
    title: str | None
    year: int | None
    venue: str | None
    n_versions: int
    ids: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]  # sha256 of stored PDFs
    whereabouts: tuple[Whereabouts, ...]
    passages: tuple[Passage, ...]
    score: float | None
    reasons: tuple[str, ...]
    family: Family | None = None  # of patents
    abstract: str | None = None
    authors: tuple[str, ...] = ()


_SCOPE = f"""SELECT DISTINCT w.group_id FROM found f JOIN work w ON w.work_id = f.work_id
  WHERE f.slug = :slug AND f.withdrawn_at IS NULL AND w.group_id NOT IN ({UNASKED})"""

_QUEUE = f"""
WITH scope AS ({_SCOPE}),
given AS (SELECT group_id, max(reviewer_id = :reviewer) AS mine, count(DISTINCT reviewer_id) AS others,
                 max(reviewer_id IN (SELECT value FROM json_each(:present))) AS shared
            FROM standing_label WHERE slug = :slug AND round = :round GROUP BY group_id),
put_off AS (SELECT w.group_id, max(d.draft_id) AS place, max(CASE d.kind WHEN 'postpone' THEN d.drafted_at END) AS postponed_at
              FROM label_draft d JOIN work w ON w.work_id = d.work_id
             WHERE d.kind <> 'note' AND d.slug = :slug AND d.reviewer_id = :reviewer AND d.round = :round GROUP BY w.group_id),
rows AS (SELECT w.group_id, w.work_id, w.kind, w.year, w.retrieved_at, u.score, w.work_id = g.preferred_work_id AS is_preferred,
                EXISTS (SELECT 1 FROM fulltext t WHERE t.work_id = w.work_id AND t.status = 'stored') AS is_stored,
                EXISTS (SELECT 1 FROM fulltext t JOIN document_state d ON d.sha256 = t.sha256 AND d.stage = 'read' AND d.status = 'done'
                         WHERE t.work_id = w.work_id AND t.status = 'stored') AS is_read,
                EXISTS (SELECT 1 FROM mention m WHERE m.slug = :slug AND m.work_id = w.work_id) AS is_named,
                EXISTS (SELECT 1 FROM citation c JOIN dataset_paper p ON p.work_id = c.cited_work_id AND p.slug = :slug
                         WHERE c.citing_work_id = w.work_id) AS cites,
                (SELECT count(*) FROM mention m WHERE m.slug = :slug AND m.work_id = w.work_id AND NOT m.in_references) AS n_mentions
           FROM scope JOIN work w ON w.group_id = scope.group_id JOIN work_group g ON g.group_id = w.group_id
           LEFT JOIN use_score u ON u.work_id = w.work_id AND u.slug = :slug)
SELECT coalesce(max(CASE WHEN is_preferred THEN work_id END), min(work_id)), max(score), coalesce(given.others, 0),
       coalesce(given.shared, 0), place IS NOT NULL, min(retrieved_at), max(kind), max(is_stored), max(n_mentions) > 0,
       max(is_read) AND NOT max(is_named OR cites) AND max(score) IS NULL AS is_silent
  FROM rows LEFT JOIN put_off ON put_off.group_id = rows.group_id LEFT JOIN given ON given.group_id = rows.group_id
 WHERE NOT coalesce(given.mine, 0) AND (postponed_at IS NULL OR postponed_at < :postponed_before)
 GROUP BY rows.group_id
 ORDER BY place IS NOT NULL, place, is_silent, max(score) DESC NULLS LAST, max(n_mentions) DESC, max(year) DESC NULLS LAST, rows.group_id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A work to judge (the preferred version of its group).

    ``others``: reviewers who labelled it in this round; ``shared``: one of them is at work just now; ``named``: a passage of
    its body names the dataset; ``silent``: its full text was read and names the dataset nowhere, and nobody says that it cites it.
    """

    work_id: int
    score: float | None
    others: int
    shared: bool
    put_off: bool
    since: str  # when it was found
    kind: str = "paper"
    stored: bool = False  # a full text
    named: bool = False
    silent: bool = False


def load_queue(
    db: Database, slug: str, reviewer_id: int, round_: int, *, postponed_before: str, present: Iterable[int] = ()
) -> list[Waiting]:
    """The works that this reviewer has still to judge in this round, one a group of versions.

    The most probable uses come first, then those with most mentions in the body, then the newest; what was skipped
    comes at the end, and before that what was read and has nothing to do with the dataset.  What was postponed after
    ``postponed_before`` is left out.  ``present`` are the reviewers at work.
    """
    values = {"slug": slug, "reviewer": reviewer_id, "round": round_, "postponed_before": postponed_before}
    rows = db.conn.execute(_QUEUE, values | {"present": json.dumps(list(present))})
    return [Waiting(int(row[0]), row[1], row[2], bool(row[3]), bool(row[4]), *row[5:7], *map(bool, row[7:])) for row in rows]


def load_natural_keys(db: Database, slug: str) -> dict[int, tuple[int, str]]:
    """Work → its group, and an id of the group that is the same in every database, for all works of a dataset."""
    sql = f"""
      WITH scope AS ({_SCOPE}), keyed AS (
        SELECT w.group_id, min(e.scheme || ':' || e.value) AS key FROM scope JOIN work w ON w.group_id = scope.group_id
          JOIN external_id e ON e.work_id = w.work_id WHERE e.is_primary GROUP BY w.group_id)
      SELECT w.work_id, w.group_id, coalesce(keyed.key, 'group:' || w.group_id)
        FROM scope JOIN work w ON w.group_id = scope.group_id LEFT JOIN keyed ON keyed.group_id = w.group_id"""
    return {row[0]: (row[1], row[2]) for row in db.conn.execute(sql, {"slug": slug})}


def load_card(db: Database, slug: str, work_id: int) -> WorkCard:
    """Everything a reviewer is shown of a work and its versions."""
    versions = db.conn.execute(
        "SELECT w.work_id, w.kind, w.title, w.year, w.venue, w.abstract, w.authors FROM work w "
        "JOIN work_group g ON g.group_id = w.group_id WHERE g.group_id = (SELECT group_id FROM work WHERE work_id = ?) "
        "ORDER BY w.work_id = g.preferred_work_id DESC, w.work_id",
        [work_id],
    ).fetchall()
    kind, title, year, venue, abstract = (next((v[i] for v in versions if v[i] is not None), None) for i in range(1, 6))
    authors = next((v[6] for v in versions if v[6] and v[6] != "[]"), "[]")
    members = json.dumps([v[0] for v in versions])
    score = db.conn.execute(
        f"SELECT score, reasons FROM use_score WHERE slug = ? AND work_id IN {_LIST} ORDER BY score DESC LIMIT 1", [slug, members]
    ).fetchone()
    return WorkCard(
        work_id=work_id,
        kind=str(kind),
        title=title,
        year=year,
        venue=venue,
        n_versions=len(versions),
        ids=load_ids(db, (v[0] for v in versions)),
        documents=_documents(db, members),
        whereabouts=tuple(_whereabouts(db, members)),
        passages=(*_mentions(db, slug, members), *_contexts(db, slug, members)),
        score=score[0] if score else None,
        reasons=tuple(map(str, json.loads(score[1]))) if score else (),
        abstract=abstract,
        authors=tuple(map(str, json.loads(authors))),
        family=load_family(db, slug, [v[0] for v in versions]) if kind == "patent" else None,
    )


_LIST = "(SELECT value FROM json_each(?))"


def load_ids(db: Database, work_ids: Iterable[int]) -> tuple[tuple[str, str], ...]:
    """The primary ids of some versions of one work, in the order of the versions."""
    return tuple(
        (scheme, value)
        for work_id in work_ids
        for scheme, value in db.conn.execute(
            "SELECT scheme, value FROM external_id WHERE work_id = ? AND is_primary ORDER BY scheme, value", [work_id]
        )
    )


def _documents(db: Database, members: str) -> tuple[str, ...]:
    rows = db.conn.execute(
        "SELECT DISTINCT f.sha256 FROM fulltext f JOIN document d ON d.sha256 = f.sha256 "
        f"WHERE f.status = 'stored' AND d.media_type = 'application/pdf' AND f.work_id IN {_LIST} ORDER BY f.rank, f.sha256",
        [members],
    )
    return tuple(row[0] for row in rows)


def _whereabouts(db: Database, members: str) -> list[Whereabouts]:
    """What the front matter prints; where it was not read, what the providers say."""
    rows = db.conn.execute(
        "SELECT a.tier, s.text, i.name, i.sector, coalesce(m.city, CASE WHEN m.printed_country IS NULL THEN i.city END), "
        "coalesce(m.printed_country, i.country_code), p.name, p.country_code "
        "FROM affiliation a JOIN affiliation_string s ON s.string_id = a.string_id "
        "LEFT JOIN string_match m ON m.string_id = a.string_id LEFT JOIN institution i ON i.ror_id = m.ror_id "
        f"LEFT JOIN place p ON p.place_id = m.place_id WHERE a.work_id IN {_LIST} ORDER BY a.work_id, a.tier, a.position, m.position",
        [members],
    ).fetchall()
    printed = [row for row in rows if row[0] in OWN_TIERS] or rows
    return list(dict.fromkeys(_one_whereabouts(*row[1:]) for row in printed))


def _one_whereabouts(text: str, *match: Any) -> Whereabouts:
    name, sector, city, country, place, place_country = match
    where = ", ".join(dict.fromkeys(part for part in ((city, country) if name else (place, place_country)) if part))
    return Whereabouts(name or text, sector, where, matched=name is not None)


def _mentions(db: Database, slug: str, members: str) -> list[Passage]:
    rows = db.conn.execute(
        "SELECT quote, provider, alias, section, page, in_references, sha256, translation FROM mention "
        f"WHERE slug = ? AND work_id IN {_LIST} ORDER BY work_id, provider, position",
        [slug, members],
    )
    return [Passage(r[0], r[1], r[2], r[3], r[4], bool(r[5]), sha256=r[6], translation=r[7]) for r in rows]


def _contexts(db: Database, slug: str, members: str) -> list[Passage]:
    rows = db.conn.execute(
        "SELECT x.text, x.provider, x.intents FROM citation_context x JOIN citation c ON c.citation_id = x.citation_id "
        f"WHERE c.cited_work_id IN (SELECT work_id FROM dataset_paper WHERE slug = ?) AND c.citing_work_id IN {_LIST} "
        "ORDER BY c.citation_id, x.provider, x.position",
        [slug, members],
    )
    return [Passage(r[0], r[1], intents=tuple(map(str, json.loads(r[2])))) for r in rows]
