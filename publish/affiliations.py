"""``status --affiliations``: what documents print of affiliations, beside what OpenAlex tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from db.catalogue import find_dataset
from db.connect import Database
from db.queries.comparison import VERDICTS, Comparison, compare_affiliations
from db.queries.datasets import slugs_with_works
from publish.words import count

Json = dict[str, Any]
SHOWN = 20  # conflicts of a dataset that are named; --json has all
NOTE = (
    "Works by the institutions that they name: agree = the document and OpenAlex share one, conflict = both name some and share none.\n"
    "Conflicts stand first in `whereused places`. What OpenAlex tells stays beside what the document prints and never replaces it."
)


def find_comparison(db: Database, slugs: Iterable[str]) -> Json:
    """The comparison of these datasets, or of all for which something was found.  Raises UsageError for an unknown one."""
    chosen = [find_dataset(db, slug).slug for slug in slugs] or slugs_with_works(db)
    return {"datasets": [_of(compare_affiliations(db, slug)) for slug in chosen]}


def _of(found: Comparison) -> Json:
    conflicts = [{"id": work.id, "title": work.title, **_names(asdict(work))} for work in found.conflicts]
    return {"dataset": found.slug, "works": found.n_works, "institutions": found.n_institutions, "conflicts": conflicts}


def _names(work: Json) -> Json:
    sides = {"pdf": work["printed"], "openalex": work["told"]}
    return {side: [{"ror_id": ror_id, "name": name} for ror_id, name in rows] for side, rows in sides.items()}


def as_text(found: Json) -> str:
    """The comparison as a person reads it."""
    lines = []
    for entry in found["datasets"]:
        lines.append(f"{entry['dataset']}: " + ", ".join(f"{entry['works'][name]:,} {_words(name)}" for name in VERDICTS))
        lines.append("  institutions: " + ", ".join(f"{entry['institutions'][name]:,} {_words(name)}" for name in VERDICTS))
        for work in entry["conflicts"][:SHOWN]:
            sides = ("; ".join(row["name"] for row in work[side]) for side in ("pdf", "openalex"))
            lines.append(f"  {work['title'] or work['id']}: PDF: {' | OpenAlex: '.join(sides)}")
        if len(entry["conflicts"]) > SHOWN:
            lines.append(f"  and {count(len(entry['conflicts']) - SHOWN, 'more conflict')} (--json names them all)")
    return "\n".join([*lines, "", NOTE, ""]) if lines else "No dataset has any work yet.\n"


def _words(name: str) -> str:
    return name.replace("pdf", "PDF").replace("openalex", "OpenAlex").replace("_", " ")
