"""The datasets: what the catalogue and the user say of them, as every stage reads it.

``sync`` brings the rows that come from the catalogue up to date and leaves those of the user alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sqlite_utils import Database

from db.errors import UsageError
from db.identity import title_key


@dataclass(frozen=True, slots=True)
class SeedPaper:
    """A work that introduced the dataset.  ``work_id`` is set once a provider has answered for it."""

    title: str
    year: int | None = None
    venue: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    s2: str | None = None
    work_id: int | None = None
    confirmed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of the dataset in texts; a weak one needs a second sign nearby."""

    alias: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Where the makers worked; degrees, WGS 84."""

    city: str | None = None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; ``ancestors`` are slugs, or words where the ancestor is no dataset."""

    slug: str
    name: str
    year: int | None = None
    institution: str | None = None
    homepage: str | None = None
    notes: str | None = None
    origin: str = "catalogue"
    home: Home = Home()
    aliases: tuple[Alias, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()
    ancestors: tuple[str, ...] = ()
    papers: tuple[SeedPaper, ...] = ()
    context: tuple[str, ...] = ()  # words that go with its weak aliases


def unknown_slug(slug: str, known: Iterable[str]) -> UsageError:
    """The error for a slug that nobody knows; it names the nearest ones."""
    near = get_close_matches(slug.casefold(), sorted(known), n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "`whereused datasets list` names them all"
    return UsageError(f"there is no dataset {slug!r}; {hint}")


def taken(slug: str) -> UsageError:
    """The error for a new dataset under a slug of the catalogue."""
    return UsageError(f"{slug!r} stands in the catalogue already; choose another slug, or see `whereused datasets show {slug}`")


# ---------------------------------------------------------------- reading


def list_slugs(db: Database) -> list[str]:
    """The slugs of all datasets: the catalogue's in its order, then the user's."""
    rows = db.conn.execute("SELECT slug FROM dataset ORDER BY origin = 'user', position, slug")
    return [str(row[0]) for row in rows]


def list_datasets(db: Database) -> list[Dataset]:
    """All datasets, MegaFace first."""
    return [_load(db, slug) for slug in list_slugs(db)]


def find_dataset(db: Database, slug: str) -> Dataset:
    """One dataset; UsageError naming close matches where there is none."""
    if not db.conn.execute("SELECT 1 FROM dataset WHERE slug = ?", [slug]).fetchone():
        raise unknown_slug(slug, list_slugs(db))
    return _load(db, slug)


def _load(db: Database, slug: str) -> Dataset:
    run = db.conn.execute
    name, year, institution, homepage, notes, origin, *home = run(
        """SELECT name, year, institution, homepage, notes, origin, home_city, home_country_code, home_latitude, home_longitude
           FROM dataset WHERE slug = ?""",
        [slug],
    ).fetchone()
    aliases = run("SELECT alias, weak FROM dataset_alias WHERE slug = ? ORDER BY weak, alias", [slug])
    papers = run(
        "SELECT title, year, venue, arxiv, doi, s2, work_id, confirmed_at FROM dataset_paper WHERE slug = ? ORDER BY position", [slug]
    )
    return Dataset(
        slug, name, year, institution, homepage, notes, origin, Home(*home),
        aliases=tuple(Alias(alias, bool(weak)) for alias, weak in aliases),
        figures=tuple(run("SELECT name, value FROM dataset_figure WHERE slug = ? ORDER BY name", [slug]).fetchall()),
        ancestors=tuple(row[0] for row in run("SELECT ancestor FROM dataset_ancestor WHERE slug = ? ORDER BY ancestor", [slug])),
        papers=tuple(SeedPaper(*row) for row in papers),
        context=tuple(row[0] for row in run("SELECT word FROM dataset_context WHERE slug = ? ORDER BY word", [slug])),
    )  # fmt: skip


def count_works(db: Database, slug: str) -> int:
    """How many works are in the scope of a dataset now; the versions of one work count once."""
    sql = "SELECT count(DISTINCT w.group_id) FROM found f JOIN work w USING (work_id) WHERE f.slug = ? AND f.withdrawn_at IS NULL"
    return int(db.conn.execute(sql, [slug]).fetchone()[0])


# ---------------------------------------------------------------- writing, inside a transaction of the caller


def sync(db: Database, datasets: Iterable[Dataset]) -> int:
    """Bring the catalogue's datasets up to date; return how many changed.

    A slug that the user took stays the user's.  What providers and people added to a seed paper (its work, its
    confirmed Semantic Scholar id) stays.  A dataset that left the catalogue stays too: works may hang on it.
    """
    n_changed = 0
    for position, dataset in enumerate(datasets):
        row = db.conn.execute("SELECT origin, position FROM dataset WHERE slug = ?", [dataset.slug]).fetchone()
        if row and row[0] == "user":
            continue
        before = _load(db, dataset.slug) if row else None
        wanted = _with_what_is_known(dataset, before)
        if before is None or _comparable(before) != _comparable(wanted) or row[1] != position:
            save_dataset(db, wanted, position=position)
            n_changed += 1
    return n_changed


def add_dataset(db: Database, dataset: Dataset) -> None:
    """Add a dataset of the user, or bring it up to date; seed papers and aliases that it has stay.

    UsageError where the slug is the catalogue's.
    """
    row = db.conn.execute("SELECT origin FROM dataset WHERE slug = ?", [dataset.slug]).fetchone()
    if row and row[0] == "catalogue":
        raise taken(dataset.slug)
    save_dataset(db, dataset, position=0)


def save_dataset(db: Database, dataset: Dataset, *, position: int) -> None:
    """Write a dataset as it stands, with everything that hangs on it."""
    home = dataset.home
    values = {
        "slug": dataset.slug, "name": dataset.name, "year": dataset.year, "institution": dataset.institution,
        "homepage": dataset.homepage, "notes": dataset.notes, "origin": dataset.origin, "home_city": home.city,
        "home_country_code": home.country_code, "home_latitude": home.latitude, "home_longitude": home.longitude, "position": position,
    }  # fmt: skip
    updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != "slug")
    marks = ", ".join("?" * len(values))
    db.conn.execute(
        f"INSERT INTO dataset ({', '.join(values)}) VALUES ({marks}) ON CONFLICT (slug) DO UPDATE SET {updates}", list(values.values())
    )
    parts: dict[str, list[tuple[object, ...]]] = {
        "dataset_alias (slug, alias, weak)": [(a.alias, int(a.weak)) for a in dataset.aliases],
        "dataset_context (slug, word)": [(word,) for word in dataset.context],
        "dataset_figure (slug, name, value)": [*dataset.figures],
        "dataset_ancestor (slug, ancestor)": [(ancestor,) for ancestor in dataset.ancestors],
        "dataset_paper (slug, position, title, year, venue, arxiv, doi, s2, work_id, confirmed_at)": [
            (i, p.title, p.year, p.venue, p.arxiv, p.doi, p.s2, p.work_id, p.confirmed_at) for i, p in enumerate(dataset.papers)
        ],
    }
    for table, rows in parts.items():
        db.conn.execute(f"DELETE FROM {table.split()[0]} WHERE slug = ?", [dataset.slug])
        marks = ", ".join("?" * (table.count(",") + 1))
        db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", [(dataset.slug, *row) for row in rows])


def remove_dataset(db: Database, slug: str) -> None:
    """Remove a dataset for which nothing has come; UsageError, which undoes all of it, where rows of other tables hang on it."""
    for table in ("dataset_alias", "dataset_context", "dataset_figure", "dataset_ancestor", "dataset_paper"):
        db.conn.execute(f"DELETE FROM {table} WHERE slug = ?", [slug])
    try:
        db.conn.execute("DELETE FROM dataset WHERE slug = ?", [slug])
    except sqlite3.IntegrityError as error:
        raise UsageError(
            f"works, settings or answers hang on {slug}, and nothing harvested or decided is deleted; remove its names and papers instead, "
            "and no crawl brings more"
        ) from error


def same_paper(a: SeedPaper, b: SeedPaper) -> bool:
    """Whether two seed papers are one: by an id they share, else by title."""
    shared = [(x == y) for x, y in ((a.arxiv, b.arxiv), (a.doi, b.doi), (a.s2, b.s2)) if x and y]
    return any(shared) if shared else title_key(a.title) == title_key(b.title)


def _with_what_is_known(dataset: Dataset, before: Dataset | None) -> Dataset:
    """The catalogue's dataset with what providers and people have added to its seed papers."""
    known = before.papers if before else ()
    papers = []
    for paper in dataset.papers:
        old = next((p for p in known if same_paper(p, paper)), None)
        papers.append(_filled(paper, old) if old else paper)
    return replace(dataset, papers=tuple(papers))


def _filled(paper: SeedPaper, old: SeedPaper) -> SeedPaper:
    return replace(paper, s2=paper.s2 or old.s2, work_id=old.work_id, confirmed_at=old.confirmed_at)


def _comparable(dataset: Dataset) -> Dataset:
    """The dataset with its parts in one order, whether it comes from the file or from the tables."""
    return replace(
        dataset,
        aliases=tuple(sorted(dataset.aliases, key=lambda a: a.alias)),
        figures=tuple(sorted(dataset.figures)),
        ancestors=tuple(sorted(dataset.ancestors)),
        context=tuple(sorted(dataset.context)),
    )
