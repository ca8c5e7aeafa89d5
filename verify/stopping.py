"""When to stop: how many uses are probably still unseen, with an interval.

A sample speaks for what it was drawn from.  The last works that were drawn at random (``--order random``) speak for all
works that had no label when that drawing began; what was found among those since is taken off.  Labels in the order of
priority say nothing of the rest: the queue was sorted so that they look better than it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.labels import Screened
from verify.statistics import clopper_pearson

NO_ACCOUNT = ("chosen", "import", None)  # labels that neither belong to a random drawing nor end one


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where the screening of a dataset stands.  ``unseen_uses`` is (low, best, high), None without a random drawing."""

    n_labelled: int
    n_uses: int
    n_unseen: int  # works without any label
    since_last_use: int  # labels since the last use was found
    n_drawn: int  # works of the last random drawing
    n_drawn_uses: int
    unseen_uses: tuple[float, float, float] | None

    @property
    def recall(self) -> tuple[float, float] | None:
        """Between which shares of all uses are found by now."""
        if self.unseen_uses is None or not self.n_uses:
            return None
        low, _, high = self.unseen_uses
        return self.n_uses / (self.n_uses + high), self.n_uses / (self.n_uses + low)

    def words(self) -> str:
        """The estimate in a few sentences."""
        have = "work has" if self.n_labelled == 1 else "works have"
        text = f"{self.n_labelled} {have} a label, {self.n_uses} of them are uses; {self.n_unseen} have none. "
        text += f"Labels since the last use: {self.since_last_use}. "
        if not self.n_unseen:
            return text + "Nothing is unseen."
        if self.unseen_uses is None or self.recall is None:
            return (
                text + "How many uses are unseen can't be told without a random drawing: label some works with `--order random --limit 60`."
            )
        low, best, high = self.unseen_uses
        found = " to ".join(f"{100 * share:.0f} %" for share in self.recall)
        drawn = f"{self.n_drawn_uses} uses among the last {self.n_drawn} works drawn at random"
        return (
            text
            + f"Unseen uses: about {best:.0f}, with 95 % confidence {low:.0f} to {high:.0f} ({drawn}); found so far: {found} of all uses."
        )


def estimate(screened: Sequence[Screened], n_unseen: int) -> Estimate:
    """The estimate from the works in the order of their first labels."""
    uses = [work.is_use for work in screened]
    since = next((n for n, is_use in enumerate(reversed(uses)) if is_use), len(uses))
    start = _drawing(screened)
    drawn = [work.is_use for work in screened[start:] if work.drawn == "random"] if start is not None else []
    unseen = None
    if drawn and start is not None:
        last = max(place for place, work in enumerate(screened) if work.drawn == "random")
        others = sum(work.is_use for work in screened[start:] if work.drawn != "random")
        pool = len(screened) - start + n_unseen
        best = len(drawn) and sum(drawn) / len(drawn)
        shares = clopper_pearson(sum(drawn), len(drawn))
        taken = sum(drawn) + others
        low, middle, high = (min(max(pool * share - taken, 0.0), float(n_unseen)) for share in (shares[0], best, shares[1]))
        unseen = (low, middle, high)
        assert last >= start
    return Estimate(len(uses), sum(uses), n_unseen, since, len(drawn), sum(drawn), unseen)


def _drawing(screened: Sequence[Screened]) -> int | None:
    """Where the last uninterrupted random drawing begins; None where there is none."""
    places = [place for place, work in enumerate(screened) if work.drawn == "random"]
    if not places:
        return None
    start = places[-1]
    for place in range(places[-1], -1, -1):
        if screened[place].drawn == "random":
            start = place
        elif screened[place].drawn not in NO_ACCOUNT:
            break
    return start
