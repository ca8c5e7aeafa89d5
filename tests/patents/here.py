"""The command line within the test's own process: the same way in as a user's, without a second for each start."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from whereused import command_line


def run_import(db: Path, file: Path, *arguments: str, slug: str = "megaface") -> subprocess.CompletedProcess[str]:
    """`whereused import`, as ``tests.importing.files.run_import`` does it in a process of its own."""
    argv = ["whereused", "--db", str(db), "import", str(file), "--dataset", slug, *arguments]
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            command_line()
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(argv, int(str(code or 0)), out.getvalue(), err.getvalue())
