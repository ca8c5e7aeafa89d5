"""Works with everything that is known of them, in the order of the exports, a few hundred at a time.

Memory stays flat however many there are; each question is asked once for each batch, not for each work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from db.connect import Database
from db.identity import natural_key
from db.queries import details
from db.queries.records import Decision, Label, Version, Work
from db.queries.scope import SCOPE, load_decisions, load_groups, load_names
from db.queries.successors import load_keys

BATCH = 500
# The ids that leave the house; `file` without its suffix.
SCHEMES = ("s2", "corpus", "doi", "arxiv", "openalex", "publication_number", "file", "url")


def load_works(db: Database, slug: str) -> Iterator[Work]:
    """Every work in scope of a dataset, sorted by its stable id."""
    groups = load_groups(db, slug)
    decisions = load_decisions(db, slug)
    labels = details.load_labels(db, [group_id for _, group_id in groups])
    keys = load_keys(db)
    for start in range(0, len(groups), BATCH):
        yield from _load_batch(db, slug, groups[start : start + BATCH], decisions, labels, keys)


def stream_works(db: Database, slug: str) -> Iterator[Work]:
    """The same works in the same order, for any number of them: SQLite sorts the ids, and not even these are held in memory."""
    keys, asked = load_keys(db), db.conn.execute
    for name in ("scoped_groups", "named_groups"):
        asked(f"DROP TABLE IF EXISTS temp.{name}")
    asked(f"CREATE TEMP TABLE scoped_groups AS {SCOPE} SELECT group_id FROM scope ORDER BY group_id", {"slug": slug})
    asked("CREATE TEMP TABLE named_groups (name TEXT, group_id INTEGER, PRIMARY KEY (name, group_id)) WITHOUT ROWID")
    for group_ids in _in_batches(asked("SELECT group_id FROM temp.scoped_groups ORDER BY rowid")):
        names = load_names(db, [group_id for (group_id,) in group_ids])
        db.conn.executemany("INSERT INTO temp.named_groups VALUES (?, ?)", [(told[0], group_id) for group_id, told in names.items()])
    for groups in _in_batches(asked("SELECT name, group_id FROM temp.named_groups ORDER BY name, group_id")):
        group_ids = [group_id for _, group_id in groups]
        decisions, labels = load_decisions(db, slug, group_ids), details.load_labels(db, group_ids)
        yield from _load_batch(db, slug, groups, decisions, labels, keys)
    for name in ("scoped_groups", "named_groups"):
        asked(f"DROP TABLE temp.{name}")


def _in_batches(rows: Any) -> Iterator[list[Any]]:
    while batch := rows.fetchmany(BATCH):
        yield batch


def _load_batch(
    db: Database,
    slug: str,
    groups: list[tuple[str, int]],
    decisions: dict[int, Decision],
    labels: dict[int, list[Label]],
    keys: dict[str, str],
) -> Iterator[Work]:
    versions = _load_versions(db, [group_id for _, group_id in groups])
    ids = [work_id for members in versions.values() for work_id, _ in members]
    found = details.load_found(db, slug, ids)
    fulltexts = details.load_fulltexts(db, ids)
    affiliations = details.load_affiliations(db, ids, keys)
    mentions = details.load_mentions(db, ids)
    contexts = details.load_contexts(db, slug, ids)
    uses = details.load_uses(db, ids)
    for name, group_id in groups:
        members = [work_id for work_id, _ in versions[group_id]]
        yield Work(
            id=name,
            dataset=slug,
            versions=tuple(version for _, version in versions[group_id]),
            found=_once(sorted(_all(found, members), key=lambda f: (f.retrieved_at, f.provider, f.how, f.url or ""))),
            fulltext=min(_all(fulltexts, members), key=details.fulltext_order, default=None),
            affiliations=_once(_all(affiliations, members)),
            mentions=_once(_all(mentions, members)),
            contexts=_once(_all(contexts, members)),
            uses=details.best_uses(_all(uses, members)),
            labels=tuple(labels.get(group_id, ())),
            decision=decisions.get(group_id),
        )


def _all(by_work: dict[int, list[Any]], members: list[int]) -> list[Any]:
    """What hangs on the versions of a work, the preferred version's first."""
    return [entry for work_id in members for entry in by_work.get(work_id, ())]


def _once(entries: Iterable[Any]) -> tuple[Any, ...]:
    """Each entry once, in order: two versions often print the same."""
    return tuple(dict.fromkeys(entries))


def _load_versions(db: Database, group_ids: list[int]) -> dict[int, list[tuple[int, Version]]]:
    """(work id, version) of each group, the preferred first, then by their ids."""
    wanted = json.dumps(group_ids)
    ids: dict[int, dict[str, str]] = {}
    sql = """SELECT e.work_id, e.scheme, e.value FROM work w JOIN external_id e ON e.work_id = w.work_id
             WHERE w.group_id IN (SELECT value FROM json_each(?)) AND e.is_primary = 1 ORDER BY e.scheme, length(e.value), e.value"""
    for work_id, scheme, value in db.conn.execute(sql, [wanted]):
        ids.setdefault(work_id, {}).setdefault(scheme, value)
    sql = """SELECT w.group_id, w.work_id, coalesce(w.work_id = g.preferred_work_id, 0), w.kind, w.title, w.year, w.venue,
                    w.publication_types, w.authors
               FROM work w JOIN work_group g ON g.group_id = w.group_id
              WHERE w.group_id IN (SELECT value FROM json_each(?))"""
    members: dict[int, list[tuple[tuple[Any, ...], int, Version]]] = {}
    printed = details.load_authors(db, list(ids))
    for group_id, work_id, is_preferred, kind, title, year, venue, types, authors in db.conn.execute(sql, [wanted]):
        held = ids.get(work_id, {})
        names = tuple(json.loads(authors)) or printed.get(work_id, ())
        version = Version(kind, title, year, venue, tuple(json.loads(types)), names, public_ids(held))
        order = (-is_preferred, natural_key(held.items()), title or "")
        members.setdefault(group_id, []).append((order, work_id, version))
    return {
        group_id: [(work_id, version) for _, work_id, version in sorted(found, key=lambda m: m[0])] for group_id, found in members.items()
    }


def public_ids(ids: dict[str, str]) -> dict[str, str]:
    """The ids that leave the house, in the order of their schemes."""
    public = {scheme: ids[scheme] for scheme in SCHEMES if scheme in ids}
    if "file" in public and public["file"].lower().endswith(".pdf"):
        public["file"] = public["file"][:-4]
    if not public.get("url", "http://").startswith(("http://", "https://")):
        del public["url"]
    return public
