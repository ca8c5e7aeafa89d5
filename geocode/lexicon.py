"""The words and names of the registry in memory: how much a word tells, which names hold it, how it is meant to be spelled."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import fsum, log
from operator import itemgetter, sub

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from db.gazetteer import KINDS, load_packed, load_words
from geocode.countries import load_places
from geocode.normalise import fold, name_tokens
from geocode.words import COMMON, ORGANISATION, STOP, UNIT

# As the model saw them in training: in a small registry, such as the demo's, "university" is no rare word, and names tell as much.
REGISTRY_NAMES, OFTEN, EVERYWHERE = 120_000, 1_000, 20_000
SMALL, PLACES = 20_000, 50  # names of a registry in which countries and states are no rare words either
SELDOM = 10  # names that hold a word, below which it may be one cut off: "Geol." stands in a few names, too
CUT_OFF = 7  # letters
EXPANSIONS = 3  # words that a cut-off one ("Instrum.") may stand for
KNOWN = 3  # names that hold a word before it is believed to be one, where a long word is split
USUAL = UNIT | ORGANISATION | COMMON


class Lexicon:
    """Words by number, and names as rows of word numbers.  ``name_rec`` and ``name_kind`` are by number of the name."""

    def __init__(self, db: Database) -> None:
        self.words = load_words(db)
        self.number = {word: n for n, word in enumerate(self.words)}
        self.name_rec, self._kinds = load_packed(db, "name_rec"), load_packed(db, "name_kind")
        self._name_words, self._name_start = load_packed(db, "name_words"), load_packed(db, "name_words_start")
        self.lengths = array("H", map(sub, self._name_start[1:], self._name_start))  # words of each name
        self._word_names, self._word_start = load_packed(db, "word_names"), load_packed(db, "word_names_start")
        self.weight: Callable[[str], float] = _Weights(self).__getitem__
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        self.name_set: Callable[[int], frozenset[int]] = lru_cache(1_000)(lambda number: frozenset(self.names_with(number)))
        self.spellings: Callable[[str], tuple[int, ...]] = lru_cache(50_000)(self._find_spellings)
        self.spelled: Callable[[int], tuple[str, ...]] = lru_cache(100_000)(self._spell)  # the words of a name
        self.split: Callable[[str], tuple[str, str] | None] = lru_cache(50_000)(self._find_split)
        self._first: dict[int, int] = {}
        for name, rec in enumerate(self.name_rec):
            self._first.setdefault(rec, name)

    def frequency(self, number: int) -> int:
        """How many names hold a word."""
        return self._word_start[number + 1] - self._word_start[number]

    def names_with(self, number: int) -> Iterable[int]:
        """The names that hold a word, the shortest first."""
        return self._word_names[self._word_start[number] : self._word_start[number + 1]]

    def _spell(self, name: int) -> tuple[str, ...]:
        words = self.words
        return tuple([words[n] for n in self._name_words[self._name_start[name] : self._name_start[name + 1]]])

    def kind_number(self, name: int) -> int:
        """The place of a name's kind in KINDS: the lower, the more it is the record's own."""
        return self._kinds[name]

    def kind(self, name: int) -> str:
        return KINDS[self._kinds[name]]

    def display(self, rec: int) -> tuple[str, ...]:
        """The words of a record's first name."""
        return self.spelled(self._first[rec]) if rec in self._first else ()

    def own_words(self, rec: int, name: str) -> tuple[str, ...]:
        """The words of a record's display name; ``display`` may be the name of a house that it took over."""
        first = self._first.get(rec)
        return self.spelled(first) if first is not None and self._kinds[first] == 0 else tuple(name_tokens(name))

    def total(self, words: Iterable[str]) -> float:
        """What different words tell together; the same in whatever order a set gives them."""
        return fsum(map(self.weight, set(words)))

    def _find_spellings(self, word: str) -> tuple[int, ...]:
        """Numbers of the words that are meant: itself, what it is the beginning of, or the one that is a misprint away."""
        number = self.number.get(word)
        if number is not None and (self.frequency(number) >= SELDOM or not 4 <= len(word) <= CUT_OFF):
            return (number,)
        if len(word) < 4 or not word.isalpha():
            return ()
        longer = sorted(self._longer(word), key=lambda n: -self.frequency(n))[:EXPANSIONS]
        if number is not None:
            return (number, *(n for n in longer if self.frequency(n) >= SELDOM))
        if longer:
            return tuple(longer)
        if len(word) < 6:
            return ()
        if not self._by_initial:
            for known in self.words:
                if len(known) >= 5:
                    self._by_initial[known[0] + str(len(known))].append(known)
        pools = (self._by_initial.get(word[0] + str(len(word) + size), []) for size in (-1, 0, 1))
        hits = [hit for pool in pools if (hit := process.extractOne(word, pool, scorer=fuzz.ratio, score_cutoff=86))]
        if hits:
            return (self.number[max(hits, key=itemgetter(1))[0]],)
        swapped = (word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1))  # "Datyon"
        return tuple(self.number[other] for other in swapped if other in self.number)

    def _longer(self, word: str) -> list[int]:
        """Numbers of the words that begin with this one."""
        at = bisect_left(self.words, word) + (word in self.number)
        return [n for n in range(at, min(at + 60, len(self.words))) if self.words[n].startswith(word)]

    def _find_split(self, word: str) -> tuple[str, str] | None:
        """The two words that were glued together by mistake: "universityof", "theuniversity"."""
        if word in self.number or fold(word) in self.number or not word.isalpha() or not word.isascii() or self._longer(word):
            return None
        found: list[tuple[int, str, str]] = []
        for at in range(2, len(word) - 1):
            left, right = word[:at], word[at:]
            if (known := self._known(left)) and (other := self._known(right)):
                found.append((min(known, other), left, right))
        return max(found)[1:] if found else None

    def _known(self, word: str) -> int:
        if word in STOP:
            return KNOWN
        number = self.number.get(fold(word)) if len(word) > 3 else None
        frequency = self.frequency(number) if number is not None else 0
        return frequency if frequency >= KNOWN else 0


class _Weights(dict[str, float]):
    """How much each word tells: the logarithm of its rarity among all names; worked out when it is first asked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon, self._size = lexicon, max(REGISTRY_NAMES, len(lexicon.name_rec))
        self._places = load_places() if len(lexicon.name_rec) < SMALL else {}
        self._whole, self._scale = log(1 + REGISTRY_NAMES), log(1 + self._size)

    def __missing__(self, word: str) -> float:
        size, number = self._size, self._lexicon.number.get(word)
        usual = EVERYWHERE if word == "university" else OFTEN if word in USUAL else PLACES if word in self._places else 0
        share = max(self._lexicon.frequency(number) if number is not None else 0, usual * size / REGISTRY_NAMES)
        found = self[word] = log(1 + size / (1 + share)) * self._whole / self._scale
        return found
