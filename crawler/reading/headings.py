"""Section headings: which lines are one, and under which headings a passage stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.reading.textlayer import TextLine

_NAMED = (
    r"abstract|introduction|related works?|background|preliminaries|methods?|methodology|materials and methods|"
    r"approach|proposed \w+|experiments?|experimental \w+|evaluations?|results?(?: and (?:discussions?|analysis))?|discussions?|"
    r"conclusions?(?: and \w+ ?\w*)?|acknowledge?ments?|references?|bibliography|literature cited|appendi(?:x|ces)|"
    r"supplementary (?:materials?|information)|supplemental materials?|datasets?|limitations?|implementation details?|"
    r"ablation stud(?:y|ies)|参考文献|摘要|引言|实验"
)
_HEADING = re.compile(
    rf"^(?:(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}|[IVX]{{1,5}}\.?|[A-H]\.)[.:]?\s+)?(?:{_NAMED}|appendix\b.{{0,60}})\s*[.:]?$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^(?:(?:\d{1,2}\.){1,4}|\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}\.|[A-H](?:\.\d{1,2})+\.?|[A-H]\.?(?=\s+[A-Z][A-Za-z]{3}))\s+[A-Z][^.]{2,80}$"
)
_MAIN = re.compile(r"(?:abstract|introduction|related|conclusion|references|acknowledg|appendi|supplement|discussion)", re.IGNORECASE)
_REFERENCES = re.compile(
    r"^\W*(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references?|bibliography|literature cited|works cited|参考文献)(?: and notes)?\s*:?$",
    re.IGNORECASE,
)
_AFTER_REFERENCES = re.compile(
    r"^(?:[A-Z](?:\.\d+)*\.?\s+[A-Z]|appendi|supplement|"
    r"(?:\d{1,2}|[A-Z])\.?\s+(?:appendi|supplement|additional|implementation|more|further|details|proof|experiment|dataset))",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"^\W*(?:\w{1,3}\.?\s+)?(?:appendi|supplement)", re.IGNORECASE)
_SPACED = re.compile(r"^(?:[A-Z] ?){3,}$")
_SMALL_CAPITALS = re.compile(r"\b([A-Z]) ([A-Z]{2,})\b")
_CAPTION = re.compile(r"^((?i:table|tab\.|fig(?:ure|\.)|表|图)\s*\.?\s*(?:\d+|[IVX]+|[A-Z]\.?\d+))(?![\w-])")
_SENTENCE_ON = re.compile(
    r"^.{5,12}?\s(?:shows?|lists?|presents?|gives?|compares?|reports?|summari[sz]es|illustrates?|we|and|is|are|in)\s", re.IGNORECASE
)


@dataclass(slots=True)
class Outline:
    """Where in the document the reading is."""

    path: list[str] = field(default_factory=list)  # headings, the highest first
    in_references: bool = False
    is_appendix: bool = False

    def enter(self, heading: str) -> None:
        """A heading has come."""
        if heading == "References":
            self.path, self.in_references = [heading], True
            return
        if self.in_references and not _AFTER_REFERENCES.match(heading):
            return
        self.is_appendix |= self.in_references or bool(_APPENDIX.match(heading))
        self.in_references = False
        number = _number(heading)
        kept = [text for text in self.path if text != "References" and _is_above(text, heading, number)]
        self.path = [*kept, heading]

    def section(self, caption: str | None = None) -> str | None:
        """The first and the last heading above a passage, as printed; for a caption the number of its table or figure behind."""
        if self.in_references:
            return "References"
        parts = [*dict.fromkeys((self.path[0], self.path[-1]))] if self.path else []
        if self.is_appendix and not (parts and _APPENDIX.match(parts[0])):
            parts.insert(0, "Appendix")
        return " › ".join([*parts, *([caption] if caption else [])]) or None


def _number(heading: str) -> str:
    """``4.2`` of a heading, ``A`` of an appendix's; empty where it has none."""
    match = re.match(r"^(\d{1,2}(?:\.\d{1,2})*|[A-H](?:\.\d{1,2})*|[IVX]{1,5}(?=\.))\.?\s", heading)
    return match[1] if match else ""


def _is_above(text: str, heading: str, number: str) -> bool:
    """Whether a heading that was in force stays so when another one comes."""
    above = _number(text)
    if number:
        roman = above.strip("IVX") == "" and above != "" and bool(re.fullmatch(r"[A-H]", number))  # IV. and B. below it
        return number.startswith(above + ".") if above and not roman else roman
    return bool(above) and not _MAIN.match(heading) and len(heading) > 2


def heading_of(line: TextLine, body_size: float) -> str | None:
    """The text of a section heading, or None."""
    text = _in_capitals(line.text)
    if not 2 <= len(text) <= 90 or text.endswith((",", "-")):
        return None
    if _REFERENCES.match(text.replace(" ", "") if _SPACED.match(text) else text):
        return "References"
    if _HEADING.match(text) and (text[0].isupper() or text[0].isdigit() or text[0] > "\u2fff"):
        return text
    stands_out = line.size > 1.04 * body_size or line.bold or text.isupper()
    return text if stands_out and _NUMBERED.match(text) and sum(c.isalpha() for c in text) > 0.6 * len(text) else None


def _in_capitals(text: str) -> str:
    """Small capitals put together: ``R ELATED W ORK``; but ``A DETAILS`` is an appendix with its letter."""
    joined = _SMALL_CAPITALS.sub(r"\1\2", text)
    first = re.match(r"[A-H] [A-Z]{2,}", text)
    return text[:2] + _SMALL_CAPITALS.sub(r"\1\2", text[2:]) if first and not _HEADING.match(joined) else joined


def caption_of(text: str) -> str | None:
    """``Table 3`` where a line opens a caption, else None: a sentence may begin so too."""
    match = _CAPTION.match(text)
    return match[1] if match and not _SENTENCE_ON.match(text) else None
