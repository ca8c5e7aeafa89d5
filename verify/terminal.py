"""Single keys from a real terminal: no Enter, no echo, and no escape sequence mistaken for an answer."""

from __future__ import annotations

import codecs
import os
import select
import signal
import termios
import time
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

ESCAPE_S = 0.2  # how long the rest of a key's sequence may take to come over a slow line
HELD_S = 0.12  # a held key sends its letter at least this often (https://man7.org/linux/man-pages/man8/kbdrate.8.html), a finger doesn't
PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l"  # bracketed paste: pasted text is no series of answers
_NAMES = {"[B": "down", "[6~": "down", "OB": "down"}
_CONTROLS = {"\r": "\n", "\x7f": "backspace", "\x08": "backspace", "\x15": "clear"}  # Ctrl-U clears the line, as in a shell


class Keyboard:
    """The keys of a terminal, one by one, between ``with`` and its end.

    ``read`` gives a character, or "esc", "backspace", "clear", "down", "paste" (the text is in ``pasted``), "resize" (draw
    again) or "" for a key without meaning.  EOFError when the terminal has gone or Ctrl-D was pressed; Ctrl-C raises
    KeyboardInterrupt as everywhere.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = ""  # typed ahead
        self._was_esc = False
        self.pasted = ""
        self.latest, self.latest_at = "", 0.0  # the key that was read last, and when (monotonic clock)

    def __enter__(self) -> Keyboard:
        self._before = termios.tcgetattr(self._fd)
        self._single_keys()
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        self._old_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self._old_handlers = {number: signal.signal(number, self._on_signal) for number in (signal.SIGWINCH, signal.SIGCONT)}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        signal.set_wakeup_fd(self._old_wakeup)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        os.close(self._wake_read)
        os.close(self._wake_write)
        with suppress(termios.error):  # the terminal has gone
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def _single_keys(self) -> None:
        """Like cbreak mode: keys come at once and unseen, while Ctrl-C and Ctrl-Z keep their meaning."""
        mode: list[Any] = termios.tcgetattr(self._fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._fd, termios.TCSADRAIN, mode)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Resized, or back in the foreground; the byte in the wake-up pipe ends the waiting in ``_more``."""
        if number == signal.SIGCONT:
            self._single_keys()

    def size(self) -> tuple[int, int]:
        """Columns and lines; 80×24 where the terminal doesn't tell."""
        try:
            columns, lines = os.get_terminal_size(self._fd)
        except OSError:
            columns, lines = 0, 0
        return columns or 80, lines or 24

    def read(self) -> str:
        """Wait for the next key."""
        key = self._read()
        if key != "resize":
            self.latest, self.latest_at = key, time.monotonic()
        return key

    def drop(self) -> None:
        """Forget what was typed up to now, but for the wish to leave at its end (q, Ctrl-D)."""
        latest = self.latest, self.latest_at
        key = ""
        try:
            while self._waiting or self._more(0):
                key = self._read() if self._waiting else key
        except EOFError:
            key = "\x04"
        self._waiting = key if key in ("q", "\x04") else ""
        self.latest, self.latest_at = latest

    def is_held(self) -> bool:
        """Whether more keys follow at once, as a held key sends them; they are dropped, up to a pause."""
        held = bool(self._waiting)
        while self._more(HELD_S):
            held = True
        self._waiting = "" if held else self._waiting
        return held

    def _read(self) -> str:
        char = self._char()
        was_esc, self._was_esc = self._was_esc, False
        if char is None:
            return "resize"
        if char == "\x04":
            raise EOFError
        if char == "\x1b" or (was_esc and char in "[O"):  # on a slow line the bracket can come late
            return self._sequence(char)
        return _CONTROLS.get(char, char if char.isprintable() or char == "\n" else "")

    def _char(self) -> str | None:
        while not self._waiting:
            if not self._more(None):
                return None
        char, self._waiting = self._waiting[0], self._waiting[1:]
        return char

    def _more(self, timeout: float | None) -> bool:
        """Read what was typed; False when the time was up or a signal came."""
        ready, _, _ = select.select([self._fd, self._wake_read], [], [], timeout)
        if self._fd in ready:
            try:
                data = os.read(self._fd, 4096)
            except OSError:  # EIO: the other side was closed
                data = b""
            if not data:
                raise EOFError
            self._waiting += self._decoder.decode(data)
            return True
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)
        return False

    def _sequence(self, first: str) -> str:
        """The key behind an escape sequence (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html)."""
        if first == "\x1b":
            if not (self._waiting or self._more(ESCAPE_S)) or self._waiting[:1] not in ("[", "O"):
                self._was_esc = True
                return "esc"
            first, self._waiting = self._waiting[0], self._waiting[1:]
        sequence = first
        while self._waiting or self._more(ESCAPE_S):
            if not self._waiting:  # half a character of UTF-8
                continue
            sequence += self._waiting[0]
            self._waiting = self._waiting[1:]
            if "@" <= sequence[-1] <= "~":
                break
        if sequence == "[200~":
            return self._paste()
        return _NAMES.get(sequence, "")

    def _paste(self) -> str:
        end = "\x1b[201~"
        while end not in self._waiting and self._more(10 * ESCAPE_S):
            pass
        self.pasted, _, self._waiting = self._waiting.partition(end)
        return "paste"
