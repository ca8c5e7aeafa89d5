"""Rules that know better than the model: what it has seen too seldom, and what must never happen."""

from __future__ import annotations

from geocode.candidate import Candidate
from geocode.companies import BELOW, BRANCH, BRAND, WITNESS, is_branch, is_brand, is_company, raise_company, segment_of
from geocode.score import EXACT, Scene
from geocode.signs import place_phrase
from geocode.words import DEPARTMENT, HOUSE, ORGANISATION, UNIT

TELLING_WORDS = 3  # of a name that needs no more than its address
SURE = 0.8  # from here on a candidate needs no company
NATIVE = 0.85  # of the one name of its own script: 清华大学
PLAIN = 0.7  # of a name that leaves no doubt by a rule
MISPRINT, MISPRINT_LIKENESS, MISPRINT_SHARE = 0.56, 0.92, 0.9  # a misprinted word counts nine tenths
SPELLED_OUT = 0.6  # of an acronym with a telling word of its house's name beside it
DOMAIN_SAYS = 0.3  # what is left of the doubt when an e-mail domain belongs to the candidate
NATIVE_LETTERS = 4  # of a name in another script that needs no other sign


def corrected(scene: Scene, scores: list[float]) -> list[float]:
    """The model's probabilities with the rules laid over them."""
    result = [_single(scene, n, scores) for n in range(len(scores))]
    for span in scene.by_span.values():
        raise_company(scene, result, [n for n in span if scene.candidates[n].method in EXACT])
    return result


def _single(scene: Scene, n: int, scores: list[float]) -> float:
    c, score = scene.candidates[n], scores[n]
    if c.record.rec in scene.domains:
        return 1 - (1 - score) * DOMAIN_SAYS
    if c.method == "acronym" and is_spelled_out(scene, n):
        return max(score, SPELLED_OUT)
    if c.method == "acronym" and not has_witness(scene, n) and len(scene.by_span[(c.start, c.end)]) > 1:
        return min(score, BELOW)  # three letters stand for a dozen houses
    if c.method == "similar name" and is_misprint(scene, n):
        return max(score, MISPRINT)
    if c.method not in EXACT:
        return score
    if is_embedded(scene, c) or is_branch(scene, n) or is_after_letters(scene, n) or (score < SURE and is_stranger(scene, n, scores)):
        return min(score, BELOW)
    if is_company(scene, n):
        return max(score, BRANCH)
    if is_brand(scene, n):
        return max(score, BRAND)
    if is_telling(scene, n) and max((s for m, s in enumerate(scores) if m != n), default=0.0) < BELOW:
        score = max(score, MISPRINT)
    if len(scene.by_span[(c.start, c.end)]) == 1:
        return max(score, NATIVE if is_native(scene, c) else PLAIN if is_owner(scene, n) else 0.0)
    return score


def has_witness(scene: Scene, n: int) -> bool:
    """Whether anything but these words speaks for a candidate: a place, its kin, a telling word of its full name, or another house of
    its country.
    """
    c, others = scene.candidates[n], scene.named - {scene.candidates[n].record.rec}
    if not WITNESS.isdisjoint(scene.signs[n]) or not others.isdisjoint((*c.record.parents, *c.record.children)):
        return True
    if scene.spelled[n]:
        return True
    return c.record.country_code in {country for start, end, country in scene.seats if end <= c.start or c.end <= start}


def is_spelled_out(scene: Scene, n: int) -> bool:
    """Whether a telling word of one house's name stands beside its acronym: "МГУ имени Ломоносова"; of one with these letters alone."""
    c = scene.candidates[n]
    return scene.spelled[n] and sum(scene.spelled[m] for m in scene.by_span[(c.start, c.end)]) == 1


def is_stranger(scene: Scene, n: int, scores: list[float]) -> bool:
    """Whether surer houses of the string all stand in other countries and nothing places this one beside them."""
    c = scene.candidates[n]
    surer = (o for o, score in zip(scene.candidates, scores, strict=True) if score > max(scores[n], 0.5) and o.method in EXACT)
    others = {o.record.country_code for o in surer if o.end <= c.start or c.end <= o.start}
    return bool(others) and c.record.country_code not in others and not has_witness(scene, n)


def is_misprint(scene: Scene, n: int) -> bool:
    """Whether a span differs from a name by some letters, is whole, and stands in the name's own city and country."""
    c = scene.candidates[n]
    alike = c.likeness >= MISPRINT_LIKENESS and c.name_share >= MISPRINT_SHARE
    return alike and scene.is_whole(c) and {"country right", "city right"} <= scene.signs[n].keys()


def is_embedded(scene: Scene, c: Candidate) -> bool:
    """Whether a span is the middle of a longer name: "Mohamed bin [Zayed University] of Artificial Intelligence"."""
    text, where = scene.text, scene.text.where
    first, last = segment_of(scene, c)
    if c.start == first or c.end == last or where[c.start] - where[c.start - 1] > 1 or where[c.end] - where[c.end - 1] == 1:
        return False
    before = text.words[c.start - 1]
    return before not in UNIT and before not in ORGANISATION and text.raw[where[c.end - 1] + 1] in ("of", "de", "for", "für")


def is_after_letters(scene: Scene, n: int) -> bool:
    """Whether a name that is but a kind of house and its city follows another house's letters: "VU [University Amsterdam]"."""
    c, text = scene.candidates[n], scene.text
    if c.start == segment_of(scene, c)[0] or text.where[c.end - 1] - text.where[c.start - 1] != c.end - c.start:
        return False  # "IDIBELL–University of Barcelona" are two
    letters = text.raw[text.where[c.start - 1]]
    kind, *city = text.words[c.start : c.end]
    plain = kind in ORGANISATION and bool(c.record.city) and f" {' '.join(city)} " == place_phrase(c.record.city or "")
    return plain and len(letters) > 1 and letters.isupper() and any(has_letters(scene, m, c) for m in range(len(scene.candidates)))


def has_letters(scene: Scene, n: int, plain: Candidate) -> bool:
    """Whether a candidate is the house in the same city that the letters before a plain name stand for."""
    c = scene.candidates[n]
    is_before = (c.start, c.end) == (plain.start - 1, plain.start)
    return is_before and c.record.rec != plain.record.rec and c.record.city == plain.record.city


def is_native(scene: Scene, c: Candidate) -> bool:
    """Whether a span is whole and written in another script than Latin, such as 清华大学: no short or common word."""
    text = scene.text
    span = [text.raw[where] for where in text.where[c.start : c.end]]
    return scene.is_whole(c) and sum(map(len, span)) >= NATIVE_LETTERS and not any(word.isascii() for word in span)


def is_telling(scene: Scene, n: int) -> bool:
    """Whether a name of several words is one house's alone, begins a segment that goes on with its address at most, and its
    country and city are printed: "Allen Institute for AI Seattle, WA, USA".  Enough where nothing else in the string is likely.
    """
    c, text, taken = scene.candidates[n], scene.text, scene.evidence.taken
    first, last = segment_of(scene, c)
    rest = all(text.where[m] in taken for m in range(c.end, last))
    own = c.method in ("exact name", "alias") and len(c.name) >= TELLING_WORDS and len(scene.by_span[(c.start, c.end)]) == 1
    return own and rest and c.start == first and {"country right", "city right"} <= scene.signs[n].keys()


def is_owner(scene: Scene, n: int) -> bool:
    """Whether a span is the house of a department, in its own city and country: "Faculty of X of the University of Porto, Porto"."""
    c, text = scene.candidates[n], scene.text
    first, last = segment_of(scene, c)
    places = {"country right", "city right"} <= scene.signs[n].keys()
    joined = c.start > first and text.where[c.start] - text.where[c.start - 1] > 1
    return places and joined and c.end == last and text.words[first] in DEPARTMENT and text.words[c.start] in HOUSE
