"""What is no PDF, or a broken one, named for the user by its bytes."""

from __future__ import annotations

from crawler.reading.page import UnreadableError


def check_kind(data: bytes) -> None:
    """Raise UnreadableError, with the name of what it is, for bytes that are no PDF: before a parser searches them for one."""
    head = data[:4096].lstrip().lower()
    if not data.strip():
        raise UnreadableError("empty file")
    if b"%pdf-" in head:
        return
    if head.startswith((b"<!doctype", b"<html", b"<?xml")) or b"<html" in head:
        raise UnreadableError("not a PDF: a web page saved under a PDF name")
    if head.startswith(b"pk\x03\x04"):
        raise UnreadableError("not a PDF: a zip or office file")
    raise UnreadableError("not a PDF")


def broken(data: bytes, error: Exception | None) -> str:
    """Why the bytes of a PDF can't be read."""
    if b"%%EOF" not in data[-2048:]:
        return "truncated: the end of the file is missing"
    detail = str(error).splitlines()[0][:80] if error and str(error) else type(error).__name__ if error else "no page found"
    return f"broken PDF ({detail})"
