"""How probable it is that a document used a dataset: the order of the reviewers' queue, never a verdict.

A weighted sum of signs, pressed between 0 and 1.  The weights were set by hand on labelled papers; each sign that
spoke is among the reasons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reading.mentions import Mention

_METHOD = re.compile(
    r"\b(?:train|fine-?tun|pre-?train|evaluat|test|validat|experiment|conduct|adopt|employ|crop|collect|sampl|select|split|report|compar|perform|achiev|"
    r"gallery|probe|protocol|accuracy|rank-?1|verification rate|benchmark|subset|augment|filter|annotat)\w*",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:(?:we|our)\b[^.]{0,60}\b(?:train|fine-?tun|pre-?train|evaluat|test|validat|use|used|employ|adopt|experiment|perform|conduct|collect|report|compare|crop|sample|select|form|build|extend)\w*|"
    r"(?:trained|evaluated|tested|fine-?tuned|pre-?trained|validated|experiments?|results?|performance|accuracy|protocol|probe|gallery)\b[^.]{0,30}\b(?:on|using|with|from|of|against|over)\b)",
    re.IGNORECASE,
)
_EXPERIMENTS = re.compile(
    r"experiment|evaluation|result|implementation|dataset|data\b|training|ablation|setup|setting|protocol|performance|comparison|verification|identification",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"related|introduction|background|survey|literature|discussion|abstract", re.IGNORECASE)
_TABLE = re.compile(r"^(?:table|tab\.|fig)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UseScore:
    """Score from 0 to 1, and the signs behind it, in plain words."""

    slug: str
    score: float
    reasons: tuple[str, ...]


def score_uses(mentions: Sequence[Mention]) -> list[UseScore]:
    """The score of each dataset that is named, by slug."""
    slugs = sorted({mention.slug for mention in mentions})
    return [_score(slug, [mention for mention in mentions if mention.slug == slug]) for slug in slugs]


def _score(slug: str, mentions: list[Mention]) -> UseScore:
    body = [mention for mention in mentions if not mention.in_references]
    if not body:
        return UseScore(slug, 0.02, ("named only in the reference list",))
    total = -2.0
    reasons: list[str] = []

    def add(weight: float, reason: str) -> None:
        nonlocal total
        total += weight
        reasons.append(reason)

    n = len(body)
    add(0.8 * math.log(n) if n > 1 else -0.3, f"named {n} times in the text" if n > 1 else "named once in the text")
    strong = sum(bool(_STRONG.search(mention.quote)) for mention in body)
    if strong:
        add(1.2 + 0.25 * math.log(strong), "said to be trained, evaluated or tested on")
    elif any(_METHOD.search(mention.quote) for mention in body):
        add(0.3, "words of experiments beside it")
    if any(_EXPERIMENTS.search(mention.section or "") and not _BACKGROUND.search(mention.section or "") for mention in body):
        add(0.9, "in a section on experiments")
    if any(mention.is_caption and _TABLE.match(mention.quote) for mention in body):
        add(0.6, "in the caption of a table or figure")
    late = max(mention.place for mention in body)
    if late < 0.45:
        add(-0.9, "only in the first part of the text")
    elif sum(mention.place > 0.5 for mention in body) > 1:
        add(0.4, "in the second half of the text")
    if all(_BACKGROUND.search(mention.section or "") for mention in body):
        add(-0.6, "only in introduction or related work")
    return UseScore(slug, round(1 / (1 + math.exp(-total)), 3), tuple(reasons))
