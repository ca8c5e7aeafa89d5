"""Which candidates are not worth weighing: records of other countries, and weaker ways to a record that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geocode.candidate import BY_NAME, ORDER, REPEATED, Candidate
from geocode.evidence import Evidence
from geocode.segments import Text

STRANGERS = 3  # records of other countries kept for the same words
ALIKE = 0.8  # from here on a similar name of another country is worth a thought
OCCURRENCES = 3  # places of a string where one record is looked at


def without_strangers(found: list[Candidate], evidence: Evidence, text: Text) -> list[Candidate]:
    """Candidates without records of other countries, where the words mean one in a printed country, are but alike, or are a
    piece of a segment; and without bare names that are one.

    A company's own record stays: it stands for branches that have none.
    """
    countries, bounds, of = evidence.realm, text.bounds, text.of
    home = {(c.start, c.end) for c in found if c.record.country_code in countries and c.method in BY_NAME}
    kept = []
    strange: dict[tuple[int, int], int] = {}
    for c in found:
        span = (c.start, c.end)
        is_whole = c.start == bounds[of[c.start]][0] and c.end == bounds[of[c.end - 1]][1]
        if c.method == "bare name" and not is_whole:
            continue
        if countries and c.record.country_code not in countries and c.record.country_code is not None:
            if c.method == "bare name" or (c.method in ("similar name", "acronym") and (span in home or c.name_share * c.likeness < ALIKE)):
                continue
            strange[span] = strange.get(span, 0) + 1
            if "company" not in c.record.types and (span in home or strange[span] > STRANGERS or not (is_whole or c.method == "acronym")):
                continue
        kept.append(c)
    return kept


def without_echoes(found: list[Candidate], weight: Callable[[Iterable[str]], float], words: list[str]) -> list[Candidate]:
    """For each record the strongest way to it, and other exact ones that stand elsewhere in the string.

    Stronger: an exact name before a likely one, one of its own words before a piece of a longer name, more telling words
    before fewer.
    """
    exact = {(c.start, c.end) for c in found if c.method in BY_NAME}
    ways: dict[int, list[tuple[tuple[float, ...], int]]] = {}
    for n, c in enumerate(found):
        free = not any(first <= c.start and c.end <= last and last - first > c.end - c.start for first, last in exact)
        telling = weight(c.name) * c.name_share * c.likeness
        strength = (float(ORDER.get(c.method, 0)), telling, float(free), weight(words[c.start : c.end]))
        ways.setdefault(c.record.rec, []).append((strength, n))
    kept: set[int] = set()
    for own in ways.values():
        own.sort(key=lambda way: (way[0], -way[1]), reverse=True)
        first = found[own[0][1]]
        chosen = [first]
        for _, n in own[1:]:
            c = found[n]
            if len(chosen) < OCCURRENCES and c.method in REPEATED and all(c.end <= o.start or o.end <= c.start for o in chosen):
                chosen.append(c)
        again = sum(found[n].end <= first.start or first.end <= found[n].start for _, n in own)
        for c in chosen:
            c.again = again
        kept.update(map(id, chosen))
    return [c for c in found if id(c) in kept]
