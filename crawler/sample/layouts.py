"""Front matter as it looks in real life: one function a layout.

Each draws title, authors and affiliations on page one and returns where the text may begin and, where a footnote stands
in the first column, where it has to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from crawler.sample.page import Book, Run, Word, lines, words
from crawler.sample.sheet import Sheet

Room = tuple[float, float | None]  # top of the text; bottom of its first column

SYMBOLS = ("†", "‡", "§", "¶", "*", "**", "††", "‡‡")
DIGITS = tuple(str(number) for number in range(1, 100))
LETTERS = tuple(ascii_lowercase)


def _centred(book: Book, tokens: Sequence[Word], y: float, *, room: float, leading: float) -> float:
    """Centred lines from base line ``y`` down; returns the base line below them."""
    for runs in lines(tokens, room):
        book.centred(runs, y)
        y -= leading
    return y


def _flush(book: Book, tokens: Sequence[Word], x: float, y: float, *, room: float, leading: float) -> float:
    """The same from the left."""
    for runs in lines(tokens, room):
        book.draw(runs, x, y)
        y -= leading
    return y


def _marked_names(
    sheet: Sheet, marks: Sequence[str], size: float, *, style: str = "roman", joiner: str = ",", last: str = ""
) -> list[Word]:
    """Names with raised marks, a comma between them; no mark where all share one affiliation.  ``last`` goes before the last name."""
    tokens: list[Word] = []
    for number, author in enumerate(sheet.authors):
        is_last = number == len(sheet.authors) - 1
        name = Run(author.name, style, size)
        raised = ",".join(marks[index] for index in author.affiliations) if len(sheet.affiliations) > 1 else ""
        comma = "" if is_last else joiner
        if is_last and last and number:
            tokens.append((Run(last, style, size),))
        tokens.append(
            (name, *([Run(raised, style, size * 0.66, size * 0.36)] if raised else []), *([Run(comma, style, size)] if comma else []))
        )
    return tokens


def _marked_affiliation(sheet: Sheet, index: int, marks: Sequence[str], size: float, *, style: str = "roman") -> list[Word]:
    text = words(" ".join(sheet.affiliations[index].split()), style, size)
    if len(sheet.affiliations) == 1:
        return text
    return [(Run(marks[index], style, size * 0.66, size * 0.36), *text[0]), *text[1:]]


def _cvpr(book: Book, sheet: Sheet, marks: Sequence[str]) -> Room:
    y = _centred(book, words(sheet.title, "bold", 14.3), 700, room=460, leading=18) - 10
    last = "and" if len(sheet.affiliations) == 1 else ""  # as authors write it where there are no marks
    y = _centred(book, _marked_names(sheet, marks, 12, last=last), y, room=470, leading=15)
    for index in range(len(sheet.affiliations)):
        y = _centred(book, _marked_affiliation(sheet, index, marks, 12), y, room=470, leading=15)
    for email in sheet.emails:
        y = _centred(book, words(email, size=9), y, room=470, leading=11)
    return y - 14, None


def cvpr(book: Book, sheet: Sheet) -> Room:
    """CVPR: centred, raised digits after the names and before the affiliations."""
    return _cvpr(book, sheet, DIGITS)


def cvpr_symbols(book: Book, sheet: Sheet) -> Room:
    """The same with † ‡ §."""
    return _cvpr(book, sheet, SYMBOLS)


def lncs(book: Book, sheet: Sheet) -> Room:
    """Springer LNCS: one narrow column, affiliations in small type, each on lines of its own."""
    y = _centred(book, words(sheet.title, "bold", 14.3), 760, room=345, leading=18) - 8
    y = _centred(book, _marked_names(sheet, DIGITS, 10, last="and"), y, room=345, leading=13) - 5
    for index in range(len(sheet.affiliations)):
        y = _centred(book, _marked_affiliation(sheet, index, DIGITS, 9), y, room=345, leading=11)
    for email in sheet.emails:
        y = _centred(book, words(email, size=9), y, room=345, leading=11)
    return y - 16, None


def elsevier(book: Book, sheet: Sheet) -> Room:
    """Elsevier: from the left, raised letters after the names, affiliations in small italics, a rule below."""
    left, room = 54.0, 487.0
    y = _flush(book, words(sheet.title, size=17), left, 752, room=room, leading=21) - 8
    y = _flush(book, _marked_names(sheet, LETTERS, 13), left, y, room=room, leading=17) - 4
    for index in range(len(sheet.affiliations)):
        y = _flush(book, _marked_affiliation(sheet, index, LETTERS, 8, style="italic"), left, y, room=room, leading=10)
    for email in sheet.emails:
        y = _flush(book, words(email, size=8), left, y, room=room, leading=10)
    book.rule(left, y, room)
    return y - 14, None


def iclr(book: Book, sheet: Sheet) -> Room:
    """ICLR: title in capitals from the left, names in bold, one column."""
    left, room = 110.0, 392.0
    y = _flush(book, words(sheet.title.upper(), size=15), left, 700, room=room, leading=19) - 10
    y = _flush(book, _marked_names(sheet, SYMBOLS, 10, style="bold"), left, y, room=room, leading=12)
    for index in range(len(sheet.affiliations)):
        y = _flush(book, _marked_affiliation(sheet, index, SYMBOLS, 10), left, y, room=room, leading=12)
    for email in sheet.emails:
        y = _flush(book, words(email, size=9), left, y, room=room, leading=11)
    return y - 20, None


def _block(sheet: Sheet, number: int) -> list[tuple[str, bool]]:
    """Lines of one author's column: (text, is the name)."""
    author = sheet.authors[number]
    block = [(author.name, True)]
    for index in author.affiliations:
        block += [(line, False) for line in sheet.affiliations[index].split("\n")]
    if number < len(sheet.emails):
        block.append((sheet.emails[number], False))
    return block


def _columns(book: Book, sheet: Sheet, top: float, *, across: int, size: float) -> float:
    """Authors side by side, ``across`` in a row, each with the affiliation again, no marks; returns the base line below."""
    leading, y, left, room = size + 2.5, top, 54.0, 504.0
    for start in range(0, len(sheet.authors), across):
        row = range(start, min(start + across, len(sheet.authors)))
        strip = room / len(row)
        lowest = y
        for place, number in enumerate(row):
            below = y
            for text, is_name in _block(sheet, number):
                for runs in lines(words(text, size=size + (1 if is_name else 0)), strip - 14):
                    book.centred(runs, below, strip, left + place * strip)
                    below -= leading
            lowest = min(lowest, below)
        y = lowest - 8
    return y


def columns(book: Book, sheet: Sheet) -> Room:
    """Author columns without marks, the affiliation repeated under each name."""
    y = _centred(book, words(sheet.title, "bold", 14.3), 700, room=460, leading=18) - 10
    return _columns(book, sheet, y, across=4, size=10) - 10, None


def acm(book: Book, sheet: Sheet) -> Room:
    """ACM: title large, rows of three authors, each with institution and place."""
    y = _centred(book, words(sheet.title, "bold", 17), 716, room=500, leading=21) - 8
    return _columns(book, sheet, y, across=3, size=9) - 8, None


def _listing(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_WITH_ARTICLE = ("Department", "Institute", "Centre", "Center", "School", "Faculty", "Laboratory", "Multimedia", "University of", "College")


def footnotes(sheet: Sheet) -> list[str]:
    """The sentences of an IEEE footnote: who is with whom, by initials; a second affiliation is one they are also with."""
    sentences = []
    for index, text in enumerate(sheet.affiliations):
        place = " ".join(text.split())
        place = f"the {place}" if place.startswith(_WITH_ARTICLE) else place
        for also in (False, True):
            who = [a.initials for a in sheet.authors if index in a.affiliations and (a.affiliations[0] != index) is also]
            if who:
                verb = "is" if len(who) == 1 else "are"
                sentences.append(f"{_listing(who)} {verb} {'also ' if also else ''}with {place.removesuffix('.')}.")
    return [*sentences, *sheet.emails]


def ieee(book: Book, sheet: Sheet) -> Room:
    """IEEE journals: names under the title, the affiliations as sentences at the foot of the first column."""
    y = _centred(book, words(sheet.title, size=22), 712, room=500, leading=26) - 8
    tokens = _marked_names(Sheet(sheet.title, sheet.authors, sheet.affiliations[:1]), DIGITS, 11, last="and")
    y = _centred(book, tokens, y, room=480, leading=14)
    left, room, leading, low = 54.0, 246.0, 9.5, 48.0
    notes = [lines(words(sentence, size=8), room - 8) for sentence in footnotes(sheet)]
    base = low + leading * (sum(len(note) for note in notes) - 1)
    book.rule(left, base + 12, 80)
    line_at = base
    for note in notes:
        for number, runs in enumerate(note):
            book.draw(runs, left + (8 if number == 0 else 0), line_at)
            line_at -= leading
    return y - 18, base + 20


def cover(book: Book, sheet: Sheet) -> None:
    """The sheet that a repository puts before page one: title, names and how to cite, none of it the paper's own front matter."""
    left, room = 72.0, 460.0
    book.draw([Run("Example repository of the demo", "bold", 11)], left, 700)
    book.rule(left, 692, room)
    y = _flush(book, words(sheet.title, "bold", 16), left, 640, room=room, leading=20) - 6
    names = ", ".join(author.name for author in sheet.authors)
    y = _flush(book, words(names, "italic", 11), left, y, room=room, leading=14) - 24
    book.draw([Run("To cite this version:", "bold", 10)], left, y)
    y = _flush(book, words(f"{names}. {sheet.title}.", size=10), left, y - 14, room=room, leading=13) - 24
    note = "This cover sheet was put before the document by the repository that keeps the file. The document begins on the next page."
    y = _flush(book, words(note, size=10), left, y, room=room, leading=13) - 12
    book.draw([Run("Accepted manuscript. Terms of use: see the repository.", size=9)], left, y)
