"""Affiliation strings that a person should look at, and why: where they lead is doubtful, nowhere, or delicate."""

from __future__ import annotations

import json
from dataclasses import dataclass

from db.connect import Database
from db.rules import MAP_BAR

DOUBTFUL_BELOW = MAP_BAR  # a match of a lower score is not put on the map before a person has seen it
SURE_ALONE = 0.95  # what only one string speaks for is looked at below this score

WHY = {
    "conflict": "the document and a provider name different institutions",
    "weak": "the match is weak",
    "military": "a military place: a wrong pin would weigh heavily",
    "nowhere": "no institution was found",
    "single": "only this string speaks for the pin",
}


@dataclass(frozen=True, slots=True)
class Lead:
    """One institution (``ror_id``) or place that a string was taken for."""

    ror_id: str | None
    name: str
    sector: str | None
    city: str | None
    country_code: str | None
    score: float
    method: str


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
    rivals: tuple[str, ...]  # what the other side names, where document and provider differ


_PRINTED = """
  FROM found f JOIN work w ON w.work_id = f.work_id JOIN work v ON v.group_id = w.group_id
  JOIN affiliation a ON a.work_id = v.work_id WHERE f.slug = :slug AND f.withdrawn_at IS NULL"""

_AND_MATCH = "JOIN string_match m ON m.string_id = a.string_id JOIN institution i ON i.ror_id = m.ror_id"
# Institutions by work and side: what the document prints, and what providers say.
_SIDES = f"""
  sides AS (SELECT DISTINCT v.group_id, a.string_id, a.tier IN ('front matter', 'assignee') AS own, m.ror_id, i.name
              {_PRINTED.replace("WHERE", _AND_MATCH + " WHERE")})"""
_ITS_WORKS = "AND v.group_id IN (SELECT o.group_id FROM affiliation b JOIN work o ON o.work_id = b.work_id WHERE b.string_id = :string)"
_RIVALS = """
  SELECT DISTINCT s.string_id, r.name FROM sides s JOIN sides r ON r.group_id = s.group_id AND r.own <> s.own
   WHERE NOT EXISTS (SELECT 1 FROM sides x WHERE x.group_id = s.group_id AND x.own <> s.own AND x.ror_id = s.ror_id)
     AND NOT EXISTS (SELECT 1 FROM sides x JOIN sides y ON y.group_id = x.group_id AND y.own <> x.own AND y.ror_id = x.ror_id
                      WHERE x.group_id = s.group_id)"""


def load_doubtful(db: Database, slug: str) -> list[tuple[int, str]]:
    """(string, key of WHY) of the strings of a dataset that nobody has decided and that a person should look at.

    Conflicts first, then weak matches, military places, strings without an institution, and pins that hang on one string.
    """
    sql = f"""
      WITH printed AS MATERIALIZED (SELECT a.string_id, count(DISTINCT v.group_id) AS n_works {_PRINTED} GROUP BY a.string_id),
      {_SIDES},
      conflict AS MATERIALIZED (SELECT DISTINCT string_id FROM ({_RIVALS})),
      pins AS MATERIALIZED (SELECT m.ror_id, count(DISTINCT p.string_id) AS n
                             FROM printed p JOIN string_match m ON m.string_id = p.string_id
                             WHERE m.ror_id IS NOT NULL GROUP BY m.ror_id),
      judged AS (
        SELECT p.string_id, p.n_works, CASE
          WHEN p.string_id IN (SELECT string_id FROM conflict) THEN 'conflict'
          WHEN t.status = 'matched' AND min(m.score) < :below THEN 'weak'
          WHEN max(i.sector = 'military') THEN 'military'
          WHEN t.status <> 'matched' THEN 'nowhere'
          WHEN min(pins.n) = 1 AND p.n_works = 1 AND min(m.score) < :alone AND min(m.method) NOT IN ('exact name', 'exact') THEN 'single'
          END AS why
          FROM printed p JOIN string_state t ON t.string_id = p.string_id LEFT JOIN string_match m ON m.string_id = p.string_id
          LEFT JOIN institution i ON i.ror_id = m.ror_id LEFT JOIN pins ON pins.ror_id = m.ror_id
         WHERE p.string_id NOT IN (SELECT string_id FROM place_decision) AND t.learned_id IS NULL GROUP BY p.string_id)
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
    n_works, title = db.conn.execute(
        f"SELECT count(DISTINCT v.group_id), max(v.title) {_PRINTED} AND a.string_id = :string", values
    ).fetchone()
    leads = db.conn.execute(
        "SELECT m.ror_id, coalesce(i.name, p.name), i.sector, coalesce(m.city, i.city), coalesce(i.country_code, p.country_code), m.score, "
        "m.method FROM string_match m LEFT JOIN institution i ON i.ror_id = m.ror_id LEFT JOIN place p ON p.place_id = m.place_id "
        "WHERE m.string_id = ? ORDER BY m.position",
        [string_id],
    ).fetchall()
    rivals = db.conn.execute(
        f"WITH {_SIDES.rstrip(')')} {_ITS_WORKS}) SELECT name FROM ({_RIVALS}) WHERE string_id = :string ORDER BY name", values
    )
    decided = db.conn.execute(
        "SELECT CASE WHEN d.kind = 'place' THEN 'placed by hand: ' || p.name WHEN d.ror_id IS NULL THEN replace(d.kind, '_', ' ') "
        "ELSE d.ror_id || replace(replace(replace(replace(d.also, '[', ' '), ']', ''), '\"', ''), ',', '') END "
        "FROM place_decision d LEFT JOIN place p ON p.place_id = d.place_id WHERE d.string_id = ? ORDER BY d.decision_id DESC LIMIT 1",
        [string_id],
    ).fetchone()
    said = str(decided[0]).strip() if decided else None
    return DoubtfulString(
        string_id,
        text,
        n_works,
        title,
        reason,
        tuple(Lead(*lead) for lead in leads),
        decided is not None,
        said,
        tuple(r[0] for r in rivals),
    )
