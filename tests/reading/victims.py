"""Functions that do to a worker what a bad document may do."""

from __future__ import annotations

import os
import signal
import time


def suffer(what: str) -> str:
    """Hang, die, take all memory, fail, or answer."""
    if what == "hang":
        time.sleep(600)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "memory":
        return str(len(bytearray(4 * 1024**3)))
    if what == "fail":
        raise ValueError("no good")
    return what.upper()
