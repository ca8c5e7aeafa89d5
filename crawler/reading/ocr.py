"""Pages without a usable text layer, read by Tesseract where it is installed.

https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html: a page goes in as a picture and comes out as a PDF that holds nothing
but the recognised words in their places.  So the same reader reads it as any other document.  ``ocrmypdf`` does no more for that
and would bring Ghostscript along.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

from crawler.reading.page import UnreadableError
from crawler.reading.pdfium import TextDocument, joined_files

PROGRAM = "tesseract"
DPI = 300  # what Tesseract's models were trained for
FAILED = "text recognition gave nothing"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A PDF of recognised words; ``by`` names the program and its version, ``n_pages`` says how far it came."""

    data: bytes
    by: str
    n_pages: int


def is_installed() -> bool:
    """Whether pages can be recognised on this machine."""
    return shutil.which(PROGRAM) is not None


@lru_cache(maxsize=1)
def version() -> str:
    """Such as ``tesseract 5.3.0``."""
    told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False, timeout=20)
    return next(iter((told.stdout or told.stderr).splitlines()), PROGRAM).strip()


@lru_cache(maxsize=1)
def _turns_pages() -> bool:
    """Whether the data that tells a page's orientation is installed."""
    told = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, text=True, check=False, timeout=20)
    return "osd" in told.stdout.split()


def recognise(data: bytes, languages: str, *, seconds: float, most: int) -> Recognised:
    """The first pages of a document, at most ``most``, as far as the time goes; the first one in any case.

    Raises UnreadableError where no page could be read.
    """
    deadline = time.monotonic() + seconds
    parts: list[bytes] = []
    with closing(TextDocument(data)) as document:
        for index in range(min(len(document), most)):
            left = deadline - time.monotonic()
            if parts and left < seconds * 0.9 / (len(parts) + 1):  # a page as slow as those before would not be done in time
                break
            part = _page(document, index, languages, max(left, 1.0))
            if part is None:
                break
            parts.append(part)
    if not parts:
        raise UnreadableError(f"{FAILED} ({version()}, languages {languages})")
    return Recognised(joined_files(parts), version(), len(parts))


def _page(document: TextDocument, index: int, languages: str, seconds: float) -> bytes | None:
    """One page as a PDF of words, or None where Tesseract failed or took too long."""
    picture = io.BytesIO()
    image = document.picture(index, DPI).convert("L")
    image.save(picture, "PNG", compress_level=1)
    dpi = round(DPI * image.width / max(document.width(index) * DPI / 72, 1.0))
    command = [PROGRAM, "stdin", "stdout", "-l", languages, "--dpi", str(dpi), "-c", "textonly_pdf=1"]
    command += ["--psm", "1"] if _turns_pages() else []
    try:
        done = subprocess.run(
            [*command, "pdf"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # the workers are parallel already
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(b"%PDF") else None
