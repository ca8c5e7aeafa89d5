"""What a reviewer decided about a string, or about another one that teaches it, as an answer."""

from __future__ import annotations

from dataclasses import replace

from db.geocode import AffiliationString
from db.places import PlaceDecision
from geocode.cities import PlaceFound
from geocode.matcher import Answer, Match, Matcher

NONE_RIGHT = "a reviewer found that no institution of the gazetteer is right"
NO_INSTITUTION = "a reviewer found that it is no institution"
BY_ALIAS = "learned alias"
BY_NAME = "learned name"
ALIAS_SCORE = 0.95  # a reviewer said what the words mean, but of another string
SURE = 0.8  # what the matcher must reach to stand beside a learned alias


def obey(matcher: Matcher, string: AffiliationString, decision: PlaceDecision) -> Answer | None:
    """The answer that follows from a decision; None where an alias doesn't fit this string after all."""
    verdict = decision.verdict
    if verdict.kind == "not_an_institution":
        return Answer(reason=NO_INSTITUTION)
    if verdict.place and decision.place_key:
        said = "a reviewer confirmed the institution, which the registry lacks" if verdict.place_id else "a reviewer put the place by hand"
        return Answer(place=_by_hand(decision), reason=said)
    if not verdict.ror_ids:
        return Answer(place=matcher.place(string.text), reason=NONE_RIGHT)
    found = [matcher.as_reviewed(record) for ror_id in verdict.ror_ids if (record := matcher.find(ror_id))]
    if not found:
        named = " and ".join(verdict.ror_ids)
        return Answer(place=matcher.place(string.text), reason=f"a reviewer named {named}, which the gazetteer {matcher.release} lacks")
    return _with_others(matcher, string, found) if string.by_alias else Answer(tuple(found))


def _by_hand(decision: PlaceDecision) -> PlaceFound | None:
    place = decision.verdict.place
    if place is None:
        return None
    granularity = "city" if place.city else "institution"
    point = (place.latitude, place.longitude)
    return PlaceFound(
        *(decision.place_provider or "", decision.place_key or "", place.city or place.name, place.country_code, *point),
        *(granularity, 1.0, "reviewer"),
    )


def _with_others(matcher: Matcher, string: AffiliationString, found: list[Match]) -> Answer | None:
    """The learned institutions, and what the matcher surely finds besides; None where the string prints another country."""
    countries = matcher.look(string.text)[1].countries
    if countries and not any(match.institution.country_code in countries for match in found):
        return None
    learned = [replace(match, score=ALIAS_SCORE, method=BY_ALIAS) for match in found]
    known = {match.institution.ror_id for match in found}
    others = [m for m in matcher.match(string.text, string.email_domains).matches if m.institution.ror_id not in known and m.score >= SURE]
    return Answer((*learned, *others))
