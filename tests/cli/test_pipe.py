"""Output into a pipe whose reader leaves early, as with ``| head``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.publish.rows import build

EXPORT = ["export", "alpha", "--include", "all", "--format"]
NO_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # as in a locale of one byte a character


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    db = build(tmp_path / "w.db")
    for arguments in ([*EXPORT, "jsonl"], [*EXPORT, "geojsonl"], ["status"]):
        command = [sys.executable, "-m", "whereused", "--db", str(db), *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.close()  # before the first line
            errors = process.stderr.read()
        assert (process.returncode, errors) == (0, ""), arguments


@pytest.mark.parametrize(("closed", "arguments"), [("0<&-", "verify alpha --reviewer a"), ("1>&-", "status"), ("2>&-", "status")])
def test_a_stream_that_the_caller_closed_leads_nowhere(tmp_path: Path, closed: str, arguments: str) -> None:
    db = build(tmp_path / "w.db")
    shell = f'"{sys.executable}" -m whereused --db "{db}" {arguments} {closed}'
    done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert bool(done.stdout) == (closed != "1>&-")


def test_pipes_hold_utf8_whatever_the_locale(tmp_path: Path) -> None:
    """Data, the names of files, and a name whose bytes are no text at all."""
    db = build(tmp_path / "mü.db")
    odd = tmp_path / os.fsdecode(b"odd\xff.pdf")
    odd.write_bytes(b"<html>")
    for arguments in (["--db", str(db), *EXPORT, "jsonl"], ["--db", str(db), "status", "--json"], ["frontmatter", "--jsonl", str(odd)]):
        command = [sys.executable, "-m", "whereused", *arguments]
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | NO_UTF8)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        first = json.loads((done.stdout if "status" in arguments else done.stdout.splitlines()[0]).decode("utf-8"))
    assert os.fsencode(first["file"]) == os.fsencode(odd)
