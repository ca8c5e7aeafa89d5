"""The part of a dataset's page that tells of its photos; only where ``whereused photos audit`` ran for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from db.connect import Database
from db.queries.photo_tables import AGE_NOTE, DISTRIBUTIONS, LIMITS, licence_rows, sentence, use_rows
from db.queries.photos import Audit, LinkState, load_audit, load_links, load_uses

SHOWN = 20  # of the distributions that have no natural end
_ENDLESS = ("tag", "country", "rights")


class Photos(NamedTuple):
    """What the page says of the photos.  ``charts``: (kind, caption, [(value, count)], the largest count)."""

    audit: Audit
    rows: list[dict[str, Any]]
    uses: list[dict[str, Any]]
    sentence: str | None
    charts: list[tuple[str, str, list[tuple[str, int]], int]]
    links: LinkState | None
    limits: tuple[str, ...]
    age_note: str


def load_photos(db: Database, slug: str) -> Photos | None:
    """The audit of a dataset, ready for the page; None where none ran."""
    audit = load_audit(db, slug)
    if audit is None:
        return None
    uses = load_uses(db, slug)
    charts = []
    for kind, caption in DISTRIBUTIONS.items():
        if values := audit.counts.get(kind, [])[: SHOWN if kind in _ENDLESS else None]:
            charts.append((kind, caption, values, max(n for _, n in values)))
    return Photos(
        audit,
        licence_rows(audit),
        use_rows(uses, audit.duties),
        sentence(uses, audit.duties),
        charts,
        load_links(db, slug),
        LIMITS,
        AGE_NOTE,
    )
