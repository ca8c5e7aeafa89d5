"""Which works are versions of one: a preprint and what was published of it, or works that share an id.

The groups follow from the works alone, never from the order in which they came: after each change the works around it
are grouped anew.  A group is what reviewers decide on and what is counted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.identity import Key, is_telling, natural_key, same_authors, surname, title_key

MAX_YEARS_APART = 2
BLOCK = 60  # letters; titles that begin with the same ones are looked at together (index work_title_block)
LONG = 40  # letters; a title so long is hardly that of two works without authors
SAME_LIST = 0.8  # share of the names that two lists of authors have in common, where they are taken for one list
MAX_ONE_TITLE = 50  # a title that more works have is a heading ("Guest editorial of the special issue"), and tells none of them
# Registrants of preprint servers: arXiv, bioRxiv/medRxiv, SSRN, Research Square, TechRxiv, Preprints.org, OSF, ChemRxiv, Authorea.
_PREPRINT_DOI = re.compile(
    r"10\.(48550/arxiv|1101/\d|2139/ssrn|21203/rs|36227/techrxiv|20944/preprints|31219/|31234/|35542/|26434/chemrxiv|22541/)"
)
_SEQUEL = re.compile(r"part|supplement|appendi|repl|comment|errat|corr|respon|addend|retract|i{1,3}v?$|\d{1,2}(?!\d)|vol")
_PREPRINT_VENUE = re.compile(r"arxiv|\bcorr\b|ssrn|biorxiv|medrxiv|techrxiv|research square|preprint", re.IGNORECASE)


@dataclass(frozen=True)
class Version:
    """A work, as far as grouping looks at it.  ``ids`` are those it holds and those it shares.

    ``borrowed`` names the fields that another than the work's best provider told.
    """

    work_id: int
    group_id: int
    kind: str
    title: str | None
    title_key: str
    year: int | None
    venue: str | None
    authors: tuple[str, ...]
    n_facts: int
    ids: frozenset[tuple[str, str]]
    borrowed: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        return natural_key(self.ids)

    def values(self, scheme: str) -> set[str]:
        return {value for name, value in self.ids if name == scheme}

    @property
    def published_dois(self) -> set[str]:
        return {doi for doi in self.values("doi") if not _PREPRINT_DOI.match(doi)}

    @property
    def is_published(self) -> bool:
        return bool(self.published_dois or (self.venue and not _PREPRINT_VENUE.search(self.venue)))


def _sure(version: Version) -> Version:
    """The work without borrowed fields.

    A reference by an id that several works share fills the gaps of the one that was there first: what it says must not tell
    whether that work, and not another one, belongs somewhere.
    """
    told = version.borrowed
    return version if not told else replace(
        version, title=None if "title" in told else version.title, title_key="" if "title" in told else version.title_key,
        year=None if "year" in told else version.year, venue=None if "venue" in told else version.venue,
        authors=() if "authors" in told else version.authors,
    )  # fmt: skip


def _compatible(a: Version, b: Version) -> bool:
    """Whether nothing speaks against two works with one title being versions of one work."""
    if a.kind != "paper" or b.kind != "paper":
        return False
    apart = abs(a.year - b.year) if a.year is not None and b.year is not None else 0
    if apart > MAX_YEARS_APART and not _is_one_article(a, b):
        return False
    if a.values("arxiv") and b.values("arxiv") and not a.values("arxiv") & b.values("arxiv"):
        return False
    two_articles = bool(a.published_dois and b.published_dois) and a.published_dois.isdisjoint(b.published_dois)
    if a.authors and b.authors:
        # One venue gives an article one DOI; a conference paper and its journal version have two venues.
        return same_authors(a.authors, b.authors) and not (two_articles and title_key(a.venue) == title_key(b.venue))
    # Without authors these are two articles of one heading, such as a yearly editorial, unless title or year say more.
    is_told = (apart == 0 and a.year is not None and b.year is not None) or min(len(a.title_key), len(b.title_key)) >= LONG
    return is_told and not two_articles


def _is_one_article(a: Version, b: Version) -> bool:
    """Whether a long title and a list of authors say that two records are one article, whatever their years.

    Records that were read off a PDF have wrong years now and then.  Two DOIs of publishers are two articles.
    """
    if min(len(a.title_key), len(b.title_key)) < BLOCK or (a.published_dois and b.published_dois):
        return False
    return _is_one_list(a.authors, b.authors, at_least=3)


def _is_one_list(one: tuple[str, ...], other: tuple[str, ...], *, at_least: int) -> bool:
    """Whether two lists of authors are one; a name may end in the mark of an affiliation ("Tilla")."""
    names, others = set(map(surname, one)), set(map(surname, other))
    same = sum(any(name in (o, o[: len(o) - _has_mark(o)]) or o == name[: len(name) - _has_mark(name)] for o in others) for name in names)
    return same >= max(at_least, SAME_LIST * max(len(names), len(others)))


def _has_mark(name: str) -> bool:
    return len(name) > 4 and name[-1] in "abcde"


def _share_title(a: Version, b: Version) -> bool:
    """Whether two titles can be that of one work: the same, or one is the beginning of the other.

    Titles that were read off a PDF run on into the text below them.  Then the authors have to be the same, and the longer title
    must not go on as that of a sequel does.
    """
    if a.title_key == b.title_key:
        return True
    short, long = sorted((a.title_key, b.title_key), key=len)
    if len(short) < BLOCK or not long.startswith(short) or _SEQUEL.match(long[len(short) :]):
        return False
    return _is_one_list(a.authors, b.authors, at_least=2)


def _years_apart(one: list[Version], other: list[Version]) -> int:
    return min((abs(a.year - b.year) for a in one for b in other if a.year is not None and b.year is not None), default=MAX_YEARS_APART)


def _by_shared_ids(versions: Iterable[Version]) -> list[list[Version]]:
    """Connected components: works that share an id, directly or through others."""
    units: list[tuple[set[tuple[str, str]], list[Version]]] = []
    for version in versions:
        touching = [unit for unit in units if unit[0] & version.ids]
        merged = (set(version.ids).union(*(ids for ids, _ in touching)), [version, *(v for _, members in touching for v in members)])
        units = [unit for unit in units if not any(unit is t for t in touching)] + [merged]
    return [members for _, members in units]


def clusters(versions: Iterable[Version]) -> list[list[Version]]:
    """The groups of these works, sorted; a pure function of the set.

    Shared ids tie first.  Then units with one telling title are joined, those with the most known first: each with the
    one cluster that none of its works contradicts, the nearest in years where there are several.  Borrowed fields have no say.
    """
    versions = list(versions)
    given = {v.work_id: v for v in versions}
    n_works = Counter(v.title_key[:BLOCK] for v in versions)
    units = [sorted(unit, key=lambda v: v.key) for unit in _by_shared_ids(map(_sure, versions))]
    units.sort(key=lambda unit: (not any(v.authors for v in unit), not any(v.year for v in unit), unit[0].key))
    found: list[list[Version]] = []
    for unit in units:
        telling = [v for v in unit if is_telling(v.title) and n_works[v.title_key[:BLOCK]] <= MAX_ONE_TITLE]
        fitting = [
            cluster
            for cluster in found
            if any(_share_title(a, b) for a in telling for b in cluster) and all(_compatible(a, b) for a in unit for b in cluster)
        ]
        if fitting:
            min(fitting, key=lambda cluster: (_years_apart(unit, cluster), min(v.key for v in cluster))).extend(unit)
        else:
            found.append(list(unit))
    whole = [sorted((given[v.work_id] for v in cluster), key=lambda v: v.key) for cluster in found]
    return sorted(whole, key=lambda cluster: cluster[0].key)


def preferred(cluster: Iterable[Version]) -> Version:
    """The version that is shown: published over preprint, then the most complete, then the lowest natural key."""
    return min(cluster, key=lambda v: (not v.is_published, -v.n_facts, v.key))


# ---------------------------------------------------------------- in the database


def _around(db: Database, work_id: int) -> set[int]:
    """The works whose groups a change of this one can touch: over its group, shared ids and telling titles, to the end."""
    known: set[int] = set()
    todo = {work_id}
    while todo:
        current = todo.pop()
        known.add(current)
        group_id, title, key = db.conn.execute("SELECT group_id, title, title_key FROM work WHERE work_id = ?", [current]).fetchone()
        near = db.conn.execute(
            """SELECT work_id FROM work WHERE group_id = ?1
               UNION SELECT work_id FROM work WHERE substr(title_key, 1, 60) = ?2 AND ?3
               UNION SELECT b.work_id FROM id_claim a JOIN id_claim b USING (scheme, value) WHERE a.work_id = ?4
               UNION SELECT e.work_id FROM id_claim a JOIN external_id e USING (scheme, value) WHERE a.work_id = ?4
               UNION SELECT a.work_id FROM external_id e JOIN id_claim a USING (scheme, value) WHERE e.work_id = ?4""",
            [group_id, key[:BLOCK], _ties(db, title, key), current],
        )
        todo |= {int(row[0]) for row in near} - known
    return known


def _ties(db: Database, title: str | None, key: str) -> bool:
    """Whether works whose title begins so are looked at together.  One too many are, for the last time: they come apart then."""
    if not is_telling(title):
        return False
    sql = "SELECT count(*) FROM (SELECT 1 FROM work WHERE substr(title_key, 1, 60) = ? LIMIT ?)"
    return int(db.conn.execute(sql, [key[:BLOCK], MAX_ONE_TITLE + 2]).fetchone()[0]) <= MAX_ONE_TITLE + 1


def _load(db: Database, work_id: int) -> Version:
    row = db.conn.execute(
        """SELECT group_id, kind, title, title_key, year, venue, authors, publication_date, abstract, field_providers
             FROM work WHERE work_id = ?""",
        [work_id],
    ).fetchone()
    group_id, kind, title, title_key, year, venue, authors, date, abstract, told = row
    names = json.loads(authors)
    ids = db.conn.execute(
        "SELECT scheme, value FROM external_id WHERE work_id = ?1 UNION SELECT scheme, value FROM id_claim WHERE work_id = ?1", [work_id]
    )
    found = frozenset((scheme, value) for scheme, value in ids)
    facts = (title, year, venue, names, date, abstract, any(scheme == "doi" for scheme, _ in found))
    n_facts, borrowed = sum(map(bool, facts)), frozenset(json.loads(told))
    return Version(work_id, group_id, kind, title, title_key, year, venue, tuple(names), n_facts, found, borrowed)


def regroup(db: Database, work_id: int) -> None:
    """Group the works around this one anew, within an open transaction.  Group ids stay where they can."""
    versions = [_load(db, member) for member in sorted(_around(db, work_id))]
    taken: set[int] = set()
    for cluster in clusters(versions):
        group_id = min({v.group_id for v in cluster} - taken, default=None)
        if group_id is None:
            group_id = new_group(db)
        taken.add(group_id)
        for version in cluster:
            if version.group_id != group_id:
                db.conn.execute("UPDATE work SET group_id = ? WHERE work_id = ?", [group_id, version.work_id])
        db.conn.execute(
            "UPDATE work_group SET preferred_work_id = ?1 WHERE group_id = ?2 AND preferred_work_id IS NOT ?1",
            [preferred(cluster).work_id, group_id],
        )
    for empty in {v.group_id for v in versions} - taken:
        db.conn.execute("DELETE FROM work_group WHERE group_id = ?", [empty])


def new_group(db: Database) -> int:
    """An empty group; its id."""
    return int(db.conn.execute("INSERT INTO work_group DEFAULT VALUES").lastrowid or 0)
