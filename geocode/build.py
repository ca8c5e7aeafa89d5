"""Building the gazetteer index from a ROR dump and the cities of GeoNames.

Withdrawn records are left out.  A closed record keeps its names: who printed them meant that house.  Only names that its one living
successor bears itself are the successor's.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from sqlite_utils import Database

from db.connect import now, one_line_errors
from db.gazetteer import KINDS, NAME_ONLY, Institution, Name
from db.gazetteer_build import create_index, finish_index, save_institutions, save_keys, save_names, save_packed, save_words
from db.succession import Ended, save_succession
from geocode.citybuild import build_cities
from geocode.normalise import content, fold, name_tokens, ordered_key, set_key, words
from geocode.registry import RawRecord
from geocode.sectors import find_sector
from geocode.shortforms import BareForms, find_brands, short_forms
from geocode.words import FILLER, SEAT

Report = Callable[[str], None]
LONG_ACRONYM = 5  # letters
INITIALS = range(3, 7)  # words of a name that goes by its initials
_CYRILLIC = re.compile("[а-я]", re.IGNORECASE)
_PETERSBURG = re.compile(r"[Сс]анкт-Петербургск\w+")
_SHORTENED = {"СПб": "СПб", "Уральск": "Ур", "Дальневосточн": "ДВ", "Кубанск": "Куб", "Алтайск": "Алт", "Волгоградск": "Волг"}
_NAMED_AFTER = re.compile(r"\s+(?:имени|им\.|імені|ім\.)")
_SUFFIX = re.compile(r"[^.]+(?:\.(?:co|ac|edu|gov|org|com|net|or|go|ne))?\.[a-z]{2,}$")


def build_index(
    release: str, raw: list[RawRecord], target: Path, report: Report = lambda _: None, ended: Sequence[Ended] = ()
) -> dict[str, int]:
    """Write the index to ``target``; the old one stays until the new one is whole.  Returns counts of what is in it.

    ``ended``: the withdrawn and closed records with their successors.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        with one_line_errors(target):
            return _write_index(release, raw, partial, target, report, ended)
    finally:
        partial.unlink(missing_ok=True)  # a build that failed leaves nothing behind


def _write_index(release: str, raw: list[RawRecord], partial: Path, target: Path, report: Report, ended: Sequence[Ended]) -> dict[str, int]:
    raw = [r for r in raw if r.get("status") != "withdrawn"]
    number = {str(r["id"]): rec for rec, r in enumerate(raw)}
    institutions = _institutions(raw, number)
    report("names")
    names = [name for rec, record in enumerate(raw) for name in _names(rec, record, own_names(raw, _heir(record, number, raw)))]
    names += [*BareForms(names, institutions).find(), *find_brands(names, institutions)]
    db = create_index(partial)
    save_succession(db, ended)
    save_institutions(db, institutions)
    save_names(db, names, {rec: "\n".join(n["value"] for n in record["names"]) for rec, record in enumerate(raw)})
    report("keys")
    _save_name_keys(db, names, institutions)
    save_keys(db, "acronym", _acronyms(raw))
    save_keys(db, "domain", _domains(institutions))
    report("cities")
    n_cities = build_cities(db, raw)
    report("check")
    n_listed = sum(r.get("status") == NAME_ONLY for r in raw)
    counts = {"records": len(raw) - n_listed, "names": len(names), "cities": n_cities, "name_only": n_listed}
    finish_index(db, partial, target, {"release": release, "built_at": now(), **{k: str(v) for k, v in counts.items()}})
    return counts


def _institutions(raw: list[RawRecord], number: dict[str, int]) -> list[Institution]:
    first = [_institution(rec, record, number, ()) for rec, record in enumerate(raw)]
    # Two passes: the sector of a facility hangs on its parents'.
    return [_institution(rec, record, number, [first[p].sector for p in first[rec].parents]) for rec, record in enumerate(raw)]


def _institution(rec: int, record: RawRecord, number: dict[str, int], parent_sectors: list[str] | tuple[str, ...]) -> Institution:
    places = [x.get("geonames_details") or {} for x in record["locations"]] or [{}]
    types = tuple(str(t).lower() for t in record.get("types") or () if t != "funder")
    return Institution(
        rec=rec,
        ror_id=str(record["id"]),
        name=display_name(record),
        country_code=places[0].get("country_code"),
        region=places[0].get("country_subdivision_name"),
        city=places[0].get("name"),
        city_ids=tuple(int(x["geonames_id"]) for x in record["locations"] if x.get("geonames_id")),
        latitude=places[0].get("lat"),
        longitude=places[0].get("lng"),
        types=types,
        sector=find_sector([display_name(record), *(n["value"] for n in record["names"])], types, parent_sectors),
        status=str(record.get("status") or "active"),
        domains=tuple(sorted(set(_record_domains(record)))),
        parents=_related(record, number, "parent"),
        children=_related(record, number, "child"),
    )


def display_name(record: RawRecord) -> str:
    """The name under which ROR shows a record."""
    shown = [n["value"] for n in record["names"] if "ror_display" in (n.get("types") or ())]
    return str(shown[0] if shown else record["names"][0]["value"])


def _related(record: RawRecord, number: dict[str, int], kind: str) -> tuple[int, ...]:
    found = (r for r in record.get("relationships") or () if r.get("type") == kind)
    return tuple(sorted({number[r["id"]] for r in found if r.get("id") in number}))


def _heir(record: RawRecord, number: dict[str, int], raw: list[RawRecord]) -> int | None:
    """The one active successor of an inactive record."""
    if record.get("status") != "inactive":
        return None
    heirs = _related(record, number, "successor")
    return heirs[0] if len(heirs) == 1 and raw[heirs[0]].get("status") == "active" else None


def own_names(raw: list[RawRecord], heir: int | None) -> set[frozenset[str]]:
    """The words of the names under which a successor lives, not of its aliases: these are often those of houses that it took over."""
    names = raw[heir]["names"] if heir is not None else ()
    return {frozenset(name_tokens(n["value"])) for n in names if {"ror_display", "label"}.intersection(n.get("types") or ())}


def _names(rec: int, record: RawRecord, of_heir: set[frozenset[str]]) -> list[Name]:
    """All names of a record but its acronyms and its successor's, and the short forms that strings print; "former" of a closed one."""
    found: dict[tuple[str, ...], Name] = {}
    closed = record.get("status") == "inactive"
    order = {"ror_display": "display", "label": "label", "alias": "alias"}
    for type_, kind in order.items():
        for name in record["names"]:
            if type_ in (name.get("types") or ()):
                tokens = tuple(name_tokens(name["value"]))
                if tokens and tokens not in found and frozenset(tokens) not in of_heir and not _is_numbered(tokens, name["value"]):
                    found[tokens] = Name(rec, kind if not closed else "former", tokens, name["value"])
    for name in list(found.values()):
        for short in short_forms(name):
            if short and short not in found:
                found[short] = Name(name.rec, "short", short, name.text)
    for tokens in _long_acronyms(record):
        if tokens not in found:
            found[tokens] = Name(rec, "short", tokens, " ".join(tokens))
    return list(found.values())


def _is_numbered(tokens: tuple[str, ...], text: str) -> bool:
    """Whether a name is a place's and a number: "Lyon I" is no Lyon."""
    return len(tokens) == 1 and text.endswith(" I")


def _long_acronyms(record: RawRecord) -> Iterator[tuple[str, ...]]:
    """Acronyms of several words are read as names: "IIS La Fe", "Inria Rennes"."""
    for name in record["names"]:
        if "acronym" in (name.get("types") or ()):
            tokens = tuple(name_tokens(name["value"]))
            if len(tokens) > 1 and sum(map(len, tokens)) >= LONG_ACRONYM:
                yield tokens


def _save_name_keys(db: Database, names: list[Name], institutions: list[Institution]) -> None:
    ordered: dict[str, list[str]] = defaultdict(list)
    sets: dict[int, list[str]] = defaultdict(list)
    seats: dict[str, dict[str, None]] = defaultdict(dict)
    for n, name in enumerate(names):
        ordered[ordered_key(list(name.tokens))].append(str(n))
        if len(set(name.tokens) - FILLER) > 1:
            sets[set_key(name.tokens)].append(str(n))
        for head in SEAT.intersection(name.tokens):
            for city_id in institutions[name.rec].city_ids:
                seats[f"{head}@{city_id}"][str(name.rec)] = None
    save_keys(db, "ordered_key", ordered)
    save_keys(db, "word_set", sets)
    save_keys(db, "seat_key", {key: list(recs) for key, recs in seats.items()})
    _save_words(db, names)


def _save_words(db: Database, names: list[Name]) -> None:
    """The words of names, both ways: of each name its words, of each word its names, the shortest first; as one row with starts."""
    words = sorted({token for name in names for token in name.tokens})
    number = {word: n for n, word in enumerate(words)}
    spelled = [[number[token] for token in name.tokens] for name in names]
    holding: list[list[int]] = [[] for _ in words]
    for n, tokens in enumerate(spelled):
        for token in dict.fromkeys(tokens):
            holding[token].append(n)
    save_words(db, words)
    save_packed(db, "name_rec", array("I", (name.rec for name in names)))
    save_packed(db, "name_kind", array("B", (KINDS.index(name.kind) for name in names)))
    for row in holding:
        row.sort(key=lambda n: (len(spelled[n]), n))
    for title, rows in (("name_words", spelled), ("word_names", holding)):
        save_packed(db, title, array("I", (number for row in rows for number in row)))
        save_packed(db, f"{title}_start", array("I", (0, *accumulate(map(len, rows)))))


def _acronyms(raw: list[RawRecord]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for rec, record in enumerate(raw):
        hit = str(rec)
        for key in find_short_keys(record):
            if key and hit not in found[key]:
                found[key].append(hit)
    return found


def find_short_keys(record: RawRecord) -> Iterator[str]:
    """The keys of a record's acronyms, and of the initials by which Russian names go: МГУ имени Ломоносова."""
    for name in record["names"]:
        if "acronym" in (name.get("types") or ()):
            yield ordered_key([fold(w) for w in words(name["value"])])
        elif _CYRILLIC.search(name["value"]):
            initials = "".join(
                _initials(word) for word in words(_PETERSBURG.sub("СПб", _NAMED_AFTER.split(name["value"])[0])) if len(word) > 1
            )
            if len(initials) in INITIALS:
                yield fold(initials)


def _initials(word: str) -> str:
    """What of a word stands in a Russian short form: СПбГУ, УрФУ, ДВФУ; of most its first letter."""
    return next((short for beginning, short in _SHORTENED.items() if word.startswith(beginning)), word[0])


def _record_domains(record: RawRecord) -> list[str]:
    domains = [str(d).lower() for d in record.get("domains") or ()]
    for link in record.get("links") or ():
        if isinstance(link, dict) and link.get("type") == "website":
            host = re.sub(r"^[a-z]+://", "", str(link.get("value")).lower()).split("/")[0].split(":")[0]
            domains.append(re.sub(r"^(?:www\d?|en|english)\.", "", host))
    return [d for d in domains if _SUFFIX.search(d)]


def _domains(institutions: list[Institution]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for institution in institutions:
        for domain in institution.domains:
            found[domain].append(str(institution.rec))
    return found


__all__ = ["build_index", "content", "display_name"]
