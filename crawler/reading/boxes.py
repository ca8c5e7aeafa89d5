"""Boxes of publishers on a first page: citation, editors and reviewers with their houses, licence, funding.

What stands in them is nobody's affiliation.  A box is a narrow column from one of its headings down, or a paragraph that opens with one.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.reading.page import Line, Page
from crawler.reading.vocabulary import names_body, prose_words

BOX = "box"
_PEOPLE = re.compile(
    r"^\W*(?=[A-Z])(?i:(?:(?:academic|handling|reviewing|senior|associate|guest|section|managing|action|topic|responsible)\s+)*editors?\b)"
    r"\s*(?::|$|\(|[A-Z])|"
    r"^\W*(?=[A-Z])(?i:edited|reviewed|communicated|contributed|recommended|refereed|peer[- ]reviewed|handled)\s+(?i:and \w+ )?(?i:by)\b|"
    r"^\W*(?=[A-Z])(?i:(?:invited\s+)?review(?:ers?|ed)|peer reviewers?|referees?)\b(?i:\s+status)?\s*(?::|$)|"
    r"^\W*(?:Open Peer Review|Invited Reviewers|OPEN PEER REVIEW|INVITED REVIEWERS)\b"
)
_OTHER = re.compile(
    r"^\W*(?=[A-Z])(?i:citation|copyright|publisher.s note|specialty section|funding|data availability(?: statement)?|competing interests?|"
    r"cite this article(?: as)?|how to cite(?: this article)?|to cite this article|additional information and|received|accepted|published)"
    r"\b\s*(?::|$|©|[A-Z\d])"
)
_OWN = re.compile(r"^\W*(?=[A-Z])(?i:authors?)?\W*(?i:affiliations?|addresses|details)\s*(?::|$)")
NARROW = 0.34  # of the page's width: a column that is wider is no side column
EDGE = 0.4  # of the page's width: the main column begins left of it
ROOM = 4.0  # points between two columns
BREAK = 7.0  # of the size: a wider gap ends a column
GREATER = 1.25  # letters as much greater are none of a box
PARAGRAPH = 1.5  # of the size: lines of a paragraph are no further apart
PROSE = 3  # words of running text in a line
LONGEST = 6  # lines of a paragraph that tells of editors


def mark_boxes(page: Page) -> None:
    """Give the lines of a page that stand in such a box that role."""
    heads = [line for line in page.lines if _PEOPLE.match(line.plain) or _OTHER.match(line.plain)]
    for head in heads:
        if head.role in (BOX, "title"):
            continue
        edge = _edge(page, head)
        if edge is not None:
            _mark_column(page, head, edge)
        elif _PEOPLE.match(head.plain) and (names_body(head.plain) or prose_words(head.plain) < PROSE):
            _mark_paragraph(page, head)


def _edge(page: Page, head: Line) -> float | None:
    """Where the main column begins right of a narrow one that a heading stands in; None where it stands in no such column."""
    if head.x1 - head.x0 > NARROW * page.width or head.x0 > NARROW * page.width:
        return None
    beside = [line for line in page.lines if line.x0 > head.x1 + ROOM and line.x1 - line.x0 > EDGE * page.width]
    starts = Counter(round(line.x0) for line in beside if abs(line.y - head.y) < 0.35 * page.height and line.x1 > 0.6 * page.width)
    start, n = starts.most_common(1)[0] if starts else (0, 0)
    return start if n > 2 and start < EDGE * page.width else None


def _mark_column(page: Page, head: Line, edge: float) -> None:
    """The lines of the narrow column from its heading down, as far as nothing reaches over it."""
    below = sorted((line for line in page.lines if line.y >= head.y - 1 and line.x0 < edge - ROOM), key=lambda line: line.y)
    last = head
    for line in below:
        apart = line.y - last.y > BREAK * head.size or line.size > GREATER * head.size
        if line.x1 > edge + ROOM or apart or (line is not head and _OWN.match(line.plain)):
            return
        last = line
        if line.role != "title":
            line.role = BOX


def _mark_paragraph(page: Page, head: Line) -> None:
    """The lines of the paragraph that a heading opens."""
    last = head
    head.role = BOX
    right = max(line.x1 for line in page.lines if line.x0 < head.x1 and line.x1 > head.x0)
    for _ in range(LONGEST):
        full = (
            last.x1 > right - 6 * last.size or re.search(r"(?:,|\b(?:and|of|the|at|by))$", last.plain) or last.plain.rstrip().endswith(":")
        )
        below = [
            line
            for line in page.lines
            if 0 < line.y - last.y < PARAGRAPH * last.size
            and abs(line.size - head.size) < 0.4
            and min(line.x1, last.x1) > max(line.x0, last.x0)
        ]
        following = min(below, key=lambda line: line.y, default=None)
        if following is None or not full or following.words[0].raised or following.role or following.bold != head.bold:
            return
        following.role, last = BOX, following
