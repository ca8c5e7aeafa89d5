"""Front matter of a document: cover sheets → title → zone → form → links → what is missing elsewhere.

The forms: marks tie names to affiliations (``marked``), names stand above their affiliation (``columns``), or before it
on one line (``inline``), footnotes tell it in sentences (``sentences``), a list at the end has it (``endlist``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crawler.reading.addressed import read_addresses, read_last_addresses
from crawler.reading.blocks import read_named_blocks, read_tail
from crawler.reading.boxes import mark_boxes
from crawler.reading.columns import read_columns
from crawler.reading.covers import MAX_COVERS, skip_covers
from crawler.reading.degree import read_degree
from crawler.reading.domains import place_domains
from crawler.reading.draft import Affiliation, Author, Draft, affiliation_text, is_worthless
from crawler.reading.emails import has_address, without_addresses
from crawler.reading.endlist import read_end_list
from crawler.reading.inline import read_inline
from crawler.reading.keyed import Item, keyed_items
from crawler.reading.layout import Document
from crawler.reading.marked import link_by_marks, read_marked, take_items
from crawler.reading.page import Line, Page, UnreadableError
from crawler.reading.pairs import part_pairs
from crawler.reading.repair import joined
from crawler.reading.sentences import read_bare_foot, read_sentences
from crawler.reading.title import Title, find_title
from crawler.reading.usable import check_usable, is_garbled
from crawler.reading.vocabulary import ends_in_place, is_noise, looks_like_affiliation, names_body, names_top_body, prose_words
from crawler.reading.wrapped import mended
from crawler.reading.zone import beside_text, foot_paragraphs, front_lines, side_lines

FEW_MARKED = 0.5  # of the authors
MAX_ABOVE = 5  # lines of an affiliation above the names
UNREADABLE = "garbage: the font of the names has no Unicode map"  # the form of such a page
MAX_FRONT_PAGES = 3  # a list of many authors may run over pages before the abstract comes


@dataclass(slots=True)
class FrontMatter:
    """What was read; ``form`` says how."""

    title: str | None = None
    authors: list[Author] = field(default_factory=list)
    affiliations: list[Affiliation] = field(default_factory=list)
    form: str = "none"
    page: Page | None = None


def read_front_matter(document: Document) -> FrontMatter:
    """The front matter of a document.  Raises UnreadableError, with the reason, where there is no text to read."""
    first = document.page(0)
    for index in range(1, MAX_COVERS + 1):
        if skip_covers(first) < len(first) and first[-1].words:
            break
        first = first + document.page(index)
    try:
        check_usable(first)
    except UnreadableError:  # a page of names alone makes no sentences
        check_usable(first + [page for index in range(len(first), len(first) + 3) for page in document.page(index)])
    start = skip_covers(first) % len(first)
    page = first[start]
    title = find_title(page)
    mark_boxes(page)
    lines = _zone(document, page, title)
    if is_garbled([line for line in lines if not has_address(line.text)]):
        return FrontMatter(title.text if title else None, form=UNREADABLE, page=page)
    degree = read_degree(page, title)
    draft, form = (degree, "thesis") if degree else _parse(lines, document, page, title)
    if form in ("marked", "inline", "columns", "names"):
        form = _complete(draft, document, page, _below_names(lines, page, title), form)
    if draft.authors and not draft.affiliations:
        _take_above(draft, lines, page)
    if not draft.affiliations:
        tried = (_from_column(lines, page) for lines in ([] if draft.authors else side_lines(page, title), beside_text(page, title)))
        beside = next((found for found in tried if found is not None), None)
        draft, form = (beside, "side column") if beside is not None else (draft, form)
    draft.domains += _loose_domains(lines, page, title)
    link_by_marks(draft)
    part_pairs(draft)
    place_domains(draft)
    return FrontMatter(title.text if title else None, draft.authors, draft.affiliations, form, page)


def _from_column(lines: list[Line], page: Page) -> Draft | None:
    """The authors and affiliations of a column that stands beside the text; None where it holds anything else."""
    beside = read_columns(lines, page.number)
    if not beside.authors or not beside.affiliations or not all(_is_whole(affiliation.text) for affiliation in beside.affiliations):
        return None
    twice = {author.name: author for author in reversed(beside.authors)}  # who corresponds is named again
    return replace(beside, authors=[author for author in beside.authors if twice[author.name] is author])


def _take_above(draft: Draft, lines: list[Line], page: Page) -> None:
    """A body between the title and the names is everybody's where nothing else tells one."""
    names = next((at for at, line in enumerate(lines) if line.role == "authors"), 0)
    block = [line for line in lines[:names] if looks_like_affiliation(line.plain)]
    text, domains = affiliation_text([line.plain for line in block])
    if names_top_body(text) and len(block) <= MAX_ABOVE and not is_worthless(text):
        draft.affiliations.append(Affiliation(text, page.number, domains))
        for author in draft.authors:
            author.affiliations = [0]
        for line in block:
            line.role = "affiliations"


def _is_whole(text: str) -> bool:
    """Whether a text is a whole affiliation by its words: a body, and a place or a university."""
    return names_body(text) and (ends_in_place(text) or names_top_body(text)) and len(text) < 250


def _interleaved(lines: list[Line]) -> bool:
    """Whether names stand again below an affiliation without a mark: then each name has its own below it."""
    below = [line for line in lines if not line.words[0].raised and _is_whole(line.plain)]
    return bool(below) and any(line.y > below[0].y and line.role == "authors" for line in lines)


def _loose_domains(lines: list[Line], page: Page, title: Title | None) -> list[str]:
    """The domains of all addresses of the first page's front matter and footnotes."""
    top = title.bottom if title else 0.0
    low = max((line.y for line in lines), default=top)
    texts = [line.plain for line in page.lines if top < line.y <= low + 30 and "@" in line.text]
    texts += [joined([line.plain for line in paragraph]) for paragraph in foot_paragraphs(page, top)]
    return [
        domain for text in texts if has_address(text) and not ("{" in text and "@" not in text) for domain in without_addresses(text)[1]
    ]


def _zone(document: Document, page: Page, title: Title | None) -> list[Line]:
    """The lines of the front matter, over more than one page where the first shows no end of it."""
    lines, ended = front_lines(page, title)
    more: list[Line] = []
    for index in range(page.number, page.number + MAX_FRONT_PAGES - 1):
        if ended or len(lines) > 60 or not (following := document.page(index)):
            break
        continued, ended = front_lines(following[0], None)
        down = (index - page.number + 1) * page.height  # as if the pages hung below each other
        more += [replace(line, y=line.y + down) for line in continued]
    return mended(lines + more if ended else lines)


def _parse(lines: list[Line], document: Document, page: Page, title: Title | None) -> tuple[Draft, str]:
    """The draft of the zone by the form that fits it best."""
    marked = read_marked(lines, page.number)
    if marked is not None and _share_marked(marked) < FEW_MARKED:  # the marks may be those of remarks
        inline = read_inline(lines, page.number)
        if inline is not None and len(inline.affiliations) > len(marked.affiliations):
            return inline, "inline"
    if marked is not None and any(affiliation.key for affiliation in marked.affiliations):
        return marked, "marked"
    if marked is not None and _share_marked(marked) > FEW_MARKED:
        if _interleaved(lines):
            columns = read_columns(lines, page.number)
            if columns.affiliations and all(author.affiliations for author in columns.authors):
                return columns, "columns"
        elsewhere = Draft([Author(author.name, list(author.marks)) for author in marked.authors])
        form = _complete(elsewhere, document, page, _below_names(lines, page, title), "names")
        if elsewhere.affiliations:
            return elsewhere, form
    inline = read_inline(lines, page.number)
    if inline is not None:
        return inline, "inline"
    columns = read_columns(lines, page.number)
    if columns.affiliations:
        return columns, "columns"
    return marked or columns, "names"


def _share_marked(draft: Draft) -> float:
    """The share of the authors that bear a digit or a letter."""
    return sum(any(mark.isalnum() for mark in author.marks) for author in draft.authors) / max(len(draft.authors), 1)


def _below_names(lines: list[Line], page: Page, title: Title | None) -> float:
    """Where footnotes may begin: below the title and the names."""
    return max([title.bottom if title else 0.0, *(line.y + 1 for line in lines if line.role == "authors" and line.y < page.height)])


def _foot_items(paragraphs: list[list[Line]], expected: set[str], page: int) -> list[Item]:
    """The marked items of footnotes: those of paragraphs with an affiliation, and of those that open with a mark beside them.

    Without any affiliation among them they count where each tells one of the authors' digits or letters.
    """
    found: list[tuple[bool, list[Item]]] = []
    for paragraph in paragraphs:
        items = [item for item in keyed_items(paragraph, expected, page) if item.keys and _is_expected(item, expected)]
        sure = any(looks_like_affiliation(affiliation_text(item.lines)[0]) for item in items)
        if sure or (paragraph[0].words[0].raised and len(paragraph) < 3 and not is_noise(paragraph[0].plain)):
            found.append((sure, items))
    keys = {key for _, items in found for item in items for key in item.keys}
    items = [item for _, those in found for item in those]
    if any(sure for sure, _ in found):
        return items
    short = all(len(words := " ".join(item.lines).split()) < 6 and not prose_words(" ".join(words)) for item in items)
    told = bool(keys) and {mark for mark in expected if mark.isalnum()} <= keys
    return items if told and short and not any(c.isdigit() for item in items for line in item.lines for c in line) else []


def _is_expected(item: Item, expected: set[str]) -> bool:
    """Whether a footnote's number may be that of an author: not where no author has a number."""
    return not all(key.isdigit() for key in item.keys) or any(mark.isdigit() for mark in expected)


def _complete(draft: Draft, document: Document, page: Page, after: float, form: str) -> str:
    """Look at the foot of the page and the end of the paper for what the zone doesn't tell."""
    expected = {mark for author in draft.authors for mark in author.marks}
    waiting = [mark for mark in draft.missing if mark.isalnum()]
    if draft.affiliations and not waiting:
        return form
    paragraphs = foot_paragraphs(page, after)
    if not draft.affiliations and read_sentences(draft, paragraphs, page.number):
        return "sentences"
    if (expected or (draft.authors and not draft.affiliations)) and read_end_list(draft, document.page, len(document), expected):
        return "end list"
    if expected:
        before = len(draft.affiliations)
        take_items(draft, _foot_items(paragraphs, expected, page.number), away=True)
        if len(draft.affiliations) > before:
            return "page foot"
    if not draft.affiliations and read_addresses(draft, paragraphs, page.number):
        return "address"
    if not draft.affiliations and read_last_addresses(draft, document.page, len(document)):
        return "address"
    if not draft.affiliations and read_named_blocks(draft, [line for paragraph in paragraphs for line in paragraph], page.number):
        return "named blocks"
    if draft.authors and not draft.affiliations and read_bare_foot(draft, paragraphs, page.number):
        return "page foot"
    if not draft.affiliations and read_tail(draft, document.page, len(document)):
        return "end blocks"
    return form
