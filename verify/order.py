"""In which order works come before a reviewer: priority, random or oldest; and how far the learned order has come."""

from __future__ import annotations

import hashlib
import heapq
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence

from db.catalogue import Dataset
from db.connect import Database
from db.queries.learning import load_examples, load_signs
from db.queries.queue import Waiting, load_natural_keys
from db.rounds import Plan
from db.verify import Seat, Verdict
from verify.learning import Learner, features
from verify.text import name_pattern

ORDERS = ("priority", "random", "oldest")
AT_ONCE = 60  # works whose score is brought up to date between two prompts
EXAMPLES = 400  # earlier labels that a session starts from


def draw(seed: int, key: str) -> str:
    """Where a work stands in the random order of a seed: the same on every machine and in every database."""
    return hashlib.sha256(f"{seed}\n{key}".encode()).hexdigest()


def sampled(db: Database, slug: str, plan: Plan, rows: list[Waiting]) -> list[Waiting]:
    """The rows that belong to the sample of the round; all of them where the round is no sample."""
    if plan.sample is None:
        return rows
    keys = load_natural_keys(db, slug)
    groups = sorted({group: draw(plan.seed, key) for group, key in keys.values()}.items(), key=lambda pair: pair[1])
    chosen = {group for group, _ in groups[: plan.sample]}
    return [row for row in rows if keys[row.work_id][0] in chosen]


def ordered(db: Database, slug: str, rows: list[Waiting], order: str, seed: int) -> list[Waiting]:
    """The rows in an order; what was put off stays at the end."""
    if order == "random":
        keys = load_natural_keys(db, slug)
        return sorted(rows, key=lambda row: (row.put_off, "" if row.put_off else draw(seed, keys[row.work_id][1])))
    if order == "oldest":
        return sorted(rows, key=lambda row: (row.put_off, "" if row.put_off else row.since, 0 if row.put_off else row.work_id))
    return rows


def drawn_evenly(db: Database, slug: str, decided: Sequence[tuple[int, Verdict]], n: int, seed: int) -> list[tuple[int, Verdict]]:
    """At most ``n`` of the decided works, at random, as evenly over the labels as they allow, mixed."""
    keys = load_natural_keys(db, slug)
    heaps: dict[str, deque[tuple[int, Verdict]]] = {}
    known = [one for one in decided if one[0] in keys]
    for one in sorted(known, key=lambda one: draw(seed, keys[one[0]][1])):
        heaps.setdefault(one[1].label, deque()).append(one)
    chosen: list[tuple[int, Verdict]] = []
    while len(chosen) < n and any(heaps.values()):
        chosen += [heap.popleft() for heap in heaps.values() if heap][: n - len(chosen)]
    return sorted(chosen, key=lambda one: draw(seed + 1, keys[one[0]][1]))


Line = OrderedDict[int, None]  # works in their order; any of them leaves at once, however many wait


class Pending:
    """The works that wait for a reviewer, in four parts: at the front what was called back, then works that nobody has
    labelled, then second opinions, then what was put off: nobody's time goes to a second label while a work has none.
    Only the first labels are in the learned order.
    """

    def __init__(self, db: Database, seat: Seat, dataset: Dataset, rows: list[Waiting], *, learns: bool) -> None:
        self._db, self._seat = db, seat
        self._front: Line = OrderedDict()
        self._silent = {row.work_id for row in rows if row.silent}
        self._fresh = {row.work_id: self._prior(row.work_id, row.score) for row in rows if not row.put_off and not row.others}
        self._seconds: Line = OrderedDict.fromkeys(row.work_id for row in rows if not row.put_off and row.others)
        self._last: Line = OrderedDict.fromkeys(row.work_id for row in rows if row.put_off)
        self._learner = Learner() if learns else None
        self._names = name_pattern([dataset.name, *(alias.alias for alias in dataset.aliases)])
        self._found: dict[int, tuple[tuple[str, ...], float]] = {}
        self._round_robin: deque[int] = deque(self._fresh)
        self._place = {work_id: place for place, work_id in enumerate(self._fresh)}
        self._heap: list[tuple[float, int, int]] = []  # (-score, place, work); what no longer holds is passed over
        if self._learner:
            self._start(self._learner)

    def _prior(self, work_id: int, score: float | None) -> float:
        """What was read and has nothing to do with the dataset stands behind what nobody has read."""
        return Learner.prior(0.0 if work_id in self._silent else score)

    def __len__(self) -> int:
        return len(self._front) + len(self._fresh) + len(self._seconds) + len(self._last)

    @property
    def is_at_seconds(self) -> bool:
        """Whether first labels are all given and second opinions come now."""
        return not self._front and not self._fresh and bool(self._seconds)

    def head(self) -> int | None:
        """The next work; None where there is none."""
        if self._fresh and not self._front:
            return self._best(1)[0] if self._heap else next(iter(self._fresh))
        return next(iter(self._front or self._seconds or self._last), None)

    def is_fresh(self, work_id: int) -> bool:
        """Whether the work is thought to wait for its first label: one that somebody is at is passed over for the next."""
        return work_id in self._fresh

    def drop(self, work_id: int) -> None:
        """Take a work out, wherever it stands."""
        self._fresh.pop(work_id, None)
        for part in (self._front, self._seconds, self._last):
            part.pop(work_id, None)

    def call_back(self, work_id: int) -> None:
        """Put a work at the front."""
        self.drop(work_id)
        self._front[work_id] = None
        self._front.move_to_end(work_id, last=False)

    def put_off(self, work_id: int) -> None:
        """Put a work at the end."""
        self.drop(work_id)
        self._last[work_id] = None

    def to_seconds(self, work_id: int) -> None:
        """Somebody else has it or has labelled it: let it come after what nobody has."""
        self.drop(work_id)
        self._seconds[work_id] = None

    # ------------------------------------------------------------ learning

    def _start(self, learner: Learner) -> None:
        examples = load_examples(self._db, self._seat.slug, self._seat.reviewer_id, EXAMPLES)
        self._load(work_id for work_id, _ in examples)
        for work_id, is_use in examples:
            learner.learn(*self._found[work_id], is_use)
        self._rescore()

    def learn(self, work_id: int, label: str) -> None:
        """Take a label in; the order follows it from the next prompt on."""
        if self._learner and label in ("used", "not_used", "wrong_work"):
            self._load([work_id])
            self._learner.learn(*self._found[work_id], label == "used")
        self._rescore()

    def _load(self, work_ids: Iterable[int]) -> None:
        if not (missing := [work_id for work_id in work_ids if work_id not in self._found]):
            return
        signs = load_signs(self._db, self._seat.slug, missing)
        for work_id in missing:
            known = signs[work_id]
            self._found[work_id] = (features(known, self._names), self._prior(work_id, known.score))

    def _rescore(self) -> None:
        """Bring the scores of the works that lead and of the next ones in turn up to date."""
        if not self._learner or not self._learner.is_ready:
            return
        if not self._heap:
            self._heap = [(-score, self._place[work_id], work_id) for work_id, score in self._fresh.items()]
            heapq.heapify(self._heap)
        turn = self._best(AT_ONCE // 3)
        while self._round_robin and len(turn) < AT_ONCE:
            work_id = self._round_robin.popleft()
            if work_id in self._fresh:
                turn.append(work_id)
                self._round_robin.append(work_id)
                if len(turn) >= len(self._fresh):
                    break
        self._load(turn)
        for work_id in dict.fromkeys(turn):
            self._fresh[work_id] = score = self._learner.score(*self._found[work_id])
            heapq.heappush(self._heap, (-score, self._place[work_id], work_id))

    def _best(self, n: int) -> list[int]:
        """The first works of the learned order, at most ``n``."""
        best: dict[int, tuple[float, int, int]] = {}
        while self._heap and len(best) < n:
            entry = heapq.heappop(self._heap)
            if self._fresh.get(entry[2]) == -entry[0] and entry[2] not in best:
                best[entry[2]] = entry
        for entry in best.values():
            heapq.heappush(self._heap, entry)
        return list(best)

    def explain(self, work_id: int) -> list[str]:
        """What the labels so far say about a work: features with their weights."""
        if not self._learner or not self._learner.is_ready:
            return []
        self._load([work_id])
        return self._learner.explain(self._found[work_id][0])
