"""Passages of a patent that name a dataset: in claims, description and cited literature, in any script.

Chinese, Japanese and Korean prints write the name in Latin letters, often of full width, split by spaces, line breaks or
mark-up between any two letters.  Such names are put together again before the search, which is that of the stage ``read``
(``crawler.reading.mentions``), so that a name counts in a patent as it counts in a paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.patents.records import Segment
from crawler.reading.aliases import Catalogue, squeezed
from crawler.reading.mentions import Mention, find_mentions
from crawler.reading.passages import Block
from crawler.reading.usescore import UseScore, score_uses
from db.patents import PassageRow

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"(?<=[。！？；])")
_GAP = r"[\s\u200b\u00ad-]*"
SHORTEST = 5  # letters of a name that is put together again: shorter ones may stand in a row by chance


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages, in the order of the text, and how probable the use is by them."""

    passages: tuple[PassageRow, ...]
    uses: tuple[UseScore, ...]


def find_evidence(segments: Sequence[Segment], catalogue: Catalogue) -> Evidence:
    """Passages of all datasets.  The quote is the patent's own words, with the machine's translation where there is one.

    A name that only the translation has (the patent writes it in its own script) is quoted with both as well.
    """
    sentences = [part for segment in segments for part in _sentences(segment, catalogue)]
    count = max(1, len(sentences))
    own = [_block(at, sentence.text, sentence, count) for at, sentence in enumerate(sentences)]
    translated = [
        _block(at + count, sentence.translation, sentence, count) for at, sentence in enumerate(sentences) if sentence.translation
    ]
    found = find_mentions([*own, *translated], catalogue)
    told = {(mention.slug, mention.page) for mention in found}
    kept = [m for m in found if m.page < count or (m.slug, m.page - count) not in told]
    kept.sort(key=lambda m: (m.page % count, m.slug))
    return Evidence(tuple(_row(m, sentences[m.page % count], count) for m in kept), tuple(score_uses(kept)))


def _block(page: int, text: str, sentence: Segment, count: int) -> Block:
    return Block(text, page, sentence.section, sentence.in_references, place=(page % count) / count)


def _row(mention: Mention, sentence: Segment, count: int) -> PassageRow:
    quote, translation = mention.quote, sentence.translation
    if mention.page >= count:  # the name stands in the translation only
        quote, translation = sentence.text[:300], mention.quote
    return PassageRow(mention.slug, mention.alias, " ".join(quote.split()), mention.section, mention.in_references, _short(translation))


def _short(text: str | None, limit: int = 600) -> str | None:
    flat = " ".join((text or "").split())
    return f"{flat[: limit - 1].rstrip()}…" if len(flat) > limit else flat or None


# ---------------------------------------------------------------- text as it is searched


def _sentences(segment: Segment, catalogue: Catalogue) -> list[Segment]:
    """A segment as it is searched; untranslated text with ideographs is cut at the ends of its sentences."""
    text = mended(segment.text, catalogue)
    translation = mended(segment.translation, catalogue) if segment.translation else None
    if translation or segment.in_references or not _CJK.search(text):
        return [Segment(text, segment.section, translation, segment.in_references)]
    return [Segment(part.strip(), segment.section) for part in _SENTENCE_END.split(text) if part.strip()]


def mended(text: str, catalogue: Catalogue) -> str:
    """Full-width letters as plain ones; beside ideographs, names of datasets without the gaps that print put into them."""
    text = unicodedata.normalize("NFKC", text)
    if not _CJK.search(text):
        return text
    letters = squeezed(text)
    for name in catalogue.names:
        parts = squeezed(name.alias)
        if name.weak or len(parts) < SHORTEST or not parts.isascii() or parts not in letters:
            continue
        pattern = rf"(?<![A-Za-z0-9]){_GAP.join(map(re.escape, parts))}(?![A-Za-z0-9])"
        text = re.sub(pattern, lambda found: _closed(found[0]), text, flags=re.IGNORECASE)
    return text


def _closed(found: str) -> str:
    """A found name as one word, where gaps stand inside of words; names of several whole words keep them."""
    words = re.split(r"\s+", found)
    if (
        len(words) > 1
        and all(len(word) >= 3 or word.isdigit() for word in words)
        and len({w[0].isupper() or w.isdigit() for w in words}) == 1
    ):
        return " ".join(words) if len(words) > 2 else "".join(words)
    return re.sub(r"[\s\u200b\u00ad]+", "", found)
