"""A second look at the candidates of a string, when it is known how likely each of them is by itself.

What else the string names tells whether a name is an institution of its own: a likelier record for the same words or for a longer
run of them, a parent or a part that is named as well, how much of the string is explained already.  ``SECOND`` names the columns,
which stand behind those of ``geocode.score``.
"""

from __future__ import annotations

from math import log

from geocode.score import Row, Scene

SECOND = (
    "own", "same words", "longer", "shorter", "overlapping", "elsewhere", "accepted elsewhere", "sum elsewhere", "in segment", "sibling",
    "same country", "other country", "parent", "child", "children", "rank", "explained elsewhere", "explained",
    "margin", "candidates", "best",
)  # fmt: skip
LEAST = -3.0  # log odds below which all is the same
HOPE = 0.0475  # their probability: from here on a candidate is worth a second look; of those below none has ever been meant
NOTHING: Row = [0.0] * len(SECOND)


def log_odds(probability: float) -> float:
    """Between LEAST and its opposite three times over."""
    if probability <= HOPE:
        return LEAST
    return min(-3 * LEAST, log(probability / max(1e-9, 1 - probability)))


def second_rows(scene: Scene, scores: list[float]) -> list[Row]:
    """What the other candidates say of each, by the probabilities of the first model; nothing of those without hope."""
    odds = [max(LEAST, log_odds(score)) for score in scores]
    best: dict[int, float] = {}
    for c, own in zip(scene.candidates, odds, strict=True):
        best[c.record.rec] = max(best.get(c.record.rec, LEAST), own)
    first = max(range(len(odds)), key=odds.__getitem__, default=-1)
    return [_row(scene, n, odds, scores, best, n == first) if scores[n] > HOPE else NOTHING for n in range(len(odds))]


def _row(scene: Scene, n: int, odds: list[float], scores: list[float], best: dict[int, float], leads: bool) -> Row:
    c, of = scene.candidates[n], scene.text.of
    start, end, record, own = c.start, c.end, c.record, odds[n]
    same = longer = shorter = overlapping = elsewhere = segment = sibling = home = abroad = LEAST
    n_elsewhere = rank = 0
    total = 0.0
    covered: set[int] = set()
    for m, o in enumerate(scene.candidates):
        if m == n or o.record.rec == record.rec:
            continue
        other = odds[m]
        rank += other > own
        if o.end <= start or end <= o.start:
            elsewhere = max(elsewhere, other)
            total += scores[m]
            if other > 0:
                n_elsewhere += 1
                covered.update(range(o.start, o.end))
            if of[o.start] <= of[start] <= of[o.end - 1]:
                segment = max(segment, other)
            if o.record.country_code == record.country_code:
                home = max(home, other)
            else:
                abroad = max(abroad, other)
        elif (o.start, o.end) == (start, end):
            same = max(same, other)
        elif o.start <= start and end <= o.end:
            longer = max(longer, other)
        elif start <= o.start and o.end <= end:
            shorter = max(shorter, other)
        else:
            overlapping = max(overlapping, other)
        if record.parents and not set(record.parents).isdisjoint(o.record.parents):
            sibling = max(sibling, other)
    size = len(scene.text.words) or 1
    parts = [best[rec] for rec in record.children if rec in best]
    return [
        *(own, same, longer, shorter, overlapping, elsewhere, float(min(n_elsewhere, 8)), total, segment, sibling, home, abroad),
        *(max((best[rec] for rec in record.parents if rec in best), default=LEAST), max(parts, default=LEAST)),
        *(float(sum(part > 0 for part in parts)), float(rank), len(covered) / size, len(covered.union(range(start, end))) / size),
        *(own - max(same, longer, shorter, overlapping), float(len(odds)), float(leads)),
    ]
