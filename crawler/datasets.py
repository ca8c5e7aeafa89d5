"""The catalogue file ``datasets.toml``: loading it, checking it, and walking the ancestry of datasets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from db.catalogue import Alias, Dataset, Home, SeedPaper, unknown_slug
from db.errors import UsageError
from db.identity import canonical

LONGEST_SLUG = 64
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_TEXT = {"slug", "name", "institution", "homepage", "notes"}
_LISTS = {"aliases", "weak_aliases", "context", "ancestors"}
_KEYS = _TEXT | _LISTS | {"year", "home", "figures", "papers"}
_PAPER_KEYS = {"title", "year", "venue", "arxiv", "doi", "s2"}


@cache
def load_datasets() -> tuple[Dataset, ...]:
    """The datasets of the catalogue in its order, MegaFace first."""
    return parse_datasets(files("crawler").joinpath("datasets.toml").read_text(encoding="utf-8"), name="datasets.toml")


def parse_datasets(text: str, *, name: str) -> tuple[Dataset, ...]:
    """The datasets of a catalogue file; UsageError with one line that names the entry where something is wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: {error}") from error
    entries = table.get("dataset", [])
    if not isinstance(entries, list) or not entries or set(table) != {"dataset"}:
        raise UsageError(f"{name}: write each dataset as a table [[dataset]], and nothing else at the top")
    try:
        datasets = tuple(_dataset(entry) for entry in entries)
        _check_together(datasets)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error
    return datasets


def _dataset(entry: Mapping[str, Any]) -> Dataset:
    slug = check_slug(entry.get("slug", ""))
    try:
        _check_types(entry)
        papers = tuple(_paper(paper) for paper in entry.get("papers", []))
        home = Home(**entry.get("home", {}))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{slug}: {error}") from error
    return Dataset(
        slug=slug, name=entry["name"], year=entry.get("year"), institution=entry.get("institution"), homepage=entry.get("homepage"),
        notes=entry.get("notes"), home=home, papers=papers, figures=tuple(sorted(entry.get("figures", {}).items())),
        aliases=tuple(Alias(a) for a in entry.get("aliases", [])) + tuple(Alias(a, weak=True) for a in entry.get("weak_aliases", [])),
        ancestors=tuple(entry.get("ancestors", [])), context=tuple(entry.get("context", [])),
    )  # fmt: skip


def check_slug(slug: object) -> str:
    """A slug: lower-case letters and digits, joined by - or _.  ValueError otherwise."""
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no slug; use lower-case letters and digits, joined by - or _")
    if len(slug) > LONGEST_SLUG:
        raise ValueError(f"{slug[:20]}… has {len(slug)} characters; a slug, which names folders too, has at most {LONGEST_SLUG}")
    return slug


def _check_types(entry: Mapping[str, Any]) -> None:
    if unknown := sorted(set(entry) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]!r}")
    if not entry.get("name"):
        raise ValueError("a name is missing")
    for key in sorted(_TEXT & set(entry)):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise ValueError(f"{key} must be a text")
    for key in sorted(_LISTS & set(entry)):
        if not isinstance(entry[key], list) or not all(isinstance(item, str) and item.strip() for item in entry[key]):
            raise ValueError(f"{key} must be a list of texts")
    names = [*entry.get("aliases", []), *entry.get("weak_aliases", [])]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"the alias {min(twice)!r} stands there twice")
    if len(set(entry.get("context", []))) < len(entry.get("context", [])):
        raise ValueError("a word of context stands there twice")
    if not all(isinstance(value, int) and value >= 0 for value in entry.get("figures", {}).values()):
        raise ValueError("figures must be whole numbers")
    _check_year(entry.get("year"))
    _check_home(entry.get("home", {}))


def _check_year(year: object) -> None:
    if year is not None and not (isinstance(year, int) and 1900 <= year <= 2100):
        raise ValueError(f"year is {year!r}; give four digits")


def _check_home(home: Mapping[str, Any]) -> None:
    latitude, longitude = home.get("latitude"), home.get("longitude")
    if (latitude is None) != (longitude is None):
        raise ValueError("home needs both latitude and longitude, or neither")
    if latitude is not None and longitude is not None and not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("home lies outside of the world; latitude is -90 to 90, longitude -180 to 180")


def _paper(entry: Mapping[str, Any]) -> SeedPaper:
    if unknown := sorted(set(entry) - _PAPER_KEYS):
        raise ValueError(f"unknown key {unknown[0]!r} in papers")
    if not isinstance(entry.get("title"), str):
        raise ValueError("a paper has no title")
    _check_year(entry.get("year"))
    ids = {scheme: entry.get(scheme) for scheme in ("arxiv", "doi", "s2")}
    forms = {scheme: canonical(scheme, value) for scheme, value in ids.items()}
    for scheme, value in ids.items():
        if value is not None and forms[scheme] is None:
            raise ValueError(f"{value!r} is no {scheme} id")
    return SeedPaper(entry["title"], entry.get("year"), entry.get("venue"), arxiv=forms["arxiv"], doi=forms["doi"], s2=forms["s2"])


def _check_together(datasets: tuple[Dataset, ...]) -> None:
    slugs = [dataset.slug for dataset in datasets]
    if twice := {slug for slug in slugs if slugs.count(slug) > 1}:
        raise ValueError(f"the slug {min(twice)!r} stands there twice")
    for dataset in datasets:
        if dataset.slug in ancestors_of(datasets, dataset.slug):
            raise ValueError(f"{dataset.slug}: is its own ancestor")


# ---------------------------------------------------------------- ancestry


def find_in_catalogue(slug: str) -> Dataset:
    """A dataset of the catalogue; UsageError naming close matches where there is none."""
    datasets = {dataset.slug: dataset for dataset in load_datasets()}
    if slug not in datasets:
        raise unknown_slug(slug, datasets)
    return datasets[slug]


def ancestors_of(datasets: Iterable[Dataset], slug: str) -> tuple[str, ...]:
    """Everything a dataset was made from, directly or through others, nearest first."""
    parents = {dataset.slug: dataset.ancestors for dataset in datasets}
    return _walk(parents, slug)


def derivatives_of(datasets: Iterable[Dataset], slug: str) -> tuple[str, ...]:
    """The slugs of everything that was made from a dataset, directly or through others, nearest first."""
    children: dict[str, tuple[str, ...]] = {}
    for dataset in datasets:
        for ancestor in dataset.ancestors:
            children[ancestor] = (*children.get(ancestor, ()), dataset.slug)
    return _walk(children, slug)


def _walk(steps: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    level = list(steps.get(start, ()))
    while level:
        new = [slug for slug in dict.fromkeys(level) if slug not in found]
        found |= dict.fromkeys(new)
        level = [step for slug in new for step in steps.get(slug, ())]
    return tuple(found)
