"""Files as users have them, and the command line that imports them."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from tests.helpers.command import whereused

CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"


def make_pdf(text: str, *, padding: int = 0) -> bytes:
    """A real PDF of one page; ``padding`` more bytes make it as large as scans are."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawString(72, 720, text)
    canvas.save()
    body = target.getvalue()
    return body.replace(b"%%EOF", b"%" + b"x" * padding + b"\n%%EOF") if padding else body


def run_import(
    db: Path, file: Path | str, *arguments: str, slug: str = "megaface", before: Sequence[str] = (), **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    """`whereused import` in a process of its own; ``before`` is a command that runs it."""
    if not before and not kwargs:
        return whereused("--db", db, "import", file, "--dataset", slug, *arguments, cwd=db.parent)
    command = [*before, sys.executable, "-m", "whereused", "--db", str(db), "import", str(file), "--dataset", slug, *arguments]
    return subprocess.run(command, cwd=db.parent, capture_output=True, text=True, check=False, **kwargs)


def query(db: Path, sql: str) -> list[tuple[Any, ...]]:
    conn = sqlite3.connect(db)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def count(db: Path, table: str) -> int:
    return int(query(db, f"SELECT count(*) FROM {table}")[0][0])


def stored(db: Path) -> list[str]:
    """The hashes of the PDFs that lie beside the database."""
    return sorted(path.stem for path in db.with_name(db.name + ".files").rglob("*.pdf"))
