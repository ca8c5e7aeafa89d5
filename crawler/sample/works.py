"""The bundled sample: real works with what is printed on them, which dataset papers they cite, and what was decided.

``works.json`` holds facts alone, each checked against the paper itself: ``read_from`` is the beginning of the SHA-256 of the
PDF that was read.  ``label`` says what the paper does with the dataset: used, created, mentioned or unclear; only where
``decided`` is true does the demo decide it too, elsewhere it stays open.  The identifiers of Semantic Scholar are made up:
they begin with zeros, so that none is ever taken for a real one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from db.catalogue import SeedPaper

DECISIONS = {"used": "used", "created": "created", "mentioned": "not_used"}  # what a paper does → what a reviewer says of it


@dataclass(frozen=True, slots=True)
class Citation:
    """A work cites the paper of a dataset (``seed`` counts from 0) and does something with the dataset, or nothing."""

    slug: str
    seed: int
    label: str
    purposes: tuple[str, ...]
    named_in_text: bool
    decided: bool

    @property
    def decision(self) -> str | None:
        """The sample's decision; None where it is left to a reviewer."""
        return DECISIONS[self.label] if self.decided else None


@dataclass(frozen=True, slots=True)
class SampleWork:
    """A paper.  Authors name their affiliations by position, from 0; ``ror_ids`` stand parallel to the affiliations."""

    key: str
    read_from: str
    title: str
    year: int
    venue: str
    doi: str | None
    arxiv: str | None
    layout: str
    authors: tuple[tuple[str, tuple[int, ...]], ...]
    affiliations: tuple[str, ...]
    ror_ids: tuple[str | None, ...]
    citations: tuple[Citation, ...]

    @property
    def paper_id(self) -> str:
        """Its id at the loopback provider."""
        return made_up_id(self.key)


def made_up_id(words: str) -> str:
    """An id in the shape of Semantic Scholar's: zeros that no real one begins with, then a digest of our own words."""
    return "0" * 12 + hashlib.sha1(f"whereused sample: {words}".encode(), usedforsecurity=False).hexdigest()[:28]


def seed_id(paper: SeedPaper) -> str:
    """The id of a dataset's paper at the loopback provider: that of the work, where the paper is one of the sample's."""
    for work in load_works():
        if (paper.arxiv and paper.arxiv == work.arxiv) or paper.title.casefold() == work.title.casefold():
            return work.paper_id
    return made_up_id(paper.title)


@cache
def load_works() -> tuple[SampleWork, ...]:
    """All works of the sample."""
    return tuple(_work(entry) for entry in json.loads(files("crawler.sample").joinpath("works.json").read_text(encoding="utf-8")))


@cache
def load_slugs() -> tuple[str, ...]:
    """The datasets of the sample, the first-named first."""
    return tuple(dict.fromkeys(citation.slug for work in load_works() for citation in work.citations))


def _work(entry: dict[str, object]) -> SampleWork:
    values = dict(entry)
    authors: list[dict[str, object]] = values["authors"]  # type: ignore[assignment]
    affiliations: list[dict[str, str | None]] = values["affiliations"]  # type: ignore[assignment]
    citations: list[dict[str, object]] = values["citations"]  # type: ignore[assignment]
    return SampleWork(
        key=str(values["key"]), read_from=str(values["read_from"]), title=str(values["title"]), year=int(str(values["year"])),
        venue=str(values["venue"]), doi=_text(values.get("doi")), arxiv=_text(values.get("arxiv")), layout=str(values["layout"]),
        authors=tuple((str(a["name"]), tuple(i - 1 for i in a["affiliations"])) for a in authors),  # type: ignore[attr-defined]
        affiliations=tuple(str(a["text"]) for a in affiliations),
        ror_ids=tuple(f"https://ror.org/{a['ror']}" if a["ror"] else None for a in affiliations),
        citations=tuple(_citation(c) for c in citations),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _citation(entry: dict[str, object]) -> Citation:
    purposes: list[str] = entry["purposes"]  # type: ignore[assignment]
    return Citation(
        slug=str(entry["dataset"]), seed=int(str(entry["seed"])) - 1, label=str(entry["label"]), purposes=tuple(purposes),
        named_in_text=bool(entry["named_in_text"]), decided=bool(entry["decided"]),
    )  # fmt: skip
