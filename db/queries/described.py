"""Works as a map tells of them, in one pass over the database: several queries that run side by side, each in the order
of the groups, so that nothing is sorted, nothing is asked twice, and memory doesn't grow with the number of works.

What a map doesn't tell (affiliation strings, scores, labels, names of authors) is not asked for.  Where the works are is
said by the leads of ``db.queries.leads``, which are saved before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from db.connect import Database
from db.identity import natural_key
from db.queries.details import fulltext_rank
from db.queries.leads import Lead
from db.queries.quotes import without_authors
from db.queries.records import Decision, Found, Fulltext, Mention, Version, Work
from db.queries.scope import SCOPE, work_name
from db.queries.works import public_ids

Row = tuple[Any, ...]
_GROUP = itemgetter(0)
_END: tuple[int | None, Iterator[Row]] = (None, iter(()))

# CROSS: this order of the loops is the order of the rows.
_MEMBER = f"""CREATE TEMP TABLE member AS {SCOPE}
  SELECT s.group_id AS group_id, w.work_id AS work_id, f.label AS label, f.purposes AS purposes, f.reason AS reason,
         r.pseudonym AS reviewer, f.decided_at AS at
    FROM scope s LEFT JOIN final f ON f.group_id = s.group_id LEFT JOIN reviewer r ON r.reviewer_id = f.reviewer_id
   CROSS JOIN work w ON w.group_id = s.group_id
   WHERE :all OR f.label = 'used' ORDER BY s.group_id"""
_CITED = """CREATE TEMP TABLE cited AS
  SELECT m.group_id AS group_id, m.work_id AS work_id, c.citation_id AS citation_id, p.position AS position
  FROM temp.member m CROSS JOIN citation c ON c.citing_work_id = m.work_id
                     CROSS JOIN dataset_paper p ON p.work_id = c.cited_work_id AND p.slug = :slug ORDER BY m.rowid"""
_TABLES = {"member": _MEMBER, "cited": _CITED}
_QUERIES = (  # in the order of the arguments of ``_work``, the leads last
    """SELECT m.*, coalesce(m.work_id = g.preferred_work_id, 0), w.kind, w.title, w.year, w.venue FROM temp.member m
         CROSS JOIN work w ON w.work_id = m.work_id CROSS JOIN work_group g ON g.group_id = m.group_id ORDER BY m.rowid""",
    """SELECT m.group_id, m.work_id, e.scheme, e.value, e.is_primary
         FROM temp.member m CROSS JOIN external_id e ON e.work_id = m.work_id ORDER BY m.rowid""",
    """SELECT c.group_id, x.provider, 'citation', x.url, x.run_id, x.retrieved_at, x.withdrawn_at
         FROM temp.cited c CROSS JOIN citation_sighting x ON x.citation_id = c.citation_id ORDER BY c.rowid""",
    """SELECT m.group_id, f.provider, f.how, f.url, f.run_id, f.retrieved_at, f.withdrawn_at
         FROM temp.member m CROSS JOIN finding f ON f.work_id = m.work_id AND f.slug = :slug ORDER BY m.rowid""",
    """SELECT m.group_id, m.work_id, n.slug, n.provider, n.position, n.alias, n.quote, n.page, n.section, n.in_references, n.translation
         FROM temp.member m CROSS JOIN mention n ON n.work_id = m.work_id ORDER BY m.rowid""",
    """SELECT c.group_id, c.work_id, c.position, x.provider, x.position, x.text
         FROM temp.cited c CROSS JOIN citation_context x ON x.citation_id = c.citation_id ORDER BY c.rowid""",
    """SELECT m.group_id, m.work_id, f.rank, f.url, f.status, f.provider
         FROM temp.member m CROSS JOIN fulltext f ON f.work_id = m.work_id ORDER BY m.rowid""",
    """SELECT m.group_id, l.site, l.rowid, l.is_shown, l.is_sure, l.provider, l.reviewed, l.score, l.method, a.version, l.matcher
         FROM temp.member m CROSS JOIN placing_affiliation a ON a.work_id = m.work_id
                            CROSS JOIN temp.lead l ON l.string_id = a.string_id ORDER BY m.rowid""",
)


class _Ahead:
    """A query whose rows begin with a group, read group by group; ``group`` is the one that comes next, None at the end."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, _GROUP)
        self.group: int | None
        self.group, self._rows = next(self._groups, _END)

    def take(self) -> list[Row]:
        """The rows of the group that comes next; groups come in the order of the rows."""
        taken = list(self._rows)
        self.group, self._rows = next(self._groups, _END)
        return taken


def load_described(db: Database, slug: str, *, everything: bool) -> Iterator[tuple[Work, list[Lead]]]:
    """Every work in scope, or only those whose final decision is "used", in no promised order, each with its leads.

    Their affiliations, scores and labels are empty, and so are the names of authors.  ``save_leads`` first.
    """
    for name, sql in _TABLES.items():
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
        _ask(db, sql, slug=slug, all=everything)
    asked = [_Ahead(_ask(db, sql, slug=slug)) for sql in _QUERIES]
    while (group_id := asked[0].group) is not None:
        *told, leads = [ahead.take() if ahead.group == group_id else [] for ahead in asked]
        yield _work(slug, *told), [Lead._make(row) for row in leads]
    for name in _TABLES:
        db.conn.execute(f"DROP TABLE temp.{name}")


def _ask(db: Database, sql: str, **values: Any) -> Iterator[Row]:
    return db.conn.execute(sql, {name: value for name, value in values.items() if f":{name}" in sql})


def count_records(db: Database) -> int:
    """Records of works in the database: more than any dataset has works."""
    [(n,)] = db.conn.execute("SELECT count(*) FROM work")
    return int(n)


def _work(slug: str, versions: list[Row], ids: list[Row], found_in: list[Row], findings: list[Row], *more: list[Row]) -> Work:
    """The work of one group, as ``db.queries.works`` makes it, without what a map leaves out."""
    mentions, contexts, fulltexts = more
    members, name = _members(versions, ids)
    order = {work_id: place for place, (work_id, _) in enumerate(members)} if len(members) > 1 else {members[0][0]: 0}
    found = [Found._make(row[1:]) for row in found_in + findings]
    if len(found) > 1:
        found.sort(key=lambda f: (f.retrieved_at, f.provider, f.how, f.url or ""))
    label, purposes, reason, reviewer, at = versions[0][2:7]
    return Work(
        id=name,
        dataset=slug,
        versions=tuple([version for _, version in members]),
        found=tuple(found),
        fulltext=_fulltext(fulltexts, order) if fulltexts else None,
        affiliations=(),
        mentions=_mentions(mentions, order) if mentions else (),
        contexts=_contexts(slug, contexts, order),
        uses=(),
        labels=(),
        decision=Decision(label, tuple(json.loads(purposes)), reason, reviewer, at) if label else None,
    )


def _members(versions: list[Row], ids: list[Row]) -> tuple[list[tuple[int, Version]], str]:
    """(work id, version) of each version, the preferred first; and the stable name of the work."""
    if len(ids) > 1:
        ids.sort(key=lambda row: (row[2], len(row[3]), row[3]))
    if len(versions) == 1:
        [(_, work_id, _, _, _, _, _, _, *told)] = versions
        version, primary = _version(told, ids)
        return [(work_id, version)], work_name(primary or _all_ids(ids), version.title, version.year)
    shown = next((row[1] for row in versions if row[7]), min(row[1] for row in versions))
    members, name = [], ""
    for _, work_id, _, _, _, _, _, is_preferred, *told in versions:
        own = [row for row in ids if row[1] == work_id]
        version, primary = _version(told, own)
        members.append(((-is_preferred, natural_key(primary), version.title or ""), work_id, version))
        if work_id == shown:
            name = work_name(primary or _all_ids(own), version.title, version.year)
    members.sort(key=lambda member: member[0])
    return [member[1:] for member in members], name


def _all_ids(ids: list[Row]) -> list[tuple[str, str]]:
    """Outdated ids too: they name a work that has no other."""
    return [(row[2], row[3]) for row in ids]


def _version(told: list[Any], ids: list[Row]) -> tuple[Version, list[tuple[str, str]]]:
    """A version from its row and its ids, and its primary ids."""
    primary: dict[str, str] = {}
    for _, _, scheme, value, is_primary in ids:
        if is_primary:
            primary.setdefault(scheme, value)
    kind, title, year, venue = told
    return Version(kind, title, year, venue, (), (), public_ids(primary)), list(primary.items())


def _mentions(rows: list[Row], order: dict[int, int]) -> tuple[Mention, ...]:
    rows.sort(key=lambda row: (order[row[1]], *row[2:5]))
    return tuple(
        Mention(
            slug, without_authors(quote, alias) if in_references else quote, page, section, provider, bool(in_references), None, translation
        )
        for _, _, slug, provider, _, alias, quote, page, section, in_references, translation in rows
    )


def _contexts(slug: str, rows: list[Row], order: dict[int, int]) -> tuple[Mention, ...]:
    if len(rows) > 1:
        rows.sort(key=lambda row: (order[row[1]], *row[2:5]))
    return tuple([Mention(slug, text, None, None, provider, False, None) for _, _, _, provider, _, text in rows])


def _fulltext(rows: list[Row], order: dict[int, int]) -> Fulltext:
    _, _, _, url, status, provider = min(rows, key=lambda row: (fulltext_rank(row[4]), order[row[1]], row[2], row[3]))
    return Fulltext(status, None, url, None, None, provider)
