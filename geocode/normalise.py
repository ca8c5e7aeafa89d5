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

from anyascii import anyascii

from geocode.words import COMPANY_FORM, CONCEPT, FILLER, ROMANISED, STOP

MAX_CHARS = 2_000  # an affiliation is a few lines; what is longer is a page that was taken for one

# Looking for one character first saves most of the searches below: nearly all strings are plain.
_DIGIT = re.compile(r"\d")
_QUOTE = re.compile("['’ʼ`´]")
_SEAM = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ\d]|\d[A-Z]")  # without one nothing is glued
_INLINE = re.compile(r"(?<=[^\W\d_])(?:<(?i:/?(?:b|i|u|em|strong|span|font|small|sc|bold|italic))\b[^<>]{0,60}>)+(?=[^\W\d_A-Z])")
_TAG = re.compile(r"<[^<>]{1,80}>")
_EMAIL = re.compile(r"\S+@\S+")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}(?=\W|$)")
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ]{3})(?=[A-ZÀ-Þ][a-zà-ÿ]{2})|(?<=[a-zà-ÿ]{4})(?=[A-Z]{2,3}\b)"
    r"|(?<=\d{4})(?=[A-Z][A-Za-z]{2})|(?<=[a-zà-ÿ]{4})(?=\d{4,5}(?:[A-Z]|\b))"
)
_MARK = re.compile(r"(?:(?<=^)|(?<=[\s,;:(]))\d{1,2}(?=[A-Z][a-zà-ÿ]|[A-Z]{2}[a-z])")
_NUMBERED = re.compile(r"(?<=[a-zà-ÿ]{4})(?=\d)")
_UMR = re.compile(r"\b(UMR|UMR[-_ ]S|UMS|UPR|USR|FRE|EA|U)((?:[\s_/-]*(?:CNRS|INSERM|Inserm|INRAE?|IRD))*)[\s_-]*(?:n°\s*)?(\d{3,4})\b")
WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿]|[^\W_]+", re.UNICODE)
_COMPOUND = re.compile(r"\b([Uu]niversit(?:ä|ae|a|e)ts?)[-­]?(?=klinik|spital|medizin|krankenhaus|hospital|sjukhus|sykehus)")
_ELISION = re.compile(r"\b([dlDL]|dell|nell|all|qu)['’ʼ`´](?=\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
# Short forms that stand for several words, in names and strings alike; the letters before each tell whether it is worth a search.
_CHU = (re.compile(r"\bC\.?H\.?(?:R\.?)?U\.?(?=\s)"), "Centre Hospitalier Universitaire")
_MPI = (re.compile(r"\bM\.?P\.?I\.? (?=f(?:or|ür|uer)\b|of\b)"), "Max Planck Institute ")
_U_OF = (re.compile(r"\bU\.? of (?=[A-Z])"), "University of ")
_LONG_FORMS = (
    ("CH", *_CHU),
    ("C.H", *_CHU),
    ("UC", re.compile(r"\bUC[- ](?=[A-Z][a-z]+(?! ?Louvain))"), "University of California "),
    ("IIT", re.compile(r"\bIIT[- ](?=[A-Z][a-z])"), "Indian Institute of Technology "),
    ("TU", re.compile(r"\bTU[- ](?=[A-Z][a-z])"), "Technische Universität "),
    ("MP", *_MPI),
    ("M.P", *_MPI),
    ("U of ", *_U_OF),
    ("U. of ", *_U_OF),
    ("U. ", re.compile(r"^U\. (?=[A-Z][a-z]{3})"), "University "),
    (" U", re.compile(r"(?<=[a-z] )U\.?(?=\s*(?:[,;]|$))"), "University"),
    ("SUNY", re.compile(r"\bSUNY\b"), "State University of New York"),
    ("CUNY", re.compile(r"\bCUNY\b"), "City University of New York"),
)
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ə": "a",
                          "ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه"})  # fmt: skip
_ALPHABET = re.compile("[\u0370-\u03ff\u0400-\u058f\u10a0-\u10ff\u1f00-\u1fff]")  # Greek, Cyrillic, Armenian, Georgian
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ADJECTIVE = re.compile(r"(?<=..)(?:sk(?:iy|aya|oe|ogo|oy|oi|a|e|og|i|yi)|n(?:yy|aya|oe|ogo|oy|iy))$")
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
    text = text.replace("#TAB#", ", ")
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if not text.isprintable():
        text = _CONTROL.sub("; ", text)
    if "<" in text:
        text = _TAG.sub(" ", _INLINE.sub("", text))  # "<b>Univ</b>ersität" is one word
    if "@" in text:
        text = _EMAIL.sub(" ", text)
    if "://" in text or "www." in text.lower():
        text = _URL.sub(" ", text)
    if _DIGIT.search(text):
        text = _MARK.sub("", text)
    return _parted(text)[:MAX_CHARS].strip()


def _parted(text: str) -> str:
    """The text with words parted that were glued together where a capital or a number begins."""
    return _GLUED.sub(" ", text) if _SEAM.search(text) else text


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
        word = word.translate(_LETTERS)
        word = romanised(word) if _ALPHABET.search(word) else _without_accents(word)
    concept = CONCEPT.get(word)
    if concept:
        return concept
    if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
        return CONCEPT.get(word, word)
    return word


def _without_accents(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def romanised(word: str) -> str:
    """A Greek, Cyrillic, Armenian or Georgian word in Latin letters: Яндекс is yandex.

    Russian adjectives stand for the noun they are made from, since names in English have that: Казанский is kazan.
    """
    latin = "".join(c for c in anyascii(unicodedata.normalize("NFC", word)).casefold() if c.isalnum())
    if _CYRILLIC.search(word):
        latin = latin.replace("ks", "x")
        latin = _ADJECTIVE.sub("", latin)
        latin = latin[:-1] if latin.endswith(("ova", "eva")) and len(latin) > 5 else latin  # "имени Ломоносова"
    return ROMANISED.get(latin, latin) or word


def prepare(text: str) -> str:
    """Long forms written out, initials closed up, elisions undone, numbers parted from words.

    French unit codes become one word: "UMR CNRS 7334" is CNRS UMR7334.
    """
    numbered = _DIGIT.search(text)
    if numbered:
        text = _UMR.sub(lambda m: f"{m[2]} {m[1].replace(' ', '').replace('-', '').replace('_', '')}{m[3]}", text)
    for letters, short, long in _LONG_FORMS:
        if letters in text:
            text = short.sub(long, text)
    if "niversit" in text:
        text = _COMPOUND.sub(r"\1 ", text)
    if numbered:
        text = _NUMBERED.sub(" ", text)
    if "." in text:
        text = _INITIALS.sub(lambda m: m.group(0).replace(".", "").replace(" ", "") + " ", text)
    return join_apostrophes(_ELISION.sub(r"\1 ", text)) if _QUOTE.search(text) else text


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
    return content([fold(w) for w in words(_parted(unicodedata.normalize("NFKC", name)))])


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
