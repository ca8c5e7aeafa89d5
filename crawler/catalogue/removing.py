"""``datasets remove``: what a user added by mistake goes again; nothing that was harvested or decided does."""

from __future__ import annotations

from dataclasses import replace

from db import catalogue
from db.catalogue import Dataset, SeedPaper
from db.config import Config
from db.connect import open_existing, writing
from db.errors import UsageError


def remove_dataset(
    config: Config, slug: str, *, aliases: tuple[str, ...] = (), ancestors: tuple[str, ...] = (), papers: tuple[str, ...] = ()
) -> str:
    """Remove these parts of a dataset of the user, or all of it; what was done, in words.

    Raises UsageError where the dataset is the catalogue's, has no such part, or where works hang on it.
    """
    db = open_existing(config.db)
    with writing(db):
        dataset = catalogue.find_dataset(db, slug)
        if dataset.origin != "user":
            raise UsageError(f"{slug} belongs to the catalogue; only what `whereused datasets add` added can be removed")
        if aliases or ancestors or papers:
            left = _without(dataset, aliases, ancestors, papers)
            catalogue.add_dataset(db, left)
            return f"{slug}: removed {', '.join((*aliases, *ancestors, *papers))}"
        catalogue.remove_dataset(db, slug)
    return f"{slug}: removed"


def _without(dataset: Dataset, aliases: tuple[str, ...], ancestors: tuple[str, ...], papers: tuple[str, ...]) -> Dataset:
    known = {"alias": {a.alias for a in dataset.aliases} - {dataset.name}, "ancestor": set(dataset.ancestors)}
    for kind, wanted in (("alias", aliases), ("ancestor", ancestors)):
        if unknown := [text for text in wanted if text not in known[kind]]:
            raise UsageError(f"{dataset.slug} has no {kind} {unknown[0]!r}; it has {', '.join(sorted(known[kind])) or 'none'}")
    gone = [_find(dataset, text) for text in papers]
    return replace(
        dataset,
        aliases=tuple(a for a in dataset.aliases if a.alias not in aliases),
        ancestors=tuple(a for a in dataset.ancestors if a not in ancestors),
        papers=tuple(p for p in dataset.papers if p not in gone),
    )


def _find(dataset: Dataset, text: str) -> SeedPaper:
    for paper in dataset.papers:
        if text.casefold() in {known.casefold() for known in (paper.arxiv, paper.doi, paper.s2, paper.title) if known}:
            return paper
    ids = ", ".join(str(p.arxiv or p.doi or p.s2 or p.title) for p in dataset.papers)
    raise UsageError(f"{dataset.slug} has no paper {text!r}; it has {ids or 'none'}")
