"""Which candidates are accepted, and why not where none is.

A wrong institution is worse than none: candidates below ACCEPT are left, and where two institutions fit the same words
equally well neither is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from geocode.candidate import Candidate
from geocode.rules import corrected
from geocode.score import EXACT, Scene

ACCEPT = 0.5  # probability from which a candidate is an institution of the string
SURE = 0.8  # from which an exact name is called so
INSIDE = 0.5  # … from which it may stand inside a longer name: "West China Hospital, Sichuan University"
TIE = 0.85  # a rival for the same words with this share of the best one's probability makes it a tie


@dataclass(frozen=True, slots=True)
class Decision:
    """An accepted candidate with its probability and the way it was found."""

    candidate: Candidate
    score: float
    method: str


def decide(scene: Scene, scores: list[float]) -> tuple[list[Decision], str | None]:
    """The accepted candidates in the order of the string; the reason where there is none."""
    candidates = scene.candidates
    scores = corrected(scene, scores)
    order = sorted(range(len(candidates)), key=lambda n: (-scores[n], candidates[n].end - candidates[n].start, candidates[n].record.rec))
    accepted: list[int] = []
    tied: str | None = None
    for n in order:
        c = candidates[n]
        if scores[n] < ACCEPT:
            break
        if any(candidates[m].record.rec == c.record.rec or _excludes(scene, candidates[m], c, scores[n]) for m in accepted):
            continue
        if _has_equal(scene, scores, n):
            tied = tied or f"several institutions are called {' '.join(c.name)!r}; the string does not tell which one"
            continue
        accepted.append(n)
    if accepted:
        accepted.sort(key=lambda n: (candidates[n].start, candidates[n].record.rec))
        return [Decision(candidates[n], scores[n], _method(scene, n, scores[n])) for n in accepted], None
    return [], tied or _reason(candidates, scores, order)


def _excludes(scene: Scene, taken: Candidate, c: Candidate, score: float) -> bool:
    """Whether the words are spoken for; not where the shorter of two names is a whole segment of several in the longer.

    "Google, Singapore" is one company all the same.
    """
    if taken.end <= c.start or c.end <= taken.start:
        return False
    inner, outer = sorted((taken, c), key=lambda x: x.end - x.start)
    if "company" in inner.record.types:
        return True
    of = scene.text.of
    is_inside = outer.start <= inner.start and inner.end <= outer.end and (inner.start, inner.end) != (outer.start, outer.end)
    return not (is_inside and of[outer.start] != of[outer.end - 1] and scene.is_whole(inner) and score >= INSIDE)


def _has_equal(scene: Scene, scores: list[float], n: int) -> bool:
    """Whether another institution fits the same words as well: no kin of this one, not what became of it, no better placed."""
    mine = scene.candidates[n]
    for m in scene.by_span[(mine.start, mine.end)]:
        other = scene.candidates[m].record
        if other.rec == mine.record.rec or scores[m] < scores[n] * TIE or scene.ranks[m] < scene.ranks[n]:
            continue
        succeeds = other.ror_id == scene.heirs.get(mine.record.ror_id) or mine.record.ror_id == scene.heirs.get(other.ror_id)
        if other.rec not in mine.record.children and not succeeds:  # the parent of its namesake is the house itself
            return True
    return False


def _method(scene: Scene, n: int, score: float) -> str:
    """How it was found; "exact name" only where the words between two commas are the name of this one institution."""
    c = scene.candidates[n]
    if c.method in EXACT and (score < SURE or not scene.is_whole(c) or len(scene.by_span[(c.start, c.end)]) > 1):
        return f"{c.method} in string".replace("exact name", "name")
    return c.method


def _reason(candidates: list[Candidate], scores: list[float], order: list[int]) -> str:
    if not candidates:
        return "no name of the gazetteer stands in the string"
    best = order[0]
    return f"best candidate {candidates[best].record.name!r} scores {scores[best]:.2f}, below {ACCEPT}"
