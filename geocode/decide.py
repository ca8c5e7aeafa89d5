"""Which candidates are accepted, and why not where none is.

A wrong institution is worse than none: candidates below ACCEPT are left, and where two institutions fit the same words
equally well neither is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from geocode.candidates import Candidate
from geocode.companies import find_head
from geocode.score import EXACT, Scene

ACCEPT = 0.5  # probability from which a candidate is an institution of the string
TIE = 0.85  # a rival for the same words with this share of the best one's probability makes it a tie
BELOW = 0.4  # what a vetoed candidate keeps at most
HEAD_OFFICE = 0.65  # of a company's own record, where the country does not tell
DOMAIN_SAYS = 0.3  # what is left of the doubt when an e-mail domain belongs to the candidate


@dataclass(frozen=True, slots=True)
class Decision:
    """An accepted candidate with its probability and the way it was found."""

    candidate: Candidate
    score: float
    method: str


def decide(scene: Scene, scores: list[float]) -> tuple[list[Decision], str | None]:
    """The accepted candidates in the order of the string; the reason where there is none."""
    candidates = scene.candidates
    scores = [_with_rules(scene, n, score) for n, score in enumerate(scores)]
    for family in scene.by_span.values():
        _raise_company(scene, scores, family)
    order = sorted(range(len(candidates)), key=lambda n: (-scores[n], candidates[n].end - candidates[n].start, candidates[n].record.rec))
    accepted: list[int] = []
    tied: str | None = None
    for n in order:
        c = candidates[n]
        if scores[n] < ACCEPT:
            break
        if any(candidates[m].record.rec == c.record.rec or _overlap(candidates[m], c) for m in accepted):
            continue
        if _has_equal(scene, scores, n):
            tied = tied or f"several institutions are called {' '.join(c.name)!r}; the string does not tell which one"
            continue
        accepted.append(n)
    if accepted:
        accepted.sort(key=lambda n: (candidates[n].start, candidates[n].record.rec))
        return [Decision(candidates[n], scores[n], _method(scene, n)) for n in accepted], None
    return [], tied or _reason(candidates, scores, order)


def _with_rules(scene: Scene, n: int, score: float) -> float:
    """What the model says, corrected where a rule knows better."""
    c = scene.candidates[n]
    if c.record.rec in scene.domains:
        return 1 - (1 - score) * DOMAIN_SAYS
    if c.method == "acronym" and not scene.has_witness(n):
        return min(score, BELOW)  # three letters stand for a dozen houses
    if c.method in EXACT and scene.is_embedded(c):
        return min(score, BELOW)  # "Mohamed bin [Zayed University] of Artificial Intelligence" is another house
    return score


def _raise_company(scene: Scene, scores: list[float], family: list[int]) -> None:
    """A company named without a country, or with one where it has no record: its own record."""
    head = find_head([scene.candidates[n] for n in family])
    if head is None or any("country right" in scene.signs[n] or "country inferred right" in scene.signs[n] for n in family):
        return
    if head.start == scene.text.bounds[scene.text.of[head.start]][0] and scene.text.raw[scene.text.where[head.start]][0].isupper():
        for n in family:
            same = scene.candidates[n].record.rec == head.record.rec
            scores[n] = max(scores[n], HEAD_OFFICE) if same else min(scores[n], BELOW)


def _overlap(a: Candidate, b: Candidate) -> bool:
    return a.start < b.end and b.start < a.end


def _has_equal(scene: Scene, scores: list[float], n: int) -> bool:
    """Whether another institution fits the same words as well: no kin of this one, no better placed."""
    mine = scene.candidates[n]
    for m in scene.by_span[(mine.start, mine.end)]:
        other = scene.candidates[m].record
        if other.rec == mine.record.rec or scores[m] < scores[n] * TIE or scene.ranks[m] < scene.ranks[n]:
            continue
        if other.rec not in mine.record.children:  # the parent of its namesake is the house itself
            return True
    return False


def _method(scene: Scene, n: int) -> str:
    """How it was found; "exact name" only where the words between two commas are the name of this one institution."""
    c = scene.candidates[n]
    if c.method in EXACT and not (scene.is_whole(c) and len(scene.by_span[(c.start, c.end)]) == 1):
        return f"{c.method} in string".replace("exact name", "name")
    return c.method


def _reason(candidates: list[Candidate], scores: list[float], order: list[int]) -> str:
    if not candidates:
        return "no name of the gazetteer stands in the string"
    best = order[0]
    return f"best candidate {candidates[best].record.name!r} scores {scores[best]:.2f}, below {ACCEPT}"
