"""A Dask scheduler and workers as processes of their own, on the loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Dask:
    """One scheduler at one address, and workers of one thread each."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self._folder, self._environ = folder, {**os.environ, **environ}
        self._port = free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard")
        self.workers: list[subprocess.Popen[bytes]] = []

    def _start(self, *args: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{args[0]}.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "dask", *args], cwd=self._folder, env=self._environ, stdout=log, stderr=log)

    def add_workers(self, n: int, *, nanny: bool = False) -> None:
        more = ("--nanny" if nanny else "--no-nanny", "--nthreads", "1", "--no-dashboard", "--death-timeout", "60")
        self.workers += [self._start("worker", self.address, *more) for _ in range(n)]

    def restart_scheduler(self) -> None:
        self.scheduler.send_signal(signal.SIGKILL)
        self.scheduler.wait()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard")

    def await_scheduler(self, seconds: float = 60.0) -> None:
        """Until something listens there."""
        deadline = time.monotonic() + seconds
        while True:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            assert time.monotonic() < deadline, "the scheduler does not listen"
            assert self.scheduler.poll() is None, (self._folder / "scheduler.log").read_text(encoding="utf-8")
            time.sleep(0.05)

    def close(self) -> None:
        processes = [*self.workers, self.scheduler]
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
