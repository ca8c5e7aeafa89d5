"""The names of all settings, so that one that is misspelt in ``whereused.toml`` is not passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

PLAIN = (
    "DB", "GAZETTEER", "STATE", "LOG_FORMAT", "GEOCODER", "OCR_LANGUAGES", "FULLTEXT_SECONDS", "CONTACT", "ALLOW_LOOPBACK",
    "CORRECTIONS", "PUBLISHER", "SAMPLE", "OPEN", "READ_SECONDS", "READ_MEGABYTES", "FULLTEXTS", "S2_DATASETS_URL",
    "OPENALEX_BUDGET", "EPO_OPS_WEEK_BYTES", "GOOGLE_PATENTS",
    "PACE", "FRONTIER_LEASE", "REDIS_PASSWORD", "SEARCH_LIMIT", "RATE_FULLTEXT", "RATE_PHOTO_LINKS",
)  # fmt: skip
SERVICES = (
    "SEMANTIC_SCHOLAR", "OPENALEX", "OPENCITATIONS", "CROSSREF", "UNPAYWALL", "ARXIV", "ARXIV_PDF", "ACL", "PMC", "EPO_OPS", "USPTO",
    "GOOGLE_PATENTS", "LENS", "NOMINATIM", "PHOTON", "PELIAS", "GEONAMES", "ROR_DUMP",
)  # fmt: skip
KNOWN = frozenset((*PLAIN, *(form.format(name) for name in SERVICES for form in ("{}_URL", "{}_KEY", "RATE_{}"))))


def unknown_settings(names: Iterable[str], file: str) -> Iterator[str]:
    """A line for each name (in upper case) that no part of the tool asks for, with the nearest one that is known."""
    for name in sorted(set(names) - KNOWN):
        bare = name.removeprefix("WHEREUSED_")
        near = [bare] if bare in KNOWN else get_close_matches(bare, sorted(KNOWN), n=1, cutoff=0.6)
        hint = f"did you mean {near[0].lower()}?" if near else "docs/operating.md names them all"
        yield f"whereused: {file}: there is no setting {name.lower()!r}, it is ignored; {hint}"
