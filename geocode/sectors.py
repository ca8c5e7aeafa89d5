"""The sector of an institution: academic, commercial, government, military, nonprofit, healthcare or other.

ROR's types say most of it; a few rules say the rest, each with its reason:

- armed forces, their universities and defence laboratories are military, whatever their type (hospitals stay healthcare):
  the question of the map is who works for an army;
- police and their colleges are government: they are asked after as armies are;
- state research bodies (academies of sciences, CNRS, national laboratories) are government: ROR calls many "facility";
- a facility belongs to the sector of its parent: a university's laboratory is academic, a company's commercial.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ACADEMIC, COMMERCIAL, GOVERNMENT, MILITARY = "academic", "commercial", "government", "military"
NONPROFIT, HEALTHCARE, OTHER = "nonprofit", "healthcare", "other"

_MILITARY = re.compile(
    r"""\b(
    (?:army|navy|naval|air\ force|airforce|marine\ corps|armed\ forces|military|rocket\ force|coast\ guard\ academy)\b
    |defen[cs]e\ (?:science|research|technology|technologies|evaluation|university|academy|college|language|forces?|advanced
        |threat|intelligence|equipment|institute|r&d|medical|bio|materiel|ministry|department|establishment|laborator
        |information\ systems|innovation)
    |(?:national|ministry\ of|department\ of|norwegian|swedish|finnish|australian|canadian|singapore)\ (?:national\ )?defen[cs]e
    |people'?s\ liberation\ army|pla\b|dstl\b|darpa\b|war\ college|west\ point|fuerzas?\ (?:armadas|a[ée]rea)|for[cç]as?\ armadas
    |bundeswehr|ej[ée]rcito|marinha\ do\ brasil|ex[ée]rcito|warfare|ballistic|missile|soldier|combat|space\ force|armament|ordnance
    |DGA\b|direction\ g[ée]n[ée]rale\ de\ l'armement|royal\ military|national\ university\ of\ defen[cs]e
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_MILITARY = re.compile(
    r"salvation army|military (?:history|museum)|naval (?:architecture|engineering)|combat (?:poverty|trafficking|tuberculosis|cancer)"
    r"|combat blindness|museum|historical|veterans|in defen[cs]e of|defence lawyers|legal defense|soldiers? of christ",
    re.IGNORECASE,
)
_POLICE = re.compile(r"\bpolice\b|public security|polizei|polic[ií]a|gendarmerie|公安|警察|경찰", re.IGNORECASE)
_STATE = re.compile(
    r"academ(?:y|ia|ie|ies) of (?:\w+ )?(?:sciences?|engineering physics)|national (?:\w+ )?laborator"
    r"|laborat\w+ nacional|\bCNRS\b|\bINRIA\b|\bInserm\b|ministry of|\bfederal\b"
    r"|consiglio nazionale|consejo nacional|consejo superior|national (?:research council|centre for scientific)"
    r"|commissariat|geological survey|state key laboratory|national institute of standards|national accelerator",
    re.IGNORECASE,
)
_BY_TYPE = (
    ("healthcare", HEALTHCARE),
    ("education", ACADEMIC),
    ("company", COMMERCIAL),
    ("government", GOVERNMENT),
    ("nonprofit", NONPROFIT),
    ("archive", OTHER),
)


def find_sector(names: Sequence[str], types: Sequence[str], parent_sectors: Sequence[str] = ()) -> str:
    """The sector of a record from all its names, its ROR types and the sectors of its parents."""
    if "education" in types and "healthcare" in types:
        types = [t for t in types if t != "healthcare"]
    plain = next((sector for name, sector in _BY_TYPE if name in types), None)
    if plain not in (HEALTHCARE, COMMERCIAL) and any(is_military(n) for n in names):
        return MILITARY
    if plain not in (HEALTHCARE, COMMERCIAL, NONPROFIT) and any(_POLICE.search(n) for n in names):
        return GOVERNMENT
    if plain and not (plain == NONPROFIT and any(_STATE.search(n) for n in names[:1])):
        return plain
    if any(_STATE.search(name) for name in names):
        return GOVERNMENT
    if "facility" in types or not types:
        order = (MILITARY, GOVERNMENT, ACADEMIC, COMMERCIAL, NONPROFIT, HEALTHCARE)
        return next((sector for sector in order if sector in parent_sectors), OTHER)
    return OTHER


def is_military(name: str) -> bool:
    """Whether a name is one of armed forces, their schools or defence laboratories."""
    return bool(_MILITARY.search(name)) and not _NOT_MILITARY.search(name)
