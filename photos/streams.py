"""Opening what a user has: plain, gzip, bzip2 or zstd, told apart by the first bytes and not by the name."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
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
    """The unpacked bytes, of all streams that a file is made of.  UsageError where the packing is damaged or breaks off."""
    with open_told(path) as (file, _):
        yield file


@contextmanager
def open_told(path: Path) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
    """The unpacked bytes, and how many bytes of the packed file were read for them."""
    kind = packing(path)
    try:
        with path.open("rb") as raw, _opened(raw, kind) as file:
            yield file, raw.tell
    except (EOFError, OSError, ValueError) as error:
        if kind is None and not isinstance(error, OSError):
            raise
        raise UsageError(f"{path} is damaged or breaks off ({error}); get it again") from error


def _opened(raw: IO[bytes], kind: str | None) -> Any:
    if kind == "gzip":
        return gzip.open(raw, "rb")
    if kind == "bzip2":
        return bz2.open(raw, "rb")
    if kind == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=False)
    return nullcontext(raw)


def pieces(file: IO[bytes], size: int, longest: int) -> Iterator[tuple[int, bytes]]:
    """(number of its first line, whole lines) of about ``size`` bytes.

    A line of more than ``longest`` bytes is cut, but stays too long for any reader.
    """
    rest, number = b"", 1
    while chunk := file.read(size):
        data = rest + chunk
        cut = data.rfind(b"\n") + 1
        body, rest = data[:cut], data[cut:][: longest + 1]
        if body:
            yield number, body
            number += body.count(b"\n")
    if rest:
        yield number, rest


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
