"""Passages that name a dataset of the catalogue.

A longer name wins over a shorter one that it contains.  A weak name (an everyday word, a very short one) counts only
with a second sign in the same document: a strong name or the seed paper of the dataset, or a word like "dataset" beside it.
Where the text cites the seed paper and does not name the dataset, that is a passage too: its ``alias`` is then the number, or author
and year, as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reading.aliases import Catalogue, Name, patterns, squeezed
from crawler.reading.citations import citations_of
from crawler.reading.emails import without_local_parts
from crawler.reading.entries import key_of
from crawler.reading.passages import Block, entry_around, sentence_around
from crawler.reading.textlayer import SEAM

MAX_PER_DATASET = 60  # passages kept of one document and dataset

_KIND = r"(?:data\s?-?sets?|databases?|benchmarks?|corpus|collections?|images?|photos?|photographs?|pictures|test set|training set)"
_BESIDE_AFTER = re.compile(
    rf"^[\s\])]*(?:\[[\d,\s–-]+\]\s*|\([^)]*\d{{4}}[^)]*\)\s*|\([\w.\s-]{{1,12}}\)\s*)?(?:face\s+|public\s+|re-?id\s+)?{_KIND}\b",
    re.IGNORECASE,
)
_BESIDE_BEFORE = re.compile(
    rf"\b{_KIND}(?:\s+(?:from|on|of|like|called|named|such as|are|is|typically|i\.e\.,?|e\.g\.,?))*[\s(:,“\"]*$", re.IGNORECASE
)
# Chinese, Japanese and Korean know no space between words, so no word ends where one of these does.
_KIND_CJK = (
    r"(?:数据集|数据库|資料集|資料庫|训练集|测试集|測試集|基准|データ\s?セット|データ\s?ベース|ベンチマーク|"
    r"데이터\s?(?:셋|세트|베이스)|벤치마크)"
)
_BESIDE_CJK = (
    re.compile(rf"^[\s\])）”」』】》]*(?:人脸|人臉|公开|公開|顔|얼굴|の)?\s?{_KIND_CJK}"),
    re.compile(rf"{_KIND_CJK}[\s(:,（：、，“「『【《]*$"),
)
_IN_LIST_BEFORE = re.compile(r"\b(?:data\s?-?sets?|databases?|benchmarks?)\b(?:e\.g\.|i\.e\.|[^.;]){0,70}$", re.IGNORECASE)
_OTHER_NAME = re.compile(r"^[\s-]?(?:FASD|SURF|IRIS|Iris|HWDB|OLHWDB|Challenge|challenge|Workshop|[A-Z]{2,}\d*\b(?!\s*\[))")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffd\ufffe\ue000-\uf8ff]")
_WEB = re.compile(r"(?:https?:|www\.|\.(?:com|org|net|io|edu|html?)|@|github)", re.IGNORECASE)
_PLAIN_NEXT = re.compile(
    r"^\s+(?:recognition|verification|detection|identification|analysis|images?\s+recognition|classification|learning|challenge)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"^\s+(?:face\s+)?(?:recognition|verification|detection|identification)\s+(?:challenge|competition|workshop|contest)", re.IGNORECASE
)


@dataclass(slots=True)
class Mention:
    """A passage that names a dataset; ``quote`` is one sentence of at most 300 characters."""

    slug: str
    alias: str
    quote: str
    page: int
    section: str | None
    in_references: bool
    is_caption: bool = False
    place: float = 0.0
    is_table: bool = False
    by_citation: bool = False  # cited, not named
    before: str = ""  # what stands beside the name: only for the use score
    after: str = ""


@dataclass(slots=True)
class _Hit:
    block: Block
    start: int
    end: int
    name: Name


def find_mentions(blocks: list[Block], catalogue: Catalogue) -> list[Mention]:
    """All passages, in the order of the text."""
    names, titles = patterns(catalogue)
    hits = [hit for block in blocks for hit in _hits(block, names)]
    seeds: dict[str, list[tuple[Block, int, int]]] = {}
    for block in blocks:
        if block.in_references:
            for title, pattern in titles:
                for match in pattern.finditer(block.text):
                    seeds.setdefault(title.slug, []).append((block, match.start(), match.end()))
    strong = {slug for hit in hits if not hit.name.weak for slug in hit.name.slugs} | set(seeds)
    ambiguous = _ambiguous(blocks, hits, {squeezed(name.alias) for name in catalogue.names})
    signed = {hit.name.alias for hit in hits if hit.name.weak and hit.name.alias not in ambiguous and _has_sign(hit)}
    out: list[Mention] = []
    for hit in hits:
        if hit.name.weak and (_is_other_name(hit) or not (hit.name.alias in signed or strong & set(hit.name.slugs))):
            continue
        out += [_mention(slug, hit.block, hit.start, hit.end) for slug in hit.name.slugs]
    for slug, places in seeds.items():
        named = {(id(hit.block), _entry_start(hit.block, hit.start)) for hit in hits if slug in hit.name.slugs}
        out += [_mention(slug, *place) for place in places if (id(place[0]), _entry_start(*place[:2])) not in named]
    return _limited(out + _cited(blocks, seeds, out))


def _cited(blocks: list[Block], seeds: dict[str, list[tuple[Block, int, int]]], named: list[Mention]) -> list[Mention]:
    """The passages that cite the seed paper of a dataset, by number, label, or author and year, and don't name it."""
    keys = {slug: {key_of(*entry_around(block, start)) for block, start, _ in places} for slug, places in seeds.items()}
    if not keys:
        return []
    told = {(mention.slug, mention.quote) for mention in named}
    found = [
        _mention(slug, citation.block, citation.start, citation.end, by_citation=True)
        for slug, wanted in keys.items()
        for citation in citations_of(blocks, wanted)
    ]
    return [mention for mention in found if (mention.slug, mention.quote) not in told]


def _entry_start(block: Block, at: int) -> int:
    """Where the entry of a reference list begins that holds a place."""
    return at - entry_around(block, at)[1]


def _hits(block: Block, names: Sequence[tuple[Name, re.Pattern[str]]]) -> list[_Hit]:
    """Names in a block; what a longer name has taken is not searched again."""
    taken: list[tuple[int, int]] = []
    hits: list[_Hit] = []
    text = squeezed(block.text)
    for name, pattern in names:
        if squeezed(name.alias) not in text:  # cheap, and true of most names
            continue
        for match in pattern.finditer(block.text):
            start, end = match.span()
            if any(start < high and low < end for low, high in taken) or not _is_spelling(name, match[0], block.text[end : end + 30]):
                continue
            if _in_address(block.text, start, end):
                continue
            taken.append((start, end))
            hits.append(_Hit(block, start, end, name))
    return sorted(hits, key=lambda hit: hit.start)


def _is_spelling(name: Name, found: str, after: str) -> bool:
    """Whether the found text may be that name.  Words apart, where the name is one word, must be small capitals or a set."""
    if re.match(r"\s?-?\d+\s?[MmKk]\b", after) and not re.search(r"\d", name.alias[-2:]):
        return False  # WebFace260M is another set
    if (
        not squeezed(name.alias).endswith("challenge")
        and re.match(r"\s+challenge\b", after, re.IGNORECASE)
        and "challenge" not in after[10:]
    ):
        return bool(re.search(r"[\d-]|[A-Z]{3}", name.alias)) or name.alias.lower().startswith("mega")
    if _EVENT.match(after) or (found.islower() and not name.alias.islower() and _PLAIN_NEXT.match(after)):
        return False  # the FairFace Recognition Challenge has other data
    found = re.sub(r"\s+(?=\d)", "", found) if re.search(r"\d", name.alias) else found  # VGGFace 2
    if not re.search(r"\s", found) or re.search(r"\s", name.alias):
        return not (re.search(r"\s", found) and _PLAIN_NEXT.match(after) and name.weak)
    if "\n" in found and found.replace("\n", "").replace("-", "").isalnum() and found[0].isupper():
        return not _PLAIN_NEXT.match(after)
    if found.upper() == found:
        return True  # small capitals
    return bool(re.match(rf"[\s\])]*(?:\[[\d,\s–-]+\]\s*)?{_KIND}\b", after, re.IGNORECASE)) and found[0].isupper()


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether the name is a part of a web address."""
    low = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    ends = [at for at in (text.find(" ", end), text.find("\n", end)) if at >= 0]
    word = text[low : min(ends, default=len(text))]
    return bool(_WEB.search(word)) and "/" in word


def _ambiguous(blocks: list[Block], hits: list[_Hit], known: set[str]) -> set[str]:
    """Weak names that the document also uses as the beginning of another name, such as WebFace260M."""
    text = " ".join(block.text for block in blocks)
    weak = {hit.name.alias for hit in hits if hit.name.weak}
    longer = {alias: re.findall(rf"(?<![\w-]){re.escape(alias)}(?:-?\d+[MK]|[\s-][A-Z]{{3,}})\b", text) for alias in weak}
    return {alias for alias, found in longer.items() if any(squeezed(name) not in known for name in found)}


def _is_other_name(hit: _Hit) -> bool:
    """Whether the name goes on into another one: CASIA FASD, C-Duke."""
    return bool(_OTHER_NAME.match(hit.block.text[hit.end : hit.end + 60]) or re.search(rf"[A-Za-z]-{SEAM}?$", hit.block.text[: hit.start]))


def _has_sign(hit: _Hit) -> bool:
    """Whether a word such as "dataset" stands beside a name."""
    if _is_other_name(hit):
        return False
    before, after = hit.block.text[max(0, hit.start - 90) : hit.start], hit.block.text[hit.end : hit.end + 60]
    return bool(
        _BESIDE_AFTER.match(after)
        or _BESIDE_BEFORE.search(before)
        or _BESIDE_CJK[0].match(after)
        or _BESIDE_CJK[1].search(before)
        or (_IN_LIST_BEFORE.search(before) and re.match(r"\s*(?:\[|\(|,|and\b|\))", after))
    )


def _mention(slug: str, block: Block, start: int, end: int, *, by_citation: bool = False) -> Mention:
    alias = " ".join(block.text[start:end].replace(SEAM, "").split())
    quote = " ".join(_UNPRINTABLE.sub("", without_local_parts(sentence_around(block, start, end))).split())
    return Mention(
        slug,
        alias,
        quote,
        block.page + (block.turn is not None and start >= block.turn),
        block.section,
        block.in_references,
        block.is_caption,
        block.place,
        block.is_table,
        by_citation,
        block.text[max(0, start - 80) : start].replace(SEAM, ""),
        block.text[end : end + 80].replace(SEAM, ""),
    )


def _limited(mentions: list[Mention]) -> list[Mention]:
    """Each sentence once, those of the body first, not more than the limit for each dataset."""
    seen: set[tuple[str, int, str]] = set()
    counts: dict[str, int] = {}
    out: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.slug, m.in_references, m.by_citation, m.page)):
        key = (mention.slug, mention.page, mention.quote)
        if key in seen or counts.get(mention.slug, 0) >= MAX_PER_DATASET:
            continue
        seen.add(key)
        counts[mention.slug] = counts.get(mention.slug, 0) + 1
        out.append(mention)
    return out
