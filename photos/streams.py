"""Opening what a user has: plain, gzip, bzip2 or zstd, told apart by the first bytes and not by the name."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from db.errors import UsageError

CHUNK = 4 * 1024**2
MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "zstd", b"PAR1": "parquet"}


def packing(path: Path) -> str | None:
    """gzip, bzip2, zstd, parquet, or None for a plain file.  UsageError where it can't be read."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror})") from error
    return next((name for magic, name in MAGIC.items() if start.startswith(magic)), None)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The unpacked bytes.  UsageError where the packing is damaged or breaks off."""
    kind = packing(path)
    try:
        with _opened(path, kind) as file:
            yield file
    except (EOFError, OSError, ValueError) as error:
        if kind is None and not isinstance(error, OSError):
            raise
        raise UsageError(f"{path} is damaged or breaks off ({error}); get it again") from error


def _opened(path: Path, kind: str | None) -> Any:
    if kind == "gzip":
        return gzip.open(path, "rb")
    if kind == "bzip2":
        return bz2.open(path, "rb")
    if kind == "zstd":
        import zstandard

        return zstandard.open(path, "rb")
    return path.open("rb")


def lines(file: IO[bytes], longest: int) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, line without its LF); None in place of a line of more than ``longest`` bytes, which is never held whole."""
    rest, number, too_long = b"", 0, False
    while chunk := file.read(CHUNK):
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        for line in pieces:
            number += 1
            yield number, None if too_long or len(line) > longest else line
            too_long = False
        if len(rest) > longest:
            rest, too_long = b"", True
    if rest or too_long:
        yield number + 1, None if too_long else rest
