"""Affiliations that one text joins by ``and``, parted where the same document has one of them alone."""

from __future__ import annotations

import re

from crawler.reading.draft import Affiliation, Draft, add_once, same_text
from crawler.reading.vocabulary import ends_in_place, names_body, names_top_body

SHORTEST = 8  # letters: shorter texts begin many others


def part_pairs(draft: Draft) -> None:
    """``X and Y`` is two affiliations where another one of the document is X or Y alone."""
    at = 0
    while at < len(draft.affiliations):
        whole = draft.affiliations[at]
        others = [other.text for other in draft.affiliations if other is not whole]
        pair = _run_together(whole.text, others) or next((halves for halves in _halves(whole.text) if _are_two(halves, others)), None)
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
    cuts = re.finditer(r",?\s+and\s+(?:the\s+)?(?=[A-Z])", text)
    pairs = [(text[: match.start()], text[match.end() :]) for match in cuts]
    return [pair for pair in pairs if all(names_body(half) for half in pair)]


def _place_of(draft: Draft, part: Affiliation, at: int) -> int:
    """Where the same text stands already; else its own place."""
    return next((other for other, a in enumerate(draft.affiliations) if a is not part and same_text(a.text, part.text)), at)


def _drop(draft: Draft, at: int) -> None:
    """Take away an affiliation that nobody has any more."""
    del draft.affiliations[at]
    for author in draft.authors:
        author.affiliations = [place - (place > at) for place in author.affiliations]
