"""Words that tell what a line of front matter is, in the main languages.  They help; the layout decides.

The words stand in ``words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files


def _load() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = tomllib.loads(files("crawler.reading").joinpath("words.toml").read_text(encoding="utf-8"))
    return lists


WORDS = _load()
_NO_LETTER = r"(?<![^\W\d_])"


def _any(name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """A pattern that matches one of the expressions of a list."""
    return re.compile(rf"{before}(?:{'|'.join(WORDS[name])}){after}", re.IGNORECASE)


_STEM = re.compile(_NO_LETTER + "(?:" + "|".join(map(re.escape, WORDS["body_stems"])) + ")", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, WORDS["body_words"])) + r")(?!\w)", re.IGNORECASE)
_CJK_BODIES = re.compile(
    "大学|大學|学院|學院|研究所|研究院|研究室|研究科|研究センター|实验室|實驗室|公司|中心|医院|醫院|病院|学校|中学|科学院|集团|部队|机构|学部|系|"
    "会社|機構|高専|センター|센터|대학|연구|학교|학과|학부|기술원|회사|병원|공사|본부"
)
_TOP = _any("top_bodies", _NO_LETTER)
_PART = re.compile(
    r"^(?:the )?(?:depart|dépt|dept|division|school|faculty|fakult|section|unit\b|graduate school|college of)", re.IGNORECASE
)
_COUNTRY = _any("countries", r"(?<!\w) *\(?", r"\)?[.,;]?\s*$")
_STATE = re.compile(
    r"(?:,\s*|\s)(?:[A-Z]{2}|[A-Z][a-z]+)\.?[ ,]+\d{5}(?:-\d{4})?\b|"
    r",\s*(?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|DC|"
    r"ON|QC|BC|AB|NSW|VIC)\.?\s*$"
)
_POSTCODE = re.compile(r"\b\d{5,6}\b|\b[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\b[A-Z]{1,2}-\d{4,5}\b")
_END = _any("ends", r"^\W*(?:\d+\.?\s*|[ivx]+\.\s*)?", r"\b(?:\s*$|\s*[:.—–―\-∗*]|(?=\s[A-Z]))")
_END_OF_OTHERS = _any("ends_of_other_scripts", r"^\W*(?:\d+\.?\s*)?")
_NOISE = _any("noise", r"^\W*")
_NOTE = _any("notes")
_FREE_MAIL = _any("free_mail", "^", r"\.\w+(?:\.\w+)?$")
_PROSE = frozenset(WORDS["prose"])
_GLUE = frozenset(WORDS["glue"])


def names_body(text: str) -> bool:
    """Whether the text names an institution or a part of one."""
    return bool(_STEM.search(text) or _WORD.search(text) or _CJK_BODIES.search(text))


def names_top_body(text: str) -> bool:
    """Whether it names a body that stands for itself, such as a university or a firm."""
    return bool(_TOP.search(text) or _WORD.search(text) or _CJK_BODIES.search(text))


def opens_part(text: str) -> bool:
    """Whether it begins with a department, school or the like."""
    return bool(_PART.match(text))


def ends_in_place(text: str) -> bool:
    """Whether it ends with a country, a state or a postcode, as addresses do."""
    text = text.rstrip(" .,;)")
    return bool(_COUNTRY.search(text) or _STATE.search(text) or _POSTCODE.search(text[-14:]))


def looks_like_affiliation(text: str) -> bool:
    """Whether a line or string is an affiliation or a part of an address, by its words alone."""
    return names_body(text) or ends_in_place(text) or bool(_POSTCODE.search(text))


def ends_front_matter(text: str) -> bool:
    """Whether a line is the heading of the abstract, or of what comes next."""
    if _END_OF_OTHERS.match(text):
        return True
    return bool(_END.match(text)) and not text[:60].lower().startswith("background and")


def is_noise(text: str) -> bool:
    """Whether a line of the front matter is neither title nor author nor affiliation: dates, banners, licences."""
    return bool(_NOISE.match(text))


def is_note(text: str) -> bool:
    """Whether a text is a remark (equal contribution, funding, licence) and no affiliation."""
    return bool(_NOTE.search(text))


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there, so that it says nothing about an institution."""
    return bool(_FREE_MAIL.match(domain))


def prose_words(text: str) -> int:
    """How much running text it holds; affiliations and names hold next to none.  Words that both use count a quarter."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    strict = sum(word in _PROSE for word in words)
    return strict + sum(word in _GLUE for word in words) // 4 if strict or len(words) > 8 else 0
