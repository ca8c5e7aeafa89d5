"""Shorter forms of registry names, as strings print them: the words that the registry adds to tell houses apart are left out.

``short_forms`` need nothing but the name: its trailing parenthesis, company form and umlauts.  ``bare_forms`` look at the
record: its own country at either end ("United States Naval Research Laboratory", "National Cancer Centre Japan"), its own
city at the end ("Radboud University Nijmegen"), initials in front ("N. I. Lobachevsky State University").
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from db.gazetteer import Institution, Name
from geocode.countries import load_places
from geocode.normalise import name_tokens, without_company_form
from geocode.words import ORGANISATION, TRADE, UNIT

_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
_INITIALS = re.compile(r"^(?:\w\.[\s-]*)+(?=\w{3})")
_COUNTRY_WORDS = 3
_LETTERS = {"us": "US", "usa": "US", "uk": "GB", "eu": "EU"}
BRAND = 4  # letters
NEARLY_ALL = 0.9
TELLING = 400  # names that hold a word, up to which it tells one house from others


def short_forms(name: Name) -> list[tuple[str, ...]]:
    """A name without its trailing parenthesis ("Google (Canada)") and without company form."""
    bare = _PARENTHESIS.sub("", name.text)
    tokens = name_tokens(bare) if bare else []
    forms = [tuple(tokens), tuple(without_company_form(tokens))] if tokens else []
    forms.append(tuple(without_company_form(list(name.tokens))))
    if bare != name.text and len(tokens) > 1 and tokens[-1] == "group":
        forms.append(tuple(tokens[:-1]))  # "Volkswagen Group (Germany)"
    umlaut = name.text.translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue", 0xC4: "Ae", 0xD6: "Oe", 0xDC: "Ue"})
    if umlaut != name.text:
        forms.append(tuple(name_tokens(umlaut)))
    return [form for form in forms if form != name.tokens]


def find_brands(names: Sequence[Name], institutions: Sequence[Institution]) -> Iterator[Name]:
    """The brands of companies, each of a record once: "Huawei" for Huawei Technologies (China).

    A brand is the one word before the trade, of which nearly all names that hold it are companies' and begin with it.
    """
    known = {(name.rec, name.tokens) for name in names}
    held, begun = Counter[str](), Counter[str]()
    for name in names:
        held.update(set(name.tokens))
        begun[name.tokens[0]] += "company" in institutions[name.rec].types
    for name in names:
        word, *trade = name.tokens
        is_firm = bool(trade) and TRADE.issuperset(trade) and "company" in institutions[name.rec].types
        if is_firm and len(word) >= BRAND and begun[word] >= NEARLY_ALL * held[word] and (name.rec, (word,)) not in known:
            known.add((name.rec, (word,)))
            yield Name(name.rec, "short", (word,), name.text)


class BareForms:
    """Finds forms without place and initials; a form that is another record's own name in the same country is none."""

    def __init__(self, names: Sequence[Name], institutions: Sequence[Institution]) -> None:
        self._names, self._institutions = names, institutions
        self._places = load_places() | _LETTERS
        self._known: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
        for name in names:
            self._known[name.tokens].add(institutions[name.rec].country_code)
        self._often = Counter(token for name in names for token in set(name.tokens))
        self._cities: dict[str, tuple[str, ...]] = {}

    def find(self) -> Iterator[Name]:
        """The bare names of all names, each of a record once."""
        seen: set[tuple[int, tuple[str, ...]]] = set()
        for name in self._names:
            if name.kind in ("display", "label", "alias"):
                country = self._institutions[name.rec].country_code
                for form in self._forms(name):
                    if country not in self._known.get(form, ()) and (name.rec, form) not in seen:
                        seen.add((name.rec, form))
                        yield Name(name.rec, "bare", form, name.text)

    def _forms(self, name: Name) -> Iterator[tuple[str, ...]]:
        record, tokens = self._institutions[name.rec], name.tokens
        rest = self._without_country(tokens, record.country_code)
        if rest != tokens and len(rest) > 1 and self._is_house(rest):
            yield rest
        city = self._city_words(record.city)
        end = len(tokens) - len(city)
        if city and end > 1 and tokens[end:] == city and self._is_house(tokens[:end]) and self._tells(tokens[:end]):
            yield tokens[:end]
        if initials := _INITIALS.match(name.text):
            rest = tuple(name_tokens(name.text[initials.end() :]))
            if len(rest) > 1 and self._tells(rest):
                yield rest

    def _without_country(self, tokens: tuple[str, ...], code: str | None) -> tuple[str, ...]:
        for size in range(min(_COUNTRY_WORDS, len(tokens) - 2), 0, -1):
            if self._places.get("".join(tokens[:size])) == code:
                return tokens[size:]
            if self._places.get("".join(tokens[-size:])) == code:
                return tokens[:-size]
        return tokens

    def _city_words(self, city: str | None) -> tuple[str, ...]:
        if city and city not in self._cities:
            self._cities[city] = tuple(name_tokens(city))
        return self._cities[city] if city else ()

    @staticmethod
    def _is_house(tokens: tuple[str, ...]) -> bool:
        """Whether words still name a house, not only what it does."""
        return any(t in ORGANISATION or t in UNIT for t in tokens)

    def _tells(self, tokens: tuple[str, ...]) -> bool:
        return any(self._often[t] <= TELLING for t in tokens)
