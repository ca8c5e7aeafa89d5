"""The desk of one reviewer: the queue in its order, and what happens to each answer."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

from db.catalogue import Dataset
from db.connect import Database
from db.decisions import Verdict
from db.queries.queue import WorkCard, load_card, load_queue
from db.verify import Seat, find_label, find_note, save_deferral, save_label, save_note, save_undo
from verify.codebook import Codebook
from verify.evidence import rank_passages, suggestion
from verify.prompts import Answer, Prompt, order_purposes
from verify.session import VerifyReport
from verify.text import clean, shorten

POSTPONED_FOR = timedelta(hours=20)  # "another day": tomorrow at the same hour is late enough
TITLE_LENGTH = 40


def describe(book: Codebook, label: str, purposes: tuple[str, ...] = ()) -> str:
    """A verdict in words: "used (train, test)"."""
    found = book.label(label)
    words = found.name.replace("_", " ") if found else label
    return f"{words} ({', '.join(order_purposes(book, purposes))})" if purposes else words


class Review:
    """The queue of a reviewer for one dataset and round, most probable uses first.

    What other reviewers said and what the score suggests is not shown before the reviewer's own answer; with
    ``assist`` the suggestion is shown first.
    """

    def __init__(self, db: Database, seat: Seat, dataset: Dataset, book: Codebook, report: VerifyReport, *, assist: bool) -> None:
        self._db, self._seat, self._dataset, self._book, self._report, self._assist = db, seat, dataset, book, report, assist
        before = (datetime.now(UTC) - POSTPONED_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._pending = deque(load_queue(db, seat.slug, seat.reviewer_id, seat.round, postponed_before=before))
        self._card: WorkCard | None = None

    def left(self) -> int:
        """How many works are still to be judged, postponed ones aside."""
        return len(self._pending)

    def prompt(self, message: str) -> Prompt | None:
        """The work at the head of the queue that this reviewer has not labelled, in this terminal or another."""
        while self._pending and find_label(self._db, self._seat, self._pending[0]):
            self._pending.popleft()
        if not self._pending:
            return None
        card = self._card = load_card(self._db, self._seat.slug, self._pending[0])
        name = clean(self._dataset.name)
        return Prompt(
            dataset=self._dataset,
            card=card,
            passages=tuple(rank_passages(card)),
            heading=self._heading(name),
            question=self._book.question.format(dataset=name),
            message=message,
            note=find_note(self._db, self._seat, card.work_id),
            extra=self._extra(card),
        )

    def _heading(self, name: str) -> str:
        done = max(self._report.n_labelled - self._report.n_undone, 0)
        round_ = f", round {self._seat.round}" if self._seat.round > 1 else ""
        return f"{name}: {len(self._pending)} left, {done} done in this session{round_}"

    def _extra(self, card: WorkCard) -> tuple[str, ...]:
        suggested = suggestion(card) if self._assist else None
        return (f"suggestion: {suggested} {', '.join(card.reasons)}",) if suggested else ()

    def _at_hand(self) -> WorkCard:
        assert self._card is not None, "prompt() comes first"
        return self._card

    def label(self, answer: Answer) -> str:
        """Keep a verdict."""
        card = self._at_hand()
        verdict = Verdict(answer.label, answer.purposes, codebook=self._book.version)
        saved = save_label(self._db, self._seat, card.work_id, verdict)
        self._pending.popleft()
        if not saved:
            self._report.n_labelled -= 1
            return f"not saved: {self._named(card)} was labelled in another terminal meanwhile"
        suggested = suggestion(card)
        comparison = f"; the score said {suggested}" if suggested and not self._assist else ""
        return f"saved: {describe(self._book, answer.label, answer.purposes)}, {self._named(card)}{comparison}"

    @staticmethod
    def _named(card: WorkCard) -> str:
        return f'"{shorten(clean(card.title) or "(no title)", TITLE_LENGTH)}"'

    def put_off(self, kind: str) -> str:
        """Skip to the end of the queue, or postpone to another day."""
        card = self._at_hand()
        save_deferral(self._db, self._seat, card.work_id, kind)
        self._pending.popleft()
        if kind == "skip":
            self._pending.append(card.work_id)
        return f"{'skipped, comes again at the end' if kind == 'skip' else 'postponed to another day'}: {self._named(card)}"

    def note(self, text: str) -> str:
        """Keep a note with the work at hand; the label takes it along."""
        save_note(self._db, self._seat, self._at_hand().work_id, text or None)
        return "note saved" if text else "note removed"

    def undo(self) -> str:
        """Take back the newest answer, and put its work at the head of the queue again."""
        undone = save_undo(self._db, self._seat)
        if undone is None:
            return "there is nothing to take back"
        if undone.work_id in self._pending:
            self._pending.remove(undone.work_id)
        self._pending.appendleft(undone.work_id)
        if undone.what not in ("skip", "postpone"):
            self._report.n_undone += 1
        return f"taken back: {describe(self._book, undone.what, undone.purposes)}; answer again"
