"""Affiliations told in sentences, as IEEE footnotes do: ``A. Smith is with the University of …``."""

from __future__ import annotations

import re
import unicodedata

from crawler.reading.draft import Author, Draft, add_once, affiliation_text, is_worthless
from crawler.reading.page import Line
from crawler.reading.repair import joined
from crawler.reading.vocabulary import ends_in_place, names_body, names_top_body, prose_words

MAX_NAME = 12  # words of a body's name
_VERB = re.compile(
    r"\b(?:(?:is|are|was|were)\s+(?:also\s+|both\s+|currently\s+|now\s+|jointly\s+|presently\s+|all\s+)*"
    r"(?:affiliated\s+)?(?:with|at(?=\s+the|\s+[A-Z])|from(?=\s+the|\s+[A-Z]))|"
    r"(?:is|are|was|were)\s+an?\s+(?:[a-z]+\s+){1,4}(?:with|from|at|in)(?=\s+the|\s+[A-Z])|"
    r",?\s*and\s+(?:is\s+|are\s+)?(?:also\s+)?with)\s+",
)
_STOP = re.compile(
    r"[.;,]?\s*\(?\s*(?:e-?mails?|electronic mail|corresponding author|phone|fax)\b|"
    r"\.\s+(?:this|the|manuscript|corresponding|digital|recommended|for information|asterisk|work|date|color|\*)\b|"
    r"\.?\s*\(corresponding",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<!\bal)(?<!\bul)(?<!\bpl)(?<!\bos)(?<=[a-z\d)\]]{2})\.\s+(?=[A-Z•])(?![A-Z][a-z]{1,4}\.)|(?<=[a-z]{2});\s+(?=[A-Z])|(?<=[A-Z]{3})\.\s+(?=[A-Z])"
)


def read_sentences(draft: Draft, paragraphs: list[list[Line]], page: int) -> bool:
    """Affiliations and links from such sentences into the draft; whether there was any."""
    found = False
    subjects: list[Author] = []
    for paragraph in paragraphs:
        text = joined([line.plain for line in paragraph])
        for subject, body in _clauses(text):
            subjects = _authors_of(subject, draft.authors, subjects)
            for part in _bodies(body):
                clean, domains = affiliation_text([part])
                if is_worthless(clean) or len(clean) < 4 or not any(c.isupper() for c in clean):
                    continue
                at = add_once(draft, clean, page, domains)
                for author in subjects:
                    if at not in author.affiliations:
                        author.affiliations.append(at)
                found = True
                for line in paragraph:
                    line.role = "footnote"
    return found


def _bodies(text: str) -> list[str]:
    """The bodies of a clause: ``the X, and the Y`` are two."""
    parts = re.split(r",?\s+and\s+(?:also\s+)?with\s+|,\s+and\s+(?=the\s)|;\s+(?:and\s+)?(?=the\s)", text)
    if not all(names_body(part) for part in parts):
        parts = [text]
    parts = [piece for part in parts for piece in whole_bodies(part)]
    return [re.sub(r"^(?:the|both|an?)\s+", "", part.strip(), flags=re.IGNORECASE) for part in parts]


def whole_bodies(text: str) -> list[str]:
    """A text that joins two whole addresses by a plain ``and``, as two: the first ends in a place or as a firm."""
    for match in re.finditer(r",?\s+and\s+(?=[A-Z])", text):
        before, after = text[: match.start()], text[match.end() :]
        ended = "," in before and (ends_in_place(before) or re.search(r"\b(?:Inc|Ltd|LLC|GmbH|Corp)\.?$", before))
        if ended and names_body(before) and names_body(after) and (ends_in_place(after) or names_top_body(after)):
            return [before, *whole_bodies(after)]
    return [text]


def _clauses(text: str) -> list[tuple[str, str]]:
    """(who, where) of each statement in a paragraph."""
    verbs = list(_VERB.finditer(text))
    verbs = [verb for at, verb in enumerate(verbs) if not verb[0].lstrip(" ,").startswith("and") or at > 0]
    out: list[tuple[str, str]] = []
    for at, verb in enumerate(verbs):
        rest = text[verb.end() : verbs[at + 1].start() if at + 1 < len(verbs) else len(text)]
        stop = _STOP.search(rest)
        body = rest[: stop.start()] if stop else rest
        sentence = _SENTENCE.search(body)
        if sentence:
            body = body[: sentence.start()]
        elif at + 1 < len(verbs) and not stop:
            tail = re.search(
                r"[,;.]?\s*(?:and|while|whereas)?\s*(?:[A-Z]\.[\s-]?)+(?:[A-Z][\w’'-]+\s*)?(?:(?:,|and|&)\s*(?:[A-Z]\.[\s-]?)*[A-Z]?[\w’'-]*\s*)*$|\s+and\s+(?:[A-Z][\w.’'-]*\s*){1,4}$",
                body,
            )
            body = body[: tail.start()] if tail and tail.start() > 3 else body
        before = text[verbs[at - 1].end() if at else 0 : verb.start()]
        subject = "" if verb[0].lstrip(" ,").startswith("and") else before
        out.append((_trailing_names(subject), body.strip()))
    return out


def _trailing_names(text: str) -> str:
    """The capitalised words, and those that join them, at the end of a text."""
    words = text.split()
    start = len(words)
    while start > 0 and (words[start - 1][0].isupper() or words[start - 1] in ("and", "&") or len(words[start - 1]) < 4):
        start -= 1
    return " ".join(words[start:]) or text[-80:]


def _authors_of(subject: str, authors: list[Author], last: list[Author]) -> list[Author]:
    """The authors that a subject means: by surname, ``The authors`` all, ``They`` and nothing the ones before."""
    words = subject.strip()
    if re.search(r"\b(?:all|the|both)?\s*authors?\b", words, re.IGNORECASE):
        return authors
    if not words or re.fullmatch(r"(?:they|he|she|who)", words, re.IGNORECASE):
        return last
    named = [author for author in authors if is_named(author.name, words)]
    return named or (last if re.search(r"\b(?:they|he|she|who)\b", words, re.IGNORECASE) else [])


def is_named(name: str, subject: str) -> bool:
    """Whether a text names this person: the surname, and initials that agree; or the initials alone."""
    name, subject = folded(name), folded(subject)
    parts = [part for part in re.split(r"[\s.]+", name) if part]
    surname, initial = parts[-1], parts[0][0]
    for match in re.finditer(rf"(?<!\w){re.escape(surname)}(?!\w)", subject, re.IGNORECASE):
        before = re.findall(r"([A-Z][\w’']*)\.?(?:[\s-]|$)", re.split(r",|\band\b|&|;", subject[: match.start()])[-1])
        near = before[1 - len(parts) :]  # more may belong to the sentence before
        given = [word.lower() for word in near] if all(len(word) > 2 for word in near) else []
        own = [part.lower() for part in parts[:-1] if len(part) > 2]
        if given and own and not any(part.startswith(word) or word.startswith(part) for part in own for word in given):
            continue  # somebody else of that name
        if not before or initial.lower() in {word[0].lower() for word in before}:
            return True
    letters = "".join(part[0] for part in re.split(r"[\s.-]+", name) if part).lower()
    bare = [
        re.findall(r"[A-Za-z]", part) for part in re.split(r",|\band\b|&|;", subject) if re.fullmatch(r"\s*(?:[A-Z]\.[\s-]*){2,}", part)
    ]
    return any("".join(part).lower() == letters for part in bare)  # initials alone


def folded(text: str) -> str:
    """The text with the accents taken off its letters: footnotes are often typed without them."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def read_bare_foot(draft: Draft, paragraphs: list[list[Line]], page: int) -> bool:
    """Affiliations that stand in footnotes without marks or sentences: whole addresses, often with an e-mail address behind each.

    Where there is one for each author, they are in the order of the names.
    """
    found: list[int] = []
    parts: list[str] = []
    for paragraph in paragraphs:
        raw = joined([line.plain for line in paragraph])
        body = re.sub(
            r"^\W*(?:(?:the\s+)?corresponding author(?: at)?|correspondence(?: to)?|address)\s*:?\s*", "", raw, flags=re.IGNORECASE
        )
        parts += _addresses(body)
    parts = [part for part in parts if any(c.isalpha() for c in part)]
    texts = [affiliation_text([part]) for part in parts]
    whole = [_is_whole(clean, domains) for clean, domains in texts]
    listed = any(whole) or len(parts) == len(draft.authors)
    for part, (clean, domains), is_whole in zip(parts, texts, whole, strict=True):
        if (is_whole or (listed and _is_body_alone(part))) and names_top_body(clean) and clean[0].isupper() and _is_short(clean):
            found.append(add_once(draft, clean, page, domains))
    if len(found) == len(draft.authors) > 1:
        for author, at in zip(draft.authors, found, strict=True):
            author.affiliations = [at]
    return bool(draft.affiliations)


def _is_whole(text: str, domains: list[str]) -> bool:
    """Whether an address tells its place, or an e-mail address stood behind it."""
    return ends_in_place(text) or bool(domains)


def _is_short(text: str) -> bool:
    """Whether a text is no longer than an address, without running text in it."""
    return len(text) < 250 and not is_worthless(text) and prose_words(text) <= ends_in_place(text)


def _addresses(text: str) -> list[str]:
    """A paragraph cut where one whole address ends with a full stop and the next begins."""
    parts = re.split(r"(?<=\w\w)\.\s+(?=[A-Z])", text)
    out: list[str] = []
    for part in parts:
        if out and not (_is_address(out[-1]) and (_is_address(part) or _is_body_alone(part))):
            out[-1] += f". {part}"
        else:
            out.append(part)
    return out


def _is_body_alone(text: str) -> bool:
    """Whether a text is the name of a university or the like, and nothing else."""
    clean = affiliation_text([text])[0]
    return names_top_body(clean) and len(clean.split()) <= MAX_NAME and not prose_words(clean) and not re.search(r"[.;]", clean)


def _is_address(text: str) -> bool:
    clean, domains = affiliation_text([text])
    return names_body(clean) and (ends_in_place(clean) or bool(domains))
