"""What spiders of patents hand on: what a provider told, with the step that it is; saved as one unit by ``crawler.patent_pipeline``."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.patents.records import Patent
from db.patent_crawl import Part, SearchStep


@dataclass(frozen=True, slots=True)
class Told:
    """A patent as a provider told it.  ``how`` says by what search it was found for the datasets ``slugs``; none where it was known.

    ``cited`` are (scheme, id) of papers that it is said to cite; ``url`` is where it was told.
    """

    patent: Patent
    url: str
    slugs: tuple[str, ...] = ()
    how: str | None = None
    cited: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class PatentAnswer:
    """An answer: patents, parts that were asked for, the step of the search."""

    provider: str
    told: list[Told] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    step: SearchStep | None = None
