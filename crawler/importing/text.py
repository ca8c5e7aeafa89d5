"""Text of a user's file, whatever editor wrote it; one clear line where the encoding is none of those that are tried."""

from __future__ import annotations

import codecs
from pathlib import Path

from db.errors import UsageError

MAX_BYTES = 500_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16, line ends as they are; UsageError otherwise."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name} has {path.stat().st_size:,} bytes, more than {MAX_BYTES:,}; split it")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}); check its permissions") from error
    if not data.strip():
        raise UsageError(f"{path.name} is empty")
    return decode(data, path.name)


def decode(data: bytes, name: str) -> str:
    """The text of these bytes; the byte order mark decides, else the zeros of UTF-16, else it has to be UTF-8."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UsageError(f"{name} is a spreadsheet or an archive, no text; save it as CSV in UTF-8")
    if data.startswith(b"%PDF"):
        raise UsageError(f"{name} is a PDF; import it with --format pdf")
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None) or _guess_utf16(data) or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        tried = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{name}: line {line} is not {tried} (byte 0x{data[error.start]:02x}); tried UTF-8 and UTF-16. Convert it first, "
            f"such as `iconv -f WINDOWS-1252 -t UTF-8 {name} > utf8-{name}` (Chinese files: -f GB18030)"
        ) from error


def _guess_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the first line is zero."""
    head = data[:200]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if len(head) >= 4 and head[::2].count(0) > len(head) // 3:
        return "utf-16-be"
    return None
