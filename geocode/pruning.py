"""Which candidates are not worth weighing: records of other countries, and weaker ways to a record that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geocode.candidate import BY_NAME, FULL, ORDER, REPEATED, Candidate
from geocode.evidence import Evidence
from geocode.segments import Text

STRANGERS = 3  # records of other countries kept for the same words
OCCURRENCES = 3  # places of a string where one record is looked at
WEAK = frozenset(("similar name", "bare name", "house of the city"))  # ways that say nothing of words which are a name already
Span = tuple[int, int]


def without_strangers(found: list[Candidate], evidence: Evidence, text: Text) -> list[Candidate]:
    """Candidates without those that have never been meant: most records of other countries than the printed ones, bare names that
    are a piece of a segment, and likely names where the words are another house's own.
    """
    countries, bounds, of = evidence.realm, text.bounds, text.of
    abroad = [bool(countries) and c.record.country_code is not None and c.record.country_code not in countries for c in found]
    home = {(c.start, c.end) for c in found if c.record.country_code in countries and c.method in BY_NAME}
    names = [(c.start, c.end, c.record.rec) for c, is_abroad in zip(found, abroad, strict=True) if c.method in FULL and not is_abroad]
    kept = []
    strange: dict[Span, int] = {}
    for c, is_abroad in zip(found, abroad, strict=True):
        begins, ends = c.start == bounds[of[c.start]][0], c.end == bounds[of[c.end - 1]][1]
        if c.method == "bare name" and not (begins and ends):
            continue
        if c.method in WEAK and any(start <= c.start and c.end <= end and rec != c.record.rec for start, end, rec in names):
            continue
        if is_abroad and "company" in c.record.types:
            if not begins or c.method not in FULL:  # its own record stands for branches that have none
                continue
        elif is_abroad:
            span = (c.start, c.end)
            if c.method != "exact name" or not (begins and ends) or span in home or strange.get(span, 0) == STRANGERS:
                continue
            strange[span] = strange.get(span, 0) + 1
        kept.append(c)
    return kept


def without_echoes(found: list[Candidate], weight: Callable[[Iterable[str]], float], words: list[str]) -> list[Candidate]:
    """For each record the strongest way to it, and other exact ones that stand elsewhere in the string.

    Stronger: an exact name before a likely one, one of its own words before a piece of a longer name, more telling words
    before fewer.
    """
    ways: dict[int, list[int]] = {}
    for n, c in enumerate(found):
        ways.setdefault(c.record.rec, []).append(n)
    if len(ways) == len(found):
        return found
    exact = {(c.start, c.end) for c in found if c.method in BY_NAME}
    kept: set[int] = set()
    for own in ways.values():
        if len(own) > 1:
            own.sort(key=lambda n: (_strength(found[n], exact, weight, words), -n), reverse=True)
        first = found[own[0]]
        chosen = [own[0]]
        for n in own[1:]:
            c = found[n]
            apart = all(c.end <= found[m].start or found[m].end <= c.start for m in chosen)
            if len(chosen) < OCCURRENCES and c.method in REPEATED and apart:
                chosen.append(n)
        again = sum(found[n].end <= first.start or first.end <= found[n].start for n in own)
        for n in chosen:
            found[n].again = again
        kept.update(chosen)
    return [c for n, c in enumerate(found) if n in kept]


def _strength(c: Candidate, exact: set[Span], weight: Callable[[Iterable[str]], float], words: list[str]) -> tuple[int, float, bool, float]:
    free = not any(first <= c.start and c.end <= last and last - first > c.end - c.start for first, last in exact)
    return ORDER.get(c.method, 0), weight(c.name) * c.name_share * c.likeness, free, weight(words[c.start : c.end])
