"""What hangs on works: one question each, answered for a whole batch of them by work id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from db.connect import Database
from db.queries.places import COLUMNS, PlaceRow, as_place, places_of
from db.queries.quotes import without_authors
from db.queries.records import Affiliation, Found, Fulltext, Label, Mention, Place, UseScore

_IN = "IN (SELECT value FROM json_each(:works))"
_STATUS_ORDER = ("stored", "failed", "refused", "pending")


def load_found(db: Database, slug: str, works: list[int]) -> dict[int, list[Found]]:
    """Why each work is in scope."""
    # As the view `found` has it, but from the works to their citations: from the dataset's papers it would be every
    # citation of the dataset for each batch.
    sql = f"""SELECT c.citing_work_id, s.provider, 'citation', s.url, s.run_id, s.retrieved_at, s.withdrawn_at
                FROM json_each(:works) e
                CROSS JOIN citation c ON c.citing_work_id = e.value
                CROSS JOIN dataset_paper p ON p.work_id = c.cited_work_id AND p.slug = :slug
                CROSS JOIN citation_sighting s ON s.citation_id = c.citation_id
               UNION ALL
              SELECT work_id, provider, how, url, run_id, retrieved_at, withdrawn_at FROM finding WHERE slug = :slug AND work_id {_IN}"""
    answer: dict[int, list[Found]] = {}
    for work_id, *rest in db.conn.execute(sql, {"slug": slug, "works": json.dumps(works)}):
        answer.setdefault(work_id, []).append(Found(*rest))
    return answer


def load_fulltexts(db: Database, works: list[int]) -> dict[int, list[Fulltext]]:
    """The places of each work's full text, the one asked first first."""
    sql = (
        f"""SELECT work_id, status, sha256, url, licence, reason, provider FROM fulltext WHERE work_id {_IN} ORDER BY work_id, rank, url"""
    )
    answer: dict[int, list[Fulltext]] = {}
    for work_id, *rest in db.conn.execute(sql, {"works": json.dumps(works)}):
        answer.setdefault(work_id, []).append(Fulltext(*rest))
    return answer


def fulltext_order(fulltext: Fulltext) -> int:
    """A stored full text before one that failed, before one that nobody asked for yet."""
    return fulltext_rank(fulltext.status)


def fulltext_rank(status: str) -> int:
    """0 for the best that may come of a place of a full text."""
    return _STATUS_ORDER.index(status)


def load_affiliations(db: Database, works: list[int], keys: Mapping[str, str]) -> dict[int, list[Affiliation]]:
    """The affiliation strings of each work, once for each place that they lead to; ``keys`` as ``as_place`` wants them.

    Where the document prints affiliations of its own, what other tiers tell puts nothing on the map: it has no place here,
    and its reason says whether it agrees.
    """
    these = places_of(f"SELECT string_id FROM affiliation WHERE work_id {_IN}")  # else SQLite makes the places of all for each batch
    sql = f"""{these}
      SELECT a.work_id, s.text, a.tier, a.page, a.version, t.version,
             coalesce(t.reason, CASE WHEN t.string_id IS NULL THEN 'not geocoded yet' END),
             a.affiliation_id IN (SELECT affiliation_id FROM placing_affiliation WHERE work_id {_IN}),
             {COLUMNS}
        FROM affiliation a
        JOIN affiliation_string s ON s.string_id = a.string_id
        LEFT JOIN string_state t ON t.string_id = a.string_id
        LEFT JOIN led ON led.string_id = a.string_id
        LEFT JOIN institution i ON i.ror_id = led.ror_id
        LEFT JOIN place p ON p.place_id = led.place_id
       WHERE a.work_id {_IN}
       ORDER BY a.work_id, a.tier, a.position, led.position, led.ror_id"""
    answer: dict[int, list[Affiliation]] = {}
    beside: list[tuple[int, int, Place | None]] = []  # work, place in its list, what another tier says
    for work_id, text, tier, page, reader, matcher, reason, places, *rest in db.conn.execute(sql, {"works": json.dumps(works)}):
        place = as_place(PlaceRow(*rest), keys)
        why = None if place and places else reason or "no place found"
        found = answer.setdefault(work_id, [])
        if not places:
            beside.append((work_id, len(found), place))
        found.append(Affiliation(text, tier, page, reader, matcher, place if places else None, why))
    _compare_tiers(db, answer, beside)
    return answer


def _compare_tiers(db: Database, affiliations: dict[int, list[Affiliation]], beside: list[tuple[int, int, Place | None]]) -> None:
    """Say of what other tiers tell whether it is what the document prints, in any version of the work."""
    groups = dict(
        db.conn.execute(
            "SELECT work_id, group_id FROM work WHERE work_id IN (SELECT value FROM json_each(?))", [json.dumps(list(affiliations))]
        )
    )
    printed: dict[int, set[str]] = {}
    for work_id, found in affiliations.items():
        printed.setdefault(groups[work_id], set()).update(a.place.ror_id or a.place.key for a in found if a.place)
    for work_id, number, place in beside:
        if place is None:
            continue
        known = place.ror_id or place.key
        says = (
            "agrees with the document" if known in printed[groups[work_id]] else f"names {place.name or place.city}, the document does not"
        )
        affiliations[work_id][number] = affiliations[work_id][number]._replace(reason=f"{affiliations[work_id][number].tier} {says}")


def load_mentions(db: Database, works: list[int]) -> dict[int, list[Mention]]:
    """The passages of each work that name a dataset, whichever."""
    sql = f"""SELECT work_id, slug, alias, quote, page, section, provider, in_references, version, translation FROM mention
              WHERE work_id {_IN} ORDER BY work_id, slug, provider, position"""
    answer: dict[int, list[Mention]] = {}
    for work_id, slug, alias, quote, page, section, provider, in_references, *rest in db.conn.execute(sql, {"works": json.dumps(works)}):
        public = without_authors(quote, alias) if in_references else quote
        answer.setdefault(work_id, []).append(Mention(slug, public, page, section, provider, bool(in_references), *rest))
    return answer


def load_contexts(db: Database, slug: str, works: list[int]) -> dict[int, list[Mention]]:
    """The sentences around each work's references to the dataset's papers, as providers give them."""
    sql = """SELECT c.citing_work_id, x.text, x.provider
                FROM json_each(:works) e
                CROSS JOIN citation c ON c.citing_work_id = e.value
                CROSS JOIN dataset_paper d ON d.work_id = c.cited_work_id AND d.slug = :slug
                CROSS JOIN citation_context x ON x.citation_id = c.citation_id
               ORDER BY c.citing_work_id, d.position, x.provider, x.position"""
    answer: dict[int, list[Mention]] = {}
    for work_id, text, provider in db.conn.execute(sql, {"slug": slug, "works": json.dumps(works)}):
        answer.setdefault(work_id, []).append(Mention(slug, text, None, None, provider, False, None))
    return answer


def load_uses(db: Database, works: list[int]) -> dict[int, list[UseScore]]:
    """The use scores of each work."""
    sql = f"SELECT work_id, slug, score, reasons FROM use_score WHERE work_id {_IN} ORDER BY work_id, slug"
    answer: dict[int, list[UseScore]] = {}
    for work_id, slug, score, reasons in db.conn.execute(sql, {"works": json.dumps(works)}):
        answer.setdefault(work_id, []).append(UseScore(slug, score, tuple(json.loads(reasons))))
    return answer


def best_uses(uses: Iterable[UseScore]) -> tuple[UseScore, ...]:
    """The highest score of each dataset, sorted by dataset."""
    best: dict[str, UseScore] = {}
    for use in uses:
        if use.dataset not in best or use.score > best[use.dataset].score:
            best[use.dataset] = use
    return tuple(best[slug] for slug in sorted(best))


def load_authors(db: Database, works: list[int]) -> dict[int, tuple[str, ...]]:
    """The authors' names that each work's front matter prints, or else a provider told; for bibliographic formats only."""
    sql = f"""SELECT work_id, tier, name FROM authorship WHERE work_id {_IN} ORDER BY work_id, tier <> 'front matter', tier, position"""
    tiers: dict[int, str] = {}
    answer: dict[int, tuple[str, ...]] = {}
    for work_id, tier, name in db.conn.execute(sql, {"works": json.dumps(works)}):
        if tiers.setdefault(work_id, tier) == tier:
            answer[work_id] = (*answer.get(work_id, ()), name)
    return answer


def load_labels(db: Database, group_ids: list[int]) -> dict[int, list[Label]]:
    """The standing labels of each group, for every dataset."""
    sql = """SELECT l.group_id, l.slug, r.pseudonym, l.round, l.label, l.purposes, l.labelled_at
               FROM standing_label l JOIN reviewer r ON r.reviewer_id = l.reviewer_id
              WHERE l.group_id IN (SELECT value FROM json_each(?)) ORDER BY l.slug, l.round, r.pseudonym"""
    answer: dict[int, list[Label]] = {}
    for group_id, slug, reviewer, round_, label, purposes, at in db.conn.execute(sql, [json.dumps(group_ids)]):
        answer.setdefault(group_id, []).append(Label(slug, reviewer, round_, label, tuple(json.loads(purposes)), at))
    return answer
