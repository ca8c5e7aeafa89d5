"""Foreign text on a terminal: made harmless, and its dataset names marked.

Titles and quotes come from strangers.  An escape sequence in one could move the cursor, hide text or set the clipboard
(https://invisible-island.net/xterm/ctlseqs/ctlseqs.html), so none reaches the screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: cursor, colours, erasing
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS and their kin, to their end
    r"|\x1b[ -/]*[0-~]"  # two-letter sequences
)
MAX_MARKS = 4  # accents on one letter; more of them would smear over the lines above and below
_SELECTORS = range(0xFE00, 0xFE10)  # they change a character's width behind our back


def clean(text: str | None) -> str:
    """The text as one line without control or invisible characters; "" for None."""
    out: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", _SEQUENCE.sub(" ", text or "")):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp", "Zs"):
            out.append(" ")
        elif category[0] != "C" and ord(char) not in _SELECTORS and marks <= MAX_MARKS:
            out.append(char)
    return " ".join("".join(out).split())


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, with … at the end where something was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # of a script that parts words


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the names as whole words, in any case and over any white space; None without names.

    Chinese, Japanese and Korean put no space around a name in Latin letters.
    """
    cleaned = sorted({clean(name) for name in names} - {""}, key=len, reverse=True)
    if not cleaned:
        return None
    alternatives = "|".join(r"\s+".join(map(re.escape, name.split())) for name in cleaned)
    return re.compile(rf"(?<!{_LETTER})(?:{alternatives})(?!{_LETTER})", re.IGNORECASE)


def mark(text: str, pattern: re.Pattern[str] | None) -> str:
    """The names between asterisks, for where there is no bold."""
    return pattern.sub(r"*\g<0>*", text) if pattern else text
