"""`whereused` in a process of its own, forked from the server that has imported everything: a tenth of the time of a fresh start."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crawl.process import _CONTEXT, _run

SECONDS = 100


def whereused(
    *arguments: object, cwd: Path, environ: Mapping[str, str] | None = None, answers: str = ""
) -> subprocess.CompletedProcess[str]:
    """`whereused ARGUMENTS` in this folder, with ``environ`` over the environment and ``answers`` through a pipe."""
    argv = list(map(str, arguments))
    with TemporaryDirectory() as folder:
        stdin, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        os.mkfifo(stdin)
        out.touch()
        err.touch()
        streams = [str(stdin), str(out), str(err)]
        process = _CONTEXT.Process(target=_run, args=(argv, {**os.environ, **(environ or {})}, streams, None, partial(os.chdir, cwd)))
        process.start()
        with suppress(BrokenPipeError), stdin.open("w", encoding="utf-8") as pipe:
            pipe.write(answers)
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(argv, SECONDS, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(argv, process.exitcode, *(file.read_text("utf-8", errors="replace") for file in (out, err)))
