"""Asking on a full screen with single keys."""

from __future__ import annotations

import sys
from contextlib import suppress

from rich.console import Console
from rich.text import Text

from verify.codebook import Codebook
from verify.layout import frame, key_items, pack, wrap
from verify.prompts import Answer, Prompt, answer_of_key, order_purposes
from verify.terminal import PASTE_OFF, PASTE_ON, Keyboard
from verify.text import clean

_CLEAR = "\x1b[H\x1b[2J"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"  # a line that the terminal finds wider than we do is cut, not broken


class KeyScreen:
    """A full screen, drawn anew for each work; every answer is one key.  Use it in a ``with`` block."""

    def __init__(self, book: Codebook) -> None:
        self._book = book
        self._keys = Keyboard(sys.stdin.fileno())
        self._console = Console(force_terminal=True, highlight=False, markup=False, emoji=False, legacy_windows=False)
        self._first = 0

    def __enter__(self) -> KeyScreen:
        self._keys.__enter__()
        self._write(PASTE_ON)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):  # the terminal has gone
            self._write(PASTE_OFF + "\r\n")
        self._keys.__exit__(None, None, None)

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _show(self, lines: list[Text]) -> None:
        with self._console.capture() as capture:
            self._console.print(Text("\n").join(lines), end="", soft_wrap=True)
        self._write(_NO_WRAP + _CLEAR + capture.get() + _WRAP)

    def _draw(self, prompt: Prompt, foot: list[str] | None = None, hint: str = "") -> int:
        size = self._keys.size()
        if foot is None:
            labels = [(label.key, label.title) for label in self._book.labels]
            foot = pack(key_items(prompt, labels), size[0] - 1)
            foot = [line.plain for line in wrap(self._console, Text(hint or prompt.question), size[0] - 1, 2)] + foot
        drawn = frame(self._console, prompt, foot, size, self._first)
        self._show(drawn.lines)
        return drawn.next_passage

    def ask(self, prompt: Prompt) -> Answer:
        """Draw the work and wait for a key that answers."""
        self._first, hint = 0, ""
        while True:
            following = self._draw(prompt, hint=hint)
            key = self._keys.read()
            hint = ""
            answer = Answer("more") if key == "down" else answer_of_key(self._book, key) if len(key) == 1 else None
            if answer is None or (answer.action != "label" and answer.action not in prompt.actions):
                hint = f"{key!r} is no key here; h explains them all" if len(key) == 1 and key != "\n" else ""
            elif answer.action == "more":
                self._first = following
            elif answer.action == "help":
                self._help()
            else:
                finished = self._finish(prompt, answer)
                if finished:
                    return finished

    def _finish(self, prompt: Prompt, answer: Answer) -> Answer | None:
        """Ask for what belongs to the answer; None where the reviewer went back."""
        if answer.label == "used":
            purposes = self._purposes(prompt)
            return None if purposes is None else Answer("label", "used", purposes)
        if answer.action == "note":
            note = self._note(prompt)
            return None if note is None else Answer("note", text=note)
        return answer

    def _purposes(self, prompt: Prompt) -> tuple[str, ...] | None:
        chosen: set[str] = set()
        offered = self._book.purposes_of(prompt.card.kind)
        while True:
            boxes = pack([f"[{'x' if p.name in chosen else ' '}] {p.key} {p.name}" for p in offered], self._keys.size()[0] - 1)
            self._draw(prompt, ["Used for what?  Several keys; Enter saves, Esc goes back", *boxes])
            key = self._keys.read()
            purpose = self._book.purpose(key, prompt.card.kind) if len(key) == 1 else None
            if key == "\n":
                return order_purposes(self._book, chosen)
            if key in ("esc", "backspace"):
                return None
            if purpose:
                chosen ^= {purpose.name}

    def _note(self, prompt: Prompt) -> str | None:
        text = clean(prompt.note)
        while True:
            tail = text[-max(self._keys.size()[0] - 10, 10) :]
            self._draw(prompt, ["Enter saves the note (an empty one is removed), Esc goes back", f"note: {tail}_"])
            key = self._keys.read()
            if key == "\n":
                return clean(text)
            if key == "esc":
                return None
            if key == "backspace":
                text = text[:-1]
            elif key == "paste":
                text += clean(self._keys.pasted)
            elif len(key) == 1:
                text += key

    def _help(self) -> None:
        """The codebook, page by page; any other key goes back."""
        start = 0
        while True:
            width, height = self._keys.size()
            lines = _codebook_lines(self._console, self._book, max(width - 1, 10))
            room = max(height - 1, 1)
            more = start + room < len(lines)
            footer = "space shows more, any other key goes back" if more else "any key goes back"
            self._show([*lines[start : start + room], Text(footer, style="reverse")])
            key = self._keys.read()
            if key == "resize":
                start = 0
            elif more and key in (" ", "down"):
                start += room
            else:
                return


def _codebook_lines(console: Console, book: Codebook, width: int) -> list[Text]:
    lines: list[Text] = []
    for label in book.labels:
        lines += wrap(console, Text.assemble((f"{label.key}  {label.title}: ", "bold"), label.definition), width)
        lines += [line for example in label.examples for line in wrap(console, Text("   e.g. " + example, style="dim"), width)]
    for purpose in book.purposes:
        lines += wrap(console, Text.assemble((f"used, {purpose.key}  {purpose.name}: ", "bold"), purpose.definition), width)
    for rule in book.rules:
        lines += wrap(console, Text("- " + rule), width)
    return lines
