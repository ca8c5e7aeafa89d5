"""What the read queries hand out: one work with everything that is known of it for one dataset."""

from __future__ import annotations

from typing import NamedTuple


class Version(NamedTuple):
    """One record of a work (preprint, published, family member); ``ids`` are its primary ids by scheme."""

    kind: str
    title: str | None
    year: int | None
    venue: str | None
    publication_types: tuple[str, ...]
    authors: tuple[str, ...]
    ids: dict[str, str]


class Found(NamedTuple):
    """Why the work is in the scope of the dataset."""

    provider: str
    how: str
    url: str | None
    run_id: int | None
    retrieved_at: str
    withdrawn_at: str | None


class Fulltext(NamedTuple):
    """The best place of its full text, and what came of asking there."""

    status: str
    sha256: str | None
    url: str
    licence: str | None
    reason: str | None
    provider: str


class Place(NamedTuple):
    """Where an affiliation string leads: an institution of the registry, or a place of a gazetteer or service.

    Degrees are WGS 84, None where there is no valid point.  ``key`` is stable: the nine characters of the ROR id, or
    provider and its own id.  ``reviewed``: a reviewer's decision on the string stands behind it.  ``alone``: it is a place of a
    sensitive sector, and neither a second work nor a provider beside the document says so.
    """

    key: str
    ror_id: str | None
    name: str | None
    country_code: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    granularity: str
    sector: str | None
    provider: str
    gazetteer: str | None
    score: float
    method: str
    reviewed: bool
    alone: bool = False


NOWHERE = Place("", None, None, None, None, None, None, "none", None, "", None, 0.0, "", False)


class Affiliation(NamedTuple):
    """One affiliation string and one place that it leads to, or the reason why it leads nowhere."""

    text: str
    tier: str
    page: int | None
    reader: str
    matcher: str | None
    place: Place | None
    reason: str | None


class Mention(NamedTuple):
    """A passage that names a dataset, or the sentence around a reference to it; ``translation`` is a machine's, of patents."""

    dataset: str
    quote: str
    page: int | None
    section: str | None
    provider: str
    in_references: bool
    reader: str | None
    translation: str | None = None


class UseScore(NamedTuple):
    """How probable a use is, from 0 to 1."""

    dataset: str
    score: float
    reasons: tuple[str, ...]


class Label(NamedTuple):
    """A standing label; ``reviewer`` is the pseudonym."""

    dataset: str
    reviewer: str
    round: int
    label: str
    purposes: tuple[str, ...]
    at: str


class Decision(NamedTuple):
    """The final decision; ``reviewer`` is a pseudonym, None where no single person made it."""

    label: str
    purposes: tuple[str, ...]
    reason: str
    reviewer: str | None
    at: str


class Work(NamedTuple):
    """One work, all versions together, as one dataset sees it.  ``id`` is stable: scheme and value of its best id."""

    id: str
    dataset: str
    versions: tuple[Version, ...]  # the preferred one first
    found: tuple[Found, ...]
    fulltext: Fulltext | None
    affiliations: tuple[Affiliation, ...]
    mentions: tuple[Mention, ...]  # of every dataset
    contexts: tuple[Mention, ...]  # sentences around references to this dataset
    uses: tuple[UseScore, ...]
    labels: tuple[Label, ...]
    decision: Decision | None

    @property
    def preferred(self) -> Version:
        """The version that is shown."""
        return self.versions[0]

    @property
    def is_used(self) -> bool:
        """Whether the final decision says that the dataset was used."""
        return self.decision is not None and self.decision.label == "used"

    @property
    def is_withdrawn(self) -> bool:
        """Whether no provider shows the citation any longer."""
        return all(found.withdrawn_at for found in self.found)
