"""Affiliation strings that a person should look at: where they lead is doubtful, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from db.connect import Database

DOUBTFUL_BELOW = 0.8  # a match of a lower score is not put on the map before a person has seen it


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
    decided_ror_id: str | None


_PRINTED = """
  FROM found f JOIN work w ON w.work_id = f.work_id JOIN work v ON v.group_id = w.group_id
  JOIN affiliation a ON a.work_id = v.work_id WHERE f.slug = :slug AND f.withdrawn_at IS NULL"""


def load_doubtful(db: Database, slug: str) -> list[int]:
    """The strings of a dataset without a decision that are doubtful: weak matches first, then what most works print."""
    sql = f"""
      WITH printed AS (SELECT a.string_id, count(DISTINCT v.group_id) AS n_works {_PRINTED} GROUP BY a.string_id)
      SELECT p.string_id FROM printed p JOIN string_state t ON t.string_id = p.string_id
        LEFT JOIN (SELECT string_id, min(score) AS score FROM string_match GROUP BY string_id) m ON m.string_id = p.string_id
       WHERE (t.status <> 'matched' OR m.score < :below) AND p.string_id NOT IN (SELECT string_id FROM place_decision)
       ORDER BY t.status = 'matched' DESC, n_works DESC, p.string_id"""
    return [int(row[0]) for row in db.conn.execute(sql, {"slug": slug, "below": DOUBTFUL_BELOW})]


def load_decided(db: Database, slug: str, reviewer_id: int) -> list[int]:
    """The strings of a dataset that this reviewer decided, latest first."""
    sql = f"""
      SELECT string_id FROM place_decision WHERE reviewer_id = :reviewer AND string_id IN (SELECT a.string_id {_PRINTED})
       GROUP BY string_id ORDER BY max(decision_id) DESC"""
    return [int(row[0]) for row in db.conn.execute(sql, {"slug": slug, "reviewer": reviewer_id})]


def load_string(db: Database, slug: str, string_id: int) -> DoubtfulString:
    """Everything a reviewer is shown of one string."""
    text, reason = db.conn.execute(
        "SELECT s.text, t.reason FROM affiliation_string s LEFT JOIN string_state t ON t.string_id = s.string_id WHERE s.string_id = ?",
        [string_id],
    ).fetchone()
    n_works, title = db.conn.execute(
        f"SELECT count(DISTINCT v.group_id), max(v.title) {_PRINTED} AND a.string_id = :string", {"slug": slug, "string": string_id}
    ).fetchone()
    leads = db.conn.execute(
        "SELECT m.ror_id, coalesce(i.name, p.name), i.sector, coalesce(m.city, i.city), coalesce(i.country_code, p.country_code), m.score, "
        "m.method FROM string_match m LEFT JOIN institution i ON i.ror_id = m.ror_id LEFT JOIN place p ON p.place_id = m.place_id "
        "WHERE m.string_id = ? ORDER BY m.position",
        [string_id],
    ).fetchall()
    decided = db.conn.execute(
        "SELECT ror_id FROM place_decision WHERE string_id = ? ORDER BY decision_id DESC LIMIT 1", [string_id]
    ).fetchone()
    return DoubtfulString(
        string_id, text, n_works, title, reason, tuple(Lead(*lead) for lead in leads), decided is not None, decided[0] if decided else None
    )
