"""The loop between a desk, which knows what to ask and keeps the answers, and a screen, which asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from db.config import Config
from db.queries.history import Entry
from db.wording import count
from verify.links import open_work
from verify.prompts import Answer, Prompt


@dataclass(slots=True)
class VerifyReport:
    """What a session did.  ``stopped`` is "done" (nothing left), "quit", "end of input" or "limit"."""

    slug: str
    reviewer: str  # pseudonym
    n_labelled: int = 0
    n_undone: int = 0
    n_changed: int = 0  # works that had this reviewer's answer already and got another one
    n_put_off: int = 0
    n_left: int = 0
    n_postponed: int = 0  # put off to another day, in this session or an earlier one
    stopped: str = "done"
    message: str = ""  # confirms the last answer, where no prompt came after it


class Screen(Protocol):
    """Whatever can put a prompt before a reviewer."""

    def ask(self, prompt: Prompt) -> Answer:
        """The reviewer's answer.  EOFError: there is nobody to answer any more."""

    def choose(self, heading: str, entries: Sequence[str]) -> int | None:
        """The place of the entry that the reviewer chose; None: they went back."""

    def rest(self, message: str, *, offers: bool) -> Answer:
        """Nothing is left to ask: undo, history, search or quit.  A person is asked only where the session ``offers`` it."""

    def tell(self, lines: Sequence[str]) -> None:
        """Show lines that want no answer, until the reviewer has read them."""


class Desk(Protocol):
    """What asks and keeps: the queue of a reviewer, or the conflicts to settle.

    Each of the methods that keep something has committed it when it returns; they return the sentence that confirms it.
    """

    def prompt(self, message: str) -> Prompt | None:
        """The next work to ask about; None: there is none."""

    def label(self, answer: Answer) -> str: ...
    def put_off(self, kind: str) -> str: ...
    def note(self, text: str) -> str: ...
    def undo(self) -> str: ...
    def find(self, words: str | None) -> list[Entry]:
        """Works that hold the words; None: the reviewer's earlier answers, newest first."""

    def describe(self, entry: Entry) -> str: ...
    def visit(self, work_id: int) -> str: ...
    def left(self) -> int: ...


def run_session(desk: Desk, screen: Screen, config: Config, report: VerifyReport, limit: int | None, *, rests: bool = True) -> None:
    """Ask until nothing is left, the reviewer quits or ``limit`` labels were given; the report is kept up to date.

    Where nothing is left from the start, earlier answers can still be taken back and looked up, unless ``rests`` is False.

    An answer is committed before the next prompt is drawn, and the next prompt confirms it.
    """
    message = ""
    while limit is None or report.n_labelled + report.n_changed - report.n_undone < limit:
        report.n_left = desk.left()
        prompt = desk.prompt(message)
        try:
            answer = screen.ask(prompt) if prompt else _rest(desk, screen, report, message) if rests else Answer("quit")
        except EOFError:
            report.stopped, report.message = ("end of input", "") if prompt else ("done", message)
            break
        if answer.action == "quit":
            report.stopped, report.message = ("quit", "") if prompt else ("done", message)
            break
        try:
            message = _keep(desk, screen, prompt, config, answer, report)
        except EOFError:
            report.stopped = "end of input"
            break
    else:
        report.stopped, report.message = "limit", message
    report.n_left = desk.left()


def _rest(desk: Desk, screen: Screen, report: VerifyReport, message: str) -> Answer:
    """What a reviewer wants where nothing is left; one who has answered nothing, now or earlier, is let go."""
    return screen.rest(message, offers=bool(report.n_labelled or report.n_changed or report.n_put_off or desk.find(None)))


def _keep(desk: Desk, screen: Screen, prompt: Prompt | None, config: Config, answer: Answer, report: VerifyReport) -> str:
    if answer.action == "label":
        report.n_labelled += 1
        return desk.label(answer)
    if answer.action == "undo":
        return desk.undo()
    if answer.action == "note":
        return desk.note(answer.text)
    if answer.action in ("history", "search"):
        return _browse(desk, screen, answer)
    if answer.action == "open" and prompt:
        return open_work(config, prompt.card)
    report.n_put_off += 1
    return desk.put_off(answer.action)


def _browse(desk: Desk, screen: Screen, answer: Answer) -> str:
    """Show a list and go to the work that the reviewer chose."""
    words = answer.text if answer.action == "search" else None
    if words == "":
        return "search wants words: a title, a venue, a year, an id"
    entries = desk.find(words)
    if not entries:
        return f"no work of this dataset has {words!r}" if words else "there are no earlier answers"
    heading = f"{count(len(entries), 'work')} with {words!r}" if words else f"your answers, newest first ({len(entries)})"
    chosen = screen.choose(heading, [desk.describe(entry) for entry in entries])
    return "" if chosen is None else desk.visit(entries[chosen].work_id)
