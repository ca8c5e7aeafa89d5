"""Calibration: new reviewers answer works whose right answer is known, and are shown where they differ from it.

The reference is shown when all of it is answered, not before: until then every answer can be taken back.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from db.calibration import Given, Known, load_answers, load_reference, save_answer, save_answer_undone
from db.catalogue import Dataset
from db.connect import Database
from db.decisions import Verdict
from db.queries.history import Entry
from db.queries.queue import Passage, load_card
from db.verify import Reviewer
from verify.codebook import Codebook
from verify.evidence import rank_passages
from verify.prompts import ACTIONS, Answer, Prompt
from verify.queue import describe, evidence_json
from verify.session import VerifyReport
from verify.statistics import Interval, cohen_kappa, count_units, jackknife, wilson
from verify.text import clean

_ACTIONS = tuple(action for action in ACTIONS if action not in ("postpone", "search", "history", "around", "again"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reviewer against the reference: ``percent`` of the ``n`` works answered of ``n_reference`` have its label."""

    reviewer: str
    n_reference: int
    n: int
    percent: float
    percent_interval: Interval | None
    kappa: float | None
    kappa_interval: Interval | None
    n_used: int  # works that both call used ...
    n_same_purposes: int  # ... and of these, with the same purposes


def compare(reference: Sequence[Known], answers: Sequence[Given]) -> list[Comparison]:
    """Every reviewer who answered some of the reference, in the order of their first answers."""
    right = {known.calibration_id: known.verdict for known in reference}
    found = []
    for pseudonym in dict.fromkeys(answer.pseudonym for answer in answers):
        both = [(right[a.calibration_id], a.verdict) for a in answers if a.pseudonym == pseudonym and a.calibration_id in right]
        units = count_units((one.label, other.label) for one, other in both)
        same = sum(one.label == other.label for one, other in both)
        used = [one for one in both if one[0].label == one[1].label == "used"]
        share = wilson(same, len(both))
        found.append(
            Comparison(
                *(pseudonym, len(reference), len(both), 100 * same / len(both)),
                (100 * share[0], 100 * share[1]) if share else None,
                *(cohen_kappa(units), jackknife(cohen_kappa, units)),
                *(len(used), sum(set(one.purposes) == set(other.purposes) for one, other in used)),
            )
        )
    return found


def differences(book: Codebook, reference: Sequence[Known], answers: Sequence[Given], who: str = "you") -> list[str]:
    """One reviewer's answers that are not those of the reference, in sentences: what was said, what is right, and why."""
    given = {answer.calibration_id: answer.verdict for answer in answers}
    lines = []
    for known in reference:
        said, right = given.get(known.calibration_id), known.verdict
        if said and (said.label != right.label or set(said.purposes) != set(right.purposes)):
            why = f": {clean(right.note)}" if right.note else ""
            said_words, right_words = (describe(book, one.label, one.purposes) for one in (said, right))
            lines.append(f'"{clean(known.title) or "(no title)"}": {who} said {said_words}, the reference says {right_words}{why}')
    return lines


def outcome(book: Codebook, db: Database, slug: str, who: Reviewer) -> list[str]:
    """What a reviewer is told when the reference is answered."""
    reference, answers = load_reference(db, slug), load_answers(db, slug, who.reviewer_id)
    (found,) = compare(reference, answers)
    same = Counter(a.verdict.label == k.verdict.label for k in reference for a in answers if a.calibration_id == k.calibration_id)[True]
    lines = [f"Calibration: {same} of your {found.n} labels are those of the reference."]
    different = differences(book, reference, answers)
    if different:
        lines += ["", "Where you differ (purposes count here too); the codebook (h) says why:", ""]
        lines += [line for text in different for line in (text, "")]
    return [*lines, "Now the queue begins."]


class Calibration:
    """The desk of a new reviewer: the works of the reference, without any sight of it."""

    def __init__(self, db: Database, who: Reviewer, dataset: Dataset, book: Codebook, report: VerifyReport) -> None:
        self._db, self._who, self._dataset, self._book, self._report = db, who, dataset, book, report
        self._reference = load_reference(db, dataset.slug)
        done = {answer.calibration_id for answer in load_answers(db, dataset.slug, who.reviewer_id)}
        self._pending = deque(known for known in self._reference if known.calibration_id not in done)
        self._passages: list[Passage] = []
        self._note = ""

    def left(self) -> int:
        """How many works of the reference are still to be answered."""
        return len(self._pending)

    def prompt(self, message: str) -> Prompt | None:
        """The next work of the reference."""
        if not self._pending:
            return None
        card = load_card(self._db, self._dataset.slug, self._pending[0].work_id)
        self._passages = rank_passages(card)
        name, n = clean(self._dataset.name), len(self._reference)
        return Prompt(
            dataset=self._dataset,
            card=card,
            passages=tuple(self._passages),
            heading=f"{name}: calibration, {n - len(self._pending) + 1} of {n} (the right answers come at the end)",
            question=self._book.question_of(card.kind).format(dataset=name),
            actions=_ACTIONS,
            message=message,
            note=self._note or None,
        )

    def label(self, answer: Answer) -> str:
        """Keep an answer; the reference is not shown yet."""
        known = self._pending.popleft()
        verdict = Verdict(answer.label, answer.purposes, answer.text or self._note or None, self._book.version)
        save_answer(self._db, self._who.reviewer_id, known.calibration_id, verdict, evidence_json(self._passages))
        self._note = ""
        return f"saved: {describe(self._book, answer.label, answer.purposes)}"

    def put_off(self, kind: str) -> str:
        """Let the work come again at the end."""
        self._pending.rotate(-1)
        self._note = ""
        return "skipped, comes again at the end of the calibration"

    def note(self, text: str) -> str:
        """The note of the answer to come."""
        self._note = text
        return "your next answer takes this note" if text else "note removed"

    def undo(self) -> str:
        """Take back the newest answer, of an earlier session too."""
        undone = save_answer_undone(self._db, self._dataset.slug, self._who.reviewer_id)
        if undone is None:
            return "there is nothing to take back"
        self._report.n_undone += 1
        self._pending.appendleft(next(known for known in self._reference if known.calibration_id == undone.calibration_id))
        return f"taken back: {describe(self._book, undone.verdict.label, undone.verdict.purposes)}; answer again"

    def outcome(self) -> list[str]:
        """What the reviewer is told when the reference is answered."""
        return outcome(self._book, self._db, self._dataset.slug, self._who)

    def find(self, words: str | None) -> list[Entry]:
        """Works of the reference come in their order."""
        return []

    def describe(self, entry: Entry) -> str:
        """One line of a list."""
        return clean(entry.title)

    def visit(self, work_id: int) -> str:
        """There is no list to visit works from."""
        return ""
