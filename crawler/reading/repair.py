"""Repairs of printed text: ligatures, accents set as letters of their own, hyphens at line ends."""

from __future__ import annotations

import re
import unicodedata

from crawler.reading.page import Word

# Accents that TeX sets as a glyph of its own before (rarely after) the letter, and the combining mark each stands for.
ACCENTS = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˚": "\u030a",
    "˘": "\u0306",
    "¯": "\u0304",
    "˙": "\u0307",
    "˝": "\u030b",
    "˛": "\u0328",
    "^": "\u0302",
}
LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "\u00ad": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u00a0": " ",
    "\u200b": "",
    "\ufeff": "",
}
_LIGATURES = str.maketrans(LIGATURES)
_BEFORE = re.compile(f"([^\\W\\d_]?)([{re.escape(''.join(set(ACCENTS) - {'^', '`', '¸', '˛'}))}])[ ]?([^\\W\\d_])")
_GRAVE = re.compile("(?<=[a-zà-ÿ])`([aeiou])(?=[a-zà-ÿ])")  # elsewhere it is a quotation mark
_TOWN = re.compile(r"(?:[dl][’']|(?:sur|en|lès|les|de|du|aux?)-)")  # of Saint-Martin-d’Hères
_AFTER = re.compile("([^\\W\\d_])[ ]?([¸˛])")
_DOTLESS = str.maketrans({"ı": "i", "ȷ": "j"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def repaired(word: Word) -> bool:
    """Repair a word in place; False where nothing is left of it."""
    text = _CONTROL.sub("", word.text.translate(_LIGATURES))
    text = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.category(c) in ("Mn", "Lo", "Ll", "Lu") and ord(c) >= 0xF900 else c for c in text
    )
    word.text = text.strip()
    return bool(word.text)


LAST_COMMON = 0x250  # letters of languages; beyond are such as ẗ, which nobody writes


def accented(letter: str, accent: str) -> str:
    """The letter with the accent on it; the letter alone where there is no such character."""
    whole = unicodedata.normalize("NFC", letter.translate(_DOTLESS) + ACCENTS[accent])
    return whole if len(whole) == 1 and ord(whole) < LAST_COMMON else letter


def accents(text: str) -> str:
    """Put accents that were set as glyphs of their own onto their letters: ``Pregui¸ca`` → ``Preguiça``."""
    text = re.sub(r"([¸˛])[ ]?([cCsStTaAeE])", lambda match: accented(match[2], match[1]), text)
    text = _BEFORE.sub(_on_a_neighbour, text)
    text = _GRAVE.sub(lambda match: accented(match[1], "`"), text)
    text = _AFTER.sub(lambda match: accented(match[1], match[2]), text)
    return unicodedata.normalize("NFC", text)


def _on_a_neighbour(match: re.Match[str]) -> str:
    """An accent between two letters goes on the second, or on the first where the second can't bear it."""
    before, accent, after = match[1], match[2], match[3]
    if (whole := accented(after, accent)) != after:
        return before + whole
    if before and (whole := accented(before, accent)) != before:
        return whole + match[0][len(before) + 1 :]
    return before + after


def joined(lines: list[str]) -> str:
    """Lines made one text: hyphens at line ends mended, one space elsewhere, accents on their letters."""
    out = ""
    for line in lines:
        line = " ".join(line.split())
        if not line:
            continue
        if out.endswith("-") and len(out) > 2 and out[-2].islower() and line[0].islower() and not _TOWN.match(line):
            out = out[:-1] + line
        elif out.endswith(("-", "/")) and not out.endswith(" -"):
            out += line
        else:
            out = f"{out} {line}" if out else line
    return accents(" ".join(out.split()))
