"""The desk of an adjudicator: works whose reviewers disagree, one by one, with what each of them said side by side."""

from __future__ import annotations

from collections import deque

from db.catalogue import Dataset
from db.connect import Database
from db.decisions import is_conflict, is_party, load_conflicts, save_adjudication, save_adjudication_undone
from db.labels import Opinion, load_opinions
from db.queries.history import Entry
from db.queries.queue import Passage, WorkCard, load_card
from db.verify import Reviewer
from verify.codebook import Codebook
from verify.evidence import rank_passages
from verify.prompts import ACTIONS, Answer, Prompt
from verify.queue import describe, describe_entry
from verify.session import VerifyReport
from verify.text import clean

OWN = "one of these labels is yours: somebody else should settle it (s skips); if you do, the decision says so"
_ACTIONS = tuple(action for action in ACTIONS if action not in ("postpone", "search", "history", "around", "again"))


class Conflicts:
    """Conflicts in the order in which they came up.  Reviewers are shown by pseudonym."""

    def __init__(self, db: Database, adjudicator: Reviewer, dataset: Dataset, book: Codebook, report: VerifyReport) -> None:
        self._db, self._adjudicator, self._dataset, self._book, self._report = db, adjudicator, dataset, book, report
        self._pending = deque(load_conflicts(db, dataset.slug))
        self._reason = ""

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
        opinions = load_opinions(self._db, self._dataset.slug, card.work_id)
        passages = tuple(_with_old_evidence(rank_passages(card), opinions))
        name = clean(self._dataset.name)
        return Prompt(
            dataset=self._dataset,
            card=card,
            passages=passages,
            heading=f"{name}: {len(self._pending)} left to settle",
            question=self._book.question_of(card.kind).format(dataset=name),
            actions=_ACTIONS,
            message=message,
            note=self._reason or None,
            columns=tuple(self._opinion(opinion, passages) for opinion in opinions),
            asks_reason=True,
            extra=(OWN,) if self._is_own(card.work_id) else (),
        )

    def _is_own(self, work_id: int) -> bool:
        return is_party(self._db, work_id, self._dataset.slug, self._adjudicator.reviewer_id)

    def _opinion(self, opinion: Opinion, passages: tuple[Passage, ...]) -> tuple[str, ...]:
        """What one reviewer said, when, by which codebook, and on which of the passages, by their numbers on the screen."""
        verdict = opinion.verdict
        round_ = f", round {opinion.round}" if opinion.round > 1 else ""
        you = " (you)" if opinion.pseudonym == self._adjudicator.pseudonym else ""
        said = f"{opinion.pseudonym}{you} said {describe(self._book, verdict.label, verdict.purposes)}"
        when = f"{(verdict.labelled_at or '')[:10]}, codebook {verdict.codebook or 'unknown'}{round_}"
        quotes = {shown.quote for shown in opinion.evidence}
        numbers = [str(number) for number, passage in enumerate(passages, 1) if passage.text in quotes]
        saw = f"saw passage{'s' * (len(numbers) > 1)} {', '.join(numbers)} of those below"
        return (said, when, *([saw] if numbers else []), *([f"note: {verdict.note}"] if verdict.note else []))

    def label(self, answer: Answer) -> str:
        """Settle the conflict at hand, with the reason."""
        work_id = self._pending.popleft()
        reason = answer.text or self._reason or None
        save_adjudication(self._db, work_id, self._dataset.slug, self._adjudicator.reviewer_id, answer.label, answer.purposes, reason)
        self._reason = ""
        own = "; the decision says that you were one of those who differed" if self._is_own(work_id) else ""
        return f"settled: {describe(self._book, answer.label, answer.purposes)}{'' if reason else '; no reason was given'}{own}"

    def put_off(self, kind: str) -> str:
        """Leave the conflict for the end of this session."""
        self._pending.rotate(-1)
        self._reason = ""
        return "skipped, comes again at the end"

    def note(self, text: str) -> str:
        """The reason of the decision to come."""
        self._reason = text
        return "the decision takes this as its reason" if text else "no reason"

    def undo(self) -> str:
        """Reopen this adjudicator's newest settlement."""
        undone = save_adjudication_undone(self._db, self._dataset.slug, self._adjudicator.reviewer_id)
        if undone is None:
            return "there is nothing to take back"
        work_id, label = undone
        self.visit(work_id)
        self._report.n_undone += 1
        return f"reopened: it was settled as {describe(self._book, label)}"

    def find(self, words: str | None) -> list[Entry]:
        """Conflicts come in their order."""
        return []

    def describe(self, entry: Entry) -> str:
        """One line of a list."""
        return describe_entry(self._book, entry)

    def visit(self, work_id: int) -> str:
        """Put a conflict before the adjudicator next."""
        if work_id in self._pending:
            self._pending.remove(work_id)
        self._pending.appendleft(work_id)
        return ""


def _with_old_evidence(passages: list[Passage], opinions: list[Opinion]) -> list[Passage]:
    """The passages of today, then those that a reviewer saw and that no later reading has."""
    known = {passage.text for passage in passages}
    old: list[Passage] = []
    for opinion in opinions:
        for shown in opinion.evidence:
            if shown.quote not in known:
                known.add(shown.quote)
                old.append(
                    Passage(shown.quote, f"{shown.provider or ''}, as shown to {opinion.pseudonym}", None, shown.section, shown.page)
                )
    return passages + old
