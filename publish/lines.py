"""JSONL: one work, one line, with everything that is known of it and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.queries.records import Affiliation, Found, Mention, Place, Version, Work
from publish.rules import clip, tidy

Json = dict[str, Any]


def as_line(work: Work, attributions: Mapping[str, str]) -> Json:
    """The line of a work.  Texts are tidied; absent ids are left out; authors' names never appear.

    ``attributions`` holds the sentence that each provider's licence asks for; it stands beside what came from there.
    """
    shown = work.preferred
    return {
        "id": work.id,
        **_described(shown, venue=True),
        "versions": [_described(version) for version in work.versions],
        "dataset": work.dataset,
        "found_by": [_found(found) | _credit(found.provider, attributions) for found in work.found],
        "fulltext": _fulltext(work),
        "affiliations": [_affiliation(affiliation, attributions) for affiliation in work.affiliations],
        "mentions": [_mention(mention) for mention in work.mentions],
        "use": [{"dataset": use.dataset, "score": use.score, "reasons": list(use.reasons)} for use in work.uses],
        "labels": [label._asdict() | {"purposes": list(label.purposes)} for label in work.labels],
        "decision": work.decision._asdict() | {"purposes": list(work.decision.purposes)} if work.decision else None,
    }


def _described(version: Version, *, venue: bool = False) -> Json:
    described = {"kind": version.kind, "title": tidy(version.title), "year": version.year}
    return described | ({"venue": tidy(version.venue)} if venue else {}) | {"ids": version.ids}


def _found(found: Found) -> Json:
    line = {"provider": found.provider, "how": found.how, "run": found.run_id, "retrieved_at": found.retrieved_at, "url": found.url}
    return line | ({"withdrawn_at": found.withdrawn_at} if found.withdrawn_at else {})


def _credit(provider: str, attributions: Mapping[str, str]) -> Json:
    return {"attribution": attributions[provider]} if provider in attributions else {}


def _fulltext(work: Work) -> Json:
    text = work.fulltext
    if text is None:
        return {"status": "none", "sha256": None, "url": None, "licence": None, "reason": "no place of a full text is known"}
    return {"status": text.status, "sha256": text.sha256, "url": text.url, "licence": text.licence, "reason": text.reason}


def _affiliation(affiliation: Affiliation, attributions: Mapping[str, str]) -> Json:
    place = affiliation.place
    return {
        "text": tidy(affiliation.text),
        "tier": affiliation.tier,
        "institution": _institution(place) | _credit(place.provider, attributions) if place else None,
        "reason": affiliation.reason,
        "page": affiliation.page,
        "reader": affiliation.reader,
        "matcher": affiliation.matcher,
    }


def _institution(place: Place) -> Json:
    fields = ("ror_id", "name", "country_code", "city", "latitude", "longitude", "granularity", "sector", "score", "method")
    return {name: getattr(place, name) for name in fields} | {"coordinates_from": place.provider}


def _mention(mention: Mention) -> Json:
    quote = clip(tidy(mention.quote) or "")
    line = {"dataset": mention.dataset, "quote": quote, "page": mention.page, "section": mention.section, "provider": mention.provider}
    line |= {"in_references": mention.in_references, "reader": mention.reader}
    return line | ({"translation": clip(tidy(mention.translation) or "")} if mention.translation else {})
