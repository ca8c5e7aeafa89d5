"""Which works count for a dataset: groups of versions that a provider shows, or whose use was verified.

A group whose every finding was withdrawn drops out, unless its final decision is "used": what was verified stays, flagged.
The papers that made the dataset are no uses of it: one counts where it cites another of them, or where reviewers said "created".
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from db.connect import Database
from db.identity import natural_key, row_id, title_key
from db.queries.own import OWN, UNASKED
from db.queries.records import Decision

# The latest decision on any work of a group counts; 'open' reopens, so it is none.  A paper of the dataset itself made it, whoever
# says that it used it.
FINAL = f"""
  SELECT group_id, CASE WHEN label = 'used' AND group_id IN ({OWN}) THEN 'created' ELSE label END AS label,
         purposes, reason, reviewer_id, decided_at FROM (
    SELECT w.group_id, d.label, d.purposes, d.reason, d.reviewer_id, d.decided_at,
           row_number() OVER (PARTITION BY w.group_id ORDER BY d.decision_id DESC) AS newest
      FROM decision d JOIN work w ON w.work_id = d.work_id WHERE d.slug = :slug
  ) WHERE newest = 1 AND label <> 'open'"""

SCOPE = f"""
  WITH final AS MATERIALIZED ({FINAL}),
  scope AS MATERIALIZED (
    SELECT w.group_id, min(f.withdrawn_at IS NOT NULL) AS withdrawn
      FROM found f JOIN work w ON w.work_id = f.work_id WHERE f.slug = :slug
       AND (w.group_id NOT IN ({UNASKED}) OR w.group_id IN (SELECT group_id FROM final WHERE label = 'created'))
     GROUP BY w.group_id
    HAVING withdrawn = 0 OR w.group_id IN (SELECT group_id FROM final WHERE label = 'used'))"""


def work_name(ids: Iterable[tuple[str, str]], title: str | None, year: int | None) -> str:
    """The stable name of a work: its most telling id, as scheme and value; without one, its content."""
    known = list(ids)
    best = min(known, key=lambda pair: natural_key([pair])) if len(known) > 1 else known[0] if known else None
    scheme, value = best or ("row", row_id(title_key(title), year))
    return f"{scheme}:{value}"


def load_groups(db: Database, slug: str) -> list[tuple[str, int]]:
    """(stable id, group id) of every work in scope, sorted by the stable id: the order of all exports."""
    group_ids = [group_id for group_id, _ in db.conn.execute(f"{SCOPE} SELECT group_id, withdrawn FROM scope", {"slug": slug})]
    return sorted((name, group_id) for group_id, (name, _, _) in load_names(db, group_ids).items())


def load_names(db: Database, group_ids: Iterable[int]) -> dict[int, tuple[str, str | None, int | None]]:
    """(stable id, title, year) of the version that is shown, by group."""
    sql = """SELECT g.group_id, w.title, w.year, e.scheme, e.value, e.is_primary
               FROM work_group g
               JOIN work w ON w.work_id = coalesce(g.preferred_work_id, (SELECT min(work_id) FROM work v WHERE v.group_id = g.group_id))
               LEFT JOIN external_id e ON e.work_id = w.work_id
              WHERE g.group_id IN (SELECT value FROM json_each(?))"""
    told: dict[int, tuple[str | None, int | None]] = {}
    ids: dict[int, list[tuple[int, str, str]]] = {}
    for group_id, title, year, scheme, value, is_primary in db.conn.execute(sql, [json.dumps(list(group_ids))]):
        told[group_id] = (title, year)
        if scheme is not None:
            ids.setdefault(group_id, []).append((is_primary, scheme, value))
    return {group_id: (work_name(_best(ids.get(group_id, [])), title, year), title, year) for group_id, (title, year) in told.items()}


def _best(ids: list[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """The primary ids; where there are none, the outdated ones."""
    primary = [(scheme, value) for is_primary, scheme, value in ids if is_primary]
    return primary or [(scheme, value) for _, scheme, value in ids]


def load_decisions(db: Database, slug: str, group_ids: Iterable[int] | None = None) -> dict[int, Decision]:
    """The final decision of each group that has one; of these groups only, where they are named."""
    final, wanted = FINAL, {"slug": slug}
    if group_ids is not None:
        # CROSS: over the few works of these groups, not over all decisions of the dataset
        final = FINAL.replace("FROM decision d JOIN work w ON", "FROM work w CROSS JOIN decision d ON").replace(
            "WHERE d.slug = :slug", "WHERE d.slug = :slug AND w.group_id IN (SELECT value FROM json_each(:groups))"
        )
        wanted["groups"] = json.dumps(list(group_ids))
    sql = f"""SELECT f.group_id, f.label, f.purposes, f.reason, r.pseudonym, f.decided_at
                FROM ({final}) f LEFT JOIN reviewer r ON r.reviewer_id = f.reviewer_id"""
    return {
        group_id: Decision(label, tuple(json.loads(purposes)), reason, reviewer, at)
        for group_id, label, purposes, reason, reviewer, at in db.conn.execute(sql, wanted)
    }
