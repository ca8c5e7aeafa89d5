"""Which affiliation an e-mail domain belongs to, where the page doesn't say."""

from __future__ import annotations

import re
import unicodedata

from crawler.reading.draft import Affiliation, Draft
from crawler.reading.vocabulary import WORDS, is_free_mail

_SMALL = frozenset(WORDS["small"])


def place_domains(draft: Draft) -> None:
    """Give each loose domain to the affiliation whose name it resembles, else to the first author's."""
    for domain in dict.fromkeys(draft.domains):
        if not draft.affiliations:
            return
        if any(domain in affiliation.email_domains for affiliation in draft.affiliations):
            continue
        fits = [affiliation for affiliation in draft.affiliations if not is_free_mail(domain) and resembles(domain, affiliation)]
        first = next((author.affiliations[0] for author in draft.authors if author.affiliations), 0)
        for affiliation in fits or [draft.affiliations[first]]:
            affiliation.email_domains.append(domain)
    draft.domains.clear()


def resembles(domain: str, affiliation: Affiliation) -> bool:
    """Whether a label of the domain is a word, or the initials, of the affiliation: ``pku.edu.cn`` and Peking University."""
    labels = [label for label in re.split(r"[.-]", domain) if len(label) > 1][:-1] or [domain]
    folded = unicodedata.normalize("NFKD", affiliation.text).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z]+", folded) if word not in _SMALL]
    initials = "".join(word[0] for word in words)
    for label in labels:
        if label in ("edu", "ac", "com", "org", "net", "gov", "co", "mail", "cs", "ee", "student", "students", "in", "inc"):
            continue
        if any(word == label or (len(label) > 3 and word.startswith(label)) or (len(word) > 4 and word in label) for word in words):
            return True
        if 2 <= len(label) <= 6 and label in initials:
            return True
    return False
