"""What is read so far: authors with their marks, affiliations, and the links between them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from crawler.reading.emails import without_addresses, without_urls
from crawler.reading.repair import joined
from crawler.reading.roles import without_roles
from crawler.reading.vocabulary import ends_in_place, is_note, names_body, prose_words


@dataclass(slots=True)
class Author:
    """A person, the marks behind the name, and the positions of the affiliations."""

    name: str
    marks: list[str] = field(default_factory=list)
    affiliations: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Affiliation:
    """One string as printed; ``key`` is its mark."""

    text: str
    page: int
    email_domains: list[str] = field(default_factory=list)
    key: str = ""


@dataclass(slots=True)
class Draft:
    """Front matter in the making."""

    authors: list[Author] = field(default_factory=list)
    affiliations: list[Affiliation] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)  # of addresses that belong to no one affiliation

    @property
    def missing(self) -> list[str]:
        """Marks of authors that no affiliation answers to."""
        keys = {affiliation.key for affiliation in self.affiliations}
        out: list[str] = []
        for author in self.authors:
            out += [mark for mark in author.marks if mark not in keys and mark not in out]
        return out


_BEHIND = re.compile(
    r"(?<=[.;)])\s+[*∗†‡]?\s*(?:correspond(?:ence|ing)\b|equal(?:ly)? contribut|proceedings of|copyright|©|"
    r"e-?mails?\s*:\s*(?-i:[A-Z][\w.’-]*\s+[A-Z])|(?:formerly|previously)\b).*$",
    re.IGNORECASE,
)  # what a footnote says after its last affiliation

_INITIALS = re.compile(
    r"[;,]?\s*\((?!U\.\s?[SK]\.|P\.\s?R\.|R\.\s?O\.\s?C)(?:[A-Z]\.[ -]?){2,5}(?:\s*[,;&]\s*(?:[A-Z]\.[ -]?){2,5})*\)"
)  # of the author whose address stood before them


def affiliation_text(lines: list[str]) -> tuple[str, list[str]]:
    """Lines of an affiliation as one clean string, and the e-mail domains that stood among them."""
    text, domains = without_addresses(_BEHIND.sub("", joined(without_roles(lines))))
    text = re.sub(r"(?:orcid\s*(?:id)?\s*:?\s*)?\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\([\s,;]*\)|\[[\s,;]*\]|[�✉]", " ", without_urls(text))
    text = re.sub(r"(?:(?<=\s)|^)[´`¨ˆ˜ˇ¸˚˘¯˙˝˛](?=\s|$)", " ", _INITIALS.sub(" ", text))
    text = re.sub(r"^(?:present|current|permanent) address(?:es)?\s*:?\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?:;|,|\()?\s*(?:\be-?mails?\b|\b(?:tel|phone|fax|url|homepage)\b\s*[.:+\d]).*$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+([,;.:)])", r"\1", re.sub(r"([(])\s+", r"\1", " ".join(text.split())))
    text = re.sub(r"(?:[,;]\s*)+([,;])", r"\1", text).strip(" ,;:|–—-•·*")
    text = re.sub(r"[,;]?\s*\band$", "", text)
    if text.endswith(".") and not re.search(r"(?:\b[A-Z]|Inc|Ltd|Co|Corp|St)\.$", text):
        text = text[:-1]
    if text.endswith((")", "）")) and text.count("(") + text.count("（") < text.count(")") + text.count("）"):
        text = text[:-1]
    if text.startswith(("(", "（")) and text.endswith((")", "）")) and not re.search(r"[()（）]", text[1:-1]):
        text = text[1:-1]
    if text[:1] in "(（" and not re.search(r"[)）]", text):
        text = text[1:]
    return text.strip(" ,;，；。、"), domains


def is_worthless(text: str) -> bool:
    """Whether a string can't be an affiliation: too short, too long, or a remark."""
    return sum(c.isalpha() for c in text) < 2 or len(text) > 600 or is_note(without_urls(text)) or prose_words(text) > 3


def same_text(one: str, other: str) -> bool:
    """Whether two strings are the same block, printed twice: equal but for a word or punctuation."""
    a, b = (re.findall(r"\w+", text.lower()) for text in (one, other))
    if not a or not b:
        return False
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) >= 0.93


def _is_place_longer(short: str, long: str) -> bool:
    """Whether ``long`` is ``short`` and a place: the same block, once without its town."""
    rest = long[len(short) :]
    return long.startswith(short) and bool(rest) and rest[0] in " ,;" and not names_body(rest) and ends_in_place(long)


def add_once(draft: Draft, text: str, page: int, domains: list[str]) -> int:
    """Position of the affiliation with this text; a repeated block is one."""
    for at, affiliation in enumerate(draft.affiliations):
        if same_text(affiliation.text, text) or _is_place_longer(affiliation.text, text) or _is_place_longer(text, affiliation.text):
            affiliation.text = max(affiliation.text, text, key=len)
            affiliation.email_domains += [d for d in domains if d not in affiliation.email_domains]
            return at
    draft.affiliations.append(Affiliation(text, page, list(domains)))
    return len(draft.affiliations) - 1
