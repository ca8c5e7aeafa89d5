"""What spiders hand to the pipelines.  The fields stand as the provider gave them; the pipelines clean, check and save them."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.lists.searching import Quote
from db.completing import Wanted
from db.crawl import ListStep
from db.crawl_plan import Seed
from db.fulltexts import Place, StoredFile
from db.provider_affiliations import GivenAffiliation
from db.records import Context, FulltextPlace
from db.searches import SearchStep


@dataclass(slots=True)
class Paper:
    """A work of a provider.  ``ids`` are (scheme, value) as given, ``places`` (who named it, place)."""

    title: str | None = None
    year: object = None
    venue: str | None = None
    publication_date: str | None = None
    abstract: str | None = None
    publication_types: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    ids: list[tuple[str, object]] = field(default_factory=list)
    old_ids: list[tuple[str, object]] = field(default_factory=list)
    places: list[tuple[str, FulltextPlace]] = field(default_factory=list)
    n_citations: int | None = None
    affiliations: list[GivenAffiliation] = field(default_factory=list)


@dataclass(slots=True)
class Edge:
    """A row of a list of citing works.  ``key`` tells rows apart: the provider's id, or a hash where it gives none."""

    key: str
    paper: Paper
    contexts: list[Context] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)
    is_influential: bool | None = None


@dataclass(slots=True)
class SeedAnswer:
    """A provider's answer for a seed work; a pass over its list begins or goes on."""

    seed: Seed
    paper: Paper
    provider: str
    pass_number: int
    confirmed: bool = False


@dataclass(slots=True)
class CitationPage:
    """A page of a list and the step that it is."""

    step: ListStep
    edges: list[Edge]


@dataclass(slots=True)
class Hit:
    """A work that a search shows, and the sentences that name the dataset."""

    paper: Paper
    quotes: list[Quote] = field(default_factory=list)


@dataclass(slots=True)
class SearchPage:
    """A page of a search and the step that it is; hits whose text is shown and doesn't name the dataset are left out."""

    step: SearchStep
    hits: list[Hit]


@dataclass(slots=True)
class FactsAnswer:
    """What a provider answered for single works; no paper where it does not know the work."""

    provider: str
    rows: list[tuple[Wanted, Paper | None]]


@dataclass(slots=True)
class PlacesAnswer:
    """Where the full text of a work may be had, by a provider that was asked for it: ``paper.places``."""

    work_id: int
    provider: str
    paper: Paper


@dataclass(slots=True)
class FulltextAnswer:
    """What came of asking at a place.  ``body`` becomes ``file`` once it is known as a PDF and stored."""

    place: Place
    status: str
    reason: str | None = None
    body: bytes = b""
    file: StoredFile | None = None
    is_last: bool = True  # no other place of the work is asked after it

    @property
    def is_new(self) -> bool:
        """It came with its bytes; a worker may have stored them already."""
        return self.status == "stored" and self.file is None

    def refuse(self, reason: str) -> None:
        """It is not what was asked for."""
        self.status, self.reason, self.body = "refused", reason, b""
