"""The family of a dataset: what it was made from, what was made from it, and how many works stand behind each."""

from __future__ import annotations

from typing import NamedTuple

from db.connect import Database
from db.queries.scope import SCOPE


class Relative(NamedTuple):
    """One ancestor or derivative.  ``depth`` counts the steps; ``name`` is words where the ancestor is no dataset.

    ``near`` names what of the family was made from it (an ancestor) or what it was made from (a derivative); the counts
    are None where nothing was found for it.
    """

    slug: str
    name: str
    depth: int
    near: tuple[str, ...]
    found: int | None
    used: int | None


class Lineage(NamedTuple):
    """Ancestors and derivatives, nearest first; the totals count works of the dataset and all derivatives once."""

    ancestors: tuple[Relative, ...]
    derivatives: tuple[Relative, ...]
    total_found: int
    total_used: int


_UP = """WITH RECURSIVE up (slug, depth) AS (
    SELECT :slug, 0 UNION SELECT a.ancestor, up.depth + 1 FROM up JOIN dataset_ancestor a ON a.slug = up.slug WHERE up.depth < 20)
  SELECT slug, min(depth) FROM up WHERE slug <> :slug GROUP BY slug ORDER BY min(depth), slug"""
_DOWN = """WITH RECURSIVE down (slug, depth) AS (
    SELECT :slug, 0 UNION SELECT a.slug, down.depth + 1 FROM down JOIN dataset_ancestor a ON a.ancestor = down.slug WHERE down.depth < 20)
  SELECT slug, min(depth) FROM down WHERE slug <> :slug GROUP BY slug ORDER BY min(depth), slug"""


def load_lineage(db: Database, slug: str) -> Lineage:
    """The whole family of a dataset, with counts of each and of all that came out of it together."""
    names = dict(db.conn.execute("SELECT slug, name FROM dataset").fetchall())
    up = [(other, depth) for other, depth in db.conn.execute(_UP, {"slug": slug})]
    down = [(other, depth) for other, depth in db.conn.execute(_DOWN, {"slug": slug})]
    family = {slug, *(other for other, _ in up + down)}
    groups = {other: _load_groups(db, other) for other in family if other in names}
    mine = [groups[other] for other in (slug, *(o for o, _ in down)) if other in groups]
    found: set[int] = set().union(*(group[0] for group in mine))
    used: set[int] = set().union(*(group[1] for group in mine))
    return Lineage(
        tuple(_relative(db, other, depth, names, groups, family, _CHILDREN) for other, depth in up),
        tuple(_relative(db, other, depth, names, groups, family, _PARENTS) for other, depth in down),
        len(found),
        len(used),
    )


_CHILDREN = "SELECT slug FROM dataset_ancestor WHERE ancestor = ? ORDER BY slug"
_PARENTS = "SELECT ancestor FROM dataset_ancestor WHERE slug = ? ORDER BY ancestor"


def _relative(
    db: Database, slug: str, depth: int, names: dict[str, str], groups: dict[str, tuple[set[int], set[int]]], family: set[str], beside: str
) -> Relative:
    near = tuple(names.get(other, other) for (other,) in db.conn.execute(beside, [slug]) if other in family)
    found, used = groups.get(slug, (set(), set()))
    counts = (len(found), len(used)) if found else (None, None)
    return Relative(slug, names.get(slug, slug), depth, near, *counts)


def _load_groups(db: Database, slug: str) -> tuple[set[int], set[int]]:
    """(groups of works in scope of a dataset, those of them whose final decision is: used)."""
    sql = f"{SCOPE} SELECT s.group_id, f.label = 'used' FROM scope s LEFT JOIN final f ON f.group_id = s.group_id"
    rows = db.conn.execute(sql, {"slug": slug}).fetchall()
    return {group_id for group_id, _ in rows}, {group_id for group_id, is_used in rows if is_used}
