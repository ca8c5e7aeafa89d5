"""Reading one document, from its file to plain results.  This is what runs in a worker process."""

from __future__ import annotations

import hashlib
import time
from contextlib import closing
from dataclasses import dataclass, field

from crawler.reading.aliases import Catalogue
from crawler.reading.emails import without_local_parts
from crawler.reading.frontmatter import UNREADABLE, FrontMatter, read_front_matter
from crawler.reading.layout import Document
from crawler.reading.mentions import Mention, find_mentions
from crawler.reading.ocr import FAILED, recognise
from crawler.reading.page import NoTextError, UnreadableError
from crawler.reading.passages import Block, read_blocks
from crawler.reading.pdfium import MAX_PAGES, TextDocument
from crawler.reading.running import FrontText, letters_of
from crawler.reading.textlayer import from_layout
from crawler.reading.usescore import UseScore, score_uses
from crawler.reading.year import find_year
from db.files import Where, load_bytes

READER_VERSION = "6"  # raise it when a document would be read otherwise than before
FRONT_PAGES = 3  # recognised for the front matter alone


@dataclass(frozen=True, slots=True)
class Order:
    """What to read from a file: ``catalogue`` None leaves the mentions out; ``seconds`` is the time for the pages.

    ``languages``: in which languages Tesseract reads pages without a text layer (``eng+deu``); None leaves them unread.
    """

    path: Where
    front_matter: bool = True
    catalogue: Catalogue | None = None
    seconds: float = 60.0
    explain: bool = False
    picture: bool = False
    languages: str | None = None
    data: bytes | None = None  # the file itself, where it has been fetched


@dataclass(slots=True)
class Reading:
    """What was read.  ``error`` says why nothing was."""

    sha256: str | None = None
    title: str | None = None
    year: int | None = None
    authors: list[tuple[str, list[int]]] = field(default_factory=list)
    affiliations: list[tuple[str, int, list[str]]] = field(default_factory=list)  # text, page, e-mail domains
    mentions: list[Mention] = field(default_factory=list)
    uses: list[UseScore] = field(default_factory=list)
    opening: str = ""  # the text of the first page and of cover sheets before it
    note: str | None = None
    front_note: str | None = None  # why neither names nor places could be read, where the rest could
    recogniser: str = ""  # what recognised the text of the pages, where they had none
    picture: bytes | None = None  # PNG, for --explain
    error: str | None = None
    explanation: list[str] = field(default_factory=list)


def read_file(order: Order) -> Reading:
    """Read one file.  What is wrong with it stands in ``error``; only what the machine lacks (memory) is raised."""
    reading = Reading()
    try:
        data = load_bytes(order.path) if order.data is None else order.data
        reading.sha256 = hashlib.sha256(data).hexdigest()
        _read(data, order, reading)
    except FileNotFoundError:
        reading.error = "no such file"
    except IsADirectoryError:
        reading.error = "a folder, not a file"
    except OSError as error:
        reading.error = f"can't be read ({error.strerror})"
    except UnreadableError as reason:
        reading.error = str(reason)
    except RecursionError:
        reading.error = "broken PDF: its parts are nested too deeply"
    return reading


def _read(data: bytes, order: Order, reading: Reading) -> None:
    start = time.monotonic()
    document = Document(data)
    try:
        front = read_front_matter(document)
    except NoTextError:
        if order.languages is None:
            raise
        text, document, front = _recognised(data, order, reading)
    else:
        text = data
    if order.front_matter:
        reading.front_note = UNREADABLE if front.form == UNREADABLE else None
        reading.title = front.title
        reading.authors = [(author.name, author.affiliations) for author in front.authors]
        reading.affiliations = [(a.text, a.page, sorted(set(a.email_domains))) for a in front.affiliations]
        reading.year = find_year(line.plain for page in document.page(front.page.number - 1 if front.page else 0) for line in page.lines)
        pages = range(front.page.number if front.page else 1)
        reading.opening = " ".join(line.plain for index in pages for page in document.page(index) for line in page.lines)
    if order.explain:
        reading.explanation = explanation(front)
        if reading.recogniser:
            reading.explanation.insert(0, f"text recognised by {reading.recogniser}")
    if order.picture:
        from crawler.reading.explain import draw

        reading.picture = draw(data, front)
    if order.catalogue is not None:
        blocks, n_read = _blocks(text, document, front, max(order.seconds - (time.monotonic() - start), 1.0))
        reading.mentions = find_mentions(blocks, order.catalogue)
        reading.uses = score_uses(reading.mentions)
        if n_read < len(document):
            reading.note = reading.note or f"only {n_read} of {len(document)} pages were searched in {order.seconds:g} s"


def _recognised(data: bytes, order: Order, reading: Reading) -> tuple[bytes, Document, FrontMatter]:
    """The same from pages that Tesseract read; all of them only where mentions are wanted."""
    found = recognise(data, order.languages or "eng", seconds=order.seconds, most=MAX_PAGES if order.catalogue else FRONT_PAGES)
    document = Document(found.data)
    try:
        front = read_front_matter(document)
    except NoTextError as reason:
        raise UnreadableError(f"{FAILED} that can be used ({found.by})") from reason
    with closing(TextDocument(data)) as whole:
        n_pages = len(whole)
    reading.recogniser = found.by
    if order.catalogue is not None and found.n_pages < n_pages:
        reading.note = f"only {found.n_pages} of {n_pages} pages were recognised in {order.seconds:g} s"
    return found.data, document, front


def _blocks(data: bytes, document: Document, front: FrontMatter, seconds: float) -> tuple[list[Block], int]:
    """The running text of a document: by PDFium, or by pdfminer where that can't open the file."""
    lines = front.page.lines if front.page else []
    known = FrontText(front.page.number if front.page else 1, " ".join(letters_of(line.text) for line in lines if line.role))
    try:
        text = TextDocument(data)
    except UnreadableError:
        return read_blocks(from_layout(document), seconds, known)
    with closing(text):
        return read_blocks(text.pages(), seconds, known)


def explanation(front: FrontMatter) -> list[str]:
    """How a front matter was read: its first page line by line with the role of each, then the result."""
    out = [f"form: {front.form}"]
    page = front.page
    lines = page.lines if page else []
    last = max((at for at, line in enumerate(lines) if line.role), default=-1)
    for line in lines[: last + 1]:
        place = f"{page.number if page else 0:>3} {line.y:6.0f} {line.size:5.1f}"
        out.append(f"{place}  {line.role or '·':<13} {without_local_parts(line.text)}")
    out.append(f"title: {front.title}")
    out += [
        f"author: {author.name} {author.affiliations}" + (f" marks {' '.join(author.marks)}" if author.marks else "")
        for author in front.authors
    ]
    out += [
        f"affiliation {at}: {a.text}" + (f" (mark {a.key})" if a.key else "") + f" {' '.join(a.email_domains)}".rstrip()
        for at, a in enumerate(front.affiliations)
    ]
    return out
