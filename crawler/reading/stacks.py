"""Lines below a name as affiliations: where one ends and the next begins."""

from __future__ import annotations

import re

from crawler.reading.emails import without_addresses
from crawler.reading.vocabulary import ends_in_place, names_body, names_top_body, opens_part

AHEAD = 3  # lines from a department to its university
_UNIVERSITY = re.compile(r"universi|hochschule|polytech|politec|institute of technology", re.IGNORECASE)
_STATE_END = re.compile(r"\w{4,} (?:A[LKZR]|C[AT]|FL|GA|I[ALN]|K[SY]|M[ADINO]|N[CHJVY]|PA|TN|TX|UT|V[AT]|W[AI])$")


def text_lines(lines: list[str]) -> list[str]:
    """The lines that hold more than an address."""
    return [line for line in lines if without_addresses(line)[0]]


def parted(text: str) -> list[str]:
    """A text that names two bodies with a semicolon between them, as two."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return parts if len(parts) > 1 and all(names_body(part) for part in parts) else [text]


def stacked(lines: list[str]) -> list[list[str]]:
    """Lines below a name, parted where a second affiliation begins; addresses go with the lines above them."""
    stacks: list[list[str]] = []
    is_cut = False
    for at, line in enumerate(lines):
        text = without_addresses(line)[0]
        if stacks and opens_part(text) and _two_universities(stacks[-1], lines[at : at + AHEAD]):
            is_cut = True
        if stacks and text.lower() in ("and", "&", "und", "et") and names_body(" ".join(stacks[-1])):
            is_cut = True
            continue
        if is_cut:
            is_cut = False
            stacks.append([line])
            continue
        if (not text and stacks) or (stacks and not _begins_another(stacks[-1], text)):
            stacks[-1].append(line)
        elif stacks and stacks[-1][-1].rstrip().endswith("&"):
            stacks[-1][-1] = stacks[-1][-1].rstrip(" &")
            stacks.append([line])
        else:
            stacks.append([line])
    return stacks


def _two_universities(stack: list[str], following: list[str]) -> bool:
    """Whether a university stands above a line with a part of one, and another one right below."""
    below = next((text for text in following[1:] if _UNIVERSITY.search(text)), None)
    return below is not None and not ends_in_place(" ".join(stack)) and any(_UNIVERSITY.search(text) and text != below for text in stack)


def _begins_another(stack: list[str], text: str) -> bool:
    """Whether a line opens a new affiliation: the one before is whole, and this one names a body."""
    before = " ".join(text_lines(stack))
    if before.endswith(" &") and names_top_body(before) and names_top_body(text) and not opens_part(before):
        return True
    if not before or before.rstrip().endswith((",", "&", "-", " of", " and", " for")) or not names_body(text):
        return False
    last = text_lines(stack)[-1] if text_lines(stack) else ""
    whole = (ends_in_place(before) or _STATE_END.search(before)) and (names_body(before) or len(text_lines(stack)) > 1 or ", " in before)
    return bool(whole and not text[0].islower()) or (names_top_body(before) and ends_in_place(text) and ", " in last and opens_part(text))


def letters(text: str) -> str:
    """The letters and digits of a text."""
    return re.sub(r"[\W_]+", "", text).lower()


def cut_behind(stack: list[str], whole: set[str]) -> list[list[str]]:
    """A stack that opens with what is another's whole affiliation, and names a body behind it, as two."""
    for at in range(1, len(stack)):
        if letters(" ".join(stack[:at])) in whole and names_body(" ".join(stack[:at])) and names_body(" ".join(text_lines(stack[at:]))):
            return [stack[:at], *cut_behind(stack[at:], whole)]
    return [stack]
