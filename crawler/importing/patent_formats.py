"""Which file of patents a file is, by its name and its first lines; and the formats' names."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path

from crawler.importing.text import decode
from crawler.patents.records import normal_number
from db.errors import UsageError

PATENT_FORMATS = (
    "google-patents-csv", "google-patents-html", "lens-csv", "espacenet-csv", "espacenet-xlsx", "bigquery-csv", "patent-numbers",
    "reliance-on-science", "lens-json", "epo-ops-xml",
)  # fmt: skip
_BY_SUFFIX = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), "google-patents-html"), **dict.fromkeys((".xlsx", ".xlsm"), "espacenet-xlsx"),
    **dict.fromkeys((".json", ".jsonl"), "lens-json"), ".xml": "epo-ops-xml",
}  # fmt: skip
_HEAD = 20_000  # bytes that are looked at


def find_patent_format(path: Path) -> str | None:
    """The format of a file or folder of patents; None where it holds something else."""
    if path.is_dir():
        names = [p.suffix.lower() for p in path.rglob("*") if p.is_file()]
        kinds = {_BY_SUFFIX[name] for name in names if name in _BY_SUFFIX}
        return kinds.pop() if ".pdf" not in names and len(kinds) == 1 else None
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix not in (".csv", ".tsv", ".txt", ".gz", ".zip", ""):
        return None
    return _by_head(_head(path))


def _head(path: Path) -> str:
    """The first lines of a text, packed or not; "" where it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEAD)
            if data.startswith(b"\x1f\x8b"):
                file.seek(0)
                data = gzip.GzipFile(fileobj=file).read(_HEAD)
            elif data.startswith(b"PK\x03\x04"):
                with zipfile.ZipFile(path) as archive, archive.open(only_member(archive, path)) as member:
                    data = member.read(_HEAD)
        return decode(data.rpartition(b"\n")[0] or data, path.name)
    except (OSError, EOFError, zipfile.BadZipFile, UsageError):
        return ""


def only_member(archive: zipfile.ZipFile, path: Path) -> str:
    """The one file within an archive."""
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
    if len(names) != 1:
        raise UsageError(f"{path.name} holds {len(names)} files; unpack it and name one")
    return names[0]


def _by_head(text: str) -> str | None:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()][:15]
    if not lines:
        return None
    for line in lines:
        cells = {re.sub(r"[\W_]", "", cell).casefold() for cell in re.split(r"[,;\t|]", line)}
        if {"displaykey", "lensid"} <= cells:
            return "lens-csv"
        if {"id", "title", "inventorauthor"} <= cells or line.casefold().startswith("search url:"):
            return "google-patents-csv"
        if {"reftype", "patent"} <= cells:
            return "reliance-on-science"
        if "publicationnumber" in cells and {"familyid", "passages"} <= cells:
            return "bigquery-csv"
        if "publicationnumber" in cells and cells & {"familynumber", "earliestpublication", "earliestpriority"}:
            return "espacenet-csv"
    items = [item for line in lines for item in split_numbers(line)]
    return "patent-numbers" if items and sum(normal_number(item) is not None for item in items) >= 0.9 * len(items) else None


def split_numbers(line: str) -> list[str]:
    """The numbers of a line: one, or several between semicolons, tabs or commas that are not of thousands; "#" begins a remark."""
    parts = re.split(r"[;\t|]|,(?!\d{3}\b)", line.partition("#")[0])
    return [part.strip().strip("\"'") for part in parts if part.strip()]


def text_lines(path: Path) -> io.TextIOBase:
    """A text of any size as lines, unpacked on the way; UTF-8."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8", newline="")
    if head.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(path)
        return io.TextIOWrapper(archive.open(only_member(archive, path)), encoding="utf-8", newline="")
    return path.open(encoding="utf-8-sig", newline="")
