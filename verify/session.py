"""The loop between a desk, which knows what to ask and keeps the answers, and a screen, which asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from db.config import Config
from verify.links import open_work
from verify.prompts import Answer, Prompt


@dataclass(slots=True)
class VerifyReport:
    """What a session did.  ``stopped`` is "done" (nothing left), "quit", "end of input" or "limit"."""

    slug: str
    reviewer: str  # pseudonym
    n_labelled: int = 0
    n_undone: int = 0
    n_put_off: int = 0
    n_left: int = 0
    stopped: str = "done"
    message: str = ""  # confirms the last answer, where no prompt came after it


class Screen(Protocol):
    """Whatever can put a prompt before a reviewer."""

    def ask(self, prompt: Prompt) -> Answer:
        """The reviewer's answer.  EOFError: there is nobody to answer any more."""


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
    def left(self) -> int: ...


def run_session(desk: Desk, screen: Screen, config: Config, report: VerifyReport, limit: int | None) -> None:
    """Ask until nothing is left, the reviewer quits or ``limit`` labels were given; the report is kept up to date.

    An answer is committed before the next prompt is drawn, and the next prompt confirms it.
    """
    message = ""
    while limit is None or report.n_labelled - report.n_undone < limit:
        report.n_left = desk.left()
        prompt = desk.prompt(message)
        if prompt is None:
            report.stopped, report.message = "done", message
            break
        try:
            answer = screen.ask(prompt)
        except EOFError:
            report.stopped = "end of input"
            break
        if answer.action == "quit":
            report.stopped = "quit"
            break
        message = _keep(desk, prompt, config, answer, report)
    else:
        report.stopped, report.message = "limit", message
    report.n_left = desk.left()


def _keep(desk: Desk, prompt: Prompt, config: Config, answer: Answer, report: VerifyReport) -> str:
    if answer.action == "label":
        report.n_labelled += 1
        return desk.label(answer)
    if answer.action == "undo":
        return desk.undo()
    if answer.action == "note":
        return desk.note(answer.text)
    if answer.action == "open":
        return open_work(config, prompt.card)
    report.n_put_off += 1
    return desk.put_off(answer.action)
