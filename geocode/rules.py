"""Rules that know better than the model: what it has seen too seldom, and what must never happen."""

from __future__ import annotations

from geocode.candidate import Candidate
from geocode.companies import find_head
from geocode.score import EXACT, Scene
from geocode.words import COMPANY_FORM, DEPARTMENT, HOUSE, NOT_COMPANY, ORGANISATION, TRADE, UNIT

TELLING_WORDS = 3  # of a name that needs no more than its address
BELOW = 0.4  # what a vetoed candidate keeps at most
SURE = 0.8  # from here on a candidate needs no company
NATIVE = 0.85  # of the one name of its own script: 清华大学
PLAIN = 0.7  # of a name that leaves no doubt by a rule
BRANCH = 0.75  # of a company's record in the printed country
MISPRINT, MISPRINT_LIKENESS, MISPRINT_SHARE = 0.56, 0.92, 0.9  # a misprinted word counts nine tenths
SPELLED_OUT = 0.6  # of an acronym with a telling word of its house's name beside it
BRAND, BRAND_SEGMENTS = 0.6, 2  # of a company's telling name in a string of few words
BRAND_WEIGHT, FORM_WEIGHT = 9.5, 6.5  # telling; with "Inc." behind it
HEAD_OFFICE = 0.65  # of a company's own record, where the country does not tell
DOMAIN_SAYS = 0.3  # what is left of the doubt when an e-mail domain belongs to the candidate
NATIVE_LETTERS = 4  # of a name in another script that needs no other sign
_OF_COMPANY = COMPANY_FORM | {
    "ai",
    "research",
    "laboratory",
    "center",
    "group",
    "technology",
    "development",
    "division",
    "corporate",
    "web",
    "service",
    "brain",
}
_LABORATORY = frozenset(("laboratory", "research"))  # behind a company's name it is its own, however it is called
_AGAINST = frozenset(("country wrong", "country inferred wrong"))
_COUNTRY = frozenset(("country right", "country inferred right"))
_WITNESS = frozenset(("country right", "country inferred right", "city right", "city near", "division right"))


def corrected(scene: Scene, scores: list[float]) -> list[float]:
    """The model's probabilities with the rules laid over them."""
    result = [_single(scene, n, scores) for n in range(len(scores))]
    for span in scene.by_span.values():
        _raise_company(scene, result, [n for n in span if scene.candidates[n].method in EXACT])
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
    if is_embedded(scene, c) or is_branch(scene, n) or (score < SURE and is_stranger(scene, n, scores)):
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
    if not _WITNESS.isdisjoint(scene.signs[n]) or not others.isdisjoint((*c.record.parents, *c.record.children)):
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
    first, last = _segment(scene, c)
    if c.start == first or c.end == last or where[c.start] - where[c.start - 1] > 1 or where[c.end] - where[c.end - 1] == 1:
        return False
    before = text.words[c.start - 1]
    return before not in UNIT and before not in ORGANISATION and text.raw[where[c.end - 1] + 1] in ("of", "de", "for", "für")


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
    first, last = _segment(scene, c)
    rest = all(text.where[m] in taken for m in range(c.end, last))
    own = c.method in ("exact name", "alias") and len(c.name) >= TELLING_WORDS and len(scene.by_span[(c.start, c.end)]) == 1
    return own and rest and c.start == first and {"country right", "city right"} <= scene.signs[n].keys()


def is_company(scene: Scene, n: int) -> bool:
    """Whether a segment is a company's name, with or without its form, and its country is printed: "Hitachi, Ltd., Japan"."""
    c, text = scene.candidates[n], scene.text
    if "company" not in c.record.types or _COUNTRY.isdisjoint(scene.signs[n]) or not text.raw[text.where[c.start]][0].isupper():
        return False
    first, last = _segment(scene, c)
    taken = scene.evidence.taken
    rest = [m for m in range(c.end, last) if text.where[m] not in taken]
    if text.where[c.start] in taken:
        return False  # "CA" is California before it is Broadcom
    here = {scene.candidates[m].record.rec for m in scene.by_span[(c.start, c.end)] if not _COUNTRY.isdisjoint(scene.signs[m])}
    return c.start == first and all(text.words[m] in _OF_COMPANY for m in rest) and len(here) == 1


def is_brand(scene: Scene, n: int) -> bool:
    """Whether a segment is the telling name of one company, with nothing behind it but what companies call their laboratories, and
    nothing printed speaks against its country: "Youtu Lab, Tencent", "Huawei Noah's Ark Lab".
    """
    c, text = scene.candidates[n], scene.text
    first, last = _segment(scene, c)
    alone = all(scene.candidates[m].record.rec == c.record.rec for m in scene.by_span[(c.start, c.end)])
    if "company" not in c.record.types or not alone or c.start != first or len(text.bounds) > BRAND_SEGMENTS:
        return False
    at = text.where[c.start]
    if not text.raw[at][0].isupper() or at in scene.evidence.taken or not _AGAINST.isdisjoint(scene.signs[n]):
        return False
    rest = text.words[c.end : last]
    its_own = is_its_own(scene, c) and (all(word in _OF_COMPANY for word in rest) or rest[-1] in _LABORATORY)
    lexicon = scene.finder.lexicon
    if not TRADE.isdisjoint(set(lexicon.display(c.record.rec)).difference(c.name)):
        return False  # "Momenta" alone may be another one than Momenta Pharmaceuticals
    told = lexicon.total(text.words[c.start : c.end])
    return its_own and told >= (FORM_WEIGHT if not COMPANY_FORM.isdisjoint(rest) else BRAND_WEIGHT)


def is_its_own(scene: Scene, c: Candidate) -> bool:
    """Whether what stands behind a company's name can be a part of it: "Siemens Corporate Technology", but not "Bayer High School"."""
    text, last = scene.text, _segment(scene, c)[1]
    rest = [text.words[m] for m in range(c.end, last) if text.where[m] not in scene.evidence.taken]
    if all(word in _OF_COMPANY for word in rest):
        return True
    if not NOT_COMPANY.isdisjoint(rest) or ("institute" in rest and "research" not in rest):
        return False
    own = text.words[c.start : c.end]
    return scene.finder.lexicon.total(own) >= BRAND_WEIGHT or scene.finder.is_brand(own)


def is_branch(scene: Scene, n: int) -> bool:
    """Whether a candidate is a company's branch or laboratory in one country, and the string doesn't tell that it is meant."""
    c = scene.candidates[n]
    branch = c.method == "short name" and "company" in c.record.types and bool(c.record.parents)
    return branch and _WITNESS.isdisjoint(scene.signs[n])


def is_owner(scene: Scene, n: int) -> bool:
    """Whether a span is the house of a department, in its own city and country: "Faculty of X of the University of Porto, Porto"."""
    c, text = scene.candidates[n], scene.text
    first, last = _segment(scene, c)
    places = {"country right", "city right"} <= scene.signs[n].keys()
    joined = c.start > first and text.where[c.start] - text.where[c.start - 1] > 1
    return places and joined and c.end == last and text.words[first] in DEPARTMENT and text.words[c.start] in HOUSE


def _segment(scene: Scene, c: Candidate) -> tuple[int, int]:
    text = scene.text
    return text.bounds[text.of[c.start]][0], text.bounds[text.of[c.end - 1]][1]


def _raise_company(scene: Scene, scores: list[float], family: list[int]) -> None:
    """A company: its record of the printed country; without such a record or country, its own."""
    head = find_head([scene.candidates[n] for n in family])
    if head is None or head.start != _segment(scene, head)[0] or not scene.text.raw[scene.text.where[head.start]][0].isupper():
        return
    if not is_its_own(scene, head):
        return
    placed = [n for n in family if not _COUNTRY.isdisjoint(scene.signs[n])]
    chosen = placed or [n for n in family if scene.candidates[n].record.rec == head.record.rec]
    if len(chosen) != 1:
        return
    for n in family:
        scores[n] = max(scores[n], BRANCH if placed else HEAD_OFFICE) if n in chosen else min(scores[n], BELOW)
