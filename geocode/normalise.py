"""From printed text to tokens and keys: what two spellings of one name have in common.

``clean`` mends what extraction and transport did to a string, ``tokens`` cuts it into folded words, ``ordered_key`` and
``set_key`` are the keys under which the index holds names.  The index is built with the same functions, so a change
here needs ``FORMAT`` in ``db.gazetteer`` to grow.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from geocode.words import COMPANY_FORM, CONCEPT, FILLER, STOP

MAX_CHARS = 2_000  # an affiliation is a few lines; what is longer is a page that was taken for one

_TAG = re.compile(r"<[^<>]{1,80}>")
_EMAIL = re.compile(r"\S+@\S+")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}(?=\W|$)")
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{3})(?=[A-Z][a-zà-ÿ]{2})")
_MARK = re.compile(r"(?:(?<=^)|(?<=[\s,;:(]))\d{1,2}(?=[A-Z][a-zà-ÿ]|[A-Z]{2}[a-z])")
_NUMBERED = re.compile(r"(?<=[a-zà-ÿ]{4})(?=\d)")
_UMR = re.compile(r"\b(UMR|UMR[-_ ]S|UMS|UPR|USR|FRE|EA|U)((?:[\s_/-]*(?:CNRS|INSERM|Inserm|INRAE?|IRD))*)[\s_-]*(?:n°\s*)?(\d{3,4})\b")
WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿]|[^\W_]+", re.UNICODE)
_COMPOUND = re.compile(r"\b([Uu]niversit(?:ä|ae|a|e)ts?)[-­]?(?=klinik|spital|medizin|krankenhaus|hospital|sjukhus|sykehus)")
_ELISION = re.compile(r"\b([dlDL]|dell|nell|all|qu)['’ʼ`´](?=\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
# Short forms that stand for several words, in names and strings alike.
_LONG_FORMS = (
    (re.compile(r"\bC\.?H\.?(?:R\.?)?U\.?(?=\s)"), "Centre Hospitalier Universitaire"),
    (re.compile(r"\bUC[- ](?=[A-Z][a-z]+(?! ?Louvain))"), "University of California "),
    (re.compile(r"\bIIT[- ](?=[A-Z][a-z])"), "Indian Institute of Technology "),
    (re.compile(r"\bTU[- ](?=[A-Z][a-z])"), "Technische Universität "),
    (re.compile(r"\bU\.? of (?=[A-Z])"), "University of "),
    (re.compile(r"^U\. (?=[A-Z][a-z]{3})"), "University "),
    (re.compile(r"(?<=[a-z] )U\.?(?=\s*(?:[,;]|$))"), "University"),
    (re.compile(r"\bSUNY\b"), "State University of New York"),
    (re.compile(r"\bCUNY\b"), "City University of New York"),
)
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ə": "a"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def clean(text: str) -> str:
    """The string as a reader would have printed it: entities, tags, mojibake, ``#TAB#``, marks and e-mails gone.

    Cut at MAX_CHARS; control characters become separators.  Never raises.
    """
    text = text[: MAX_CHARS * 2]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "Ã" in text or "â€" in text:
        text = _mend_mojibake(text)
    text = unicodedata.normalize("NFKC", text.replace("#TAB#", ", "))
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub("; ", text)
    text = _TAG.sub(" ", text)
    text = _URL.sub(" ", _EMAIL.sub(" ", text))
    text = _MARK.sub("", text)
    text = _GLUED.sub(" ", text)
    return text[:MAX_CHARS].strip()


def _mend_mojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read back; the text itself where it was none."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


@lru_cache(maxsize=400_000)
def fold(word: str) -> str:
    """A word in lower case without accents, under its concept and without a plural s."""
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word.translate(_LETTERS)) if not unicodedata.combining(c))
        word = unicodedata.normalize("NFC", word).translate(_LETTERS)
    concept = CONCEPT.get(word)
    if concept:
        return concept
    if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
        return CONCEPT.get(word, word)
    return word


def prepare(text: str) -> str:
    """Long forms written out, initials closed up, elisions undone, numbers parted from words.

    French unit codes become one word: "UMR CNRS 7334" is CNRS UMR7334.
    """
    text = _UMR.sub(lambda m: f"{m[2]} {m[1].replace(' ', '').replace('-', '').replace('_', '')}{m[3]}", text)
    for short, long in _LONG_FORMS:
        text = short.sub(long, text)
    text = _NUMBERED.sub(" ", _COMPOUND.sub(r"\1 ", text))
    text = _INITIALS.sub(lambda m: m.group(0).replace(".", "").replace(" ", "") + " ", text)
    return join_apostrophes(_ELISION.sub(r"\1 ", text))


def join_apostrophes(text: str) -> str:
    """The text with each apostrophe inside a word taken out: Xi'an is one word."""
    return _APOSTROPHE.sub("", text)


def words(text: str) -> list[str]:
    """The raw words of a text, as they stand; each Chinese or Japanese character is one."""
    return WORD.findall(prepare(text))


def content(folded: list[str]) -> list[str]:
    """The words that carry weight; all of them where none would be left."""
    return [w for w in folded if w not in STOP] or folded


def name_tokens(name: str) -> list[str]:
    """The folded content words of a name."""
    return content([fold(w) for w in words(_GLUED.sub(" ", unicodedata.normalize("NFKC", name)))])


def ordered_key(tokens: list[str]) -> str:
    """The key of a name in its own order; glued, so that "Sense Time" and "SenseTime" are one."""
    return "".join(tokens)


@lru_cache(maxsize=400_000)
def word_number(word: str) -> int:
    """A number for a word, the same on every machine; 0 for words that names carry or not ("Centre" Hospitalier)."""
    return 0 if word in FILLER else int.from_bytes(blake2b(word.encode(), digest_size=7).digest())


def set_key(tokens: Iterable[str]) -> int:
    """The key of a name in any order and without filling words: "Vienna University" and "University of Vienna"."""
    return sum(map(word_number, set(tokens)))


def without_company_form(tokens: list[str]) -> list[str]:
    """A name without Inc., Ltd. and their like at its end; the name itself where nothing would be left."""
    end = len(tokens)
    while end > 1 and tokens[end - 1] in COMPANY_FORM:
        end -= 1
    return tokens[:end]
