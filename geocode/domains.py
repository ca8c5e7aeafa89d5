"""E-mail domains as evidence: whose they are, and which ones say nothing."""

from __future__ import annotations

from collections.abc import Callable

from geocode.words import FREE_MAIL, LEFT_MAIL


def institution_domain(domain: str, find: Callable[[str], list[str]]) -> list[str]:
    """The hits of the longest part of a domain that ``find`` knows ("cs.cmu.edu": that of "cmu.edu"); [] where it says nothing."""
    labels = domain.strip().strip(".").lower().split(".")
    if ".".join(labels[-2:]) in FREE_MAIL or ".".join(labels[-3:]) in FREE_MAIL or labels[0] in LEFT_MAIL:
        return []
    for start in range(len(labels) - 1):
        hits = find(".".join(labels[start:]))
        if hits:
            return hits
    return []
