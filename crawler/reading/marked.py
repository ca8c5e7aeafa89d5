"""Front matter in which marks tie authors to affiliations."""

from __future__ import annotations

import re

from crawler.reading.draft import Affiliation, Author, Draft, affiliation_text, is_worthless, same_text
from crawler.reading.eastern import is_eastern
from crawler.reading.emails import has_address, without_addresses
from crawler.reading.keyed import Item, keyed_items, trailing_items
from crawler.reading.marks import resolved, runs, tokens
from crawler.reading.names import looks_like_name, split_names
from crawler.reading.page import Line
from crawler.reading.repair import accents
from crawler.reading.vocabulary import is_noise, is_note, looks_like_affiliation, prose_words

_ASIDE = re.compile(r"^\([^()]*\)$")  # a role
_GLUED = re.compile(r"^(.*[^\W\d_]{2})\s?((?:\d{1,2})(?:\s?,\s?\d{1,2})*)$")


def authors_and_rest(lines: list[Line]) -> tuple[list[Author], list[Line]]:
    """The authors with their marks, and the lines after them.  Authors end where an affiliation begins."""
    author_lines: list[Line] = []
    rest: list[Line] = []
    for at, line in enumerate(lines):
        if author_lines and _is_marked_body(line, lines[at + 1 :], author_lines):
            rest.append(line)
        elif is_author_line(line) and (not any(looks_like_affiliation(other.text) for other in rest) or _same_kind(line, author_lines)):
            line.role = "authors"
            author_lines.append(line)
        else:
            rest.append(line)
    return parse_authors(author_lines), rest


def _is_marked_body(line: Line, below: list[Line], author_lines: list[Line]) -> bool:
    """Whether what looks like a name with one mark behind it is the first of a list of bodies, each with its mark behind."""
    own, after = runs(line), runs(below[0]) if below else []
    if len(own) != 2 or len(after) != 2 or not (own[1].is_mark and after[1].is_mark and looks_like_affiliation(after[0].text)):
        return False
    first = next((mark for other in author_lines for run in runs(other) if run.is_mark for mark in tokens(run.text)), "")
    return tokens(own[1].text) == [first] != tokens(after[1].text)


def _same_kind(line: Line, author_lines: list[Line]) -> bool:
    """Whether a later line is set like the authors before: then it is another row of them."""
    return bool(author_lines) and abs(line.size - author_lines[0].size) < 0.6 and any(run.is_mark for run in runs(line))


def is_author_line(line: Line) -> bool:
    """Whether a line holds names, with or without marks behind them, and doesn't open with a mark."""
    line_runs = runs(line)
    opens = len(line_runs) > 1 and line_runs[0].is_mark and any(c.isalnum() for c in line_runs[0].text)
    if opens and not line_runs[1].text.lstrip().startswith((",", ";", "，")):  # else the mark is that of the name before it
        return False
    text, domains = without_addresses(" , ".join(run.text for run in line_runs if not run.is_mark))
    if is_note(text) or (domains and not text):
        return False
    parts = [_GLUED.sub(r"\1", part) for part in split_names(accents(text)) if not _ASIDE.match(part)]
    if not parts:
        return False
    good = sum(looks_like_name(part) for part in parts)
    bad = sum(looks_like_affiliation(part) for part in parts)
    return good > 0 and good >= 0.5 * len(parts) and bad == 0


def parse_authors(lines: list[Line]) -> list[Author]:
    """Names in order, each with the marks that follow it.  A name may run over a line's end."""
    authors: list[Author] = []
    pending = ""
    marked = sum(run.is_mark for line in lines for run in runs(line)) > len(lines)  # then a mark ends each name, not the line
    for line in lines:
        for run in runs(line):
            if run.is_mark:
                found = tokens(run.text)
                authors += [Author(name) for name in (_one_eastern(pending) if marked else None) or _names(pending)]
                pending = ""
                if authors:
                    authors[-1].marks += [mark for mark in found if mark not in authors[-1].marks]
                continue
            text = re.sub(r"\([^)]*@[^)]*\)", " ", run.text)
            if has_address(text):
                text = without_addresses(text)[0]
            if run.wide_gap and pending and not re.search(r"(?:[,&]|\band)\s*$", pending):
                pending += " ,"
            pending += f" {text}"
        if pending and not marked and not _goes_on(pending):
            pending += " ,"
    authors += [Author(name) for name in _names(pending)]
    return [_unglued(author) for author in authors if author.name]


def _goes_on(text: str) -> bool:
    """Whether the last name of a line seems cut: only one word of it, or a hyphen."""
    last = re.split(r"[,;&]|\band\b", text)[-1].strip()
    return text.rstrip().endswith("-") or (0 < len(last.split()) < 2) or bool(re.search(r"\b(?:[A-Z]\.|van|von|de|der|del|la)$", last))


def _one_eastern(text: str) -> list[str] | None:
    """The Chinese or Japanese name before a mark, its two parts apart; None for anything else."""
    parts = text.strip(" ,，、").split()
    if len(parts) != 2 or not is_eastern(" ".join(parts)) or not looks_like_name(" ".join(parts)):
        return None
    return [("" if min(map(len, parts)) == 1 and max(map(len, parts)) < 3 else " ").join(parts)]


def _names(text: str) -> list[str]:
    parts = split_names(accents(re.sub(r"-\s+", "-", text)))
    return [part for part in parts if looks_like_name(part) or _GLUED.match(part) or (len(parts) == 1 and _is_mononym(part))]


def _is_mononym(text: str) -> bool:
    return bool(re.fullmatch(r"[A-ZÀ-Þ][^\W\d_]{2,}", text)) and not looks_like_affiliation(text)


def _unglued(author: Author) -> Author:
    """Digits that stand on the baseline right behind a name are its marks."""
    match = _GLUED.match(author.name)
    if match:
        author.name = match[1].strip()
        author.marks = [*tokens(match[2]), *author.marks]
    return author


def read_marked(lines: list[Line], page: int) -> Draft | None:
    """The front matter of marked lines; None where its marks don't tie names to affiliations."""
    authors, rest = authors_and_rest(lines)
    expected = {mark for author in authors for mark in author.marks}
    if not authors or not expected:
        return None
    draft = Draft(authors)
    take_items(draft, items_of(rest, expected, page))
    for line in rest:
        line.role = line.role or "affiliations"
    return draft


def items_of(lines: list[Line], expected: set[str], page: int) -> list[Item]:
    """The marked items of lines, whether marks stand before or behind their texts."""
    first = next((run for line in lines for run in runs(line)), None)
    if first is not None and not first.is_mark:
        behind = trailing_items(lines, page)
        good = [item for item in behind if resolved(item.keys, expected) and looks_like_affiliation(" ".join(item.lines))]
        before = [item for item in keyed_items(lines, expected, page) if item.keys]
        n_before = sum(looks_like_affiliation(" ".join(item.lines)) for item in before)
        if (len(good) > n_before or (len(good) == n_before and _ends_marked(lines))) and not _ends_in_note(behind):
            return behind
    return keyed_items(lines, expected, page)


def _ends_in_note(behind: list[Item]) -> bool:
    """Whether a remark follows the last mark: then that one stands before its text, and so do the others."""
    return bool(behind) and not behind[-1].keys and is_note(" ".join(behind[-1].lines))


def _ends_marked(lines: list[Line]) -> bool:
    """Whether the last line that is no address ends with a mark."""
    texts = [line for line in lines if not has_address(line.text)]
    return bool(texts) and runs(texts[-1])[-1].is_mark


def take_items(draft: Draft, items: list[Item], *, away: bool = False) -> None:
    """Affiliations of the items into the draft; addresses leave their domains, remarks are passed over.

    ``away``: they stand away from the names, so that none of them is a name.
    """
    keyed = [item for item in items if item.keys]
    row = sum(looks_like_affiliation(" ".join(item.lines)) for item in keyed) > 0 and len(keyed) > 1
    doubtful: list[tuple[str, Item, list[str]]] = []
    unmarked = any(not author.marks for author in draft.authors)  # theirs is the affiliation without a mark
    for item in items:
        text, domains = affiliation_text(item.lines)
        if len(keyed) > 1 and item is keyed[-1]:  # addresses below the last one may be anybody's
            loose = [domain for line in item.lines if not without_addresses(line)[0] for domain in without_addresses(line)[1]]
            draft.domains += loose
            domains = [domain for domain in domains if domain not in loose]
        if not item.keys:
            first = not draft.affiliations and (unmarked or not keyed)
            if first and looks_like_affiliation(text) and not is_worthless(text):
                draft.affiliations.append(Affiliation(text, item.page, domains))
            else:
                draft.domains += domains
            continue
        old = [a for a in draft.affiliations if a.key in item.keys]
        if old or not text or is_worthless(text) or not _may_be_body(text, item, draft.authors if row or away else None):
            if old and domains:
                old[0].email_domains += [d for d in domains if d not in old[0].email_domains]
            else:
                draft.domains += domains
                doubtful.append((text, item, domains))
            continue
        if not item.keys[0].isalnum() and (twin := next((a for a in draft.affiliations if a.key and a.text == text), None)):
            twin.email_domains += [d for d in domains if d not in twin.email_domains]  # a footnote for each of its authors
            for author in draft.authors:
                author.marks = [twin.key if mark in item.keys else mark for mark in author.marks]
            continue
        if (bare := next((at for at, a in enumerate(draft.affiliations) if not a.key and same_text(a.text, text)), None)) is not None:
            draft.affiliations[bare].key = item.keys[0]  # read before its mark was known
            for author in draft.authors:
                author.affiliations = [at for at in author.affiliations if at != bare]
        else:
            draft.affiliations.append(Affiliation(text, item.page, domains, item.keys[0]))
        for author in draft.authors:  # one text for several marks
            author.marks = [item.keys[0] if mark in item.keys else mark for mark in author.marks]
    _take_doubtful(draft, doubtful)


def _take_doubtful(draft: Draft, doubtful: list[tuple[str, Item, list[str]]]) -> None:
    """What does not look like an affiliation is one where an author with its mark would have none."""
    for text, item, domains in doubtful:
        known = {affiliation.key for affiliation in draft.affiliations}
        bearers = [author for author in draft.authors if set(author.marks) & set(item.keys)]
        if not known or not bearers or known & set(item.keys) or all(resolved(author.marks, known) for author in bearers):
            continue
        if text and text[0].isupper() and len(text) < 80 and not is_worthless(text) and not is_noise(text):
            draft.affiliations.append(Affiliation(text, item.page, domains, item.keys[0]))


def _may_be_body(text: str, item: Item, authors: list[Author] | None) -> bool:
    """Whether a text behind a mark may be an affiliation.

    Behind a symbol it has to look like one.  Behind a digit or letter it is taken at its word, but not where it might be a
    person; in a row with affiliations (then ``authors`` are given) it is none of them if it bears another name.
    """
    if looks_like_affiliation(text):
        return True
    if not item.keys[0].isalnum() or len(text) > 120 or not text[0].isupper() or prose_words(text) > 1:
        return False
    return not looks_like_name(text) or (authors is not None and all(author.name.lower() != text.lower() for author in authors))


def link_by_marks(draft: Draft) -> None:
    """Set each author's affiliations from the marks; one affiliation without a mark is everybody's."""
    keys = {a.key: at for at, a in enumerate(draft.affiliations) if a.key}
    for author in draft.authors:
        author.affiliations = sorted({keys[key] for key in resolved(author.marks, keys)} | set(author.affiliations))
    for at, affiliation in enumerate(draft.affiliations):
        if not affiliation.key and (len(draft.affiliations) == 1 or keys):
            for author in draft.authors:
                author.affiliations = author.affiliations or [at]
