"""Affiliation strings that a person should look at, and why: where they lead is doubtful, nowhere, or delicate."""

from __future__ import annotations

import json
from dataclasses import dataclass

from db.connect import Database
from db.queries.places import spoken_for_once
from db.rules import MAP_BAR

DOUBTFUL_BELOW = MAP_BAR  # a match of a lower score is not put on the map before a person has seen it
SURE_ALONE = 0.95  # what only one string speaks for is looked at below this score

WHY = {
    "conflict": "the document and a provider name different institutions",
    "lost": "the registry has withdrawn or split what a reviewer named",
    "weak": "the match is weak",
    "military": "a military place: a wrong pin would weigh heavily",
    "government": "only this names a place of a government or its police, where a wrong pin would weigh heavily",
    "unregistered": "the registry has no such institution: it stands at its city, below the bar of the map",
    "nowhere": "no institution was found",
    "single": "only this string speaks for the pin",
}


@dataclass(frozen=True, slots=True)
class Lead:
    """One institution (``ror_id``) or place that a string was taken for.

    ``place_id``: an institution without a registry record that has a point; a reviewer may confirm it.
    """

    ror_id: str | None
    name: str
    sector: str | None
    city: str | None
    country_code: str | None
    score: float
    method: str
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """An institution that the other side names."""

    ror_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DoubtfulString:
    """An affiliation string as printed, how many works print it, one of their titles, and where it leads."""

    string_id: int
    text: str
    n_works: int
    title: str | None
    reason: str | None
    leads: tuple[Lead, ...]
    decided: bool
    decided_as: str | None  # kind and ROR ids of the decision, in words
    rivals: tuple[Rival, ...]  # what the other side names, where document and provider differ
    n_alike: int = 0  # other strings of the same provisional institution
    work_id: int | None = None  # a work that prints it


_PRINTED = """
  FROM found f JOIN work w ON w.work_id = f.work_id JOIN work v ON v.group_id = w.group_id
  JOIN affiliation a ON a.work_id = v.work_id WHERE f.slug = :slug AND f.withdrawn_at IS NULL"""
# What puts a work on the map: its own document's strings, else what providers tell.
_PLACING = _PRINTED.replace("JOIN affiliation a", "JOIN placing_affiliation a")

_OWN = "a.tier IN ('front matter', 'assignee')"
# Institutions by work and side: what the document prints, and what providers say, in strings or with ids.
_SIDES = f"""
  sides AS (SELECT DISTINCT v.group_id, a.string_id, {_OWN} AS own, m.ror_id, i.name
              {
    _PRINTED.replace("WHERE", "JOIN string_match m ON m.string_id = a.string_id JOIN institution i ON i.ror_id = m.ror_id WHERE")
}
            {{its_works}}
             UNION
            SELECT v.group_id, a.string_id, 0, coalesce(u.successor, r.ror_id), coalesce(r.name, r.ror_id)
              {
    _PRINTED.replace(
        "WHERE", "JOIN affiliation_ror r ON r.affiliation_id = a.affiliation_id LEFT JOIN ror_successor u ON u.ror_id = r.ror_id WHERE"
    )
} {{its_works}})"""
_ALL_WORKS = _SIDES.format(its_works="")
_ITS_WORKS = _SIDES.format(
    its_works="AND v.group_id IN (SELECT o.group_id FROM affiliation b JOIN work o ON o.work_id = b.work_id WHERE b.string_id = :string)"
)
_DIFFER = """
  NOT EXISTS (SELECT 1 FROM sides x JOIN sides y ON y.group_id = x.group_id AND NOT y.own AND y.ror_id = x.ror_id
               WHERE x.group_id = s.group_id AND x.own)"""
# The document's strings that lead to an institution which no provider names, in works where the two sides share none.
_CONFLICTS = f"""
  SELECT DISTINCT s.string_id FROM sides s WHERE s.own AND {_DIFFER}
     AND EXISTS (SELECT 1 FROM sides r WHERE r.group_id = s.group_id AND NOT r.own)"""
_RIVALS = f"""
  SELECT DISTINCT s.ror_id, s.name FROM sides s WHERE NOT s.own AND {_DIFFER}
     AND EXISTS (SELECT 1 FROM affiliation a JOIN work w ON w.work_id = a.work_id
                  WHERE a.string_id = :string AND {_OWN} AND w.group_id = s.group_id) ORDER BY s.name, s.ror_id"""


def load_doubtful(db: Database, slug: str) -> list[tuple[int, str]]:
    """(string, key of WHY) of the strings of a dataset that nobody has decided and that a person should look at.

    Only strings that put a work on the map are asked about: what another tier adds to a document's own strings is shown
    beside them.  Conflicts first, then decisions that the registry broke, weak matches, military places, places of
    governments that one source alone names, institutions without a record, strings without an institution, and pins that hang on
    one string.
    """
    sql = f"""
      WITH printed AS MATERIALIZED (SELECT a.string_id, count(DISTINCT v.group_id) AS n_works {_PLACING} GROUP BY a.string_id),
      {_ALL_WORKS},
      conflict AS MATERIALIZED ({_CONFLICTS}),
      pins AS MATERIALIZED (SELECT m.ror_id, count(DISTINCT p.string_id) AS n
                             FROM printed p JOIN string_match m ON m.string_id = p.string_id
                             WHERE m.ror_id IS NOT NULL GROUP BY m.ror_id),
      decided AS MATERIALIZED (SELECT string_id, max(decision_id) AS decision_id, ror_id FROM place_decision GROUP BY string_id),
      follows AS MATERIALIZED (SELECT b.string_id FROM provisional_string a JOIN place_decision e ON e.string_id = a.string_id
                                 JOIN provisional_string b ON b.place_id = a.place_id),
      judged AS (
        SELECT p.string_id, p.n_works, CASE
          WHEN d.ror_id IS NOT NULL THEN
            CASE WHEN t.status <> 'matched' AND t.decision_id = d.decision_id THEN 'lost' END
          WHEN d.string_id IS NOT NULL OR t.learned_id IS NOT NULL OR p.string_id IN (SELECT string_id FROM follows) THEN NULL
          WHEN p.string_id IN (SELECT string_id FROM conflict) THEN 'conflict'
          WHEN t.status = 'matched' AND min(m.score) < :below THEN 'weak'
          WHEN max(coalesce(i.sector, q.sector) = 'military') THEN 'military'
          WHEN max(i.sector = 'government' AND {spoken_for_once("m.ror_id")}) THEN 'government'
          WHEN t.status <> 'matched' AND max(q.institution IS NOT NULL) THEN 'unregistered'
          WHEN t.status <> 'matched' THEN 'nowhere'
          WHEN min(pins.n) = 1 AND p.n_works = 1 AND min(m.score) < :alone AND min(m.method) NOT IN ('exact name', 'exact') THEN 'single'
          END AS why
          FROM printed p JOIN string_state t ON t.string_id = p.string_id LEFT JOIN string_match m ON m.string_id = p.string_id
          LEFT JOIN institution i ON i.ror_id = m.ror_id LEFT JOIN pins ON pins.ror_id = m.ror_id
          LEFT JOIN place q ON q.place_id = m.place_id LEFT JOIN decided d ON d.string_id = p.string_id
         GROUP BY p.string_id)
      SELECT j.string_id, why FROM judged j JOIN json_each(:order) o ON o.value = why ORDER BY o.key, n_works DESC, j.string_id"""
    values = {"slug": slug, "below": DOUBTFUL_BELOW, "alone": SURE_ALONE, "order": json.dumps(list(WHY))}
    return [(int(row[0]), str(row[1])) for row in db.conn.execute(sql, values)]


def load_decided(db: Database, slug: str, reviewer_id: int) -> list[int]:
    """The strings of a dataset that this reviewer decided, latest first."""
    sql = f"""
      SELECT string_id FROM place_decision WHERE reviewer_id = :reviewer AND string_id IN (SELECT a.string_id {_PRINTED})
       GROUP BY string_id ORDER BY max(decision_id) DESC"""
    return [int(row[0]) for row in db.conn.execute(sql, {"slug": slug, "reviewer": reviewer_id})]


def load_string(db: Database, slug: str, string_id: int) -> DoubtfulString:
    """Everything a reviewer is shown of one string."""
    values = {"slug": slug, "string": string_id}
    text, reason = db.conn.execute(
        "SELECT s.text, t.reason FROM affiliation_string s LEFT JOIN string_state t ON t.string_id = s.string_id WHERE s.string_id = ?",
        [string_id],
    ).fetchone()
    n_works, title, work_id = db.conn.execute(
        f"SELECT count(DISTINCT v.group_id), max(v.title), min(v.work_id) {_PRINTED} AND a.string_id = :string", values
    ).fetchone()
    leads = db.conn.execute(
        "SELECT m.ror_id, coalesce(i.name, p.institution, p.name), coalesce(i.sector, p.sector), "
        "coalesce(m.city, CASE WHEN m.printed_country IS NULL THEN i.city END, "
        "CASE WHEN p.institution IS NOT NULL AND p.granularity = 'city' THEN p.name END), "
        "coalesce(m.printed_country, i.country_code, p.country_code), m.score, m.method, "
        "CASE WHEN p.institution IS NOT NULL AND p.latitude IS NOT NULL AND p.longitude IS NOT NULL THEN p.place_id END "
        "FROM string_match m LEFT JOIN institution i ON i.ror_id = m.ror_id LEFT JOIN place p ON p.place_id = m.place_id "
        "WHERE m.string_id = ? ORDER BY m.position",
        [string_id],
    ).fetchall()
    rivals = db.conn.execute(f"WITH {_ITS_WORKS} {_RIVALS}", values).fetchall()
    said = find_verdict_words(db, string_id)
    (n_alike,) = db.conn.execute(
        "SELECT count(*) FROM provisional_string a JOIN provisional_string b USING (place_id) WHERE a.string_id = ? AND b.string_id <> ?",
        [string_id, string_id],
    ).fetchone()
    return DoubtfulString(
        *(string_id, text, n_works, title, reason, tuple(Lead(*lead) for lead in leads)),
        *(said is not None, said, tuple(Rival(*rival) for rival in rivals), int(n_alike), work_id),
    )


def find_alike(db: Database, string_id: int) -> list[int]:
    """The strings of the same provisional institution, this one too."""
    rows = db.conn.execute(
        "SELECT b.string_id FROM provisional_string a JOIN provisional_string b USING (place_id) WHERE a.string_id = ?", [string_id]
    )
    return [int(row[0]) for row in rows]


_WORDS = """CASE WHEN d.kind = 'place' THEN 'placed by hand: ' || coalesce(p.institution, p.name) WHEN d.ror_id IS NULL
  THEN replace(d.kind, '_', ' ')
  ELSE coalesce(i.name || ' ', '') || d.ror_id || replace(replace(replace(replace(d.also, '[', ' '), ']', ''), '"', ''), ',', '') END"""
_DECIDED = "FROM place_decision d LEFT JOIN place p ON p.place_id = d.place_id LEFT JOIN institution i ON i.ror_id = d.ror_id"


def find_verdict_words(db: Database, string_id: int) -> str | None:
    """What stands as the decision on a string, in words."""
    row = db.conn.execute(f"SELECT {_WORDS} {_DECIDED} WHERE d.string_id = ? ORDER BY d.decision_id DESC LIMIT 1", [string_id]).fetchone()
    return str(row[0]).strip() if row else None


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A decision that stands, as a history lists it; ``who`` is a pseudonym."""

    string_id: int
    text: str
    said: str
    note: str | None
    decided_at: str
    who: str


def load_place_history(db: Database, slug: str, reviewer_id: int | None = None, limit: int = 500) -> list[PlaceEntry]:
    """The decisions on strings of a dataset that stand, newest first; of one reviewer or of all."""
    sql = f"""
      SELECT d.string_id, s.text, {_WORDS}, d.note, d.decided_at, r.pseudonym
        {_DECIDED} JOIN affiliation_string s ON s.string_id = d.string_id JOIN reviewer r ON r.reviewer_id = d.reviewer_id
       WHERE (:reviewer IS NULL OR d.reviewer_id = :reviewer) AND d.string_id IN (SELECT a.string_id {_PRINTED})
         AND d.decision_id = (SELECT max(decision_id) FROM place_decision e WHERE e.string_id = d.string_id)
       ORDER BY d.decision_id DESC LIMIT :limit"""
    return [PlaceEntry(*row) for row in db.conn.execute(sql, {"slug": slug, "reviewer": reviewer_id, "limit": limit})]
