"""What the printed places say of a record: for it, against it, nothing."""

from __future__ import annotations

from functools import lru_cache
from math import log

from db.gazetteer import Institution
from geocode.evidence import NEAR_KM, Evidence, distance_km
from geocode.normalise import fold, words


@lru_cache(maxsize=100_000)
def place_phrase(name: str) -> str:
    """A place name as it stands in ``Evidence.phrase``."""
    return f" {' '.join(fold(w) for w in words(name))} "


def place_signs(record: Institution, evidence: Evidence, span_phrase: str) -> dict[str, float]:
    """What the printed places say of a record."""
    signs: dict[str, float] = {}
    if evidence.countries:
        if record.country_code:
            signs["country right" if record.country_code in evidence.realm else "country wrong"] = 1.0
    elif evidence.inferred and record.country_code:
        signs["country inferred right" if record.country_code in evidence.inferred else "country inferred wrong"] = 1.0
    if evidence.divisions and record.region:
        same = place_phrase(record.region) in evidence.phrase or not evidence.namesakes.isdisjoint(record.city_ids)
        if any(d.startswith(f"{record.country_code}.") for d in evidence.divisions):
            signs["division right" if same else "division wrong"] = 1.0
    if record.city:
        phrase = place_phrase(record.city)
        if not evidence.namesakes.isdisjoint(record.city_ids) or evidence.phrase.count(phrase) > span_phrase.count(phrase):
            signs["city right"] = 1.0
        if phrase in span_phrase:
            signs["city in name"] = 1.0
    if not evidence.cities:
        signs["city none"] = 1.0
    elif "city right" not in signs and record.latitude is not None and record.longitude is not None:
        here = (record.latitude, record.longitude)
        distance = min(distance_km(here, (x.latitude, x.longitude)) for x in evidence.cities.values())
        signs["city near" if distance < NEAR_KM else "city far"] = 1.0
        signs["distance"] = log(1.0 + distance)
    if evidence.loose:
        signs["address"] = 1.0
    return signs


def place_rank(record: Institution, signs: dict[str, float]) -> float:
    """How well a record fits the printed places, to compare records of one name."""
    rank = 0.25 * (record.status == "active")
    for sign in signs:
        rank += _RANKS.get(sign, 0.0)
    return rank


_RANKS = {
    "city right": 4.0, "city near": 3.0, "city far": -1.0, "city in name": 0.5, "division right": 2.0, "division wrong": -2.0,
    "country right": 8.0, "country wrong": -8.0, "country inferred right": 4.0, "country inferred wrong": -4.0,
}  # fmt: skip
