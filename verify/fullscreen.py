"""What full screens share: the terminal, drawing, a line edited at the foot, a numbered list."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from rich.console import Console
from rich.text import Text

from verify.terminal import PASTE_OFF, PASTE_ON, Keyboard
from verify.text import clean

_CLEAR = "\x1b[H\x1b[2J"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"  # a line that the terminal finds wider than we do is cut, not broken

AGAIN_S = 1.0  # within this time the same key may be one that is held down: keyboards repeat after up to two thirds of a second
HELD = "a key was held down or typed ahead: what came before you could read was dropped"

Draw = Callable[[list[str]], object]  # draws what the question is about, with these lines at the foot


class FullScreen:
    """A full screen, drawn anew for each question; every answer is one key.  Use it in a ``with`` block."""

    def __init__(self) -> None:
        self._keys = Keyboard(sys.stdin.fileno())
        self._saved, self._saved_at = "", 0.0  # the key that saved the latest answer, and when
        self._console = Console(force_terminal=True, highlight=False, markup=False, emoji=False, legacy_windows=False)

    def __enter__(self) -> Self:
        self._keys.__enter__()
        self._write(PASTE_ON)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):  # the terminal has gone
            self._write(PASTE_OFF + "\r\n")
        self._keys.__exit__(None, None, None)

    def _remember(self) -> None:
        """The key that was read last has answered: what was typed ahead of the next question is no answer to it."""
        self._saved, self._saved_at = self._keys.latest, self._keys.latest_at

    def _forget_typed(self) -> None:
        """Before a question is drawn: whatever was typed ahead of it was typed without having seen it."""
        if self._saved:
            self._keys.drop()

    def _key(self) -> str:
        """The next key; "held" for one that has answered the question before and is still held down."""
        key = self._keys.read()
        saved, at = self._saved, self._saved_at
        if key == "resize":
            return key
        self._saved = ""
        if key == saved and self._keys.latest_at - at < AGAIN_S and self._keys.is_held():
            self._saved, self._saved_at = key, time.monotonic()
            return "held"
        return key

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _show(self, lines: list[Text]) -> None:
        with self._console.capture() as capture:
            self._console.print(Text("\n").join(lines), end="", soft_wrap=True)
        self._write(_NO_WRAP + _CLEAR + capture.get() + _WRAP)

    def _edit(self, draw: Draw, question: str, name: str, text: str = "") -> str | None:
        """A line of text, edited at the foot of the screen; None where the reviewer went back."""
        while True:
            tail = text[-max(self._keys.size()[0] - len(name) - 4, 10) :]
            draw([question, f"{name}{tail}_"])
            key = self._keys.read()
            if key == "\n":
                return clean(text)
            if key == "esc":
                return None
            if key == "backspace":
                text = text[:-1]
            elif key == "clear":
                text = ""
            elif key == "paste":
                text += clean(self._keys.pasted)
            elif len(key) == 1:
                text += key

    def choose(self, heading: str, entries: Sequence[str]) -> int | None:
        """A numbered list, page by page; a number and Enter chooses."""
        start, number = 0, ""
        while True:
            width, height = self._keys.size()
            room = max(height - 3, 1)
            page = [Text(f"{place:>4}  {entry}") for place, entry in enumerate(entries[start : start + room], start + 1)]
            for line in page:
                line.truncate(max(width - 1, 10), overflow="ellipsis")
            more = start + room < len(entries)
            foot = f"number and Enter goes there{', space shows more' if more else ''}, Esc goes back: {number}_"
            self._show(
                [Text(heading, style="bold"), *page, *[Text()] * (room - len(page)), Text(foot[: max(width - 1, 10)], style="reverse")]
            )
            key = self._keys.read()
            if key == "\n" and number:
                if 0 < int(number) <= len(entries):
                    return int(number) - 1
                number = ""
            elif key.isdecimal() and len(number) < 6:
                number += key
            elif key == "backspace":
                number = number[:-1]
            elif key in (" ", "down"):
                start = start + room if more else 0
            elif key in ("esc", "q", "\n"):
                return None

    def tell(self, lines: Sequence[str]) -> None:
        """Lines that want no answer, page by page; a key that leads on is asked for where the terminal is still there."""
        with suppress(EOFError):
            self._forget_typed()
            self._pages(lambda width: [part for line in lines for part in (Text(line).wrap(self._console, width) or [Text()])])

    def _pages(self, lines_of: Callable[[int], list[Text]]) -> None:
        """Text page by page, wrapped anew for each width; any other key goes back."""
        start = 0
        while True:
            width, height = self._keys.size()
            lines = lines_of(max(width - 1, 10))
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
