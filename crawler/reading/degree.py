"""Title pages of theses: a sentence about the degree, one author, the university above the title, below the name or in that sentence."""

from __future__ import annotations

import re

from crawler.reading.draft import Affiliation, Author, Draft, affiliation_text, is_worthless
from crawler.reading.names import clean, looks_like_name
from crawler.reading.page import Line, Page
from crawler.reading.repair import joined
from crawler.reading.title import Title
from crawler.reading.vocabulary import ends_front_matter, ends_in_place, names_body, names_top_body

_WORK = re.compile(r"\b(?:thesis|dissertation|thèse|dissertação|tesis|tesi|proefschrift|habilitation\w*)\b", re.IGNORECASE)
_DEGREE = re.compile(
    r"\b(?:submitted|presented|partial ful|for the degree|doctor of|master of|bachelor of|doctoral|ph\.?\s?d|m\.?sc|magister|doktor\w*|"
    r"présentée|requirements)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\W*(?:thesis |academic |research |principal |co-?)*(?:supervis|advis|committee|examin|chair|promot|reader|jury|referee|betreuer|"
    r"gutachter|directeur|tutor|approved|prof\b|dr\b)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:to|of|at|from|in) (?:the )?((?:faculty|department|school|graduate|college|institute|division|university|[A-Z][\w’'-]+ (?:[A-Z][\w’'-]+ )*(?i:university|institute|college))\b.*?)(?= in (?:candidacy|partial|fulfil)|\s+for the|\s+by\b|[.;]|$)", re.IGNORECASE)  # fmt: skip  # noqa: E501
_DATE = re.compile(r"^\W*(?:(?:[a-z]{3,9}\.?\s+)?(?:\d{1,2},?\s+)?(?:19|20)\d\d|by|von|par|©.*)\W*$", re.IGNORECASE)
_EARLIER = re.compile(r"^(?:[ABMDPL]\.\s?[A-Z][a-z]{0,3}\.|bachelor|masters?|doctor|diplom|licen|laurea|[BM]\.?(?:Sc|A|S|Eng|Phil)\b).*\b(?:18|19|20)\d\d\W*$", re.IGNORECASE)  # fmt: skip  # noqa: E501
MAX_LETTERS = 1400  # a page with more is no title page
MAX_LINES = 6  # of an affiliation


def read_degree(page: Page, title: Title | None) -> Draft | None:
    """The author and the university of such a page; None for all other pages."""
    lines = [line for line in page.lines if title is None or line not in title.lines]
    text = " ".join(line.text for line in lines)
    if len(text) > MAX_LETTERS or not (_WORK.search(text) and _DEGREE.search(text)) or any(ends_front_matter(line.text) for line in lines):
        return None
    about = {id(line) for line in _sentence(lines)}
    rest = [line for line in lines if id(line) not in about]
    bottom = title.bottom if title else 0.0
    authors = [line for at, line in enumerate(rest) if _is_author(rest, at)]
    author = next((line for line in authors if line.y > bottom), authors[0] if authors else None)
    if author is None:
        return None
    author.role = "authors"
    draft = Draft([Author(clean(re.sub(r"^by\s+", "", author.plain, flags=re.IGNORECASE)))])
    text = _affiliation(rest, author) or _in_sentence(joined([line.plain for line in lines if id(line) in about]))
    if text and not is_worthless(text):
        draft.authors[0].affiliations = [0]
        draft.affiliations = [Affiliation(text, page.number)]
    return draft


def _sentence(lines: list[Line]) -> list[Line]:
    """The lines that tell which degree the work is for, and those close below that belong to it by their words."""
    out: list[Line] = []
    for line in lines:
        near = bool(out) and 0 < line.y - out[-1].y < 1.9 * line.size
        opens = bool(_WORK.search(line.text) or _DEGREE.search(line.text))
        goes_on = near and (line.text[0].islower() or re.search(r"\b(?:of|the|in|to|for|and|at)$", out[-1].text) is not None)
        if opens or goes_on:
            out.append(line)
    return out


def _is_author(lines: list[Line], at: int) -> bool:
    text = re.sub(r"^by\s+", "", lines[at].plain, flags=re.IGNORECASE)
    before = lines[at - 1].text if at and lines[at].y - lines[at - 1].y < 2.2 * lines[at].size else ""
    return looks_like_name(text.title() if text.isupper() else text) and not _OTHERS.match(text) and not _OTHERS.match(before)


def _affiliation(lines: list[Line], author: Line) -> str:
    """The block of lines that names the university: the one nearest to the author's name."""
    blocks: list[list[Line]] = []
    for line in lines:
        if (
            line is author
            or _OTHERS.match(line.text)
            or _EARLIER.match(line.text)
            or _DATE.match(line.text)
            or (looks_like_name(line.plain) and not names_body(line.plain))
        ):
            blocks.append([])
        elif blocks and blocks[-1] and 0 < line.y - blocks[-1][-1].y < 2.2 * max(line.size, blocks[-1][-1].size):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    good = [block for block in blocks if block and len(block) <= MAX_LINES and _names_place([line.plain for line in block])]
    best = min(good, key=lambda block: abs(block[0].y - author.y), default=[])
    for line in best:
        line.role = "affiliations"
    return affiliation_text([line.plain for line in best])[0]


def _names_place(lines: list[str]) -> bool:
    text = joined(lines)
    return names_top_body(text) or ((names_body(text) or len(lines) > 1) and ends_in_place(text))


def _in_sentence(text: str) -> str:
    """``submitted to the Department of X of the University of Y`` without what stands before it."""
    told = max((match.end() for match in _DEGREE.finditer(text)), default=0)
    matches = [*_PLACE.finditer(text), *_PLACE.finditer(text, told)]
    found = [match[1] for match in matches if names_top_body(match[1]) and not _DEGREE.search(match[1])]
    return affiliation_text([max(found, key=len)])[0] if found else ""
