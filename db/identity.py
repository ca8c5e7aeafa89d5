"""Ids and titles in canonical form, so that the same work is recognised whoever tells of it.

An id is a pair (scheme, value).  ``canonical`` makes the value comparable or says None where it is no id of that
scheme; the caller counts the Nones.  What counts as "the same title" or "the same first author" stands here too.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote, urlsplit, urlunsplit

from db.identifiers import parse_publication_number

# In this order an id speaks for a work: the lowest one is its natural key, on which nothing but the data has a say.
SCHEMES = (
    "doi", "arxiv", "publication_number", "s2", "openalex", "lens", "corpus", "pubmed", "pmc", "acl", "dblp", "mag",
    "url", "file", "sha256", "row",
)  # fmt: skip
_RANK = {scheme: rank for rank, scheme in enumerate(SCHEMES)}

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")


def _doi(text: str) -> str | None:
    """https://www.doi.org/the-identifier/resources/handbook: case does not matter, so lower case is kept."""
    text = unquote(text) if "%2f" in text.casefold() or "://" in text else text
    found = _DOI.search(text)
    if not found or not re.fullmatch(
        r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|https?://\S*?/|doi\s*:?\s*|urn:doi:)?", text[: found.start()].strip(), re.IGNORECASE
    ):
        return None
    value = found.group().rstrip(".,;:'\"”’>")
    while value and value[-1] in ")]}" and value.count(value[-1]) > value.count({")": "(", "]": "[", "}": "{"}[value[-1]]):
        value = value[:-1].rstrip(".,;:'\"”’>")
    return value.lower() if _DOI.fullmatch(value) else None


def _arxiv(text: str) -> str | None:
    """https://info.arxiv.org/help/arxiv_identifier.html: new ids 1501.00001, old ones cs/0112017; the version is cut."""
    text = re.sub(r"^(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html|format)/", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/)?10\.48550/arxiv\.|^arxiv\s*[:.]?\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*\[[\w.-]+\]$|\.pdf$", "", text.split("?")[0].split("#")[0].strip(), flags=re.IGNORECASE)
    found = _ARXIV.fullmatch(text)
    if not found:
        return None
    value = found.group(1).lower()
    if "/" in value:
        archive, _, number = value.partition("/")
        return f"{archive.partition('.')[0]}/{number}"  # math.GT/0309136 and math/0309136 are one
    return value if 1 <= int(value[2:4]) <= 12 else None


def _publication_number(text: str) -> str | None:
    """Patent publication as country, number and kind code: CN108256450A; "CN 108256450 A", CN-108256450-A too."""
    found = parse_publication_number(text)
    return found.normal if found else None


def _url(text: str) -> str | None:
    """Scheme and host in lower case, no fragment, no default port, no trailing slash on a bare host."""
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username:
        return None
    port = f":{parts.port}" if parts.port and (parts.scheme.lower(), parts.port) not in (("http", 80), ("https", 443)) else ""
    return urlunsplit((parts.scheme.lower(), parts.hostname + port, parts.path or "/", parts.query, ""))


def _pmc(text: str) -> str:
    return "PMC" + text.upper().removeprefix("PMC")


def _matching(pattern: str, *, strip: str = "", case: Callable[[str], str] = str) -> Callable[[str], str | None]:
    whole, prefix = re.compile(pattern), re.compile(strip, re.IGNORECASE)

    def check(text: str) -> str | None:
        value = case(prefix.sub("", text, count=1)) if strip else case(text)
        return value if whole.fullmatch(value) else None

    return check


_CANONICAL: dict[str, Callable[[str], str | None]] = {
    "doi": _doi,
    "arxiv": _arxiv,
    "publication_number": _publication_number,
    "url": _url,
    "s2": _matching(r"[0-9a-f]{40}", strip=r"^https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/]*/)?", case=str.lower),
    "corpus": _matching(r"[1-9]\d{0,18}", strip=r"^corpus_?id:\s*"),
    "pmc": _matching(r"PMC[1-9]\d*", strip=r"^(?:https?://\S*/articles/)?(?:pmc\s*id:?\s*)?", case=_pmc),
    "pubmed": _matching(r"[1-9]\d{0,9}", strip=r"^(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)"),
    "openalex": _matching(r"W[1-9]\d*", strip=r"^https?://(?:api\.)?openalex\.org/(?:works/)?", case=str.upper),
    "lens": _matching(r"(?:\d{3}-){4}\d{2}[\dX]", strip=r"^https?://(?:www\.)?lens\.org/(?:lens/)?(?:patent/)?", case=str.upper),
    "mag": _matching(r"[1-9]\d*"),
    "dblp": _matching(r"[\w./+-]+", strip=r"^https?://dblp\.(?:org|uni-trier\.de)/rec/"),
    "acl": _matching(r"[\w.-]+", strip=r"^https?://(?:www\.)?aclanthology\.org/"),
    "sha256": _matching(r"[0-9a-f]{64}", case=str.lower),
    "file": _matching(r"[^\x00-\x1f/\\]+"),
    "row": _matching(r"\S+"),
}  # fmt: skip


def canonical(scheme: str, value: object) -> str | None:
    """The canonical form of an id, or None where ``value`` is no id of this scheme.  An unknown scheme is a KeyError."""
    make = _CANONICAL[scheme]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = unicodedata.normalize("NFC" if scheme == "file" else "NFKC", str(value)).strip()
    try:
        return make(text) if text else None
    except ValueError:  # urlsplit on a broken address
        return None


def canonical_ids(pairs: Iterable[tuple[str, object]]) -> tuple[tuple[tuple[str, str], ...], int]:
    """Canonical (scheme, value) pairs, sorted and each once, and how many values were no ids.

    A DOI of arXiv (10.48550/arXiv.…) gives the arXiv id as well.  None and "" are missing, not wrong.
    """
    good: set[tuple[str, str]] = set()
    bad = 0
    for scheme, value in pairs:
        if value is None or value == "":
            continue
        form = canonical(scheme, value)
        if form is None:
            bad += 1
            continue
        good.add((scheme, form))
        if scheme == "doi" and (arxiv := arxiv_of_doi(form)):
            good.add(("arxiv", arxiv))
    return tuple(sorted(good)), bad


def arxiv_of_doi(doi: str) -> str | None:
    """The arXiv id that an arXiv DOI in canonical form names, else None."""
    found = _ARXIV_DOI.fullmatch(doi)
    return canonical("arxiv", found.group(1)) if found else None


Key = tuple[tuple[int, int, str], ...]


def natural_key(ids: Iterable[tuple[str, str]]) -> Key:
    """What sorts works, the same whatever the order in which they came: their ids, the most telling scheme first."""
    key = sorted((_RANK.get(scheme, len(SCHEMES)), len(value), value) for scheme, value in set(ids))
    return tuple(key) or ((len(SCHEMES) + 1, 0, ""),)


def row_id(*parts: object) -> str:
    """A value of scheme ``row`` for a record without any id: it is known by its content."""
    return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()[:32]


# ---------------------------------------------------------------- titles and names


_NO_KEY = re.compile(r"[^a-z0-9]+")
# Greek letters as the Latin ones under which the font "Symbol" holds them: titles read off a PDF often print those.
_GREEK = str.maketrans("αβγδεζηθικλμνξοπρστυφχψωςϕϑ", "abgdezhqiklmnxoprstufcywsfq")


def title_key(title: str | None) -> str:
    """A title for comparing: compatibility forms folded (NFKC), no case, only letters and digits of any script, Greek as Latin."""
    if title and title.isascii():
        return _NO_KEY.sub("", title.lower())
    folded = unicodedata.normalize("NFKC", title or "").casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", folded) if c.isalnum()).translate(_GREEK)


def is_telling(title: str | None) -> bool:
    """Whether a title is long enough to tell one work: at least 4 words or 25 letters; an ideograph counts as a word."""
    text = unicodedata.normalize("NFKC", title or "")
    ideographs = sum("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in text)
    words = sum(any(c.isalnum() for c in word) for word in text.split())
    return words + ideographs // 2 >= 4 or len(title_key(title)) >= 25


def telling_key(title: str | None) -> str | None:
    """``title_key`` of a title that is long enough to tell one work, else None; SQL knows it under this name."""
    return title_key(title) if is_telling(title) else None


def _plain(text: str) -> str:
    """Letters without case and accents; ø, ß and the like that do not decompose stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalpha())


def _is_initials(token: str) -> bool:
    letters = [c for c in token if c.isalpha()]
    return (
        bool(letters)
        and all(c.isupper() for c in letters)
        and (len(letters) == 1 or "." in token or (len(letters) <= 2 and token.isascii()))
    )


_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md"}


def surname(name: str | None) -> str:
    """The family name for comparing, from "Ira Nech", "Nech, Ira" or "Nech I."; "" where there is none."""
    text = " ".join((name or "").split())
    if "," in text:
        before, _, after = text.partition(",")
        if _plain(after) not in _SUFFIXES:
            return _plain(before)
        text = before
    tokens = [token for token in text.split(" ") if _plain(token) and _plain(token) not in _SUFFIXES]
    while len(tokens) > 1 and _is_initials(tokens[-1]) and not all(_is_initials(t) for t in tokens[:-1]):
        tokens.pop()  # "Kumar N."
        if not _is_initials(tokens[-1]):
            return _plain(tokens[-1]) if len(tokens) == 1 else _plain("".join(tokens))
    return _plain(tokens[-1]) if tokens else ""


def same_person(a: str, b: str) -> bool:
    """Whether two printed names can be one author: same family name, or the same words in another order."""
    one, other = sorted((surname(a), surname(b)), key=len)
    if one == other or (len(one) > 3 and other[:-1] == one and other[-1] in "abcde"):  # the mark of an affiliation: "Tilla"
        return True
    words = [sorted(filter(None, map(_plain, re.split(r"[\s,]+", name)))) for name in (a, b)]
    return words[0] == words[1]


def same_authors(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two lists of authors can be those of one work: the same first author, or most names in both."""
    if same_person(one[0], other[0]):
        return True
    names, others = set(map(surname, one)), set(map(surname, other))
    return len(names & others) * 2 > max(len(names), len(others))
