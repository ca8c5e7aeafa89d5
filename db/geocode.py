"""Writes of the stage ``geocode``: what each affiliation string leads to.  Only that stage imports this module."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.connect import now
from db.places import Learned, PlaceDecision, load_learned, load_place_decisions
from db.provisional import load_cluster_decisions
from db.records import ProviderFacts
from db.works import save_provider


@dataclass(frozen=True, slots=True)
class AffiliationString:
    """A string to decide, with the e-mail domains beside it and what a reviewer decided, if anything.

    ``follows``: the decision is on another string that reads the same, whose alias stands in this one (``by_alias``), or
    that names the same provisional institution.
    """

    string_id: int
    text: str
    email_domains: tuple[str, ...]
    decision: PlaceDecision | None = None
    follows: bool = False
    by_alias: bool = False


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """A registry record as the gazetteer of the run has it; coordinates in degrees, WGS 84.

    ``now`` is the name of the house that took over a closed one.
    """

    ror_id: str
    name: str
    country_code: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    sector: str
    status: str
    gazetteer: str
    now: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A point, or only a region or country, that is no registry record.

    ``institution`` is the name of a provisional institution there, with its sector; ``name`` is the place's own.
    """

    provider: str
    provider_key: str
    name: str
    country_code: str | None
    latitude: float | None
    longitude: float | None
    granularity: str
    institution: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One institution or place of a string.  ``at`` = (city, latitude, longitude, country) printed far from the registry's seat.

    The country is None where it is the record's; with another one, and no city printed, the rest is None.
    """

    target: InstitutionRow | PlaceRow
    score: float
    method: str
    at: tuple[str | None, float | None, float | None, str | None] | None = None


# Latest decision of each string, and whether the stored match says the same.
_SCOPE = """
  WITH scope AS (
    SELECT DISTINCT a.string_id FROM affiliation a
     WHERE :all OR a.work_id IN (
       SELECT v.work_id FROM found f JOIN work w USING (work_id) JOIN work v ON v.group_id = w.group_id
        WHERE f.slug IN (SELECT value FROM json_each(:slugs)))),
  verdict AS (SELECT string_id, ror_id, max(decision_id) AS decision_id FROM place_decision GROUP BY string_id)
"""
_PENDING = (
    _SCOPE
    + """
  SELECT s.string_id, s.text, s.email_domains, t.learned_id,
         :again OR t.string_id IS NULL OR t.version <> :version OR t.gazetteer <> :gazetteer
         OR t.decision_id IS NOT v.decision_id
    FROM scope JOIN affiliation_string s USING (string_id)
    LEFT JOIN string_state t USING (string_id)
    LEFT JOIN verdict v USING (string_id)
   ORDER BY s.string_id"""
)
_UNPLACED = (
    _SCOPE
    + """
  SELECT s.string_id, s.text, s.email_domains
    FROM scope JOIN affiliation_string s USING (string_id) JOIN string_state t USING (string_id)
   WHERE t.status <> 'matched' AND NOT EXISTS (
     SELECT 1 FROM string_match m JOIN place p USING (place_id)
      WHERE m.string_id = s.string_id AND p.granularity IN ('institution', 'city'))
   ORDER BY s.string_id"""
)


def load_pending(db: Database, slugs: Sequence[str], version: str, gazetteer: str, *, again: bool = False) -> list[AffiliationString]:
    """Strings of the datasets (all where none is named) that this matcher and gazetteer have not decided yet.

    Also those of which a reviewer has said something new since, be it of another string that teaches it; with ``again``
    all of them.
    """
    values = {"all": not slugs, "slugs": json.dumps(list(slugs)), "again": again, "version": version, "gazetteer": gazetteer}
    own, learned, clusters = load_place_decisions(db), load_learned(db), load_cluster_decisions(db)
    pending = []
    for string_id, text, domains, learned_id, due in db.conn.execute(_PENDING, values):
        string = _with_decision(AffiliationString(string_id, text, tuple(json.loads(domains))), own, learned, clusters)
        follows = string.decision.decision_id if string.decision and string.follows else None
        if due or follows != learned_id:
            pending.append(string)
    return pending


def _with_decision(
    string: AffiliationString, own: dict[int, PlaceDecision], learned: Learned, clusters: dict[int, PlaceDecision]
) -> AffiliationString:
    """The string with the decision that counts for it: its own, else one that teaches it."""
    if decision := own.get(string.string_id):
        return replace(string, decision=decision)
    if found := learned.find(string.text):
        return replace(string, decision=found[0], follows=True, by_alias=not found[1])
    if decision := clusters.get(string.string_id):
        return replace(string, decision=decision, follows=True)
    return string


def load_unplaced(db: Database, slugs: Sequence[str]) -> list[AffiliationString]:
    """Decided strings of the datasets that have neither an institution nor a point."""
    rows = db.conn.execute(_UNPLACED, {"all": not slugs, "slugs": json.dumps(list(slugs))})
    return [AffiliationString(string_id, text, tuple(json.loads(domains))) for string_id, text, domains in rows]


def count_scope(db: Database, slugs: Sequence[str]) -> dict[str, int]:
    """How many strings of the datasets have each status; ``total`` and those not decided under ``open``."""
    rows = db.conn.execute(
        _SCOPE + "SELECT coalesce(t.status, 'open'), count(*) FROM scope LEFT JOIN string_state t USING (string_id) GROUP BY 1",
        {"all": not slugs, "slugs": json.dumps(list(slugs))},
    )
    counts: dict[str, int] = dict(rows)
    return {**counts, "total": sum(counts.values())}


def save_providers(db: Database, providers: Iterable[ProviderFacts]) -> None:
    """Register the providers of institutions and points; inside a transaction of the caller."""
    for facts in providers:
        save_provider(db, facts)


def save_decision(
    db: Database, string: AffiliationString, matches: Sequence[MatchRow], reason: str | None, version: str, gazetteer: str
) -> bool:
    """Replace what a string leads to; whether that changed anything.  Inside a transaction of the caller."""
    before = db.conn.execute(
        "SELECT ror_id, place_id FROM string_match WHERE string_id = ? ORDER BY position", [string.string_id]
    ).fetchall()
    db.conn.execute("DELETE FROM string_match WHERE string_id = ?", [string.string_id])
    after = []
    for position, match in enumerate(matches):
        if isinstance(match.target, InstitutionRow):
            ids: tuple[str | None, int | None] = (_save_institution(db, match.target), None)
        else:
            ids = (None, save_place(db, match.target))
        after.append(ids)
        values = [string.string_id, position, *ids, round(match.score, 4), match.method, *(match.at or (None, None, None, None))]
        db.conn.execute(
            "INSERT INTO string_match (string_id, position, ror_id, place_id, score, method, city, latitude, longitude, printed_country) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
    status = "none" if not after else "matched" if after[0][0] else "placed"
    learned = string.decision.decision_id if string.decision and string.follows else None
    decision = db.conn.execute("SELECT max(decision_id) FROM place_decision WHERE string_id = ?", [string.string_id]).fetchone()[0]
    db.conn.execute(
        """INSERT INTO string_state (string_id, status, reason, version, gazetteer, decision_id, learned_id, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (string_id) DO UPDATE SET status = excluded.status, reason = excluded.reason, version = excluded.version,
             gazetteer = excluded.gazetteer, decision_id = excluded.decision_id, learned_id = excluded.learned_id,
             updated_at = excluded.updated_at""",
        [*(string.string_id, status, reason, version, gazetteer, decision), learned, now()],
    )
    return before != after


def _save_institution(db: Database, row: InstitutionRow) -> str:
    db.conn.execute(
        """INSERT INTO institution (ror_id, name, country_code, city, latitude, longitude, sector, status, gazetteer, now)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (ror_id) DO UPDATE SET name = excluded.name, country_code = excluded.country_code, city = excluded.city,
             latitude = excluded.latitude, longitude = excluded.longitude, sector = excluded.sector, status = excluded.status,
             gazetteer = excluded.gazetteer, now = excluded.now""",
        [
            *(row.ror_id, row.name, row.country_code, row.city, row.latitude, row.longitude),
            *(row.sector, row.status, row.gazetteer, row.now),
        ],
    )
    return row.ror_id


def save_place(db: Database, row: PlaceRow) -> int:
    """Write a place and return its id; a name of an institution that stands there is kept.  Inside a transaction of the caller."""
    db.conn.execute(
        """INSERT INTO place (provider, provider_key, name, country_code, latitude, longitude, granularity, institution, sector)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (provider, provider_key) DO UPDATE SET name = excluded.name, country_code = excluded.country_code,
             latitude = excluded.latitude, longitude = excluded.longitude, granularity = excluded.granularity,
             institution = coalesce(institution, excluded.institution), sector = coalesce(excluded.sector, sector)""",
        [
            *(row.provider, row.provider_key, row.name, row.country_code, row.latitude, row.longitude, row.granularity),
            *(row.institution, row.sector),
        ],
    )
    found = db.conn.execute("SELECT place_id FROM place WHERE provider = ? AND provider_key = ?", [row.provider, row.provider_key])
    return int(found.fetchone()[0])


def find_cached_answer(db: Database, service: str, query: str) -> str | None:
    """What a geocoding service answered to a query, as JSON text."""
    row = db.conn.execute("SELECT answer FROM service_cache WHERE service = ? AND query = ?", [service, query]).fetchone()
    return row[0] if row else None


def save_answer(db: Database, service: str, query: str, answer: str) -> None:
    """Keep a service's answer for good; inside a transaction of the caller."""
    db.conn.execute(
        "INSERT OR REPLACE INTO service_cache (service, query, answer, retrieved_at) VALUES (?, ?, ?, ?)", [service, query, answer, now()]
    )
