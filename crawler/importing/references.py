"""RIS and BibTeX, as reference managers and publishers write them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from crawler.importing.entry import Entry, Fields, Problem, make_entry
from db.errors import UsageError

_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}- ?", re.MULTILINE)
_BIB_START = re.compile(r"^([ \t]*@(?!string|comment|preamble)\w+[ \t]*[{(])[^,\n={}]*,", re.MULTILINE | re.IGNORECASE)
_OTHER_RIS = ("NEWS", "ELEC", "WEB", "BLOG", "ICOMM", "MPCT", "VIDEO")


def parse_ris(text: str, *, name: str, folder: Path) -> Iterator[Entry | Problem]:
    """The references of a RIS file (https://github.com/MrTango/rispy lists the tags); UsageError where there is none.

    Each is parsed on its own, from its TY line: a missing end mark loses nothing.
    """
    import rispy

    text = _RIS_TAG.sub(r"\1  - ", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    starts = [found.start() for found in re.finditer(r"^TY  - ", text, re.MULTILINE)]
    if not starts:
        raise UsageError(f"{name} holds no RIS reference (a line that begins with 'TY  - ')")
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        place = f"{name} line {text.count(chr(10), 0, start) + 1}"
        body = re.split(r"^ER  - ?", text[start:end], maxsplit=1, flags=re.MULTILINE)[0]
        try:
            found = rispy.loads(f"{body.rstrip()}\nER  - \n")
        except Exception as error:  # rispy names no error of its own
            yield Problem(place, f"no readable RIS ({error}); left out")
            continue
        yield make_entry(place, _ris_fields(found[0] if found else {}), folder=folder)


def _ris_fields(ref: dict[str, Any]) -> Fields:
    def first(*keys: str) -> str | None:
        values = (ref.get(key) for key in keys)
        return next((v if isinstance(v, str) else v[0] for v in values if v), None)

    type_ = str(ref.get("type_of_reference", ""))
    kind = "patent" if type_ == "PAT" else "paper"
    url, arxiv = first("urls", "url"), None
    for key in ("notes", "note", "urls", "accession_number", "publisher", "number", "custom1"):
        values = ref.get(key) or []
        for value in [values] if isinstance(values, str) else values:
            found = re.search(r"arxiv(?:\.org/\w+/|\s*[:.]\s*)([\w./-]+\d)", value, re.IGNORECASE)
            arxiv = arxiv or (found.group(1) if found else None)
    number = first("number", "note", "accession_number") if kind == "patent" else None
    if type_ in _OTHER_RIS and not (ref.get("doi") or arxiv):
        kind = "other"
    return Fields(
        title=first("title", "primary_title", "short_title", "translated_title"), year=first("year", "publication_year", "date"),
        venue=first("journal_name", "alternate_title3", "secondary_title", "alternate_title2", "alternate_title1", "tertiary_title"),
        abstract=first("abstract", "notes_abstract"), authors=tuple(ref.get("authors") or ref.get("first_authors") or ()), url=url,
        ids=(("doi", first("doi")), ("arxiv", arxiv), ("publication_number", number)), pdf=first("file_attachments1", "file_attachments2"),
        kind=kind,
    )  # fmt: skip


def parse_bibtex(text: str, *, name: str, folder: Path) -> Iterator[Entry | Problem]:
    """The entries of a BibTeX file; UsageError where there is none.  An entry under a key that stood before counts too."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import Entry as Block
    from bibtexparser.model import ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what fails is told below
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    numbers = count(1)  # instead of the keys, which need not be unique, or there at all
    library = parse_string(_BIB_START.sub(lambda found: f"{found[1]}{next(numbers)},", text))
    blocks = [b for b in library.blocks if isinstance(b, (Block, ParsingFailedBlock))]
    if not blocks:
        raise UsageError(f"{name} holds no BibTeX entry (such as '@article{{…}}')")
    for block in blocks:
        place = f"{name} line {(block.start_line or 0) + 1}"
        if isinstance(block, Block):
            values = {field.key.lower(): str(field.value) for field in block.fields}
            yield make_entry(place, _bibtex_fields(block.entry_type.lower(), values), folder=folder)
        else:
            yield Problem(place, "no readable BibTeX; left out (is a brace missing?)")


def _bibtex_fields(type_: str, values: dict[str, str]) -> Fields:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    texts = {key: values[key] for key in ("title", "journal", "journaltitle", "booktitle", "abstract") if values.get(key)}
    names = {f"name{i}": name for i, name in enumerate(split_multiple_persons_names(values.get("author", ""))) if name != "others"}
    plain = _without_latex(texts | names)
    eprint = values.get("eprint") if values.get("archiveprefix", values.get("eprinttype", "arxiv")).lower() == "arxiv" else None
    printed = " ".join(values.get(key, "") for key in ("journal", "note", "howpublished"))
    in_text = re.search(r"arxiv[: ]+(?:preprint )?(?:arxiv:)?([\w./-]+\d)", printed, re.IGNORECASE)
    kind = "patent" if type_ == "patent" else "paper"
    return Fields(
        title=plain.get("title"), year=values.get("year") or values.get("date"), abstract=plain.get("abstract"), kind=kind,
        venue=plain.get("journal") or plain.get("journaltitle") or plain.get("booktitle"),
        authors=tuple(" ".join(plain[key].split()) for key in names), url=values.get("url"),
        pdf=_attached_pdf(values.get("file") or values.get("pdf")),
        ids=(
            ("doi", values.get("doi")), ("arxiv", eprint or (in_text.group(1) if in_text else None)), ("pubmed", values.get("pmid")),
            ("publication_number", values.get("number") if kind == "patent" else None),
        ),
    )  # fmt: skip


def _without_latex(values: dict[str, str]) -> dict[str, str]:
    """Texts with LaTeX's accents and commands as characters, and no braces."""
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Entry as Block
    from bibtexparser.model import Field

    block = Block("misc", "key", [Field(key, value) for key, value in values.items()])
    decoded = LatexDecodingMiddleware(allow_inplace_modification=False).transform_entry(block, Library())
    fields = decoded.fields if isinstance(decoded, Block) else block.fields
    return {field.key: re.sub(r"[{}]", "", str(field.value)) for field in fields}


def _attached_pdf(text: str | None) -> str | None:
    """The PDF in a field ``file``: "a.pdf", or "name:path:type" between semicolons as reference managers write it."""
    for part in (text or "").split(";"):
        found = next((piece for piece in part.split(":") if piece.lower().endswith(".pdf")), None)
        if found:
            return part.strip() if re.match(r"\s*https?:", part) else found.strip()
    return None
