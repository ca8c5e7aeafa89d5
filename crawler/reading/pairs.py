"""Affiliations that one text joins by ``and``, parted where the same document has one of them alone."""

from __future__ import annotations

import re

from crawler.reading.draft import Affiliation, Draft, add_once, same_text
from crawler.reading.vocabulary import WORDS, ends_in_place, names_body, names_top_body, opens_part

_UNIVERSITY = re.compile(
    r"\bUniversit(?:y of (?!(?:Science|Technology|Applied|Medicine|Veterinary|Agriculture|Arts|Economics)\b)(?:the )?[A-Z]|é|à|ä)|"
    r"[A-Z][\w’'.-]+ University$|"
    r"\bUniversid|\bUniversiteit|\bInstitute of Technology\b|\bPolytechni|\bPolitec|\bHochschule\b|"
    r"\bUniversity of (?:Science and Technology|Technology)\b"
)
_PART_OF_HOUSE = re.compile(
    r"\b(?:hospital|school|facult|college of|department|dept|division|clinic|library|press|laborator|institute for)\b", re.IGNORECASE
)
_GENERIC = (
    "lab",
    "labs",
    "group",
    "program",
    "unit",
    "team",
    "independent",
    "inc",
    "ltd",
    "co.",
    "corp",
    "sa",
    "ag",
    "ab",
    "meta",
    "cambridge",
    "oxford",
)
_FIRM = re.compile(
    "^(?:" + "|".join(re.escape(word) for word in WORDS["body_words"] if word.strip(".") not in _GENERIC) + r"|Meta|ETH Z)(?:\s+\w+){0,3}$",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"\b(?:Inc|Ltd|LLC|GmbH|Corp|Corporation|S\.A)\.?$")
MAX_WORDS = 7  # of a house's name
SHORTEST = 8  # letters: shorter texts begin many others


def part_pairs(draft: Draft) -> None:
    """``X and Y`` is two affiliations where another one of the document is X or Y alone."""
    at = 0
    while at < len(draft.affiliations):
        whole = draft.affiliations[at]
        others = [other.text for other in draft.affiliations if other is not whole]
        pair = (
            _run_together(whole.text, others)
            or next((halves for halves in _halves(whole.text) if _are_two(halves, others)), None)
            or next((halves for halves in _halves(whole.text) if are_houses(*halves)), None)
        )
        if pair is None:
            at += 1
            continue
        bearers = [author for author in draft.authors if at in author.affiliations]
        whole.text = pair[0]
        places = [_place_of(draft, whole, at), add_once(draft, pair[1], whole.page, [])]
        for author in bearers:
            author.affiliations = [place for place in author.affiliations if place != at]
            author.affiliations += [place for place in places if place not in author.affiliations]
        if places[0] != at:
            _drop(draft, at)


def _run_together(text: str, others: list[str]) -> tuple[str, str] | None:
    """Two other texts that one prints without anything between them."""
    firsts = [other for other in others if len(other) > SHORTEST and text.startswith(other + " ")]
    rests = [(first, text[len(first) :].strip(" ,;")) for first in firsts]
    return next(((first, rest) for first, rest in rests if any(same_text(rest, other) for other in others)), None)


def _are_two(halves: tuple[str, str], others: list[str]) -> bool:
    """Whether one half is another text, and the second one too or a whole address."""
    known = [any(same_text(half, text) for text in others) for half in halves]
    return any(known) and all(same or names_top_body(half) or ends_in_place(half) for same, half in zip(known, halves, strict=True))


def _halves(text: str) -> list[tuple[str, str]]:
    """The texts on both sides of each ``and`` that might part two bodies."""
    cuts = re.finditer(r",?\s+(?:and|&|jointly with|in collaboration with|and also with)\s+(?:the\s+)?(?=[A-Z])", text)
    pairs = [(text[: match.start()], text[match.end() :]) for match in cuts]
    return [pair for pair in pairs if all(names_body(half) for half in pair)]


def are_houses(before: str, after: str) -> bool:
    """Whether a text joins two houses: the first ends with one, and the second opens with one or with a part that has its own behind it.

    Two departments of one university are one; a university and its hospital are too.
    """
    parts = [part.strip() for part in after.split(",")]
    own = _is_house(parts[0]) or (opens_part(parts[0]) and len(parts) > 1 and _is_house(parts[1]))
    if opens_part(parts[0]) and not any(_is_house(part) for part in before.split(",")):
        return False
    return own and _is_house(before.rpartition(",")[2].strip())


def _is_house(text: str) -> bool:
    """Whether a text is the whole name of a university or a known firm, with nothing that would be a part of one."""
    words = text.split()
    if not words or len(words) > MAX_WORDS or _PART_OF_HOUSE.search(text):
        return False
    return bool(_UNIVERSITY.search(text) or _FIRM.match(text) or _LEGAL.search(text))


def _place_of(draft: Draft, part: Affiliation, at: int) -> int:
    """Where the same text stands already; else its own place."""
    return next((other for other, a in enumerate(draft.affiliations) if a is not part and same_text(a.text, part.text)), at)


def _drop(draft: Draft, at: int) -> None:
    """Take away an affiliation that nobody has any more."""
    del draft.affiliations[at]
    for author in draft.authors:
        author.affiliations = [place - (place > at) for place in author.affiliations]
