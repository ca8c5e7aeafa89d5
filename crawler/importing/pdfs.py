"""PDFs of the user's own: what lies in a folder, whether a file is a PDF at all, and what its name tells."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from db.errors import UsageError
from db.identity import canonical

HEAD = 1024  # bytes in which the mark %PDF- has to stand
TAIL = 4096  # bytes in which the end mark has to stand


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A file named .pdf.  ``name`` is its name without .pdf, unique within the import; ``refusal`` says why it is no PDF."""

    name: str
    sha256: str
    n_bytes: int
    refusal: str | None = None
    remark: str | None = None


def find_pdfs(path: Path) -> list[tuple[Path, str]]:
    """(file, name) of the PDFs at a path, sorted; files with one name in several folders carry the folder's name too."""
    if not path.is_dir():
        if path.suffix.lower() != ".pdf" and not is_pdf(path):
            raise UsageError(f"{path.name} is no PDF; leave --format away, or name the format that it has")
        return [(path, _stem(path))]
    found = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf" and p.is_file() and not p.name.startswith("."))
    if not found:
        raise UsageError(f"{path} holds no file whose name ends in .pdf")
    stems = [_stem(p) for p in found]
    return [
        (p, stem if stems.count(stem) == 1 else "__".join((*p.relative_to(path).parts[:-1], stem)))
        for p, stem in zip(found, stems, strict=True)
    ]


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does, whatever its name."""
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(HEAD)
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}); check its permissions") from error


def readable(name: str) -> str:
    """A file name as text that can be stored and shown: bytes that are no UTF-8 become replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def _stem(path: Path) -> str:
    return readable(path.name[: -len(path.suffix)] if path.suffix.lower() == ".pdf" else path.name)


def inspect(body: bytes, name: str) -> PdfFile:
    """What the bytes of a file are: a PDF, one that may be cut off, or none."""
    refusal = _refusal(body)
    is_whole = b"%%EOF" in body[-TAIL:] or b"startxref" in body[-TAIL:]
    remark = None if refusal or is_whole else "has no end mark, so it may be cut off; kept as it is"
    return PdfFile(name, hashlib.sha256(body).hexdigest(), len(body), refusal, remark)


def _refusal(body: bytes) -> str | None:
    head = body[:HEAD]
    start = head.lstrip().lower()
    if not body:
        return "the file is empty"
    if b"%PDF-" not in head:
        if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head")) or b"<html" in start:
            return "no PDF but a web page saved under that name"
        return "no PDF (it does not begin with %PDF-)"
    return None if b"obj" in body else "a PDF cut off before its first page"


# ---------------------------------------------------------------- what a name tells


def own_ids(name: str) -> tuple[tuple[str, str], ...]:
    """The arXiv id that the whole name is, such as 1705.00393v2 or arXiv_1705.00393; that is no chance."""
    found = re.fullmatch(r"(?:arxiv[ _.:-]?)?(\d{4}\.\d{4,5})(?:v\d+)?", name.strip(), re.IGNORECASE)
    value = canonical("arxiv", found.group(1)) if found else None
    return (("arxiv", value),) if value else ()


def hinted_ids(name: str) -> set[tuple[str, str]]:
    """Ids that stand somewhere in a name; they count only where a work is known by one of them.

    A DOI in a file name has another sign for its slash, and perhaps for others.
    """
    found = {("arxiv", value) for text in re.findall(r"(?<![\d.])\d{4}\.\d{4,5}(?!\d)", name) if (value := canonical("arxiv", text))}
    for registrant, rest in re.findall(r"(10\.\d{4,9})[_:∕⁄=+-](\S+)", name):
        forms: Iterable[str] = {rest, rest.replace("_", "/"), rest.replace("-", "/"), re.split(r"[_ (]", rest)[0]}
        found |= {("doi", value) for form in forms if (value := canonical("doi", f"{registrant}/{form}"))}
    return found


def hinted_titles(name: str) -> list[str]:
    """Texts in a name that may be a title: the whole, and what follows "Author - Year - "."""
    words = name.replace("_", " ")
    parts = re.split(r"\s-\s|\b(?:19|20)\d\d\b\s*[-.]?\s*", words)
    return list(dict.fromkeys(text.strip() for text in (words, parts[-1]) if text.strip()))
