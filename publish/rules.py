"""What may be said in public: who stands on the map, which words and which links leave the house.

An institution on the map is an allegation.  It is worded "used" only where the final decision says so and the place is
sure (``MAP_BAR``) or a reviewer saw it; everything else "cites".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from db.queries.records import Mention, Place, Work
from db.rules import DECIDING, is_above_bar, is_sure

CAVEAT = (
    "A location is the institution most likely behind an author's affiliation; it does not confirm that the dataset was used at that place."
)
METHOD = (
    "Works that cite the dataset's papers or name it were collected from the sources named below; institutions come from the affiliations "
    "printed on the works; only works that reviewers read and found to use the dataset count as uses."
)
QUOTE_LENGTH = 300
# How a provider found a work that it saw cite or name the dataset: by its references, or by the names in title, abstract or text.
SEEN = ("citation", "npl citation", "text", "full text", "title", "title or abstract")

# The part of an e-mail address before its domain; several in braces as papers print them.
_LOCAL_PART = re.compile(r"(?:\{[^{}@]{1,200}\}|[\w.+%{}-]+)\s?@(?=[\w-]+(?:\.[\w-]+)+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # overrides that would turn the text around them
# Sentences that tell of use come before those that only name the dataset.
_TELLING = re.compile(r"\b(train|fine-?tun|evaluat|test|validat|experiment|download|benchmark|protocol|gallery|distractor)", re.IGNORECASE)


def tidy(text: str | None) -> str | None:
    """Text for the public: one line, no control characters, e-mail addresses cut to their domain; None stays None."""
    # Most texts hold nothing of all that. What is printable holds no control, no override and no white space but the plain one.
    if not text or (text.isprintable() and "@" not in text and "  " not in text and text[0] != " " and text[-1] != " "):
        return text
    return _LOCAL_PART.sub("", " ".join(_DIRECTION.sub("", _CONTROL.sub(" ", text)).split()))


def clip(text: str) -> str:
    """At most ``QUOTE_LENGTH`` characters, cut between words."""
    if len(text) <= QUOTE_LENGTH:
        return text
    return text[: QUOTE_LENGTH - 1].rsplit(" ", 1)[0].rstrip() + "…"


def is_point(place: Place) -> bool:
    """Whether a place is drawn: a valid point at institution or city level."""
    return place.latitude is not None and place.longitude is not None and place.granularity in ("institution", "city")


def is_misfiled(work: Work) -> bool:
    """Whether reviewers found that the record is another work; it then stands in the tables only."""
    return work.decision is not None and work.decision.label == "wrong_work"


def cites(work: Work) -> bool:
    """Whether anyone saw the work cite or name the dataset; an import alone says no such thing."""
    return any(found.how in SEEN for found in work.found) or any(m.dataset == work.dataset for m in work.mentions)


def is_verified_at(work: Work, place: Place) -> bool:
    """Whether the use is verified and the place sure enough to say so in public."""
    return work.is_used and (is_sure(place) or not is_point(place))


def knows_country(work: Work, place: Place) -> bool:
    """Whether a verified use counts for the country of a place: also where the match is good enough for the map, and only the second
    source is missing that a place of a sensitive sector needs.
    """
    return is_verified_at(work, place) or (work.is_used and is_above_bar(place))


def unconfirmed_places(work: Work) -> list[Place]:
    """Where a verified use leads to, but not surely enough for the map: it waits for a second source or a reviewer."""
    places = [a.place for a in work.affiliations if a.place] if work.is_used else []
    sure = {place.key for place in places if is_sure(place)}
    return list({place.key: place for place in places if is_point(place) and place.key not in sure}.values())


def given_names(work: Work) -> list[str]:
    """The organisations that a patent or another document names and that no place is known of, as they are printed there."""
    if work.preferred.kind == "paper":
        return []
    placed = {a.text for a in work.affiliations if a.place}
    names = (tidy(a.text) for a in work.affiliations if a.text not in placed)
    return list(dict.fromkeys(name for name in names if name))


def count_reviewers(work: Work) -> int:
    """How many people stand behind a final decision: those whose labels decide, and who settled a conflict."""
    if work.decision is None:
        return 0
    named = {label.reviewer for label in work.labels if label.dataset == work.dataset and label.label in DECIDING}
    return len(named | ({work.decision.reviewer} if work.decision.reviewer else set()))


def chosen(works: Iterable[Work], include: str) -> Iterable[Work]:
    """The works that ``--include`` asks for: ``verified`` those finally decided as used, ``all`` every one."""
    return (work for work in works if include == "all" or work.is_used)


class Evidence(NamedTuple):
    """The sentence that speaks for the use: one sentence of at most 300 characters.

    Of a patent also ``section`` ("claim 1") and the translation that stands beside the original.
    """

    quote: str
    page: int | None
    provider: str
    section: str | None = None
    translation: str | None = None


def find_evidence(work: Work) -> Evidence | None:
    """The most telling passage: the work's own text before a provider's, a sentence that tells of use before a mere name."""
    candidates = [mention for mention in work.mentions + work.contexts if mention.dataset == work.dataset]
    if not candidates:
        return None
    best = min(candidates, key=_weight) if len(candidates) > 1 else candidates[0]  # of equal ones the first
    translation = clip(tidy(best.translation) or "") if best.translation else None
    return Evidence(clip(tidy(best.quote) or ""), best.page, best.provider, best.section, translation)


def _weight(mention: Mention) -> tuple[bool, bool, bool]:
    text = f"{mention.quote} {mention.translation or ''}"
    return mention.in_references, mention.provider != "fulltext", not _TELLING.search(text)


def family_of(work: Work) -> list[str]:
    """The publication numbers of a patent's family that are known, the one that is shown first; none of other works."""
    return list(dict.fromkeys(v.ids["publication_number"] for v in work.versions if "publication_number" in v.ids))


def link_of(ids: dict[str, str]) -> str | None:
    """A web address for a work from its ids: always http(s), never what a provider typed."""
    for scheme, pattern in _LINKS.items():
        if scheme in ids:
            value = ids[scheme]
            return pattern + (value if _PLAIN.fullmatch(value) else quote(value, safe="/:()-._"))
    address = ids.get("url", "")
    return quote(address, safe="/:?#[]@!$&()*+,=-._~%") if re.match(r"https?://", address) else None


_PLAIN = re.compile(r"[A-Za-z0-9_.~/:()-]+")  # what ``quote`` leaves as it is; most ids are
_LINKS = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "publication_number": "https://patents.google.com/patent/",
    "s2": "https://www.semanticscholar.org/paper/",
    "openalex": "https://openalex.org/",
    "corpus": "https://api.semanticscholar.org/CorpusID:",
}
LINK_PREFIXES, LINK_SCHEMES = tuple(_LINKS.values()), tuple(_LINKS)


def link_of_work(work: Work) -> str | None:
    """The address of the version that is shown, else of another one."""
    for version in work.versions:
        if link := link_of(version.ids):
            return link
    return None
