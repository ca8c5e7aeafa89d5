"""Companies under the names that patents print: the name without its form, then the brand that a registry name begins with.

"株式会社日立製作所" is 日立製作所 in the registry, "腾讯科技（深圳）有限公司" a branch of 腾讯控股有限公司.  Only a company of the
printed country is taken, only by a name that is the same to the letter, and only where there is one such record.  Where no
country is printed, the form may tell it (株式会社 is Japanese, ООО Russian); else the one company of that name is taken, or the
one of which the others are branches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from db.gazetteer import NAME_ONLY, Institution
from geocode.assignees import country_code
from geocode.normalise import fold
from geocode.words import COMPANY_FORM

_FORM = re.compile(r"股份有限公司|有限责任公司|有限責任公司|有限公司|株式会社|有限会社|合同会社|주식회사|유한회사|㈜|\(주\)|\(株\)")
# Forms in scripts with spaces, at the beginning or the end: Russian and Ukrainian, Greek, Arabic, Hebrew, Thai, Vietnamese.
_FOREIGN = re.compile(
    r"^(?:ООО|ОАО|ПАО|ЗАО|НАО|АО|ТОВ|ПрАТ|ПАТ|(?:(?:публичное|закрытое|открытое|непубличное) )?акционерное общество"
    r"|общество с ограниченной ответственностью|شركة|บริษัท|công ty (?:tnhh|cổ phần|cp)(?: mtv)?)\s*"
    r"|\s*(?:\bΑ\.? ?Ε\.?|\bΕ\.?Π\.?Ε\.?|\bΙ\.?Κ\.?Ε\.?|المحدودة|ش\.? ?م\.? ?ع\.?|ذ\.? ?م\.? ?م\.?|בע[\"״'”]?מ|จำกัด(?: ?\(มหาชน\))?)$",
    re.IGNORECASE,
)
_QUOTES = re.compile('[«»„“”"]')
_COUNTRY_OF_FORM = {
    "株式会社": "JP", "有限会社": "JP", "合同会社": "JP", "(株)": "JP", "㈜": "KR", "(주)": "KR", "주식회사": "KR", "유한회사": "KR",
}  # fmt: skip
_RUSSIAN = re.compile(r"^(?:ООО|ОАО|ПАО|ЗАО|НАО)\b")
_BRANCH = re.compile(r"\([^()]{2,8}\)")  # "(深圳)": a branch of a company that has others
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
_PLACE = re.compile(
    r"^(?:中国|北京|上海|深圳|广州|杭州|南京|苏州|成都|武汉|西安|天津|重庆|厦门|珠海|合肥|长沙|济南|青岛|大连|沈阳|宁波|无锡|东莞|佛山|福州|郑州|浙江|江苏|广东|山东)[市省]?"
)
_KIND = re.compile(r"(?:在线|网络|信息|计算机系统|智能|软件|科技|技术|集团|控股|开发|发展|数码|服务)$")
_OF_BRANDS = ("", "公司", "有限公司", "集团", "集团有限公司", "控股有限公司", "集团控股有限公司", "科技有限公司", "技术有限公司")
SHORTEST = 2  # characters of a brand
BY_NAME, BY_BRAND = 0.9, 0.7  # scores: the whole name; the brand, which a reviewer confirms before it is on the map


class Spelling(NamedTuple):
    """A name to look up, and how sure a company is that bears it."""

    name: str
    score: float
    method: str


def find_company(text: str, named: Callable[[str], Iterable[Institution]]) -> tuple[Institution, Spelling] | None:
    """The company that "name, country" means; ``named`` gives the records of a name.  None where none or several would do."""
    name, _, country = unicodedata.normalize("NFKC", text).rpartition(",")
    code = country_code(country.strip())
    if not name or code is None:
        name = unicodedata.normalize("NFKC", text)
        code = _country_of_form(name)
    for spelling in spellings(name):
        if code is None and spelling.score < BY_NAME:
            return None  # a brand alone, in no country
        found = {r.rec: r for r in named(spelling.name) if r.status in ("active", NAME_ONLY) and "company" in r.types}
        meant = [r for r in found.values() if r.country_code == code] if code else _heads(found)
        if len(meant) == 1:
            return meant[0], spelling if code else spelling._replace(score=min(spelling.score, BY_BRAND))
        if meant:
            return None
    return None


def _country_of_form(name: str) -> str | None:
    """The one country in which companies have such a form."""
    found = _FORM.search(name)
    return "RU" if _RUSSIAN.search(name) else _COUNTRY_OF_FORM.get(found.group()) if found else None


def _heads(companies: dict[int, Institution]) -> list[Institution]:
    """The one company, or the one that is the parent of the others."""
    if len(companies) < 2:
        return list(companies.values())
    heads = [r for r in companies.values() if companies.keys() <= {r.rec, *r.children}]
    return heads or list(companies.values())


def spellings(name: str) -> Iterator[Spelling]:
    """What a registry may print for the name of an applicant; nothing for a name that no company bears."""
    if _CJK.search(name):
        yield from _cjk(name.split(",")[0].replace(" ", ""))
        return
    if (bare := _FOREIGN.sub("", _QUOTES.sub("", name).strip())) != _QUOTES.sub("", name).strip() and bare:
        yield Spelling(bare, BY_NAME, "company name")
        return
    words = [word for word in re.split(r"[\s,]+", name) if word]
    kept = len(words)
    while kept > 1 and fold(words[kept - 1].replace(".", "")) in COMPANY_FORM:
        kept -= 1
    is_shouted = len(words) == 1 and name.isupper() and len(name) > SHORTEST
    if kept < len(words) or is_shouted:
        yield Spelling(" ".join(words[:kept]), BY_NAME, "company name")


def _cjk(name: str) -> Iterator[Spelling]:
    if not _FORM.search(name):
        return
    core = _BRANCH.sub("", _FORM.sub("", name))
    for whole in (core, f"株式会社{core}", f"{core}株式会社"):
        yield Spelling(whole, BY_NAME, "company name")
    without_place = _PLACE.sub("", core)
    brands = [core, without_place]
    while (shorter := _KIND.sub("", brands[-1])) != brands[-1]:
        brands.append(shorter)
    is_branch = bool(_BRANCH.search(name))
    for brand in dict.fromkeys(brands):
        if len(brand) < SHORTEST or (len(brand) < 4 and not is_branch):
            continue  # two or three characters alone are a brand only where the company says that it is one of several
        for ending in _OF_BRANDS:
            yield Spelling(brand + ending, BY_BRAND, "company brand")


__all__ = ["Spelling", "find_company", "spellings"]
