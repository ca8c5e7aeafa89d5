"""The desk of one reviewer: the queue in its order, and what happens to each answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from db.calibration import load_calibrated
from db.catalogue import Dataset
from db.config import Config
from db.connect import Database
from db.decisions import Verdict
from db.leases import find_present, give_back, is_free, new_holder, take_lease
from db.queries.history import AlsoNamed, Entry, count_postponed, find_entries, load_also_named, load_history
from db.queries.own import is_own
from db.queries.queue import Passage, Waiting, WorkCard, load_card, load_queue
from db.rounds import Plan
from db.verify import Circumstances, Seat, find_label, find_note, save_deferral, save_label, save_note, save_undo
from verify.around import PageText, widened
from verify.codebook import Codebook
from verify.evidence import rank_passages, signed, suggestion
from verify.order import Pending, ordered, sampled
from verify.pace import Pace
from verify.prompts import Answer, Prompt, order_purposes
from verify.session import VerifyReport
from verify.text import clean, shorten

POSTPONED_FOR = timedelta(hours=20)  # "another day": tomorrow at the same hour is late enough
TITLE_LENGTH = 40
OWN_PAPER = "this paper made the dataset: c (created) is its label; what else it is called, it never counts as a use"
SHOWN = 5  # passages that are kept with the label as the evidence that lay before the reviewer


@dataclass(frozen=True, slots=True)
class Manner:
    """How a session goes: ``order`` priority, random or oldest (``seed`` for random), the plan of its round.

    ``only`` (fulltext, named, papers, patents) and ``min_score`` keep the other works out of the session.  ``page_text`` gives the
    text of a page of a PDF, for the sentences around a passage.
    """

    assist: bool = False
    order: str = "priority"
    seed: int = 1
    plan: Plan = field(default_factory=Plan)
    only: str | None = None
    min_score: float | None = None
    page_text: PageText | None = None

    def wants(self, row: Waiting) -> bool:
        """Whether a work belongs to the session."""
        fits = {"fulltext": row.stored, "named": row.named, "papers": row.kind != "patent", "patents": row.kind == "patent"}
        return fits.get(self.only or "", True) and (self.min_score is None or (row.score or 0.0) >= self.min_score)


def describe(book: Codebook, label: str, purposes: tuple[str, ...] = ()) -> str:
    """A verdict in words: "used (train, test)"."""
    found = book.label(label)
    words = found.name.replace("_", " ") if found else label
    return f"{words} ({', '.join(order_purposes(book, purposes))})" if purposes else words


def describe_entry(book: Codebook, entry: Entry) -> str:
    """A line of a list: what was answered when, and the title."""
    title = f"{clean(entry.title) or '(no title)'} ({entry.year or 'year unknown'})"
    if entry.label is None:
        return f"not answered: {title}"
    note = f"; note: {clean(entry.note)}" if entry.note else ""
    return f"{(entry.labelled_at or '')[:16].replace('T', ' ')} {describe(book, entry.label, entry.purposes)}: {title}{note}"


def evidence_json(passages: list[Passage]) -> str:
    """The passages that lay before the reviewer first, as they are kept with the label."""
    rows = [{"quote": p.text, "page": p.page, "section": p.section, "provider": p.provider} for p in passages[:SHOWN]]
    return json.dumps(rows, ensure_ascii=False)


class Review:
    """The queue of a reviewer for one dataset and round, most probable uses first.

    What other reviewers said and what the score suggests is not shown before the reviewer's own answer; with
    ``assist`` the suggestion is shown first.  A work lies before one session at a time.
    """

    def __init__(
        self, config: Config, db: Database, seat: Seat, dataset: Dataset, book: Codebook, report: VerifyReport, manner: Manner
    ) -> None:
        self._config = config
        self._db, self._seat, self._dataset, self._book, self._report, self._manner = db, seat, dataset, book, report, manner
        before = (datetime.now(UTC) - POSTPONED_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
        present = find_present(db, seat)
        rows = load_queue(db, seat.slug, seat.reviewer_id, seat.round, postponed_before=before, present=present)
        told = load_calibrated(db, seat.slug, seat.reviewer_id)
        rows = [row for row in self._wanted(sampled(db, seat.slug, manner.plan, rows)) if row.work_id not in told and manner.wants(row)]
        self._known = {row.work_id: row.others for row in rows}
        rows = ordered(db, seat.slug, rows, manner.order, manner.seed)
        self._pending = Pending(db, seat, dataset, rows, learns=manner.order == "priority")
        self._before = before
        self._holder, self._pace = new_holder(), Pace()
        self._card: WorkCard | None = None
        self._passages: list[Passage] = []
        self._also: tuple[AlsoNamed, ...] = ()
        self._page_text = lru_cache(maxsize=64)(manner.page_text) if manner.page_text else None
        self._latest: Answer | None = None  # the answer that was given last, for the key that gives it again
        self._done: set[int] = set()  # works that got an answer in this session, each once
        self._called: set[int] = set()  # works that the reviewer called back: labelled ones may be answered anew

    def _wanted(self, rows: list[Waiting]) -> list[Waiting]:
        """The works for this session.  In a round with a number of reviewers for each work, those that want one more; else
        all, but for what somebody who is at work just now has labelled: reviewers at work at the same time share the queue.
        """
        most = self._manner.plan.reviewers_per_work
        if most is None:
            return [row for row in rows if not row.shared]
        return [row for row in rows if row.others < most]

    def close(self) -> None:
        """Give the work at hand back to the others."""
        give_back(self._db, self._holder)

    def left(self) -> int:
        """How many works are still to be judged, postponed ones aside."""
        return len(self._pending)

    def prompt(self, message: str) -> Prompt | None:
        """The next work that this reviewer has not labelled and that lies before nobody else."""
        work_id = self._next()
        if work_id is None:
            return None
        card = self._card = load_card(self._db, self._seat.slug, work_id)
        self._passages = rank_passages(card)
        self._also = tuple(load_also_named(self._db, self._seat.slug, work_id, self._seat.reviewer_id, self._seat.round))
        name = clean(self._dataset.name)
        return Prompt(
            dataset=self._dataset,
            card=card,
            passages=tuple(self._passages),
            heading=self._heading(name),
            brief=self._heading(name, brief=True),
            question=self._book.question_of(card.kind).format(dataset=name),
            message=message,
            note=find_note(self._db, self._seat, work_id),
            extra=self._extra(card),
            also=self._also,
            latest=self._latest,
            around=lambda passage: widened(self._config, self._page_text, passage),
        )

    def _next(self) -> int | None:
        """Go through the queue up to a work that is free, and hold it; what somebody is at comes again at the end."""
        most, turned = self._manner.plan.reviewers_per_work, 0
        while (work_id := self._pending.head()) is not None:
            fresh = self._pending.is_fresh(work_id)
            wait = most is None or fresh or turned < len(self._pending)
            standing = take_lease(self._db, self._seat, work_id, self._holder, most, wait=wait)
            if work_id in self._called:
                return work_id
            free = is_free(standing, most, wait=wait)
            news = standing.others > self._known.get(work_id, 0)
            if standing.mine or (news if most is None else standing.others >= most):
                self._pending.drop(work_id)
            elif fresh and (news or not free):
                self._pending.to_seconds(work_id)
            elif free:
                return work_id
            elif turned > 2 * len(self._pending):
                return None
            else:
                turned += 1
                self._pending.put_off(work_id)
        return None

    def _heading(self, name: str, *, brief: bool = False) -> str:
        done = f"{len(self._done)} done" + ("" if brief else " in this session")
        round_ = f", round {self._seat.round}" if self._seat.round > 1 else ""
        seconds = ", second opinions" if self._pending.is_at_seconds else ""
        away = f", {n} postponed" if (n := self.n_postponed()) else ""
        pace = self._pace.words(len(self._pending), brief=brief)
        chosen = f", only {self._manner.only}" if self._manner.only else ""
        return f"{name}: {len(self._pending)} left{chosen}{seconds}{away}, {done}{round_}{pace}"

    def n_postponed(self) -> int:
        """How many works were put off to another day and are no part of what is left."""
        return count_postponed(self._db, self._seat.slug, self._seat.reviewer_id, self._seat.round, self._before)

    def _extra(self, card: WorkCard) -> tuple[str, ...]:
        lines = [OWN_PAPER] if is_own(self._db, card.work_id, self._seat.slug) else []
        if card.work_id in self._called and (earlier := find_label(self._db, self._seat, card.work_id)):
            lines.append(f"you said {describe(self._book, earlier.label, earlier.purposes)}; an answer replaces it, s leaves it")
        suggested = suggestion(card) if self._manner.assist else None
        if suggested:
            learned = self._pending.explain(card.work_id)
            why = signed(card.reasons)
            lines.append(f"suggestion: {suggested} {why}" + (f"; your labels: {', '.join(learned)}" if learned else ""))
        return tuple(lines)

    def _at_hand(self) -> WorkCard:
        assert self._card is not None, "prompt() comes first"
        return self._card

    def label(self, answer: Answer) -> str:
        """Keep a verdict."""
        card = self._at_hand()
        called = card.work_id in self._called
        verdict = Verdict(answer.label, answer.purposes, note=answer.text or None, codebook=self._book.version)
        seen = Circumstances(evidence_json(self._passages), self._manner.assist, "chosen" if called else self._manner.order)
        changes = called and find_label(self._db, self._seat, card.work_id) is not None
        also = [(slug, Verdict("used", purposes, codebook=self._book.version)) for slug, purposes in answer.also]
        saved = save_label(self._db, self._seat, card.work_id, verdict, replace=called, seen=seen, also=also)
        self._pending.drop(card.work_id)
        self._called.discard(card.work_id)
        if not saved:
            self._report.n_labelled -= 1
            return f"not saved: {self._named(card)} was labelled in another terminal meanwhile"
        self._done.add(card.work_id)
        self._latest = replace(answer, text="", also=())
        if changes:
            self._report.n_labelled, self._report.n_changed = self._report.n_labelled - 1, self._report.n_changed + 1
        self._pace.tick()
        self._pending.learn(card.work_id, answer.label)
        return self._confirmation(card, answer)

    def _confirmation(self, card: WorkCard, answer: Answer) -> str:
        suggested = suggestion(card)
        comparison = f"; the score said {suggested}" if suggested and not self._manner.assist else ""
        also = f", also {', '.join(describe(self._book, slug, purposes) for slug, purposes in answer.also)}" if answer.also else ""
        return f"saved: {describe(self._book, answer.label, answer.purposes)}{also}, {self._named(card)}{comparison}"

    @staticmethod
    def _named(card: WorkCard) -> str:
        return f'"{shorten(clean(card.title) or "(no title)", TITLE_LENGTH)}"'

    def put_off(self, kind: str) -> str:
        """Skip to the end of the queue, or postpone to another day.  An earlier answer that was called back stays."""
        card = self._at_hand()
        if card.work_id in self._called and find_label(self._db, self._seat, card.work_id):
            self._called.discard(card.work_id)
            self._pending.drop(card.work_id)
            return f"left as it was: {self._named(card)}"
        save_deferral(self._db, self._seat, card.work_id, kind)
        self._called.discard(card.work_id)
        if kind == "skip":
            self._pending.put_off(card.work_id)
        else:
            self._pending.drop(card.work_id)
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
        self.visit(undone.work_id)
        if undone.what not in ("skip", "postpone"):
            self._report.n_undone += 1
            if not undone.restored:
                self._done.discard(undone.work_id)
        stands = f"{describe(self._book, undone.restored)} stands again" if undone.restored else "answer again"
        return f"taken back: {describe(self._book, undone.what, undone.purposes)}; {stands}"

    def find(self, words: str | None) -> list[Entry]:
        """Works that hold the words, or this reviewer's earlier answers."""
        seat = self._seat
        if words is None:
            return load_history(self._db, seat.slug, seat.reviewer_id, seat.round)
        return find_entries(self._db, seat.slug, seat.reviewer_id, seat.round, words)

    def describe(self, entry: Entry) -> str:
        """One line of such a list."""
        return describe_entry(self._book, entry)

    def visit(self, work_id: int) -> str:
        """Put a work before the reviewer next, labelled or not."""
        self._pending.call_back(work_id)
        self._called.add(work_id)
        return ""
