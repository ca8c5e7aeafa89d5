"""What a worker process of a test does; alone in a module, so that a process is there at once."""

from __future__ import annotations

import os
import signal


def work(item: str) -> str:
    """Dies, takes for ever, or answers."""
    if item == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "hangs":
        signal.pause()
    return item.upper()
