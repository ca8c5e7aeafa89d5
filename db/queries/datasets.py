"""Questions about datasets, providers and the state of the database as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.catalogue import list_slugs, unknown_slug
from db.connect import Database
from db.records import ProviderFacts


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that introduced the dataset: whoever cites it is in scope."""

    title: str
    year: int | None
    venue: str | None
    arxiv: str | None
    doi: str | None
    authors: tuple[str, ...] = ()  # as a provider told them; bibliographic formats only


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the catalogue knows of a dataset."""

    slug: str
    name: str
    year: int | None
    institution: str | None
    homepage: str | None
    notes: str | None
    home_city: str | None
    home_latitude: float | None
    home_longitude: float | None
    papers: tuple[Paper, ...]
    figures: tuple[tuple[str, int], ...]
    ancestors: tuple[str, ...]
    derivatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """The state of the database: its newest moment, its newest run, and whether it holds a sample only."""

    as_of: str | None
    run_id: int | None
    is_sample: bool


def load_dataset(db: Database, slug: str) -> Dataset:
    """A dataset of this database.  Raises UsageError where there is none of that name; it names those that read alike."""
    columns = ("slug", "name", "year", "institution", "homepage", "notes", "home_city", "home_latitude", "home_longitude")
    row = db.conn.execute(f"SELECT {', '.join(columns)} FROM dataset WHERE slug = ?", [slug]).fetchone()
    if row is None:
        raise unknown_slug(slug, list_slugs(db))
    papers = db.conn.execute(
        """SELECT p.title, p.year, p.venue, p.arxiv, p.doi, coalesce(w.authors, '[]')
             FROM dataset_paper p LEFT JOIN work w ON w.work_id = p.work_id WHERE p.slug = ? ORDER BY p.position""",
        [slug],
    )
    figures = db.conn.execute("SELECT name, value FROM dataset_figure WHERE slug = ? ORDER BY value DESC, name", [slug])
    ancestors = db.conn.execute("SELECT ancestor FROM dataset_ancestor WHERE slug = ? ORDER BY ancestor", [slug])
    derivatives = db.conn.execute("SELECT slug FROM dataset_ancestor WHERE ancestor = ? ORDER BY slug", [slug])
    facts = dict(zip(columns, row, strict=True))
    if not (facts["homepage"] or "").startswith(("http://", "https://")):
        facts["homepage"] = None  # it becomes a link
    return Dataset(
        **facts,
        papers=tuple(Paper(title, year, venue, arxiv, doi, tuple(json.loads(names))) for title, year, venue, arxiv, doi, names in papers),
        figures=tuple((name, value) for name, value in figures),
        ancestors=tuple(ancestor for (ancestor,) in ancestors),
        derivatives=tuple(derivative for (derivative,) in derivatives),
    )


def slugs_with_works(db: Database) -> list[str]:
    """The datasets for which anything was ever found, sorted."""
    sql = """SELECT slug FROM dataset d WHERE EXISTS (SELECT 1 FROM finding f WHERE f.slug = d.slug)
             OR EXISTS (SELECT 1 FROM dataset_paper p JOIN citation c ON c.cited_work_id = p.work_id WHERE p.slug = d.slug)
             ORDER BY slug"""
    return [slug for (slug,) in db.conn.execute(sql)]


def load_state(db: Database) -> State:
    """As-of is the newest time that any run, retrieval or verdict wrote."""
    as_of = db.conn.execute(
        """SELECT max(at) FROM (
             SELECT max(coalesce(ended_at, started_at)) AS at FROM run UNION ALL SELECT max(retrieved_at) FROM work
             UNION ALL SELECT max(labelled_at) FROM label UNION ALL SELECT max(decided_at) FROM decision
             UNION ALL SELECT max(decided_at) FROM place_decision UNION ALL SELECT max(recorded_at) FROM correction)"""
    ).fetchone()[0]
    run_id = db.conn.execute("SELECT max(run_id) FROM run").fetchone()[0]
    sample = db.conn.execute("SELECT value FROM setting WHERE name = 'sample'").fetchone()
    return State(as_of, run_id, sample is not None and sample[0] == "1")


def load_last_run(db: Database) -> dict[str, object] | None:
    """The newest run as ``status`` shows it."""
    columns = ("run_id", "command", "status", "reason", "started_at", "ended_at")
    row = db.conn.execute(f"SELECT {', '.join(columns)} FROM run ORDER BY run_id DESC LIMIT 1").fetchone()
    return dict(zip(columns, row, strict=True)) if row else None


def load_runs(db: Database, slug: str) -> list[dict[str, object]]:
    """The runs that found works of a dataset, and the newest run of all."""
    columns = ("run_id", "command", "version", "status", "started_at", "ended_at")
    sql = f"""SELECT {", ".join(columns)} FROM run
               WHERE run_id IN (SELECT run_id FROM found WHERE slug = ?) OR run_id = (SELECT max(run_id) FROM run) ORDER BY run_id"""
    return [dict(zip(columns, row, strict=True)) for row in db.conn.execute(sql, [slug])]


def load_providers(db: Database, names: Iterable[str]) -> list[ProviderFacts]:
    """What is known of these providers, sorted by name."""
    sql = """SELECT name, documentation, terms, licence, attribution, checked_on FROM provider
             WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name"""
    return [ProviderFacts(*row) for row in db.conn.execute(sql, [json.dumps(sorted(set(names)))])]


def load_attributions(db: Database) -> dict[str, str]:
    """The sentence to print for each provider: its attribution, with the licence where that doesn't name it."""
    answer = {}
    for name, licence, attribution in db.conn.execute("SELECT name, licence, attribution FROM provider ORDER BY name"):
        if attribution or licence:
            text = (attribution or f"Data from {name}").rstrip(".")
            answer[name] = f"{text} ({licence})." if licence and not _names(text, licence) else f"{text}."
    return answer


def _names(text: str, licence: str) -> bool:
    """Whether a sentence names a licence, however it is spelt: CC BY 4.0 is CC-BY-4.0."""
    said, asked = (re.sub(r"[\W_]", "", words.casefold()) for words in (text, licence))
    return asked in said or (asked == "cc010" and "cc0" in said)
