"""Functions that do to a worker what a bad document may do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path


def suffer(what: str) -> str:
    """Hang, die, take all memory, fail, or answer."""
    if what == "hang":
        time.sleep(600)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "memory":
        return str(len(bytearray(4 * 1024**3)))
    if what.startswith("child "):
        child = subprocess.Popen(["sleep", "600"])
        Path(what.removeprefix("child ")).write_text(str(child.pid), encoding="utf-8")
        child.wait()
    if what == "fail":
        raise ValueError("no good")
    return what.upper()
