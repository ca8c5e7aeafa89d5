"""Tags that are not repeated on a page: hateful names for groups of people.

The list holds hashes, so that the repository repeats the words as little as a page does.  ``python -m photos.blocked WORD`` prints the
hash of a word that should be added.  Words that mostly mean something else (a breed of cat, a dam, an ethnic group's own name) are not in
it; a tag is compared whole and word by word, so a longer word that contains one is let through.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256

_LETTERS = str.maketrans("013457@$", "oieastas")
_LIST = """
    045c89d13d24 0515b9e67e0e 08a841e99678 0fef90ef140b 120f6e5b4ea3 1290d04b901d 12e6274e4309 12fe1cadd07e 16ea09fc78ca
    2086aeacaff1 22fc75e65a0e 26b029bf57d6 27a62b68179c 2c5468c380ca 325c687181b4 333f76180929 33740da8a87d 374cd9d139c9
    38ba35fc0a47 3b1e0d7c5dd4 3eed6d8f9ba4 4250c0f1a200 4814058be6f3 58d5ed002eca 5a9f0a1e29ac 5c85efe29946 6122fdf4ae14
    6d1833779e38 6e96d94f39a3 70e4043b678f 72fb3dcf349c 7ef8ddb05876 85eaf9757cee 8f5083e3e5c7 96efbc43a462 98b52c4b6b7d
    9bc997ae6ade 9d57436661e1 a77ac6b90734 a86ef4288f14 b15f4a2183aa be00f1af522e c3de533e9b7f cc02032349c8 dc675e448132
    e10c5b19ca9f e742d17ff490 eef3bd091670 f3cf22cc8c5b f4a5cc0c3285 f9d0d9b18ae9 f9f28846f495 fe260f7c7a77
"""
_HASHES = frozenset(_LIST.split())


def hash_of(word: str) -> str:
    """The first 12 digits of the hash of a word without case, digits for letters, and signs."""
    return sha256(re.sub(r"\W|_", "", word.casefold().translate(_LETTERS)).encode()).hexdigest()[:12]


def is_blocked(tag: str) -> bool:
    """Whether a decoded tag is, or holds as a word, a term of the list; plurals in -s and -z count too."""
    words = [tag, *re.split(r"[\s_.,;:/+-]+", tag)]
    return any(hash_of(form) in _HASHES for word in words for form in (word, word.rstrip("sSzZ")) if form)


if __name__ == "__main__":
    print(*map(hash_of, sys.argv[1:]), sep="\n")
