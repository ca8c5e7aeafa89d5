"""Addresses away from the title, as blocks: each below the names of its authors, or a row of them behind the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.emails import has_address, without_addresses, without_urls
from crawler.reading.marks import SYMBOLS
from crawler.reading.names import looks_like_name, split_names
from crawler.reading.page import Line, Page
from crawler.reading.sentences import is_named
from crawler.reading.stacks import parted, stacked
from crawler.reading.vocabulary import ends_in_place, is_noise, is_note, looks_like_affiliation, names_body, prose_words

LAST_PAGES = 3
GAP = 1.9  # of the size: a wider gap ends a block
MAX_LINES = 8  # of one block
_REFERENCE = re.compile(
    r"^\W*\[?\d+[\].]|\((?:19|20)\d\d\w?\)|\b(?:19|20)\d\d[a-z]?(?:\.|$|, ?\d)|\bpp?\. ?\d|[“”\"]|\bvol\.|\bet al\b|"
    r"\bedited by\b|\beds?\.|\bmit press\b|"
    r"\b(?:wiley|springer|elsevier|birkh.user|academic press|university press|chapman)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^\(([^()]{4,200})\)\s*(?=\S)")


def people_named(text: str, authors: list[Author]) -> list[Author]:
    """The authors that a line names, if it holds nothing but names of authors; else none."""
    text = re.sub(rf"[{re.escape(SYMBOLS)}✉]|\(\s*\)", " ", text)
    parts = [part for part in split_names(text) if part]
    if not parts or has_address(text) or not all(part[0].isupper() for part in parts):
        return []
    found = [next((author for author in authors if _same(author.name, part)), None) for part in parts]
    return [author for author in found if author is not None] if all(found) else []


def _same(name: str, part: str) -> bool:
    """Whether ``part`` is this name, whole or with initials."""
    return len(part.split()) <= len(name.split()) + 1 and part.lower().split()[-1] == name.lower().split()[-1] and is_named(name, part)


def read_named_blocks(draft: Draft, lines: list[Line], page: int) -> bool:
    """Blocks of lines that open with names of authors, the affiliation below; whether there was any."""
    found = False
    for people, block in _blocks(lines, draft.authors):
        for stack in stacked([line.plain for line in block]):
            whole, domains = affiliation_text(stack)
            texts = [text for text in parted(whole) if text and not is_worthless(text) and not people_named(text, draft.authors)]
            if not texts or not (looks_like_affiliation(whole) or domains or len(block) == 1):
                draft.domains += domains
                continue
            for text in texts:
                at = add_once(draft, text, page, domains)
                domains, found = [], True
                for author in people:
                    author.affiliations += [at] if at not in author.affiliations else []
                for line in block:
                    line.role = "address"
    return found


def _blocks(lines: list[Line], authors: list[Author]) -> list[tuple[list[Author], list[Line]]]:
    out: list[tuple[list[Author], list[Line]]] = []
    last: Line | None = None
    for line in lines:
        people = people_named(line.plain, authors)
        near = last is not None and -1 < line.y - last.y < GAP * line.size
        if people and out and near and not out[-1][1]:
            out[-1][0].extend(people)
        elif people:
            out.append((people, []))
        elif not near or not out or len(out[-1][1]) >= MAX_LINES or prose_words(line.plain) > 2 or _REFERENCE.search(line.plain[:5]):
            last = None
            continue
        else:
            out[-1][1].append(line)
        last = line
    return [(people, block) for people, block in out if block]


def read_tail(draft: Draft, page_at: Callable[[int], list[Page]], n_pages: int) -> bool:
    """Addresses behind the text of the last pages into the draft; whether there was any."""
    for index in range(n_pages - 1, max(n_pages - 1 - LAST_PAGES, -1), -1):
        for page in page_at(index):
            lines = _without_head(page)
            if index and draft.authors and read_named_blocks(draft, lines, page.number):
                return True
            if not draft.authors and _read_signature(draft, lines, page.number):
                return True
    if not draft.authors or n_pages < 2:
        return False
    lines = [line for index in (n_pages - 2, n_pages - 1) if index > 0 for page in page_at(index) for line in _without_head(page)]
    return _read_addresses(draft, lines, n_pages)


def _in_columns(page: Page) -> list[Line]:
    lines = [line for line in page.lines if 0.06 * page.height < line.y < 0.94 * page.height]
    return sorted(lines, key=lambda line: (page.gutter is not None and line.x0 > page.gutter[0] - 2, line.y, line.x0))


def _without_head(page: Page) -> list[Line]:
    """The lines of a page without the running head: a line at the top with room below it."""
    lines = _in_columns(page)
    alone = len(lines) > 1 and not 0 < lines[1].y - lines[0].y < 1.6 * lines[0].size
    return lines[1:] if alone and lines[0].y < 0.15 * page.height else lines


def _read_signature(draft: Draft, lines: list[Line], page: int) -> bool:
    """A text without authors above it may be signed: a name alone on its line, and an address below in another font."""
    for at, line in enumerate(lines):
        if not looks_like_name(line.plain) or is_noise(line.plain):
            continue
        block: list[Line] = []
        for other in lines[at + 1 : at + 1 + MAX_LINES]:
            near = 0 < other.y - (block[-1] if block else line).y < (GAP if block else 1.5 * GAP) * other.size
            if not near or prose_words(other.plain) > 1 or _REFERENCE.search(other.plain):
                break
            block.append(other)
            if has_address(other.text):
                break
        text, domains = affiliation_text([other.plain for other in block])
        if names_body(text) and (ends_in_place(text) or domains) and len(text) < 250 and not is_worthless(text):
            draft.authors.append(Author(line.plain.strip(" ,."), [], [add_once(draft, text, page, domains)]))
            return True
    return False


def _read_addresses(draft: Draft, lines: list[Line], page: int) -> bool:
    """A row of addresses that ends the document, each with the name of its author before it, or in the order of the authors."""
    rows: list[tuple[list[Author], int]] = []
    signed: list[list[int]] = [[]]  # addresses up to an e-mail address: those of one author
    for paragraph in _tail_paragraphs(lines):
        body, _ = without_addresses(" ".join(line.plain for line in paragraph))
        named = _NAMED.match(body)
        people = people_named(named[1], draft.authors) if named else []
        texts = [line.plain for line in paragraph]
        if named and people:
            texts = [_NAMED.sub("", " ".join(texts))]
        text, domains = affiliation_text(texts)
        if text and not is_worthless(text):
            rows.append((people, add_once(draft, text, page, domains)))
            signed[-1].append(rows[-1][1])
        elif rows and domains:
            place = draft.affiliations[rows[-1][1]]
            place.email_domains += [domain for domain in domains if domain not in place.email_domains]
        else:
            draft.domains += domains
        if domains and signed[-1]:
            signed.append([])
    signed = [one for one in signed if one]
    for people, at in rows:
        for author in people:
            author.affiliations += [at] if at not in author.affiliations else []
    if not any(people for people, _ in rows):
        if len(rows) == len(draft.authors):
            signed = [[at] for _, at in rows]
        for author, places in zip(draft.authors, signed, strict=False) if len(signed) == len(draft.authors) else ():
            author.affiliations += [at for at in places if at not in author.affiliations]
    return bool(rows)


def _tail_paragraphs(lines: list[Line]) -> list[list[Line]]:
    """The paragraphs at the end, from the last one upwards for as long as they are addresses."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        last = paragraphs[-1][-1] if paragraphs else None
        goes_on = last is not None and 0 < line.y - last.y < 1.35 * line.size and abs(last.size - line.size) < 0.4
        hanging = last is not None and line.x0 - last.x0 > 0.8 * line.size
        if goes_on and not hanging and last is not None and not has_address(last.text):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    kept: list[list[Line]] = []
    doubtful = False
    for paragraph in reversed(paragraphs):
        text = " ".join(line.plain for line in paragraph)
        body, domains = without_addresses(without_urls(text))
        address = (
            looks_like_affiliation(body) and len(body) < 300 and prose_words(body) < (4 if ends_in_place(body) else 2) and not is_note(body)
        )
        if (_REFERENCE.search(re.sub(r"\d{5,}", " ", body)) or not address) and not (domains and len(body) < 40):
            if not kept or doubtful or len(body) > 60 or not body[:1].isupper() or _REFERENCE.search(body) or prose_words(body):
                break
            doubtful = True  # a body that no word gives away, where addresses stand above it
            kept.append(paragraph)
            continue
        doubtful = False
        kept.append(paragraph)
    return kept[::-1][doubtful:]
