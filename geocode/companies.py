"""Companies: ROR holds one record for each country, "Google (Canada)", while papers print "Google, Zurich", or the brand alone.

The printed country picks the record.  Where it has none, or none is printed, the company's own record is meant: the one
that is the parent of the others, or bears the plain name.
"""

from __future__ import annotations

from collections.abc import Sequence

from geocode.candidate import Candidate
from geocode.score import Scene
from geocode.words import COMPANY_FORM, NOT_COMPANY, OF_COMPANY, TRADE

BELOW = 0.4  # what a vetoed candidate keeps at most
BRANCH = 0.75  # of a company's record in the printed country
BRAND, BRAND_SEGMENTS = 0.6, 2  # of a company's telling name in a string of few words
BRAND_WEIGHT, FORM_WEIGHT = 9.5, 6.5  # telling; with "Inc." behind it
HEAD_OFFICE = 0.65  # of a company's own record, where the country does not tell
WITNESS = frozenset(("country right", "country inferred right", "city right", "city near", "division right"))
_COUNTRY = frozenset(("country right", "country inferred right"))
_AGAINST = frozenset(("country wrong", "country inferred wrong"))
_LABORATORY = frozenset(("laboratory", "research"))  # behind a company's name it is its own, however it is called


def find_head(family: Sequence[Candidate]) -> Candidate | None:
    """The company's own record among candidates for the same words; None where they are not of one company.

    One company: all are companies, and exactly one of them is a parent of others and no other's child, or bears the plain name
    itself, while the others have their country behind it.
    """
    records = {c.record.rec: c for c in family}
    if len(records) < 2 or any("company" not in c.record.types for c in family):
        return None
    heads = [
        c for c in records.values() if not records.keys().isdisjoint(c.record.children) and records.keys().isdisjoint(c.record.parents)
    ]
    heads = heads or [c for c in records.values() if c.method == "exact name"]
    return heads[0] if len(heads) == 1 else None


def segment_of(scene: Scene, c: Candidate) -> tuple[int, int]:
    """The first and last + 1 content word of the segments in which a candidate stands."""
    text = scene.text
    return text.bounds[text.of[c.start]][0], text.bounds[text.of[c.end - 1]][1]


def is_company(scene: Scene, n: int) -> bool:
    """Whether a segment is a company's name, with or without its form, and its country is printed: "Hitachi, Ltd., Japan"."""
    c, text = scene.candidates[n], scene.text
    if "company" not in c.record.types or _COUNTRY.isdisjoint(scene.signs[n]) or not text.raw[text.where[c.start]][0].isupper():
        return False
    first, last = segment_of(scene, c)
    taken = scene.evidence.taken
    rest = [m for m in range(c.end, last) if text.where[m] not in taken]
    if text.where[c.start] in taken:
        return False  # "CA" is California before it is Broadcom
    here = {scene.candidates[m].record.rec for m in scene.by_span[(c.start, c.end)] if not _COUNTRY.isdisjoint(scene.signs[m])}
    return c.start == first and all(text.words[m] in OF_COMPANY for m in rest) and len(here) == 1


def is_brand(scene: Scene, n: int) -> bool:
    """Whether a segment is the telling name of one company, with nothing behind it but what companies call their laboratories, and
    nothing printed speaks against its country: "Youtu Lab, Tencent", "Huawei Noah's Ark Lab".
    """
    c, text = scene.candidates[n], scene.text
    first, last = segment_of(scene, c)
    alone = all(scene.candidates[m].record.rec == c.record.rec for m in scene.by_span[(c.start, c.end)])
    if "company" not in c.record.types or not alone or c.start != first or len(text.bounds) > BRAND_SEGMENTS:
        return False
    at = text.where[c.start]
    if not text.raw[at][0].isupper() or at in scene.evidence.taken or not _AGAINST.isdisjoint(scene.signs[n]):
        return False
    rest = text.words[c.end : last]
    its_own = is_its_own(scene, c) and (all(word in OF_COMPANY for word in rest) or rest[-1] in _LABORATORY)
    lexicon = scene.finder.lexicon
    if not TRADE.isdisjoint(set(lexicon.display(c.record.rec)).difference(c.name)):
        return False  # "Momenta" alone may be another one than Momenta Pharmaceuticals
    told = lexicon.total(text.words[c.start : c.end])
    return its_own and told >= (FORM_WEIGHT if not COMPANY_FORM.isdisjoint(rest) else BRAND_WEIGHT)


def is_its_own(scene: Scene, c: Candidate) -> bool:
    """Whether what stands behind a company's name can be a part of it: "Siemens Corporate Technology", but not "Bayer High School"."""
    text, last = scene.text, segment_of(scene, c)[1]
    rest = [text.words[m] for m in range(c.end, last) if text.where[m] not in scene.evidence.taken]
    if all(word in OF_COMPANY for word in rest):
        return True
    if not NOT_COMPANY.isdisjoint(rest) or ("institute" in rest and "research" not in rest):
        return False
    own = text.words[c.start : c.end]
    return scene.finder.lexicon.total(own) >= BRAND_WEIGHT or scene.finder.is_brand(own)


def is_branch(scene: Scene, n: int) -> bool:
    """Whether a candidate is a company's branch or laboratory in one country, and the string doesn't tell that it is meant."""
    c = scene.candidates[n]
    branch = c.method == "short name" and "company" in c.record.types and bool(c.record.parents)
    return branch and WITNESS.isdisjoint(scene.signs[n])


def raise_company(scene: Scene, scores: list[float], family: list[int]) -> None:
    """A company: its record of the printed country; without such a record or country, its own."""
    head = find_head([scene.candidates[n] for n in family])
    if head is None or head.start != segment_of(scene, head)[0] or not scene.text.raw[scene.text.where[head.start]][0].isupper():
        return
    if not is_its_own(scene, head):
        return
    placed = [n for n in family if not _COUNTRY.isdisjoint(scene.signs[n])]
    chosen = placed or [n for n in family if scene.candidates[n].record.rec == head.record.rec]
    if len(chosen) != 1:
        return
    for n in family:
        scores[n] = max(scores[n], BRANCH if placed else HEAD_OFFICE) if n in chosen else min(scores[n], BELOW)
