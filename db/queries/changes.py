"""What changed for a dataset since a moment: the material of ``news``."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from db.connect import Database
from db.errors import UsageError
from db.queries.corrections import find_corrected, load_publications
from db.queries.places import PLACES
from db.queries.scope import FINAL, load_names


class Change(NamedTuple):
    """One thing that happened to one work; ``what`` and ``before`` are decisions, or providers in ``what``; ``kind`` is the work's."""

    id: str
    title: str | None
    year: int | None
    at: str
    what: str | None = None
    before: str | None = None
    kind: str = "paper"


class PlaceChange(NamedTuple):
    """What a reviewer said of an affiliation string: the right institution, or None where no institution is right."""

    affiliation: str
    ror_id: str | None
    institution: str | None
    reviewer: str
    at: str


class FirstSeen(NamedTuple):
    """An institution, or a country (its code is the name), to which a work leads for the first time."""

    at: str
    name: str
    ror_id: str | None = None
    country_code: str | None = None


class Since(NamedTuple):
    """From when on things are new: a moment, and where the user named a run, that run: rows that know theirs go by it."""

    at: str
    run: int | None = None


def after_run(db: Database, run_id: int) -> Since:
    """What came after a run.  Raises UsageError where there is no such run."""
    row = db.conn.execute("SELECT coalesce(ended_at, started_at) FROM run WHERE run_id = ?", [run_id]).fetchone()
    if row is None:
        raise UsageError(f"no run {run_id} in this database; `whereused status` shows the newest one")
    later = db.conn.execute("SELECT min(started_at) FROM run WHERE run_id > ?", [run_id]).fetchone()[0]
    return Since(str(later or row[0]), run_id)


_LATER = "CASE WHEN :run IS NULL OR {run} IS NULL THEN at >= :at ELSE {run} > :run END"
# Shown by someone, and first seen since the moment.
_NEW = f"""SELECT w.group_id, min(f.retrieved_at) AS at, json_group_array(DISTINCT f.provider), NULL
            FROM found f JOIN work w ON w.work_id = f.work_id WHERE f.slug = :slug
           GROUP BY w.group_id HAVING {_LATER.format(run="min(f.run_id)")} AND min(f.withdrawn_at IS NOT NULL) = 0"""
# Shown by nobody any longer, and the last one took it back since the moment; with the final decision, as a verified use stays.
_WITHDRAWN = f"""SELECT w.group_id, max(f.withdrawn_at) AS at, json_group_array(DISTINCT f.provider),
                        (SELECT label FROM ({FINAL}) d WHERE d.group_id = w.group_id)
                  FROM found f JOIN work w ON w.work_id = f.work_id WHERE f.slug = :slug
                 GROUP BY w.group_id HAVING min(f.withdrawn_at IS NOT NULL) = 1 AND at >= :at"""
# Shown again since the moment, after nobody had shown it: all that shows it has come back.
_RETURNED = """SELECT w.group_id, max(s.returned_at) AS at, json_group_array(DISTINCT s.provider), NULL
                 FROM citation_sighting s JOIN citation c USING (citation_id) JOIN dataset_paper p ON p.work_id = c.cited_work_id
                 JOIN work w ON w.work_id = c.citing_work_id
                WHERE p.slug = :slug AND s.withdrawn_at IS NULL
                GROUP BY w.group_id HAVING min(s.returned_at IS NOT NULL) = 1 AND at >= :at"""
# Institutions and countries to which no work found before the moment leads, and one found since does.
_FIRST = f"""{PLACES}
             SELECT {{columns}}, min(f.retrieved_at) AS at
               FROM led JOIN affiliation a ON a.string_id = led.string_id JOIN found f ON f.work_id = a.work_id AND f.slug = :slug
               LEFT JOIN institution i ON i.ror_id = led.ror_id LEFT JOIN place p ON p.place_id = led.place_id
              WHERE {{key}} IS NOT NULL GROUP BY {{key}}
             HAVING {_LATER.format(run="min(f.run_id)")} AND min(f.withdrawn_at IS NOT NULL) = 0 ORDER BY at, {{key}}"""
_INSTITUTIONS = _FIRST.format(key="i.ror_id", columns="i.ror_id, i.name, i.country_code")
_COUNTRY = "coalesce(led.printed_country, i.country_code, p.country_code)"
_COUNTRIES = _FIRST.format(key=_COUNTRY, columns=_COUNTRY)
_FULL_TEXT = f"""SELECT w.group_id, min(t.retrieved_at) AS at, json_group_array(DISTINCT t.provider), NULL
                  FROM fulltext t JOIN work w ON w.work_id = t.work_id
                 WHERE t.status = 'stored' AND w.group_id IN (
                   SELECT v.group_id FROM found f JOIN work v ON v.work_id = f.work_id WHERE f.slug = :slug)
                 GROUP BY w.group_id HAVING {_LATER.format(run="min(t.run_id)")}"""
# Of each group the newest decision, and the one that stood before the moment.
_DECIDED = """WITH told AS (SELECT w.group_id, d.decision_id, d.label, d.decided_at
                              FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = :slug)
              SELECT t.group_id, t.decided_at, t.label,
                     (SELECT label FROM told o WHERE o.group_id = t.group_id AND o.decided_at < :at ORDER BY o.decision_id DESC LIMIT 1)
                FROM told t
               WHERE t.decided_at >= :at AND t.decision_id = (SELECT max(decision_id) FROM told n WHERE n.group_id = t.group_id)"""
_PLACES = """SELECT DISTINCT s.text, d.ror_id, i.name, r.pseudonym, d.decided_at
               FROM place_decision d
               JOIN affiliation_string s ON s.string_id = d.string_id
               JOIN reviewer r ON r.reviewer_id = d.reviewer_id
               JOIN affiliation a ON a.string_id = s.string_id
               JOIN found f ON f.work_id = a.work_id AND f.slug = :slug
               LEFT JOIN institution i ON i.ror_id = d.ror_id
              WHERE d.decided_at >= :at
                AND d.decision_id = (SELECT max(decision_id) FROM place_decision n WHERE n.string_id = d.string_id)
              ORDER BY d.decided_at, s.text"""


def _changes(db: Database, sql: str, slug: str, since: Since) -> list[Change]:
    return _told(db, db.conn.execute(sql, {"slug": slug} | since._asdict()).fetchall())


def _told(db: Database, rows: list[Any]) -> list[Change]:
    """Rows of (group, when, what, before) with the names of their works, the oldest first."""
    names = load_names(db, [row[0] for row in rows])
    kinds = _kinds(db, [row[0] for row in rows])
    told = [Change(*names[group_id], at, _words(what), before, kinds[group_id]) for group_id, at, what, before in rows]
    return sorted(told, key=lambda change: (change.at, change.id))


def _kinds(db: Database, group_ids: list[int]) -> dict[int, str]:
    """Paper, patent or other, by group."""
    sql = "SELECT group_id, min(kind) FROM work WHERE group_id IN (SELECT value FROM json_each(?)) GROUP BY group_id"
    return {int(group_id): str(kind) for group_id, kind in db.conn.execute(sql, [json.dumps(group_ids)])}


def _words(what: str | None) -> str | None:
    """A JSON list of providers in a fixed order; a decision as it is."""
    return ", ".join(sorted(json.loads(what))) if what and what.startswith("[") else what


def load_new_works(db: Database, slug: str, since: Since) -> list[Change]:
    """Works first seen since then that are still shown; ``what`` names the providers."""
    return _changes(db, _NEW, slug, since)


def load_withdrawn(db: Database, slug: str, since: Since) -> list[Change]:
    """Works that since then nobody shows any longer; ``before`` is their final decision."""
    return _changes(db, _WITHDRAWN, slug, since)


def load_returned(db: Database, slug: str, since: Since) -> list[Change]:
    """Works that were withdrawn by all who showed them, and since then are shown again."""
    return _changes(db, _RETURNED, slug, since)


def load_new_institutions(db: Database, slug: str, since: Since) -> list[FirstSeen]:
    """Institutions to which works found since then lead, and none found before."""
    rows = db.conn.execute(_INSTITUTIONS, {"slug": slug} | since._asdict())
    return [FirstSeen(at, name, ror_id, country) for ror_id, name, country, at in rows]


def load_new_countries(db: Database, slug: str, since: Since) -> list[FirstSeen]:
    """Countries of the institutions and places to which works found since then lead, and none found before."""
    return [FirstSeen(at, code) for code, at in db.conn.execute(_COUNTRIES, {"slug": slug} | since._asdict())]


def load_new_full_texts(db: Database, slug: str, since: Since) -> list[Change]:
    """Works of the dataset whose first full text came since then."""
    return _changes(db, _FULL_TEXT, slug, since)


def load_decisions_since(db: Database, slug: str, since: Since) -> list[Change]:
    """The standing decisions made since then; ``before`` is the decision that stood at that moment."""
    return _changes(db, _DECIDED, slug, since)


def load_corrected(db: Database, slug: str, since: Since) -> list[Change]:
    """The decisions made since then that replaced one which had been published, as the public list of corrections has them."""
    found = find_corrected(db, slug, load_publications(db, slug))
    return _told(db, [(group_id, at, after, before) for group_id, at, before, after in found if at >= since.at])


def load_places_since(db: Database, slug: str, since: Since) -> list[PlaceChange]:
    """What reviewers said of affiliation strings of the dataset's works since then."""
    return [PlaceChange(*row) for row in db.conn.execute(_PLACES, {"slug": slug} | since._asdict())]
