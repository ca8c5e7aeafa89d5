"""What ``datasets list`` and ``datasets show`` print: the catalogue, and what the database adds where there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crawler.datasets import ancestors_of, derivatives_of, load_datasets
from db.catalogue import Dataset, count_works, list_datasets, unknown_slug
from db.config import Config
from db.connect import open_for_reading
from db.wording import plain

HEADER = ("slug", "name", "year", "papers", "works")


def known_datasets(config: Config) -> dict[str, tuple[Dataset, int | None]]:
    """Slug → dataset and the number of works found for it; None where there is no database yet.

    What the database says of a dataset goes before the catalogue, as it holds what providers answered.
    """
    known: dict[str, tuple[Dataset, int | None]] = {dataset.slug: (dataset, None) for dataset in load_datasets()}
    if config.db.exists():
        db = open_for_reading(config.db)
        known = {slug: (dataset, 0) for slug, (dataset, _) in known.items()}
        known |= {dataset.slug: (dataset, count_works(db, dataset.slug)) for dataset in list_datasets(db)}
    return known


def list_lines(config: Config, *, as_json: bool, aligned: bool) -> Iterator[str]:
    """The lines of ``datasets list``: JSON, columns for the eye, or columns between tabs."""
    known = known_datasets(config)
    rows = [(d.slug, d.name, d.year, len(d.papers), n_works) for d, n_works in known.values()]
    if as_json:
        yield from (json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in rows)
        return
    table = [HEADER, *(tuple("" if cell is None else plain(str(cell)) for cell in row) for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(HEADER))]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() if aligned else "\t".join(row)


def show_lines(config: Config, slug: str, *, as_json: bool) -> Iterator[str]:
    """The lines of ``datasets show``; UsageError for an unknown slug."""
    known = known_datasets(config)
    if slug not in known:
        raise unknown_slug(slug, known)
    page = _page(slug, known)
    if as_json:
        yield json.dumps(page, ensure_ascii=False)
        return
    for name, value in page.items():
        if isinstance(value, list):
            yield from map(plain, _list_lines(name, value))
        elif isinstance(value, dict):
            yield from map(plain, _list_lines(name, [f"{key} {part}" for key, part in value.items()]))
        elif value is not None:
            yield plain(f"{name.replace('_', ' ')}: {value}")


def _list_lines(name: str, values: list[Any]) -> Iterator[str]:
    if values:
        yield f"{name.replace('_', ' ')}:"
        yield from (f"  {_paper_line(value) if isinstance(value, dict) else value}" for value in values)


def _paper_line(paper: dict[str, Any]) -> str:
    ids = "; ".join(f"{scheme} {paper[scheme]}" for scheme in ("arxiv", "doi", "s2") if paper.get(scheme))
    return f"{paper['title']} ({', '.join(str(paper[k]) for k in ('year', 'venue') if paper.get(k))}) {ids or 'no id yet'}"


def _page(slug: str, known: dict[str, tuple[Dataset, int | None]]) -> dict[str, Any]:
    dataset, n_works = known[slug]
    datasets = [d for d, _ in known.values()]
    home = {key: getattr(dataset.home, key) for key in ("city", "country_code", "latitude", "longitude")}
    fields = ("title", "year", "venue", "arxiv", "doi", "s2")
    return {
        "slug": slug, "name": dataset.name, "year": dataset.year, "institution": dataset.institution, "homepage": dataset.homepage,
        "home": {key: value for key, value in home.items() if value is not None},
        "papers": [{f: getattr(p, f) for f in fields if getattr(p, f) is not None} for p in dataset.papers],
        "aliases": [a.alias for a in dataset.aliases if not a.weak], "weak_aliases": [a.alias for a in dataset.aliases if a.weak],
        "figures": dict(dataset.figures), "ancestors": list(ancestors_of(datasets, slug)),
        "derivatives": list(derivatives_of(datasets, slug)),
        "notes": dataset.notes, "origin": dataset.origin, "works_found": n_works,
    }  # fmt: skip
