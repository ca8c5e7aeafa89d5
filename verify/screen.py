"""Asking on a full screen with single keys."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.text import Text

from verify.codebook import Codebook
from verify.fullscreen import HELD, FullScreen
from verify.layout import frame, key_items, pack, passage_blocks, wrap
from verify.prompts import (
    ALSO_ASKED,
    NO_LATEST,
    NOT_WIDER,
    REST,
    Answer,
    Prompt,
    answer_of_key,
    info_lines,
    order_purposes,
    widened_passages,
)
from verify.text import clean

_AT_REST = {"z": "undo", "y": "history", "q": "quit", "esc": "quit"}
_SEARCH = "Enter searches title, venue, year and ids, Esc goes back"


class KeyScreen(FullScreen):
    """A full screen, drawn anew for each work; every answer is one key.  Use it in a ``with`` block."""

    def __init__(self, book: Codebook) -> None:
        super().__init__()
        self._book = book
        self._first = 0

    def _draw(self, prompt: Prompt, foot: list[str] | None = None, hint: str = "") -> int:
        size = self._keys.size()
        if foot is None:
            labels = [(label.key, label.title_of(prompt.card.kind)) for label in self._book.labels]
            foot = pack(key_items(prompt, labels), size[0] - 1)
            foot = [line.plain for line in wrap(self._console, Text(hint or prompt.question), size[0] - 1, 2)] + foot
        drawn = frame(self._console, prompt, foot, size, self._first)
        self._show(drawn.lines)
        return drawn.next_passage

    def ask(self, prompt: Prompt) -> Answer:
        """Draw the work and wait for a key that answers."""
        self._first, hint = 0, ""
        self._forget_typed()
        while True:
            following = self._draw(prompt, hint=hint)
            key = self._key()
            hint = ""
            if key == "held":
                hint = HELD
                continue
            answer = Answer("more") if key == "down" else answer_of_key(self._book, key) if len(key) == 1 else None
            if answer is None or (answer.action != "label" and answer.action not in prompt.actions):
                hint = f"{key!r} is no key here; h explains them all" if len(key) == 1 and key != "\n" else ""
            elif answer.action == "more":
                self._first = following
            elif answer.action in ("help", "info", "around"):
                hint = self._look(prompt, answer.action)
            elif answer.action == "again" and prompt.latest is None:
                hint = NO_LATEST
            elif answer.action == "again" and prompt.latest:
                self._remember()
                return prompt.latest
            else:
                finished = self._finish(prompt, answer)
                if finished:
                    self._note_answer(finished)
                    return finished

    def _look(self, prompt: Prompt, what: str) -> str:
        """Pages that want no answer: the codebook, authors and abstract, what stands around the passages; a hint where there are none."""
        if what == "help":
            self._help(prompt.card.kind)
        elif what == "info":
            self._pages(lambda width: [line for text in info_lines(prompt.card) for line in wrap(self._console, Text(text), width)])
        else:
            self._draw(prompt, hint="reading the pages of the PDF …")
            wide = replace(prompt, passages=tuple(widened_passages(prompt)))
            if all(passage in prompt.passages for passage in wide.passages):
                return NOT_WIDER
            self._pages(lambda width: [line for block in passage_blocks(self._console, wide, width) for line in [*block, Text()]])
        return ""

    def _note_answer(self, answer: Answer) -> None:
        if answer.action == "label":
            self._remember()

    def rest(self, message: str, *, offers: bool) -> Answer:
        """Nothing is left: a key for undo, history, search; q and Esc quit, any other waits: it was meant for a work."""
        if not offers:
            return Answer("quit")
        self._forget_typed()
        hint: list[str] = []
        while True:
            self._rest(hint, message)
            key = self._key().lower()
            if key == "/":
                words = self._edit(lambda foot: self._rest(foot, message), _SEARCH, "search: ")
                if words:
                    return Answer("search", text=words)
            elif key in _AT_REST:
                return Answer(_AT_REST[key])
            elif key not in ("", "resize"):
                hint = [f"{key!r} is no key here; q quits" if len(key) == 1 and key.isprintable() else "q quits"]

    def _rest(self, foot: list[str], message: str) -> None:
        width = max(self._keys.size()[0] - 1, 10)
        texts = [Text(message, style="green"), Text(REST), *map(Text, foot)]
        self._show([line for text in texts for line in wrap(self._console, text, width)])

    def _finish(self, prompt: Prompt, answer: Answer) -> Answer | None:
        """Ask for what belongs to the answer; None where the reviewer went back."""
        if answer.action == "label":
            return self._finish_label(prompt, answer)
        if answer.action == "note":
            note = self._line(prompt, "Enter saves the note (an empty one is removed), Esc goes back", "note: ", clean(prompt.note))
            return None if note is None else Answer("note", text=note)
        if answer.action == "search":
            words = self._line(prompt, _SEARCH, "search: ")
            return Answer("search", text=words) if words else None
        return answer

    def _finish_label(self, prompt: Prompt, answer: Answer) -> Answer | None:
        """Purposes, the other datasets of the family, the reason."""
        if answer.label == "used":
            purposes = self._purposes(prompt)
            if purposes is None:
                return None
            answer = replace(answer, purposes=purposes)
        if prompt.also and answer.label in ALSO_ASKED:
            also = self._also(prompt)
            if also is None:
                return None
            answer = replace(answer, also=also)
        if prompt.asks_reason:
            reason = self._line(
                prompt, f"{answer.label.replace('_', ' ')}: why?  Enter saves, Esc goes back", "reason: ", clean(prompt.note)
            )
            return None if reason is None else replace(answer, text=reason)
        return answer

    def _also(self, prompt: Prompt) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
        """Which of the other datasets that are named are used too, each with its purposes."""
        chosen: dict[str, tuple[str, ...]] = {}
        while True:
            boxes = [
                f"[{'x' if named.slug in chosen else ' '}] {number} {clean(named.name)} ({named.n_mentions})"
                for number, named in enumerate(prompt.also, 1)
            ]
            packed = pack(boxes, self._keys.size()[0] - 1)
            self._draw(prompt, ["Also uses?  Named too (passages): numbers choose, Enter saves, Esc goes back", *packed])
            key = self._keys.read()
            if key == "\n":
                return tuple(chosen.items())
            if key in ("esc", "backspace"):
                return None
            if key.isdecimal() and 0 < int(key) <= len(prompt.also):
                named = prompt.also[int(key) - 1]
                if chosen.pop(named.slug, None) is None:
                    purposes = self._purposes(prompt, clean(named.name))
                    if purposes is not None:
                        chosen[named.slug] = purposes

    def _purposes(self, prompt: Prompt, what: str = "") -> tuple[str, ...] | None:
        chosen: set[str] = set()
        offered = self._book.purposes_of(prompt.card.kind)
        hint, warned = "Several keys; Enter saves, Esc goes back", False
        while True:
            boxes = pack([f"[{'x' if p.name in chosen else ' '}] {p.key} {p.name}" for p in offered], self._keys.size()[0] - 1)
            question = f"{what} used for what?" if what else "Used for what?"
            self._draw(prompt, [f"{question}  {hint}", *boxes])
            key = self._keys.read()
            purpose = self._book.purpose(key, prompt.card.kind) if len(key) == 1 else None
            if key == "\n" and (chosen or warned):
                return order_purposes(self._book, chosen)
            if key in ("esc", "backspace"):
                return None
            if purpose:
                chosen ^= {purpose.name}
            if key == "\n":
                hint, warned = "No purpose chosen: Enter again saves without, Esc goes back", True
            elif purpose or len(key) != 1:
                hint, warned = "Several keys; Enter saves, Esc goes back", False
            else:
                hint, warned = f"{key!r} is no purpose; these are:", False

    def _line(self, prompt: Prompt, question: str, name: str, text: str = "") -> str | None:
        """A line of text, edited at the foot of the screen; None where the reviewer went back."""
        return self._edit(lambda foot: self._draw(prompt, foot), question, name, text)

    def _help(self, kind: str) -> None:
        """The codebook, page by page; any other key goes back."""
        self._pages(lambda width: _codebook_lines(self._console, self._book, kind, width))


def _codebook_lines(console: Console, book: Codebook, kind: str, width: int) -> list[Text]:
    lines: list[Text] = []
    for label in book.labels:
        lines += wrap(console, Text.assemble((f"{label.key}  {label.title_of(kind)}: ", "bold"), label.meaning_of(kind)), width)
        lines += [line for example in label.examples for line in wrap(console, Text("   e.g. " + example, style="dim"), width)]
    for purpose in book.purposes_of(kind):
        lines += wrap(console, Text.assemble((f"used, {purpose.key}  {purpose.name}: ", "bold"), purpose.definition), width)
    for rule in book.rules:
        lines += wrap(console, Text("- " + rule), width)
    return lines
