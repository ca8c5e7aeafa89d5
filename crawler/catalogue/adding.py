"""``datasets add``: a dataset of the user's own, its papers as the provider tells them."""

from __future__ import annotations

from dataclasses import dataclass

import click

from crawler.catalogue.lookup import find_paper
from crawler.datasets import ancestors_of, check_slug, load_datasets
from db import catalogue
from db.catalogue import Alias, Dataset, SeedPaper, same_paper
from db.config import Config
from db.connect import open_for_reading, open_for_writing, writing
from db.errors import UsageError

LONGEST_TEXT = 300
SHORT = 4  # a name of fewer characters stands in too many texts by chance


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; papers are ids of any kind, aliases beside the name."""

    slug: str
    name: str
    papers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    year: int | None = None
    institution: str | None = None
    homepage: str | None = None


def add_dataset(config: Config, wish: Wish) -> Dataset:
    """Add the dataset, or add to it where the user has it already; nothing is written unless every paper was found."""
    try:
        check_slug(wish.slug)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if not wish.name.strip():
        raise UsageError("the name is empty; give the one that texts print")
    _check_texts(wish)
    _check_free(config, wish)
    papers = [find_paper(config, text) for text in wish.papers]
    db = open_for_writing(config.db)
    with writing(db):
        catalogue.sync(db, load_datasets())
        known = {dataset.slug: dataset for dataset in catalogue.list_datasets(db)}
        dataset = _joined(wish, papers, known.get(wish.slug))
        _check_ancestors(dataset, known)
        catalogue.add_dataset(db, dataset)
    return dataset


def _check_texts(wish: Wish) -> None:
    """What stands on pages, in lists and on terminals is one line of text; what a page leads to is on the web."""
    texts = (wish.name, wish.institution, wish.homepage, *wish.aliases, *wish.weak_aliases, *wish.ancestors)
    for text in filter(None, texts):
        if not text.isprintable() or len(text) > LONGEST_TEXT:
            raise UsageError(f"{text[:40]!r} is no text of one line of at most {LONGEST_TEXT} characters")
    if wish.homepage and not wish.homepage.startswith(("http://", "https://")):
        raise UsageError(f"{wish.homepage!r} is no web address; give one that starts with http:// or https://")


def _check_free(config: Config, wish: Wish) -> None:
    """Before the provider is asked: the catalogue's slugs are taken."""
    own = config.db.exists() and any(
        d.slug == wish.slug and d.origin == "user" for d in catalogue.list_datasets(open_for_reading(config.db))
    )
    if not own and any(dataset.slug == wish.slug for dataset in load_datasets()):
        raise catalogue.taken(wish.slug)


def _joined(wish: Wish, papers: list[SeedPaper], before: Dataset | None) -> Dataset:
    old = before or Dataset(wish.slug, wish.name)
    all_papers = list(old.papers)
    for paper in papers:
        if not any(same_paper(paper, known) for known in all_papers):
            all_papers.append(paper)
    told = {alias: len(alias) < SHORT for alias in (wish.name, *wish.aliases)} | dict.fromkeys(wish.weak_aliases, True)
    names = {alias.alias: alias.weak for alias in old.aliases} | told
    return Dataset(
        slug=wish.slug, name=wish.name, year=wish.year or old.year or min((p.year for p in all_papers if p.year), default=None),
        institution=wish.institution or old.institution, homepage=wish.homepage or old.homepage, notes=old.notes, origin="user",
        home=old.home, aliases=tuple(Alias(alias, is_weak) for alias, is_weak in sorted(names.items()) if alias.strip()),
        figures=old.figures, ancestors=tuple(dict.fromkeys((*old.ancestors, *wish.ancestors))), papers=tuple(all_papers),
    )  # fmt: skip


def _check_ancestors(dataset: Dataset, known: dict[str, Dataset]) -> None:
    for ancestor in dataset.ancestors:
        if ancestor not in known and ancestor != dataset.slug:
            click.echo(f"{ancestor!r} is no known dataset; kept as words", err=True)
    if dataset.slug in ancestors_of([*(d for d in known.values() if d.slug != dataset.slug), dataset], dataset.slug):
        raise UsageError(f"{dataset.slug} would be its own ancestor; check --ancestor")
