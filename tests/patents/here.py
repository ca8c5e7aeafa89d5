"""The command line within the test's own process: the same way in as a user's, without a second for each start."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from tests.crawl.process import Running
from whereused import command_line


def run_import(db: Path, file: Path, *arguments: str, slug: str = "megaface") -> subprocess.CompletedProcess[str]:
    """`whereused import`, as ``tests.importing.files.run_import`` does it in a process of its own."""
    return run_here("--db", str(db), "import", str(file), "--dataset", slug, *arguments)


def run_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of whereused."""
    argv = ["whereused", *arguments]
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            command_line()
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(argv, int(str(code or 0)), out.getvalue(), err.getvalue())


def crawl(db: Path, environ: dict[str, str], providers: str, *arguments: str, log: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """`whereused crawl` in a process of its own, as Scrapy wants it, forked from a server that has imported everything."""
    asked = [word for provider in providers.split() for word in ("--provider", provider)]
    argv = [*log, "--db", str(db), "crawl", "megaface", *asked, "--no-fulltext", *arguments]
    return _run(argv, environ)


def replay(db: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    """`whereused crawl --replay`; where the crawl had a server there is nobody."""
    return _run(["--db", str(db), "crawl", "--replay", str(archive)], {})


def _run(argv: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code, out, err = Running(argv, {**os.environ, **environ}).wait(90)
    return subprocess.CompletedProcess(argv, -1 if code is None else code, out, err)


def known(tmp_path: Path, numbers: Sequence[str]) -> Path:
    """A database with patents of which only the numbers are known."""
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers), encoding="utf-8")
    assert run_import(tmp_path / "w.db", file).returncode == 0
    return tmp_path / "w.db"
