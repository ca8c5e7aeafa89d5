"""The running text of a document: lines in reading order, sections, the reference list, sentences."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.reading.layout import Document
from crawler.reading.page import Line, Page, body_size, join

_NAMED = (
    r"abstract|introduction|related works?|background|preliminaries|methods?|methodology|materials and methods|"
    r"approach|proposed \w+|experiments?|experimental \w+|evaluations?|results?(?: and discussion)?|discussions?|"
    r"conclusions?(?: and \w+ ?\w*)?|acknowledge?ments?|references?|bibliography|literature cited|appendi(?:x|ces)|"
    r"supplementary materials?|supplemental materials?|datasets?|limitations?|implementation details?|ablation stud(?:y|ies)|参考文献"
)
_HEADING = re.compile(
    rf"^(?:(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}|[IVX]{{1,5}}|[A-Z])[.:]?\s+)?(?:{_NAMED}|appendix\b.{{0,60}})\s*[.:]?$", re.IGNORECASE
)
_NUMBERED = re.compile(r"^(?:(?:\d{1,2}\.){1,4}|\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}\.|[A-H]\.)\s+[A-Z][^.]{2,80}$")
_REFERENCES = re.compile(
    r"^\W*(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references?|bibliography|literature cited|works cited|参考文献)(?: and notes)?\s*:?$",
    re.IGNORECASE,
)
_AFTER_REFERENCES = re.compile(
    r"^(?:[A-Z]\.?\s+[A-Z]|appendi|supplement|"
    r"(?:\d{1,2}|[A-Z])\.?\s+(?:appendi|supplement|additional|implementation|more|further|details|proof|experiment|dataset))",
    re.IGNORECASE,
)
_SPACED = re.compile(r"^(?:[A-Z] ?){3,}$")
_CAPTION = re.compile(r"^(?:table|tab\.|fig(?:ure|\.)|表|图)\s*\.?\s*(?:\d+|[IVX]+)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<!\bet al)(?<!\be\.g)(?<!\bi\.e)(?<!\bFig)(?<!\bFigs)(?<!\bEq)(?<!\bSec)(?<!\bTab)(?<!\bvs)(?<!\bcf)(?<!\bRef)"
    r"(?<![\s.(][A-Z])[.!?][\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9]|\[[a-z])"
)
_ENTRY = re.compile(r"(?:^|(?<=\s))(?=\[\d{1,3}\]\s)|(?:^|(?<=\n))(?=\d{1,3}\.\s+[A-Z])")
_NUMBER_ONLY = re.compile(r"^[\d,;*†‡§\[\]()\-–\s]+$")


@dataclass(slots=True)
class Block:
    """A stretch of text of one page and section.  ``place``: 0 at the start of the document, 1 at its end."""

    text: str
    page: int
    section: str | None
    in_references: bool
    is_caption: bool = False
    place: float = 0.0


def read_blocks(document: Document, seconds: float) -> tuple[list[Block], int]:
    """The blocks of a document, and how many of its pages were read before the time ran out."""
    blocks: list[Block] = []
    section: str | None = None
    in_references = False
    start = time.monotonic()
    n_read = 0
    for index in range(len(document)):
        if index > 1 and time.monotonic() - start > seconds:
            break
        n_read += 1
        for page in document.page(index):
            size = body_size(page)
            lines: list[str] = []
            caption = False
            for line in reading_order(page):
                text = _plain(line)
                heading = _heading(line, text, size)
                if heading is None and not _CAPTION.match(text):
                    lines.append(text)
                    continue
                _close(blocks, lines, page.number, section, in_references, caption)
                caption = heading is None
                lines = [text] if caption else []
                if heading is not None:
                    in_references = _is_references(text) or (in_references and not _AFTER_REFERENCES.match(heading))
                    section = heading
            _close(blocks, lines, page.number, section, in_references, caption)
        document.forget(index)
    body = max((block.page for block in blocks if not block.in_references), default=1)
    for block in blocks:
        block.place = min(block.page / body, 1.0)
    return blocks, n_read


def _close(blocks: list[Block], lines: list[str], page: int, section: str | None, in_references: bool, caption: bool) -> None:
    text = mended(lines)
    if text:
        blocks.append(Block(text, page, section, in_references, caption))


def _is_references(text: str) -> bool:
    return bool(_REFERENCES.match(text.replace(" ", "") if _SPACED.match(text) else text))


def _heading(line: Line, text: str, size: float) -> str | None:
    """The text of a section heading, or None."""
    if not 3 <= len(text) <= 90 or text.endswith(","):
        return None
    if _is_references(text):
        return "References"
    if _HEADING.match(text) and (text[0].isupper() or text[0].isdigit()):
        return text
    stands_out = line.size > size + 0.4 or line.bold or text.isupper()
    return text if stands_out and _NUMBERED.match(text) and sum(c.isalpha() for c in text) > 0.6 * len(text) else None


def _plain(line: Line) -> str:
    """The text of a line without superscript numbers."""
    return join([word for word in line.words if not (word.raised and _NUMBER_ONLY.match(word.text))])


def reading_order(page: Page) -> Iterator[Line]:
    """Lines as they are read: each column from top to bottom, between lines that span both."""
    if page.gutter is None:
        yield from page.lines
        return
    left, right = page.gutter
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in page.lines:
        if line.x1 <= right and line.x0 < left:
            columns[0].append(line)
        elif line.x0 >= left:
            columns[1].append(line)
        else:
            yield from columns[0]
            yield from columns[1]
            columns = ([], [])
            yield line
    yield from columns[0]
    yield from columns[1]


def mended(lines: list[str]) -> str:
    """Lines as one text, a newline between them; a hyphen at a line's end stays only before a capital or a digit."""
    out: list[str] = []
    for line in lines:
        if not line:
            continue
        if out and out[-1].endswith("-") and len(out[-1]) > 1:
            out[-1] = (out[-1] if line[0].isupper() or line[0].isdigit() else out[-1][:-1]) + line
        else:
            out.append(line)
    return "\n".join(out)


def sentence_around(block: Block, start: int, end: int) -> str:
    """The sentence of a block that holds the passage; in a reference list, the entry."""
    breaks = (
        [match.start() for match in _ENTRY.finditer(block.text)]
        if block.in_references
        else [match.end() for match in _SENTENCE_END.finditer(block.text)]
    )
    low = max((at for at in breaks if at <= start), default=0)
    high = min((at for at in breaks if at >= end), default=len(block.text))
    return " ".join(shortened(block.text[low:high], start - low, end - low).split())


def shortened(text: str, start: int, end: int, limit: int = 300) -> str:
    """At most ``limit`` characters of a sentence, cut at words, with the passage inside."""
    text = text.rstrip()
    if len(" ".join(text.split())) <= limit:
        return text
    room = limit - (end - start) - 4
    low = max(0, start - room // 2)
    high = min(len(text), low + limit - 2)
    low = max(0, high - limit + 2)
    if low > 0:
        low = min(next((at for at in range(low, start) if text[at].isspace()), start), start)
    if high < len(text):
        high = max(next((at for at in range(high, end, -1) if text[at - 1].isspace()), end), end)
    return ("…" if low else "") + text[low:high].strip() + ("…" if high < len(text) else "")
