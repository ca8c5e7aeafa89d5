"""Why a string leads where it leads, and why not to the next best candidates: for people who doubt an answer."""

from __future__ import annotations

from geocode.candidate import Candidate
from geocode.decide import ACCEPT
from geocode.evidence import Evidence
from geocode.matcher import Answer, Match, Matcher

OTHERS = 3


def explain(matcher: Matcher, affiliation: str, answer: Answer) -> dict[str, object]:
    """What speaks for each accepted institution, and what against the next candidates; ``places`` are what the string prints."""
    evidence, weighed = matcher.weigh(affiliation)
    chosen = {match.institution.ror_id for match in answer.matches}
    best: dict[str, tuple[Candidate, float]] = {}
    for candidate, score in sorted(weighed, key=lambda pair: -pair[1]):
        best.setdefault(candidate.record.ror_id, (candidate, score))
    others = [pair for ror_id, pair in best.items() if ror_id not in chosen][:OTHERS]
    return {
        "places": {
            "countries": sorted(evidence.countries or evidence.inferred),
            "cities": sorted({city.name for city in evidence.cities.values()}),
        },
        "chosen": [_chosen(match, best.get(match.institution.ror_id), evidence) for match in answer.matches],
        "others": [_other(candidate, score, answer, best, evidence) for candidate, score in others],
    }


def _chosen(match: Match, found: tuple[Candidate, float] | None, evidence: Evidence) -> dict[str, object]:
    why = [f"found by {match.method}, probability {match.score:.2f}"]
    if found:
        why.append(f"the words {' '.join(found[0].name)!r} are one of its names")
    if match.institution.status == "inactive":
        why.append(f"it is closed; now {match.successor.name}, {match.successor.ror_id}" if match.successor else "it is closed")
    why += _for(match.institution.country_code, match.institution.city_ids, evidence)
    if match.institution.city != match.city and match.city:
        why.append(f"put at {match.city}, which is printed; its seat is in {match.institution.city}")
    return {"ror_id": match.institution.ror_id, "name": match.institution.name, "why": why}


def _for(country: str | None, city_ids: tuple[int, ...], evidence: Evidence) -> list[str]:
    told = [f"its country {country} is printed"] if country and country in evidence.realm else []
    return told + [f"its city {evidence.cities[c].name} is printed" for c in city_ids if c in evidence.cities][:1]


def _other(
    candidate: Candidate, score: float, answer: Answer, best: dict[str, tuple[Candidate, float]], evidence: Evidence
) -> dict[str, object]:
    record, against = candidate.record, []
    if evidence.countries and record.country_code not in evidence.realm:
        against.append(f"it is in {record.country_code}, and {', '.join(sorted(evidence.countries))} is printed")
    for match in answer.matches:
        taken = best.get(match.institution.ror_id)
        if taken and taken[0].start < candidate.end and candidate.start < taken[0].end:
            against.append(f"its words are already those of {match.institution.name}, probability {match.score:.2f}")
    if score < ACCEPT:
        against.append(f"its probability is below {ACCEPT}")
    elif not against:
        against.append(answer.reason or "another institution fits the same words as well")
    told = {"ror_id": record.ror_id, "name": record.name, "country_code": record.country_code, "city": record.city}
    return {**told, "score": round(score, 4), "words": " ".join(candidate.name), "why_not": against}
