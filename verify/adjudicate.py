"""The desk of an adjudicator: works whose reviewers disagree, one by one, with what each of them said."""

from __future__ import annotations

from collections import deque

from db.catalogue import Dataset
from db.connect import Database
from db.decisions import is_conflict, load_conflicts, save_adjudication, save_adjudication_undone
from db.labels import Opinion, load_opinions
from db.queries.queue import WorkCard, load_card
from db.verify import Reviewer
from verify.codebook import Codebook
from verify.evidence import rank_passages
from verify.prompts import ACTIONS, Answer, Prompt
from verify.queue import describe
from verify.session import VerifyReport
from verify.text import clean

_ACTIONS = tuple(action for action in ACTIONS if action not in ("postpone", "note"))


class Conflicts:
    """Conflicts in the order in which they came up.  Reviewers are shown by pseudonym."""

    def __init__(self, db: Database, adjudicator: Reviewer, dataset: Dataset, book: Codebook, report: VerifyReport) -> None:
        self._db, self._adjudicator, self._dataset, self._book, self._report = db, adjudicator, dataset, book, report
        self._pending = deque(load_conflicts(db, dataset.slug))

    def left(self) -> int:
        """How many conflicts are still open."""
        return len(self._pending)

    def prompt(self, message: str) -> Prompt | None:
        """The next conflict that is still one."""
        while self._pending and not is_conflict(self._db, self._pending[0], self._dataset.slug):
            self._pending.popleft()
        if not self._pending:
            return None
        card: WorkCard = load_card(self._db, self._dataset.slug, self._pending[0])
        name = clean(self._dataset.name)
        return Prompt(
            dataset=self._dataset,
            card=card,
            passages=tuple(rank_passages(card)),
            heading=f"{name}: {len(self._pending)} left to settle",
            question=self._book.question.format(dataset=name),
            actions=_ACTIONS,
            message=message,
            extra=tuple(map(self._opinion, load_opinions(self._db, self._dataset.slug, card.work_id))),
        )

    def _opinion(self, opinion: Opinion) -> str:
        note = f": {opinion.verdict.note}" if opinion.verdict.note else ""
        return f"{opinion.pseudonym} said {describe(self._book, opinion.verdict.label, opinion.verdict.purposes)}{note}"

    def label(self, answer: Answer) -> str:
        """Settle the conflict at hand."""
        work_id = self._pending[0]
        save_adjudication(self._db, work_id, self._dataset.slug, self._adjudicator.reviewer_id, answer.label, answer.purposes)
        self._pending.popleft()
        return f"settled: {describe(self._book, answer.label, answer.purposes)}"

    def put_off(self, kind: str) -> str:
        """Leave the conflict for the end of this session."""
        self._pending.rotate(-1)
        return "skipped, comes again at the end"

    def note(self, text: str) -> str:
        """Notes belong to labels."""
        return "an adjudication keeps no note"

    def undo(self) -> str:
        """Reopen this adjudicator's newest settlement."""
        undone = save_adjudication_undone(self._db, self._dataset.slug, self._adjudicator.reviewer_id)
        if undone is None:
            return "there is nothing to take back"
        work_id, label = undone
        if work_id in self._pending:
            self._pending.remove(work_id)
        self._pending.appendleft(work_id)
        self._report.n_undone += 1
        return f"reopened: it was settled as {describe(self._book, label)}"
