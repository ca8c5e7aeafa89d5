"""Names that are like a segment: those that hold its rare words, compared word by word, misprints and cut-off words included."""

from __future__ import annotations

from functools import lru_cache
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz

from geocode.lexicon import USUAL, Lexicon
from geocode.segments import Text
from geocode.words import ORGANISATION

TOO_COMMON = 1_500  # a word in more names than this leads to no candidates
RARE_WORDS = 4  # words of a segment that are asked for names
LEADING = 2  # of these, how many may bring a name alone
COMPARED = 12  # names that are compared for a segment
KEPT = 3  # … and kept; a fourth one has never been meant
WORDS = 2  # without digits in a segment behind the first: "PO Box 9101", "UMR 8579" and a lone word are like no name
LIKELY = 0.45  # the least share of a name's weight that a segment must hold
HOPE = 0.35  # share of the name times likeness below which a name is not worth a thought
ALIKE = 80.0  # of 100, from which two words are one, misprinted or inflected
BEGINNING = 3  # letters of a word that is cut off


class Likely(NamedTuple):
    """A record, the span of a segment's words like its name, and (share of the name, share of the span, likeness), 0..1."""

    rec: int
    start: int
    end: int
    name: tuple[str, ...]
    shares: tuple[float, float, float]


class _Segment(NamedTuple):
    """The content words of a segment, the positions of those that name no place, these as a set, and their first letters."""

    words: tuple[str, ...]
    positions: tuple[int, ...]
    printed: frozenset[str]
    initials: frozenset[str]


class SimilarFinder:
    """Finds names by their rare words; keeps what it has found, since many strings share their departments."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._likely = lru_cache(20_000)(self._find)

    def find(self, text: Text, start: int, end: int, taken: set[int]) -> tuple[Likely, ...]:
        """The likeliest records for a segment's content words [start, end), each once, best first; spans count from its start."""
        words = tuple(text.words[start:end])
        positions = tuple([n for n in range(end - start) if text.where[start + n] not in taken]) or tuple(range(end - start))
        if start and sum([words[n].isalpha() for n in positions]) < WORDS and ORGANISATION.isdisjoint(words):
            return ()
        return self._likely(words, positions)

    def _find(self, words: tuple[str, ...], positions: tuple[int, ...]) -> tuple[Likely, ...]:
        own = [words[n] for n in positions]
        segment = _Segment(words, positions, frozenset(own), frozenset(word[0] for word in own))
        likely = [found for name in self._names(own) if (found := self._compare(segment, name))]
        likely.sort(key=lambda x: -x.shares[0] * x.shares[2])
        best: dict[int, Likely] = {}
        for x in likely:
            best.setdefault(x.rec, x)
        return tuple(best.values())[:KEPT]

    def _names(self, own: list[str]) -> list[int]:
        """Names that hold the rare words of a segment, those with most of their weight first."""
        lexicon, frequency = self._lexicon, self._lexicon.frequency
        meant = dict.fromkeys(lexicon.spellings(word) for word in own if len(word) > 1)
        told = [[n for n in spellings if frequency(n) <= TOO_COMMON and lexicon.words[n] not in USUAL] for spellings in meant]
        # What a cut-off word may stand for counts as one word, as rare as the most frequent of them.
        rare = sorted((max(map(frequency, numbers)), numbers) for numbers in told if numbers)[:RARE_WORDS]
        words = [(lexicon.weight(lexicon.words[number]), number) for _, numbers in rare for number in numbers]
        leading = [number for _, numbers in rare[:LEADING] for number in numbers]
        lengths = lexicon.lengths
        shared = self._shared(leading, [number for _, number in words])
        scores = {name: sum([weight for weight, number in words if name in lexicon.name_set(number)]) for name in shared}
        for weight, number in words[: len(leading)]:
            alone = (name for name in lexicon.names_with(number) if name not in shared)
            scores.update(dict.fromkeys(islice(alone, COMPARED), weight))  # the shortest; longer ones hold a smaller share
        best = nlargest(COMPARED, [(score - 1.5 * lengths[name], -name) for name, score in scores.items()])
        return [-name for _, name in best]

    def _shared(self, leading: list[int], words: list[int]) -> set[int]:
        """Names that hold a leading word and another one."""
        if len(words) < 2:
            return set()
        sets = [self._lexicon.name_set(word) for word in words]
        return {name for n in range(len(leading)) for other in sets[n + 1 :] for name in sets[n] & other}

    def _compare(self, segment: _Segment, name: int) -> Likely | None:
        lexicon, weight = self._lexicon, self._lexicon.weight
        tokens = lexicon.spelled(name)
        inside = dict.fromkeys(tokens)
        words, positions, printed, initials = segment
        held = sum([weight(token) for token in inside if token in printed])
        missing = [token for token in inside if token not in printed]
        total = held + sum(map(weight, missing))
        missing = [token for token in missing if token[0] in initials]
        if held + sum(map(weight, missing)) < LIKELY * total:
            return None
        there = {n: words[n] for n in positions if words[n] in inside}
        for token in missing:
            if (n := _alike(token, words, positions, there)) is not None:
                there[n] = token
                held += weight(token) * 0.9
        if not there or held < LIKELY * total:
            return None
        start, end = min(there), max(there) + 1
        span = words[start:end]
        likeness = fuzz.token_sort_ratio(" ".join(span), " ".join(tokens)) / 100
        if min(1.0, held / total) * likeness < HOPE:
            return None
        explained = lexicon.total(words[n] for n in there) / lexicon.total(span)
        return Likely(lexicon.name_rec[name], start, end, tokens, (min(1.0, held / total), min(1.0, explained), likeness))


def _alike(token: str, words: tuple[str, ...], positions: tuple[int, ...], there: dict[int, str]) -> int | None:
    """The place of a word that is this one misprinted, inflected or cut off."""
    for n in positions:
        word = words[n]
        if n in there or word[0] != token[0] or len(word) < BEGINNING:
            continue
        if token.startswith(word) or (len(word) > 3 and fuzz.ratio(word, token) >= ALIKE):
            return n
    return None
