"""Which passages a reviewer reads first: those that are most likely to settle the question."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
# Where the score's words begin: on labelled pairs of paper and dataset, each scored by weights that were fitted without its paper,
# nearly all from USED_FROM on are uses and nearly none below NOT_USED_BELOW; `python -m benchmarks.evidence` prints the shares.
USED_FROM, NOT_USED_BELOW = 0.5, 0.15
# The reasons of the score by what they speak for: the signs of the weights in crawler/reading/use_weights.json.
FOR = frozenset([
    "said to be trained, evaluated or tested on", "the authors say that they use it", "a verb of use right before the name",
    "words of experiments beside it", "in a section on experiments", "in the caption of a table or figure", "in the head of a table",
    "protocol, split, probe or gallery beside it", "in the second half of the text",
])  # fmt: skip
AGAINST = frozenset([
    "named once in the text", "names a row of a table", "only likened to", "only in the first part of the text",
    "only in introduction or related work", "mostly the name of a network or method", "mostly told of others' work",
    "far less often than another dataset", "not named, only cited by number", "named only in the reference list",
])  # fmt: skip
_NAMED_OFTEN = re.compile(r"named \d+ times in the text")
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
    """What the score makes of the work, in one of three words, and the score; None where there is no score."""
    if card.score is None:
        return None
    word = "used" if card.score >= USED_FROM else "not used" if card.score < NOT_USED_BELOW else "unsure"
    return f"{word} ({card.score:.2f})"


def signed(reasons: Iterable[str]) -> str:
    """The reasons of a score, those that speak for use apart from those that speak against it."""
    told = list(reasons)
    against = [reason for reason in told if reason in AGAINST]
    speaking = [reason for reason in told if reason in FOR or _NAMED_OFTEN.fullmatch(reason)]
    rest = [reason for reason in told if reason not in against and reason not in speaking]
    parts = [", ".join(rest), "for: " + ", ".join(speaking) if speaking else "", "against: " + ", ".join(against) if against else ""]
    return "; ".join(filter(None, parts))
