"""The rows that the stage ``read`` hands to ``db.read``."""

from __future__ import annotations

from dataclasses import dataclass

from db.records import ProviderFacts

FULLTEXT = ProviderFacts(name="fulltext")  # who gave a passage that we read ourselves
TIER = "front matter"


@dataclass(frozen=True, slots=True)
class ToldWork:
    """What providers tell of a work: title, authors, identifiers that may be printed (DOI, arXiv)."""

    title: str
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorRow:
    """An author; ``affiliations`` are positions in the list of affiliations, from 0."""

    name: str
    affiliations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AffiliationRow:
    """An affiliation string as printed, its page from 1, and e-mail domains beside it."""

    text: str
    page: int | None = None
    email_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A passage that names a dataset."""

    slug: str
    alias: str
    quote: str
    page: int
    section: str | None
    in_references: bool


@dataclass(frozen=True, slots=True)
class UseRow:
    """How probable it is that the document used the dataset, and why."""

    slug: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrontMatterRows:
    """The front matter of a document."""

    title: str | None
    authors: tuple[AuthorRow, ...]
    affiliations: tuple[AffiliationRow, ...]
    version: str
    recogniser: str = ""  # the program that recognised the pages, where they had no text layer
    year: int | None = None
    note: str | None = None  # why there is neither a name nor a place


@dataclass(frozen=True, slots=True)
class MentionRows:
    """The passages of a document, and the use scores drawn from them; ``note`` says what was left out."""

    mentions: tuple[MentionRow, ...]
    uses: tuple[UseRow, ...]
    version: str
    note: str | None = None
    recogniser: str = ""
