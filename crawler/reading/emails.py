"""E-mail addresses leave the text at once; only their domains are kept."""

from __future__ import annotations

import re

from crawler.reading.vocabulary import WORDS

_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.|\s\.\s))+[A-Za-z]{2,12}"
_GROUP = re.compile(rf"[{{(\[]([^{{}}()\[\]@]{{2,400}})[}})\]]\s*(?:@|\bat\b)\s*({_DOMAIN})")
_PLAIN = re.compile(rf"([\w.+'’*-]{{0,64}})\s?@\s?({_DOMAIN})")
_OFFICE = frozenset(WORDS["offices"])
_SPELLED = re.compile(
    r"\b(?!(?i:available)\b|found\b|hosted\b|[Oo]nline\b|released\b|published\b|is\b|are\b|look\b)([\w.+-]+)\s*(?:\[at\]|\(at\)|<at>|\bAT\b|\bat\b)\s*((?!www\.)(?:[a-z0-9-]+\.)+(?:[a-z]{2}|com|edu|org|net|gov|mil|int|info))\b"
)
_LABEL = re.compile(r"[({\[]?\s*\be-?\s?mails?(?:\s+address(?:es)?)?\s*[:：.]?\s*", re.IGNORECASE)
_URL = re.compile(r"\(?\b(?:https?\s?:\s?//\s?|www\.)[^\s();,]+(?:(?<=\.)\s[a-z][^\s();,]*|\s\.[^\s();,]*)*\)?")


def has_address(text: str) -> bool:
    """Whether there is an e-mail address, or a group of them, in the text."""
    return "@" in text or bool(_SPELLED.search(text)) or bool(re.search(r"\{[^}]*,[^}]*\}?", text))


def without_addresses(text: str) -> tuple[str, list[str]]:
    """The text without e-mail addresses, and their domains in order, in lower case, each once."""
    domains: list[str] = []

    def take(match: re.Match[str]) -> str:
        domain = re.sub(r"\s", "", match[match.lastindex or 1]).lower().strip(".")
        if domain not in domains and match[1].lower() not in _OFFICE:
            domains.append(domain)
        return " "

    for pattern in (_GROUP, _PLAIN, _SPELLED):
        text = pattern.sub(take, text)
    if domains:
        text = re.sub(r"\{[^}]*\}?|^[^{]*\}", " ", text)
        text = (
            "" if not any(c.isupper() or ord(c) > 0x370 for c in text) else re.sub(r"(?:\b[a-z][a-z0-9._]*\s*,\s*){2,}", " ", text)
        )  # the rest of a group
    text = re.sub(r"\S*@\S*", " ", _LABEL.sub(" ", text))  # whatever is left of one, with its local part
    return " ".join(text.split()).strip(" ,;:|{}[]–—-<>"), domains


def without_urls(text: str) -> str:
    """The text without web addresses."""
    return " ".join(_URL.sub(" ", text).split())


def without_local_parts(text: str) -> str:
    """The text with nothing but the domain left of each e-mail address."""
    text = re.sub(r"\{[^{}@]*\}\s*@", "@", text)
    text = re.sub(r"[^\s@]*@", "@", text)
    return _SPELLED.sub(lambda match: f"@{match[2]}", text)
