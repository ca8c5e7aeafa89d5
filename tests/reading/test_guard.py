"""A worker that hangs, dies or grows takes only its own task along."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from crawler.reading.guard import Failure, Guard, Limits
from tests.reading.victims import suffer


def outcome(tasks: list[str], *, workers: int = 2, seconds: float = 60.0) -> list[str]:
    results = Guard(suffer, workers=workers, limits=Limits(seconds=seconds, megabytes=1024)).run(tasks)
    return [f"{task}: {result.reason}" if isinstance(result, Failure) else result for task, result in results]


def test_the_others_go_on_and_results_keep_their_order() -> None:
    assert outcome(["a", "die", "b", "fail", "memory", "c"]) == [
        "A",
        "die: the reader crashed on it (killed by signal 9)",
        "B",
        "fail: the reader failed on it (ValueError: no good)",
        "memory: reading needs more than 1024 MB of memory",
        "C",
    ]


def test_a_task_that_hangs_is_ended_at_its_limit() -> None:
    assert outcome(["a", "hang", "b"], workers=1, seconds=3.0) == ["A", "hang: reading took longer than 3 s", "B"]


def test_leaving_early_leaves_no_worker_behind() -> None:
    guard = Guard(suffer, workers=2, limits=Limits())
    results = guard.run(["a", "hang", "b"])
    assert next(results) == ("a", "A")
    children = [worker.process.pid for worker in guard._workers]
    results.close()
    assert not [pid for pid in children if pid and Path(f"/proc/{pid}").exists()]


def test_a_worker_ends_with_its_parent() -> None:
    import subprocess
    import sys
    import time

    code = """
from crawler.reading.guard import Guard, Limits
from tests.reading.victims import suffer
guard = Guard(suffer, workers=1, limits=Limits())
results = guard.run(["a", "hang"])
next(results)
print(guard._workers[0].process.pid, flush=True)
next(results)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
