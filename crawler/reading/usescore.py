"""How probable it is that a document used a dataset: the order of the reviewers' queue, never a verdict.

A weighted sum of signs, pressed between 0 and 1; each sign that speaks is among the reasons.  The weights lie in ``use_weights.json``;
``python -m benchmarks.train_uses`` fits them on labelled papers.  No sign knows the name of a dataset, so that one never seen before is
scored like any other.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from crawler.reading.mentions import Mention

_METHOD = re.compile(
    r"\b(?:train|fine-?tun|pre-?train|evaluat|test|validat|experiment|conduct|adopt|employ|crop|collect|sampl|select|split|report|compar|perform|achiev|"
    r"gallery|probe|protocol|accuracy|rank-?1|verification rate|benchmark|subset|augment|filter|annotat)\w*",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:(?:we|our)\b[^.]{0,60}\b(?:train|fine-?tun|pre-?train|evaluat|test|validat|use|used|employ|adopt|experiment|perform|conduct|collect|report|compare|crop|sample|select|form|build|extend)\w*|"
    r"(?:trained|evaluated|tested|fine-?tuned|pre-?trained|validated|experiments?|results?|performance|accuracy|protocol|probe|gallery)\b[^.]{0,30}\b(?:on|using|with|from|of|against|over)\b)"
    r"|实验|训练|使用|采用|評価|実験|학습|실험",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:train|pre-?train|fine-?tun|evaluat|test|validat|experiment|verif|benchmark|conduct|adopt|employ|use[ds]?|using|utili[sz]|sampl|select|download|collect)"
    r"\w*\b[^.;]{0,45}$",
    re.IGNORECASE,
)
_EXPERIMENTS = re.compile(
    r"experiment|evaluation|result|implementation|dataset|data\b|training|ablation|setup|setting|protocol|performance|comparison|verification|identification|实验|実験|실험",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"related|introduction|background|survey|literature|discussion|abstract|prior work|previous work|overview|引言", re.IGNORECASE
)
_NETWORK = re.compile(
    r"^[\s\])]*(?:\[[\d,\s–-]+\]\s*)?(?:[-\w]+\s){0,1}(?:models?|networks?|nets?|cnns?|dcnns?|architectures?|descriptors?|features?|embeddings?|backbones?|"
    r"classifiers?|encoders?|layers?|weights|method|approach|detector|baseline|\d{2}\b|fc\d)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:such as|e\.g\.|including|existing|other|others|previous|prior|earlier|popular|available|recent|notable|several|many|"
    r"(?:was|were|is|are|been)\s+(?:collected|introduced|proposed|released|retracted|withdrawn|criticised|criticized|built|created|crawled)|"
    r"et al|unlike|in contrast|similar to|as in)\b",
    re.IGNORECASE,
)
_LIKENED = re.compile(
    r"\b(?:similar(?:ly)? to|unlike|instead of|rather than|in contrast to|compared to|inspired by|like|than)\s+(?:the\s+)?(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our)\b[^.;]{0,90}\b(?:train|fine-?tun|pre-?train|evaluat|test|validat|use[ds]?|utili[sz]|employ|adopt|experiment|conduct|collect|crop|sampl|select|form|build|extend|choose|download)\w*",
    re.IGNORECASE,
)
_FIGURES_NEXT = re.compile(r"^\s*(?:\[[\d,\s–-]+\]|\([^)]*\))?(?:\s+[-–\w.%±/()]*\d[-–\w.%±/(),]*){2}")
_PROTOCOL = re.compile(
    r"\b(?:protocols?|probes?|gallery|galleries|splits?|subsets?|folds?|test set|training set|validation set|train/test)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)

REASONS = {
    "once": "named once in the text",
    "strong": "said to be trained, evaluated or tested on",
    "own": "the authors say that they use it",
    "beside": "a verb of use right before the name",
    "method": "words of experiments beside it",
    "experiments": "in a section on experiments",
    "caption": "in the caption of a table or figure",
    "column": "in the head of a table",
    "row": "names a row of a table",
    "likened": "only likened to",
    "protocol": "protocol, split, probe or gallery beside it",
    "early": "only in the first part of the text",
    "late": "in the second half of the text",
    "background": "only in introduction or related work",
    "network": "mostly the name of a network or method",
    "others": "mostly told of others' work",
    "minor": "far less often than another dataset",
    "cited": "not named, only cited by number",
}


@dataclass(frozen=True, slots=True)
class UseScore:
    """Score from 0 to 1, and the signs behind it, in plain words."""

    slug: str
    score: float
    reasons: tuple[str, ...]


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """The weight of each sign."""
    table: dict[str, float] = json.loads(files("crawler.reading").joinpath("use_weights.json").read_text(encoding="utf-8"))["weights"]
    return table


def score_uses(mentions: Sequence[Mention]) -> list[UseScore]:
    """The score of each dataset that is named or cited, by slug."""
    by_slug: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_slug.setdefault(mention.slug, []).append(mention)
    most = max((_times(own) for own in by_slug.values()), default=0)
    return [_score(slug, by_slug[slug], most) for slug in sorted(by_slug)]


def _score(slug: str, mentions: list[Mention], most: int) -> UseScore:
    found = signs(mentions, most)
    if not found:
        return UseScore(slug, 0.02, ("named only in the reference list",))
    known = weights()
    odds = known["bias"] + sum(known.get(name, 0.0) * value for name, value in found.items())
    n = _times(mentions)
    reasons = [f"named {n} times in the text"] if n > 1 else []
    reasons += [_reason(name, mentions) for name, value in found.items() if name in REASONS and value >= 0.5]
    return UseScore(slug, round(min(max(1 / (1 + math.exp(-odds)), 0.021), 0.999), 3), tuple(reasons))


def _reason(name: str, mentions: Sequence[Mention]) -> str:
    """A sign in plain words."""
    by_name = name == "cited" and any(mention.by_citation and mention.alias[:1].isalpha() for mention in mentions)
    return "not named, only cited by author and year" if by_name else REASONS[name]


def _times(mentions: Sequence[Mention]) -> int:
    return sum(not mention.in_references and not mention.by_citation for mention in mentions)


def signs(mentions: Sequence[Mention], most: int) -> dict[str, float]:
    """The signs that speak, with their strength; {} where the body neither names nor cites the dataset.

    ``most``: how often the document names the dataset that it names most.
    """
    body = [mention for mention in mentions if not mention.in_references]
    if not body:
        return {}
    named = [mention for mention in body if not mention.by_citation]
    told = named or body
    n = len(named)
    strong = sum(bool(_STRONG.search(mention.quote)) for mention in told)
    experiments = [m for m in told if _EXPERIMENTS.search(m.section or "") and not _BACKGROUND.search(m.section or "")]
    found = {
        "times": math.log(min(n, 40)) if n else 0.0,
        "once": float(n == 1),
        "strong": float(strong > 0),
        "more strong": math.log(strong) if strong else 0.0,
        "own": float(any(_OWN.search(mention.quote) for mention in told)),
        "likened": _share(bool(_LIKENED.search(mention.before)) for mention in told),
        "beside": float(any(_BESIDE.search(mention.before) for mention in told)),
        "method": float(not strong and any(_METHOD.search(mention.quote) for mention in told)),
        "experiments": float(bool(experiments)),
        "caption": float(any(mention.is_caption for mention in told)),
        "column": float(any(mention.is_table and not _FIGURES_NEXT.match(mention.after) for mention in told)),
        "row": _share(mention.is_table and bool(_FIGURES_NEXT.match(mention.after)) for mention in told),
        "protocol": float(any(_PROTOCOL.search(mention.quote) for mention in told)),
        "early": float(max(mention.place for mention in told) < 0.45),
        "late": float(sum(mention.place > 0.5 for mention in told) > 1),
        "background": float(all(_BACKGROUND.search(mention.section or "") for mention in told)),
        "network": _share(bool(_NETWORK.match(mention.after)) for mention in told),
        "others": _share(bool(_OTHERS.search(mention.quote)) and not _FIRST_PERSON.search(mention.quote) for mention in told),
        "minor": float(n < 0.12 * most),
        "cited": float(not named),
    }
    return {name: value for name, value in found.items() if value}


def _share(hits: Iterable[bool]) -> float:
    values = list(hits)
    return sum(values) / len(values)
