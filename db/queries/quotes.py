"""Passages as the public sees them."""

from __future__ import annotations

import re

# Where one part of a reference ends and the next begins: authors, title, venue.  A full stop after a lone capital is an initial.
_PART = re.compile(r"(?<![A-Z])\.\s+|[:;]\s+|[\u201c\u201d\"]\s*|,\s+(?=\u201c|\")|\(\d{4}[a-z]?\)[.,]?\s*")


def without_authors(quote: str, alias: str) -> str:
    """The part of a reference that names the dataset: exports hold no author names outside of the bibliographic formats.

    >>> without_authors("[7] M. Mustermann and B. Tester. A large set of faces. In CVPR.", "set of faces")
    'A large set of faces'
    """
    wanted = alias.casefold()
    parts = [part.strip() for part in _PART.split(quote) if part and part.strip()]
    return next((part for part in parts if wanted in part.casefold()), alias)
