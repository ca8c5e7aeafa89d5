"""The sector that a bare name tells, for institutions without a registry record and for assignees of patents.

Words in the languages that front matter and patents print; the first sector that fits is taken, in this order:

- armed forces and defence laboratories first, as in ``sectors``: who works for an army is the question of the map;
- a key laboratory is its university's: Chinese ministries name them, universities house them;
- a university's company or hospital says so at the end of its name, so company forms come before universities;
- hospitals before universities: "University Hospital" treats, whatever its owner;
- police, ministries, state academies and state keys are government; foundations and learned societies nonprofit.
"""

from __future__ import annotations

import re

from geocode.sectors import ACADEMIC, COMMERCIAL, GOVERNMENT, HEALTHCARE, NONPROFIT, OTHER, is_military

_MILITARY_CJK = re.compile("国防|國防|军事|軍事|解放军|海军|空军|陆军|火箭军|武警|軍醫|军医|防衛|국방|육군|해군|공군")
# A laboratory "of … Technology" is no company.
_NO_HOUSE = r"^(?!.*\b(?:laborator|lab\b|institut|cent(?:er|re)\b|school|universi|academy|department|faculty))"
_RULES = (
    (ACADEMIC, r"\bkey lab"),  # Chinese ministries name them, universities house them
    (
        COMMERCIAL,
        r"有限公司|股份公司|有限责任|公司$|集团|集團|株式会社|有限会社|合同会社|주식회사|유한회사|㈜|\(주\)",
        r"\b(?:ООО|ОАО|ПАО|ЗАО|АО|ТОВ)\b|акционерное общество|ограниченной ответственностью|\bΑ\.?Ε\.?$|\bΕ\.?Π\.?Ε\.?$",
        r"^شركة|בע[\"״]מ|^บริษัท|^công ty",
        r"\b(?:inc|incorporated|ltd|limited|llc|llp|corp|corporation|gmbh|plc|pte|pvt|pty|sarl|srl|spa|oyj?|k\.k|kabushiki kaisha)\b",
        r"\bco\b\.?(?=$| (?:ltd|inc|kg|kgaa))|\b(?:s\.a\.?(?:s\.?)?|s\.r\.l\.?|s\.p\.a\.?|b\.v\.?|n\.v\.?|a\.?g|a/s)$",
        rf"{_NO_HOUSE}.*\b(?:company|technologies|technology|tech|labs|holdings?|ventures|startup|services|solutions|robotics|software|systems)$",
    ),
    (
        HEALTHCARE,
        r"hospital|\bclinic\b|klinik|\bcl[ií]nica\b|medical cent(?:er|re)|infirmary|医院|醫院|病院|병원|больница",
    ),
    (
        GOVERNMENT,
        r"\bpolice\b|polizei|polic[ií]a|gendarmerie|公安|警察|检察|檢察|경찰|полици",
        r"ministry|ministère|ministerio|ministerium|\bgovernment\b|\bfederal (?:office|agency|institute|bureau)|\bmunicipal|\bprefecture",
        r"academ(?:y|ia|ie) of (?:\w+ )?sciences?|科学院|科學院|国家|國家|state key|state grid",
        r"national (?:\w+ )?(?:laborator|institute|agency|research|cent(?:er|re))",
    ),
    (
        ACADEMIC,
        r"universi|\buniv\b|hochschule|\bcollege\b|polytechnic|polit[eé]cnic|\b[eé]cole\b|institute of technology|high school",
        r"大学|大學|学院|學院|대학|университет|институт|جامعة|دانشگاه|πανεπιστήμιο",
    ),
    (
        NONPROFIT,
        r"foundation|stiftung|fundaci[oó]n|association|society|\be\.? ?v\.?$|\bngo\b|non-?profit|consortium|基金会|学会|協会|协会",
    ),
)
_COMPILED = tuple((sector, re.compile("|".join(patterns), re.IGNORECASE)) for sector, *patterns in _RULES)


def sector_of_name(name: str) -> str:
    """The sector that a name tells; OTHER where it tells none."""
    if is_military(name) or _MILITARY_CJK.search(name):
        return "military"
    return next((sector for sector, pattern in _COMPILED if pattern.search(name)), OTHER)
