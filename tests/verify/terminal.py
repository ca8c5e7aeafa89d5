"""A real pseudo-terminal with `whereused` in it: keys go in, the bytes of the screen come out.  It waits for what the
screen says, never for a time."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from rich.cells import cell_len

from tests.verify.factory import SLUG, Scene

TIMEOUT = 20.0
_SEQUENCES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


# The new session takes its standard input as its terminal, so that Ctrl-C and Ctrl-Z come through, and meets signals as a shell's
# child does, also where the tests themselves run in the background, which makes their children deaf to SIGINT and SIGHUP.
_BOOT = """
import fcntl, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from whereused import command_line
command_line()
"""


class Terminal:
    def __init__(self, db: Path, *arguments: str, columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None) -> None:
        self.master, slave = pty.openpty()
        self._set_size(slave, columns, lines)
        self.mode_before = termios.tcgetattr(slave)
        self.slave = slave  # kept open, so that its mode can be looked at afterwards
        self.seen = ""
        self._position = 0
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})}
        argv = [sys.executable, "-c", _BOOT, "--db", str(db), *arguments]
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)

    @staticmethod
    def _set_size(fd: int, columns: int, lines: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        self._set_size(self.master, columns, lines)

    def send(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def expect(self, pattern: str) -> str:
        """Wait until the pattern comes up in what was written since the last call; returns the match."""
        end = time.monotonic() + TIMEOUT
        while True:
            found = re.compile(pattern, re.DOTALL).search(self.seen, self._position)
            if found:
                self._position = found.end()
                return found.group()
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"{pattern!r} did not come; the screen says:\n{self.seen[self._position :]!r}")

    def _read(self, timeout: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(timeout, 0))
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def finish(self) -> int:
        """Everything up to the end of the process; returns its exit code."""
        end = time.monotonic() + TIMEOUT
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.05)
        while self._read(0):
            pass
        return self.process.wait(timeout=1)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def frame(self) -> list[str]:
        """The lines of the last full screen, without colours."""
        last = self.seen.rpartition("\x1b[H\x1b[2J")[2].partition("\x1b[?7h")[0]
        return _SEQUENCES.sub("", last).split("\r\n")

    def fits(self, columns: int, lines: int) -> bool:
        frame = self.frame()
        return len(frame) <= lines and all(cell_len(line) < columns for line in frame)


def review(scene: Scene, *arguments: str, reviewer: str = "ann", env: dict[str, str] | None = None) -> Terminal:
    """`verify` of a reviewer in a terminal of its own."""
    return Terminal(scene.path, "verify", SLUG, "--reviewer", reviewer, *arguments, env=env)
