"""Front matter in which each line holds names and their affiliation: ``Jane Roe, University of X, Country``."""

from __future__ import annotations

import re
from itertools import pairwise

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.emails import without_addresses
from crawler.reading.marks import runs, tokens
from crawler.reading.names import clean, is_degree, is_name_line, looks_like_name, split_names
from crawler.reading.page import Line
from crawler.reading.repair import accents, joined
from crawler.reading.vocabulary import ends_in_place, looks_like_affiliation, names_body, prose_words

_OPEN = re.compile(r"(?:[,&-]|\b(?:and|of|for|the|de|di|da|do|del|della|der|du|für|et|e|y))\s*$")  # the end of a line that goes on
_INITIAL = re.compile(r"[A-ZÀ-Þ]\.")
_ALSO = re.compile(r"^\s*(?:also (?:at|with|affiliated with)|on leave (?:of absence )?from|visiting)\s+", re.IGNORECASE)
MOST = 0.6  # of the entries: so many have to be of the kind
LONGEST = 80  # letters of a firm's name and place
SURE = 6  # letters that tell whether a name is in capitals
LONG = 60  # letters: a line with fewer has room left
FULL = 4.0  # of the size: a line that ends as near to the right edge may be full
LEADING = 1.6  # of the size: lines of a paragraph
_ACRONYM = re.compile(r"^[A-Z][A-Z&/ -]{1,12}[A-Z0-9](?:-[A-Z]+)?$")


def read_inline(lines: list[Line], page: int) -> Draft | None:
    """The front matter of such lines; None where they are of another kind."""
    lines, notes = _parted_notes(lines)
    if not lines or _names_side_by_side(lines):
        return None
    groups = _groups(lines)
    entries = groups or _entries(lines)
    parted = [part_names(text) for text in entries]
    good = [part for part in parted if part is not None]
    if not good or len(good) < MOST * len(entries):
        return None
    if len(good) > 1:  # among others, a firm that no word gives away
        good = [found for text, part in zip(entries, parted, strict=True) if (found := part or part_names(text, any_body=True))]
    if not groups and part_names(_text(lines[0])) is None and not _text(lines[0]).rstrip().endswith(","):
        return None
    draft = Draft()
    for part in good:
        names, rest = part
        authors = [Author(name) for name in names]
        draft.authors += authors
        for text, domains in _several(rest):
            if is_worthless(text):
                continue
            at = add_once(draft, text, page, domains)
            for author in authors:
                author.affiliations.append(at)
    _take_notes(draft, lines, notes, page)
    for line in lines:
        line.role = line.role or "authors"
    return draft if draft.affiliations else None


def _names_side_by_side(lines: list[Line]) -> bool:
    """Whether two lines of one row hold a name each and nothing else: those are columns."""
    return any(
        0 <= two.y - one.y < 0.4 * one.size and two.x0 > one.x1 and is_name_line(_text(one)) and is_name_line(_text(two))
        for one, two in pairwise(lines)
    )


def _parted_notes(lines: list[Line]) -> tuple[list[Line], dict[str, str]]:
    """The lines without remarks such as ``¹also at the University of X``, and those by their marks."""
    kept: list[Line] = []
    notes: dict[str, str] = {}
    mark = ""
    for line in lines:
        line_runs = runs(line)
        text = " ".join(run.text for run in line_runs if not run.is_mark)
        if line_runs and line_runs[0].is_mark and (also := _ALSO.match(text)):
            mark = next(iter(tokens(line_runs[0].text)), "")
            notes[mark] = text[also.end() :]
        elif mark and line_runs and not line_runs[0].is_mark and not looks_like_name(clean(re.split(r"[,;(]", text)[0])):
            notes[mark] += f" {text}"
        else:
            mark = ""
            kept.append(line)
    return kept, notes


def _take_notes(draft: Draft, lines: list[Line], notes: dict[str, str], page: int) -> None:
    """Second affiliations from such remarks, for the names before their marks."""
    for mark, text in notes.items():
        clean_text, domains = affiliation_text([text])
        if is_worthless(clean_text):
            continue
        at = add_once(draft, clean_text, page, domains)
        for line in lines:
            line_runs = runs(line)
            for name, behind in pairwise(line_runs):
                if behind.is_mark and mark in tokens(behind.text) and not name.is_mark:
                    bearer = clean(re.split(r"[,;]|\band\b", name.text)[-1])
                    for author in draft.authors:
                        author.affiliations += [at] if author.name == bearer and at not in author.affiliations else []


def _groups(lines: list[Line]) -> list[str]:
    """The groups of one paragraph with semicolons: ``A, B, University X; C, University Y; University Z``; empty for other forms.

    A part without names is a further affiliation of the group before it.
    """
    paragraph = lines[:1]
    for line in lines[1:]:
        if line.y - paragraph[-1].y > LEADING * line.size:
            break
        paragraph.append(line)
    parts = re.split(r";\s+", joined([_text(line) for line in paragraph]))
    named = [part_names(part) is not None for part in parts]
    if len(parts) < 2 or sum(named) < 2 or not named[0]:
        return []
    out: list[str] = []
    for part, has_names in zip(parts, named, strict=True):
        if has_names or not out:
            out.append(part)
        else:
            out[-1] += f"; {part}"
    return out


def _entries(lines: list[Line]) -> list[str]:
    """One text for each author or group of them; a line that opens with no name goes on the one before."""
    out: list[str] = []
    last: Line | None = None
    right = max(line.x1 for line in lines)
    for line in lines:
        text = _text(line)
        if last is not None and line.y - last.y > 2.6 * line.size and not looks_like_name(clean(text.split(",")[0])):
            break
        above, last = last, line
        first = clean(re.split(r"[,;(]", without_addresses(text)[0])[0])
        runs_on = above is not None and _is_full(above, right) and not names_body(text.partition(",")[2])
        cut = out and (_OPEN.search(out[-1]) or (runs_on and not ends_in_place(out[-1])))
        lower = bool(out) and out[0][:SURE].isupper() and not first.isupper()  # names are in capitals, this is none
        if out and (cut or lower or not looks_like_name(first.title() if first.isupper() else first)):
            names_so_far = is_name_line(out[-1]) and not _OPEN.search(out[-1])
            out[-1] = joined([out[-1] + "," if names_so_far else out[-1], text])
        else:
            out.append(text)
    return out


def _is_full(line: Line, right: float) -> bool:
    """Whether a line holds an address that may run on: it reaches the right edge of all."""
    return right - line.x1 < FULL * line.size and len(line.text) > LONG and looks_like_affiliation(line.text)


def _text(line: Line) -> str:
    return accents(" ".join(run.text for run in runs(line) if not run.is_mark))


def part_names(text: str, *, any_body: bool = False) -> tuple[list[str], str] | None:
    """The names that a text opens with, and the affiliation behind them; None where it has not both.

    ``any_body``: what is behind a name is taken for one, whatever its words.
    """
    body, domains = without_addresses(text)
    pieces = re.split(r"(,\s*(?:and\s+)?|;\s*|\s+and\s+|\s+\((?=[A-Z]))", body)
    names: list[str] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if names and is_degree(piece):
            at += 2
            continue
        candidate = piece.title() if piece.isupper() and len(piece.split()) > 1 else piece
        got = [name for name in split_names(candidate) if looks_like_name(name)]
        other = names and (names[0].isupper() > piece.isupper() or bool(_INITIAL.match(names[0])) > bool(_INITIAL.match(piece)))
        if not got or looks_like_affiliation(piece) or other:  # what is spelled otherwise than the names is none
            break
        names.append(clean(piece))
        at += 2
    rest = "".join(pieces[at:]).strip(" ,;()")
    is_body = looks_like_affiliation(rest) or _ACRONYM.match(rest.split(",")[0])
    if not names or not rest or not (is_body or (any_body and rest[0].isupper() and not prose_words(rest) and len(rest) < LONGEST)):
        return None
    return names, f"{rest} {' '.join('x@' + domain for domain in domains)}"


def _several(rest: str) -> list[tuple[str, list[str]]]:
    """An affiliation, or the two that an ampersand joins before a common place: ``INRIA & LIP6, Paris, France``."""
    text, domains = affiliation_text([rest])
    match = re.match(r"^([A-Z][\w.-]*)\s*&\s*([A-Z][\w.-]*)(,.*)?$", text)
    if match and match[1].isupper() and match[2].isupper():
        return [(match[1] + (match[3] or ""), domains), (match[2] + (match[3] or ""), [])]
    parts = re.split(r";\s+", text)
    return [(part, domains if at == 0 else []) for at, part in enumerate(parts) if part]
