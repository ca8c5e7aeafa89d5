"""Patent publication numbers: the forms of docdb, epodoc and print, and one normal form for them all.

The normal form is country, number, kind code without anything between, numbers as offices print them today:
``US20190123456A1``, ``EP0123456A1``, ``WO1998050423A1``, ``JPH1023609A``, ``KR20170012345A``.  Forms of the EPO:
https://www.epo.org/en/searching-for-patents/helpful-resources/first-time-here/definitions (docdb, epodoc).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# Offices that print patents (WIPO ST.3); a word such as "NO 12345" in running text is no number because lists name no text.
_OFFICE_CODES = (
    "AE AL AM AP AR AT AU AZ BA BE BG BR BY CA CH CL CN CO CR CS CU CY CZ DD DE DK DO DZ EA EC EE EG EP ES FI FR GB "
    "GC GE GR GT HK HN HR HU ID IE IL IN IS IT JO JP KE KR KZ LT LU LV MA MC MD ME MN MO MT MW MX MY NI NL NO NZ OA "
    "PA PE PH PL PT QA RO RS RU SA SE SG SI SK SM SU SV TH TJ TN TR TT TW UA US UY UZ VN WO YU ZA ZM ZW"
)
_OFFICES = frozenset(_OFFICE_CODES.split())
_KIND = r"[A-Z]\d?"
_FORM = re.compile(rf"(?P<country>[A-Z]{{2}})(?P<number>[A-Z]{{0,2}}\d[\d/-]*?)(?P<kind>{_KIND})?")
_KANJI = {
    "特許出願公開": "A",
    "特許公開": "A",
    "特開": "A",
    "特表": "A",
    "特公": "B2",
    "実開": "U",
    "実公": "Y2",
    "特許": "",
    "再公表": "WO",
    "再表": "WO",
}
_ERAS = {"昭和": "S", "昭": "S", "平成": "H", "平": "H"}
_SIX_DIGITS_SINCE = 51228  # of 2002: WIPO's serials got six digits on 4 July
_SAME_SERIAL = frozenset({"US", "EP", "WO", "CN", "DE", "FR", "GB"})


@dataclass(frozen=True, slots=True)
class PublicationNumber:
    """A publication: office (WIPO ST.3), its number, and the kind code (WIPO ST.16), None where it was not told."""

    country: str
    number: str
    kind: str | None = None

    @property
    def normal(self) -> str:
        """The one form under which the database knows it."""
        return f"{self.country}{self.number}{self.kind or ''}"

    @property
    def docdb(self) -> str:
        """Country, number and kind between dots, as Open Patent Services take it: US.2019123456.A1."""
        return ".".join(filter(None, (self.country, self._office_number(), self.kind)))

    @property
    def epodoc(self) -> str:
        """Country and number without kind: US2019123456."""
        return f"{self.country}{self._office_number()}"

    @property
    def display(self) -> str:
        """As it is printed: US 2019/0123456 A1, WO 2009/085664 A2, JP 2005-533465 A, KR 10-2017-0012345 A."""
        return " ".join(filter(None, (self.country, _DISPLAY.get(self.country, str)(self._printed()), self.kind)))

    @property
    def stem(self) -> str | None:
        """The number without kind where the publications that share it are one invention's; None where they need not be.

        Japan and Korea count each kind of publication from one; utility models and designs have serials of their own.
        """
        if self.country not in _SAME_SERIAL or (self.kind or "A")[0] in "UYS":
            return None
        return f"{self.country}{self.number}"

    def _printed(self) -> str:
        if self.country == "KR" and len(self.number) == 11:  # the right is not part of the number: 10 patents, 20 utility models
            return ("20" if (self.kind or "A")[0] in "UY" else "10") + self.number
        return self.number

    def _office_number(self) -> str:
        """The number as the EPO's databases write it."""
        if self.country == "US" and len(self.number) == 11 and self.number[4] == "0":
            return self.number[:4] + self.number[5:]
        if self.country == "WO":
            return _short_wo(self.number)
        if self.country == "JP" and self.number.startswith("WO"):
            return f"WO{_short_wo(self.number[2:])}"
        return self.number


def parse_publication_number(text: str) -> PublicationNumber | None:
    """The publication that a text of one number names, in whatever form; None where it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(r"^https?://(?:patents\.google\.com|worldwide\.espacenet\.com)/\S*?patent/(?:search\?q=pn%3D)?([^/?#]+).*$", r"\1", text)
    text = _western(text).upper()
    text = re.sub(r"\((\w{1,2})\)$", r" \1", text.strip())
    text = re.sub(r"[\s.,_:]+|[‐‑–−]", lambda found: "-" if found[0] in "‐‑–−" else "", _without_check_digit(text))
    found = _FORM.fullmatch(re.sub(r"-+(?=[A-Z]\d?$)", "", re.sub(r"^([A-Z]{2})-+", r"\1", text)))
    if not found or found["country"] not in _OFFICES:
        return None
    number = _NUMBERS.get(found["country"], _plain)(found["number"])
    return PublicationNumber(found["country"], number, found["kind"]) if number else None


def _western(text: str) -> str:
    """Japanese and Korean prints with Latin letters: 特開平10-23609号公報 → JP H10-23609 A; 등록특허 10-1786692 → KR 10-1786692."""
    text = re.sub(r"^(?:대한민국\s*)?(?:등록특허|공개특허|한국등록특허|한국공개특허)(?:공보)?\s*(?:제)?\s*([\d-]+)\s*호?$", r"KR \1", text)
    for kanji, kind in _KANJI.items():
        rest = re.fullmatch(rf"(?:日本国)?{kanji}(?:第)?(.+?)(?:号)?(?:公報)?", text)
        if rest:
            number = re.sub("|".join(_ERAS), lambda found: _ERAS[found[0]], rest[1].strip())
            return f"JP WO{number} A1" if kind == "WO" else f"JP {number} {kind}".strip()
    return text


def _without_check_digit(text: str) -> str:
    """German and Chinese file numbers end in a point and a digit that checks the others."""
    return re.sub(r"^(DE[\s-]*\d{2}[\s-]*\d{4}[\s-]*\d{3}[\s-]*\d{3})\.\d$", r"\1", text)


def _plain(number: str) -> str | None:
    value = re.sub(r"[/-]", "", number)
    return value if 3 <= len(value) <= 14 else None


def _us(number: str) -> str | None:
    """Grants without leading zeros, also after D, PP, RE, H, T; applications as year and seven digits."""
    value = re.sub(r"[/-]", "", number)
    found = re.fullmatch(r"([A-Z]{0,2})(\d+)", value)
    if not found:
        return None
    letters, digits = found.groups()
    if not letters and len(digits) in (10, 11) and digits[:2] == "20":
        return digits[:4] + digits[4:].zfill(7)
    return f"{letters}{int(digits)}" if letters in ("", "D", "PP", "RE", "H", "T", "AI", "X") and len(digits) <= 8 and int(digits) else None


def _ep(number: str) -> str | None:
    value = re.sub(r"[/-]", "", number)
    return value.zfill(7) if value.isdigit() and 4 <= len(value) <= 7 else None


def _wo(number: str) -> str | None:
    """Year of four digits, serial of six, from 98/50423, 9850423, 02/059072, 2009/085664 or 2009085664."""
    found = re.fullmatch(r"(\d{4}|\d\d)[/-](\d{1,6})", number)
    digits = re.sub(r"[/-]", "", number)
    if found:
        year, serial = found.groups()
    elif len(digits) in (7, 8) and digits.isdigit():
        year, serial = digits[:2], digits[2:]
    elif len(digits) in (9, 10) and digits.isdigit():
        year, serial = digits[:4], digits[4:]
    else:
        return None
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 78 else 2000)
    return f"{full}{serial.zfill(6)}" if 1978 <= full < 2050 else None


def _short_wo(number: str) -> str:
    """Before 2004 the EPO writes two digits of the year and five, later six, of the serial."""
    year, serial = int(number[:4]), int(number[4:])
    if year >= 2004:
        return number
    six = serial > 99_999 or (year, serial) >= (2002, _SIX_DIGITS_SINCE)
    return f"{year % 100:02d}{serial:0{6 if six else 5}d}"


def _jp(number: str) -> str | None:
    """Year and six digits since 2000, emperor's year and serial before; grants are one series; JPWO repeats a WO number."""
    if number.startswith("WO"):
        wo = _wo(number[2:])
        return f"WO{wo}" if wo else None
    era = re.fullmatch(r"([SH])(\d{1,2})[/-](\d{1,6})", number)
    if era:
        return f"{era[1]}{int(era[2]):02d}{int(era[3])}"
    if found := re.fullmatch(r"(\d{4})[/-](\d{1,6})", number):
        return f"{found[1]}{found[2].zfill(6)}"
    return number if re.fullmatch(r"[SHA]?\d{3,10}", number) else None


def _kr(number: str) -> str | None:
    """Grants with the right before (10-1786692); applications without it (10-2017-0012345 is 20170012345)."""
    value = re.sub(r"[/-]", "", number)
    if re.fullmatch(r"[12]0(?:19|20)\d{9}", value):
        return value[2:]
    if found := re.fullmatch(r"([123]0)-(\d{1,7})", number):
        return f"{found[1]}{found[2].zfill(7)}"
    return value if value.isdigit() and 5 <= len(value) <= 13 else None


def _digits(low: int, high: int) -> Callable[[str], str | None]:
    def check(number: str) -> str | None:
        value = re.sub(r"[/-]", "", number)
        return value if value.isdigit() and low <= len(value) <= high else None

    return check


_NUMBERS: dict[str, Callable[[str], str | None]] = {
    "US": _us, "EP": _ep, "WO": _wo, "JP": _jp, "KR": _kr, "CN": _digits(7, 12), "DE": _digits(4, 12), "FR": _digits(4, 10),
    "GB": _digits(4, 10),
}  # fmt: skip


# ---------------------------------------------------------------- as printed


def _grouped(number: str, sign: str) -> str:
    """The digits in threes from the end."""
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", sign, number)


def _us_display(number: str) -> str:
    return f"{number[:4]}/{number[4:]}" if len(number) == 11 else _grouped(number, ",")


def _jp_display(number: str) -> str:
    if number.startswith("WO"):
        return f"WO{number[2:6]}/{number[6:]}"
    if number[0] in "SH":
        return f"{number[:3]}-{number[3:]}"
    return f"{number[:4]}-{number[4:]}" if len(number) == 10 else number


def _kr_display(number: str) -> str:
    if len(number) == 13:
        return f"{number[:2]}-{number[2:6]}-{number[6:]}"
    return f"{number[:2]}-{number[2:]}" if len(number) == 9 and number[:2] in ("10", "20", "30") else number


def _de_display(number: str) -> str:
    return f"{number[:2]} {number[2:6]} {number[6:9]} {number[9:]}" if len(number) == 12 else _grouped(number, " ")


_DISPLAY: dict[str, Callable[[str], str]] = {
    "US": _us_display,
    "EP": lambda number: _grouped(number, " "),
    "WO": lambda number: f"{number[:4]}/{number[4:]}",
    "JP": _jp_display,
    "KR": _kr_display,
    "DE": _de_display,
    "FR": lambda number: _grouped(number, " "),
    "GB": lambda number: _grouped(number, " "),
}
