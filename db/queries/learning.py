"""What the order of the queue is learned from: the words beside the dataset's name, and the labels given so far."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.connect import Database


@dataclass(slots=True)
class Signs:
    """What is known of a work's use before anyone read it: passages (text, section), intents, reasons of the score, score."""

    passages: list[tuple[str, str | None]] = field(default_factory=list)
    intents: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    score: float | None = None


def load_signs(db: Database, slug: str, work_ids: Iterable[int]) -> dict[int, Signs]:
    """The signs of each work, its versions together."""
    asked = json.dumps(list(work_ids))
    found: dict[int, Signs] = defaultdict(Signs)
    # CROSS JOIN: from the few works asked for to their passages, not from all passages of the dataset
    versions = "FROM json_each(:asked) j CROSS JOIN work w ON w.work_id = j.value CROSS JOIN work v ON v.group_id = w.group_id"
    values = {"asked": asked, "slug": slug}
    for work_id, text, section in db.conn.execute(
        f"SELECT j.value, m.quote, m.section {versions} CROSS JOIN mention m ON m.work_id = v.work_id AND m.slug = :slug "
        "WHERE NOT m.in_references",
        values,
    ):
        found[work_id].passages.append((text, section))
    for work_id, text, intents in db.conn.execute(
        f"SELECT j.value, x.text, x.intents {versions} CROSS JOIN citation c ON c.citing_work_id = v.work_id "
        "CROSS JOIN citation_context x ON x.citation_id = c.citation_id "
        "WHERE c.cited_work_id IN (SELECT work_id FROM dataset_paper WHERE slug = :slug)",
        values,
    ):
        found[work_id].passages.append((text, None))
        found[work_id].intents.update(map(str, json.loads(intents)))
    for work_id, score, reasons in db.conn.execute(
        f"SELECT j.value, u.score, u.reasons {versions} CROSS JOIN use_score u ON u.work_id = v.work_id AND u.slug = :slug", values
    ):
        signs = found[work_id]
        signs.score = max(score, signs.score or 0.0)
        signs.reasons.update(map(str, json.loads(reasons)))
    return found


def load_examples(db: Database, slug: str, reviewer_id: int, limit: int) -> list[tuple[int, bool]]:
    """(work, whether it is a use) of the newest labels of one reviewer, oldest first; only labels that decide.

    Labels of others are not taken: the order must not tell a blind reviewer what somebody else thought.
    """
    rows = db.conn.execute(
        "SELECT work_id, label = 'used' FROM standing_label WHERE slug = ? AND reviewer_id = ? "
        "AND label IN ('used', 'not_used', 'wrong_work') ORDER BY label_id DESC LIMIT ?",
        [slug, reviewer_id, limit],
    )
    return [(row[0], bool(row[1])) for row in rows][::-1]
