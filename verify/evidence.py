"""Which passages a reviewer reads first: those that are most likely to settle the question."""

from __future__ import annotations

import re

from db.queries.queue import Passage, WorkCard

_TELLING_SECTION = re.compile(
    r"experiment|evaluat|result|dataset|data\b|training|implementation|set-?up|benchmark|protocol|embodiment|example|claim", re.I
)
_IDLE_SECTION = re.compile(r"introduction|related|background|conclusion|acknowledg|references", re.I)
_TELLING_WORDS = re.compile(
    r"\b(?:pre-?)?train(?:ed|ing|s)?\b|\bfine-?tun|\bevaluat|\btest(?:ed|ing|s| set)\b|\bvalidat|\bdownload|\bexperiments?\b|\baccurac|"
    r"\bdistractors?\b|\bwe (?:also )?(?:use|report|conduct|create|introduce|present|collect|build|built|adopt)(?:d|ed)?\b|"
    r"\bcollected from\b|\bbuilt (?:from|on)\b",
    re.I,
)
_OWN_WORDS = re.compile(r"\b(?:we|our|ours)\b", re.I)
_INTENTS = {"methodology": 3, "result": 2, "background": -1}


def weight(passage: Passage) -> int:
    """How telling a passage is: where it stands, what it says, who gave it."""
    if passage.in_references:
        return -100
    score = 4 if passage.alias else 0
    score += 2 if passage.provider == "fulltext" else 0
    section = passage.section or ""
    score += 5 if _TELLING_SECTION.search(section) else -2 if _IDLE_SECTION.search(section) else 0
    text = f"{passage.text} {passage.translation or ''}"
    score += 3 if _TELLING_WORDS.search(text) else 0
    score += 2 if _OWN_WORDS.search(text) else 0
    return score + max((_INTENTS.get(intent, 0) for intent in passage.intents), default=0)


def rank_passages(card: WorkCard) -> list[Passage]:
    """The passages of all versions, most telling first, each text once."""
    ranked: list[Passage] = []
    seen: list[str] = []
    for passage in sorted(card.passages, key=weight, reverse=True):  # stable: equals stay in the order of the document
        key = "".join(c for c in passage.text.casefold() if c.isalnum())
        if key and not any(key in other for other in seen):
            seen.append(key)
            ranked.append(passage)
    return ranked


def suggestion(card: WorkCard) -> str | None:
    """What the score makes of the work, in words; None where there is no score."""
    if card.score is None:
        return None
    return f"{'used' if card.score >= 0.5 else 'not used'} ({card.score:.2f})"
