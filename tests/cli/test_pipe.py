"""Output into a pipe whose reader leaves early, as with ``| head``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.publish.rows import build


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    db = build(tmp_path / "w.db")
    for arguments in (["export", "alpha", "--format", "jsonl", "--include", "all"], ["status"]):
        command = [sys.executable, "-m", "whereused", "--db", str(db), *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.close()  # before the first line
            errors = process.stderr.read()
        assert (process.returncode, errors) == (0, ""), arguments
