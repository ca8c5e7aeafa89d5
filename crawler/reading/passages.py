"""The running text of a document as blocks: sections, captions, tables, the reference list; sentences around a passage.

What is no running text is left out (``running``).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from crawler.reading.entries import begins
from crawler.reading.headings import Outline, caption_of, heading_of
from crawler.reading.running import ABSTRACT, FrontText, drop_front, drop_running_heads, head_references
from crawler.reading.textlayer import SEAM, TextLine, TextPage
from crawler.reading.vocabulary import prose_words

MAX_REST = 400  # characters of a sentence that are looked for on the next page
_OPEN = re.compile(r"\b(?:a|an|the|of|on|in|from|with|and|or|to|for|by|as|using|at|we|our|use|is|are|than|like|both|its)$", re.IGNORECASE)
LABEL = 12  # characters that ``Table 12. `` may take
_SENTENCE_END = re.compile(
    r"(?<!\bal)(?<!\be\.g)(?<!\bi\.e)(?<!\bFig)(?<!\bFigs)(?<!\bEq)(?<!\bEqs)(?<!\bSec)(?<!\bSect)(?<!\bTab)(?<!\bvs)(?<!\bcf)"
    r"(?<!\bRef)(?<!\bRefs)(?<!\bresp)(?<!\bapprox)(?<!\bNo)"
    r"(?<![\s.(][A-Z])[.!?][\"“”'’)\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹,–]*\s+(?=[\"“'(\[]?[A-Z0-9]|\[[a-z])|[。！？]"
)
_ENTRY = re.compile(r"(?:^|(?<=\s))(?=\[\d{1,3}\]\s)|(?:^|(?<=\n))(?=\d{1,3}\.\s+[A-Z])")


@dataclass(slots=True)
class Block:
    """A stretch of text of one page and section.  ``place``: 0 at the start of the document, 1 at its end."""

    text: str
    page: int
    section: str | None
    in_references: bool
    is_caption: bool = False
    place: float = 0.0
    is_table: bool = False
    turn: int | None = None  # where the next page begins, for a sentence that runs on there
    entries: tuple[int, ...] = ()  # where the entries of a reference list begin
    breaks: list[int] | None = field(default=None, repr=False, compare=False)  # where its sentences begin, once they were looked for


@dataclass(slots=True)
class _Writer:
    """Collects lines until a heading, a caption, a table or the end of the page closes the block."""

    blocks: list[Block] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)
    lines: list[str] = field(default_factory=list)
    listed: list[TextLine] = field(default_factory=list)  # the same of a reference list, with their places
    caption: str | None = None
    is_table: bool = False

    def close(self, page: int) -> None:
        text = mended(self.lines)
        if text:
            section = self.outline.section(self.caption or ("table" if self.is_table else None))
            block = Block(text, page, section, self.outline.in_references, self.caption is not None, is_table=self.is_table)
            block.entries = _entries(self.listed) if block.in_references else ()
            self.blocks.append(block)
        self.lines, self.listed, self.caption, self.is_table = [], [], None, False


def read_blocks(pages: Iterable[TextPage], seconds: float, front: FrontText | None = None) -> tuple[list[Block], int]:
    """The blocks of a document, and how many of its pages were read before the time ran out."""
    start = time.monotonic()
    read: list[TextPage] = []
    for page in pages:
        read.append(page)
        if page.number > 1 and time.monotonic() - start > seconds:
            break
    drop_running_heads(read)
    if front is not None:
        drop_front(read, front)
    head_references(read)
    writer = _Writer()
    for page in read:
        _write_page(writer, page)
    _join_over_pages(writer.blocks)
    body = max((block.page for block in writer.blocks if not block.in_references), default=1)
    for block in writer.blocks:
        block.place = min(block.page / body, 1.0)
    return writer.blocks, len({page.number for page in read})


def _write_page(writer: _Writer, page: TextPage) -> None:
    size = page.body_size
    last: TextLine | None = None
    tabular = _tabular(page.lines)
    for at, line in enumerate(page.lines):
        heading, caption = heading_of(line, size), caption_of(line.text)
        if heading is not None:
            writer.close(page.number)
            writer.outline.enter(heading)
        elif not writer.outline.path and ABSTRACT.match(line.text):  # "Abstract. We show …"
            writer.close(page.number)
            writer.outline.enter("Abstract")
            writer.lines = [line.text]
        elif writer.outline.in_references:
            writer.lines.append(line.text)
            writer.listed.append(line)
        elif caption is not None:
            writer.close(page.number)
            writer.caption = caption
            writer.lines = [line.text]
        elif tabular[at] != writer.is_table or (writer.caption and last is not None and not _goes_on(last, line)):
            writer.close(page.number)
            writer.is_table = tabular[at]
            writer.lines = [line.text]
        else:
            writer.lines.append(line.text)
        last = line
    writer.close(page.number)


def _join_over_pages(blocks: list[Block]) -> None:
    """Bring the rest of a sentence that runs over the end of a page to its beginning."""
    plain = [block for block in blocks if not (block.is_caption or block.is_table or block.in_references)]
    for block, following in pairwise(plain):
        end = _SENTENCE_END.search(following.text)
        rest = following.text[: end.end() if end else len(following.text)]
        if following.page == block.page + 1 and following.section == block.section and len(rest) < MAX_REST and _runs_on(block.text, rest):
            block.turn = len(block.text)
            block.text = mended([*block.text.split("\n"), *rest.strip().split("\n")])
            following.text = following.text[len(rest) :]


def _runs_on(text: str, rest: str) -> bool:
    """Whether a text that ends a page goes on with another one."""
    return bool(text and rest) and text[-1] not in ".!?:;" and (rest[0].islower() or text[-1] in "-," or bool(_OPEN.search(text)))


def _goes_on(last: TextLine, line: TextLine) -> bool:
    """Whether a line may belong to the caption that the last one belongs to."""
    return abs(line.size - last.size) < 0.05 * last.size and 0 < line.y - last.y < 1.6 * last.size


def _tabular(lines: list[TextLine]) -> list[bool]:
    """For each line, whether it is a row of a table: mostly numbers, or a few words between such rows."""
    rows = [_has_figures(line.text) for line in lines]
    out = list(rows)
    for at, line in enumerate(lines):
        if (
            not rows[at]
            and len(line.text) < 60
            and prose_words(line.text) < 2
            and not line.text.endswith((".", "-"))
            and caption_of(line.text) is None
        ):
            out[at] = any(rows[max(0, at - 2) : at]) or any(rows[at + 1 : at + 3])
    return out


def _has_figures(text: str) -> bool:
    words = text.split()
    figures = sum(bool(re.fullmatch(r"[\d.,%±×/()–-]*\d[\d.,%±×/()–-]*[MKk%]?|[-–✓✗×]", word)) for word in words)
    return len(words) >= 3 and figures >= 0.4 * len(words) and figures >= 2 and len(text) < 140


# ---------------------------------------------------------------- sentences


def mended(lines: list[str]) -> str:
    """Lines as one text, a newline between them; a hyphen at a line's end stays only beside a capital or a digit, with a seam behind it."""
    return "\n".join(_pieces(lines)[0])


def _pieces(lines: Iterable[str]) -> tuple[list[str], list[int | None]]:
    """The lines of that text, and for each given line the number of the one that it begins; None for the rest of a word."""
    out: list[str] = []
    begun: list[int | None] = []
    for line in lines:
        if line and out and out[-1].endswith("-") and len(out[-1]) > 1:
            stays = line[0].isupper() or line[0].isdigit() or out[-1][-2].isupper() or out[-1][-2].isdigit()
            out[-1] = (out[-1] + SEAM if stays else out[-1][:-1]) + line
            begun.append(None)
        else:
            begun.append(len(out) if line else None)
            out += [line] if line else []
    return out, begun


def _entries(lines: list[TextLine]) -> tuple[int, ...]:
    """Where the entries begin in the text of a reference list that ``mended`` makes of its lines."""
    pieces, begun = _pieces(line.text for line in lines)
    places = [0, *accumulate(len(piece) + 1 for piece in pieces)]
    return tuple(places[at] for at, begin in zip(begun, begins(lines), strict=True) if begin and at is not None)


def entries_of(block: Block) -> list[str]:
    """The entries of a reference list."""
    breaks = _breaks(block)
    return [block.text[low:high] for low, high in pairwise([*breaks, len(block.text)])]


def entry_around(block: Block, start: int) -> tuple[str, int]:
    """The entry of a reference list that holds a place, and where the place is in it."""
    breaks = _breaks(block)
    low = max((at for at in breaks if at <= start), default=0)
    high = min((at for at in breaks if at > start), default=len(block.text))
    return block.text[low:high], start - low


def sentence_around(block: Block, start: int, end: int) -> str:
    """The sentence of a block that holds the passage; in a reference list, the entry; in a table, the row."""
    if block.breaks is None:
        block.breaks = _breaks(block)
    low = max((at for at in block.breaks if at <= start), default=0)
    high = min((at for at in block.breaks if at >= end), default=len(block.text))
    return " ".join(shortened(block.text[low:high], start - low, end - low).replace(SEAM, "").split())


def _breaks(block: Block) -> list[int]:
    """Where the sentences of a block begin; in a reference list the entries, in a table the rows."""
    if block.in_references:
        return [*block.entries] or [match.start() for match in _ENTRY.finditer(block.text)]
    breaks = [match.end() for match in (re.finditer("\n", block.text) if block.is_table else _SENTENCE_END.finditer(block.text))]
    return [at for at in breaks if at > LABEL or not block.is_caption]


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
