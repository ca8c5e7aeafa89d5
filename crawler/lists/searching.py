"""Searching for works that name a dataset: what to ask for, and whether a text that comes back does name it.

Strong aliases are searched for alone, weak ones (everyday words, very short names) together with a context word of the
catalogue; without such words they are left out.  Search engines cut names into words and know no case, so what they show is
looked at again where its text is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.catalogue import Dataset

LONGEST_QUOTE = 300
SHORT = 4  # letters and digits; names so short must stand in their own case
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\w“\"'(\[])")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that names a dataset, the name as it stands there, and where the sentence stands."""

    alias: str
    text: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The names of a dataset as they are searched for; ``context`` goes with the weak ones."""

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    context: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.strong or self.weak)


def terms_of(dataset: Dataset) -> Terms:
    """The names to search for: of those that a search engine can't tell apart, or that hold a shorter one, only one."""
    strong = _without_longer([alias.alias for alias in dataset.aliases if not alias.weak] or [dataset.name])
    weak = _without_longer([alias.alias for alias in dataset.aliases if alias.weak]) if dataset.context else ()
    return Terms(strong, tuple(name for name in weak if not any(_holds(name, other) for other in strong)), dataset.context)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _holds(name: str, shorter: str) -> bool:
    """Whether the words of ``shorter`` stand one after the other in ``name``: a search for it finds both."""
    words, wanted = _words(name), _words(shorter)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _without_longer(names: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in sorted({name for name in names if _words(name)}, key=lambda name: (len(_words(name)), name)):
        if not any(_holds(name, other) for other in kept):
            kept.append(name)
    return tuple(kept)


# ---------------------------------------------------------------- queries


def _quoted(text: str) -> str:
    return '"' + " ".join(text.replace('"', " ").split()) + '"'


def bulk_query(terms: Terms) -> str:
    """In the syntax of Semantic Scholar: ``|`` or, ``+`` and, a phrase in quotation marks, brackets."""
    weak = [f"({_quoted(name)} + ({' | '.join(map(_quoted, terms.context))}))" for name in terms.weak]
    return " | ".join([*map(_quoted, terms.strong), *weak])


def open_query(terms: Terms) -> str:
    """In the syntax of OpenAlex: OR and AND in capitals, a phrase in quotation marks, brackets."""
    weak = [f"({_quoted(name)} AND ({' OR '.join(map(_quoted, terms.context))}))" for name in terms.weak]
    return " OR ".join([*map(_quoted, terms.strong), *weak])


def snippet_queries(terms: Terms) -> tuple[str, ...]:
    """One for each name; the engine goes by meaning, so a weak name takes a context word along."""
    return (*(f"{name} dataset" for name in terms.strong), *(f"{name} {terms.context[0]} dataset" for name in terms.weak))


# ---------------------------------------------------------------- what comes back


def find_quotes(texts: Iterable[tuple[str | None, str | None]], terms: Terms) -> list[Quote]:
    """The sentences that name the dataset, from (text, where it stands) of one work."""
    told = [(" ".join(text.split()), section) for text, section in texts if text and text.strip()]
    whole = " ".join(text for text, _ in told)
    names = [_pattern(name, weak=False) for name in terms.strong]
    weak = [_pattern(name, weak=True) for name in terms.weak]
    for pattern in weak:
        whole = pattern.sub(" ", whole)  # a context word inside of the name itself is no second sign
    if any(_pattern(word, weak=False, ending="s?").search(whole) for word in terms.context):
        names += weak
    quotes: dict[str, Quote] = {}
    for text, section in told:
        for pattern in names:
            for found in pattern.finditer(text):
                if found[0].islower() and not found[0].isalnum():
                    continue  # several small words, such as "a mega face", are no name
                sentence = _sentence(text, found.start(), found.end())
                quotes.setdefault(sentence, Quote(found[0], sentence, section))
    return list(quotes.values())


def _pattern(name: str, *, weak: bool, ending: str = "") -> re.Pattern[str]:
    """A name with any hyphens and blanks between its words; a weak or very short one in its own case.

    ``ending`` may follow it: search engines reduce words to their stems.
    """
    body = r"[\s\-‐‑–_]*".join(map(re.escape, _WORD.findall(name)))
    exact = weak or sum(map(len, _WORD.findall(name))) <= SHORT
    return re.compile(rf"(?<![^\W_]){body}{ending}(?![^\W_])", 0 if exact else re.IGNORECASE)


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place, cut at words to 300 characters around the name."""
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    first, last = max(at for at in ends if at <= start), min(at for at in ends if at >= end)
    if last - first <= LONGEST_QUOTE:
        return text[first:last].strip()
    first = max(first, end - LONGEST_QUOTE // 2)
    part = text[first : min(last, first + LONGEST_QUOTE - 2)]
    head = "" if first == 0 or text[first - 1].isspace() else part.partition(" ")[0]
    return "…" + part[len(head) :].rpartition(" ")[0].strip() + "…"
