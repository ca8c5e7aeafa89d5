"""Records of Lens: its JSON export, one object a line or a list, and answers of its API (https://docs.api.lens.org/)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.patents.records import Patent, Segment, iso_date, normal_number, parties_of
from db.identity import canonical
from db.outside import parse_json
from db.patents import PatentFacts

PROVIDER = "lens"


def parse_records(text: str) -> Iterator[dict[str, Any]]:
    """The records of a text; ValueError where it is no JSON of records."""
    text = text.lstrip("\ufeff \n\r\t")
    try:
        found = parse_json(text)
    except ValueError:
        found = [parse_json(line) for line in text.splitlines() if line.strip()]
    if isinstance(found, dict):
        found = found["data"] if isinstance(found.get("data"), list) else [found]
    if not isinstance(found, list) or not any(isinstance(record, dict) and "doc_number" in record for record in found):
        raise ValueError("no records of patents")
    yield from (record for record in found if isinstance(record, dict))


def parse_record(record: dict[str, Any]) -> tuple[Patent, tuple[tuple[str, str], ...]] | None:
    """A patent, and the ids of the papers that it cites; None where the record names no publication."""
    number = normal_number(
        f"{record.get('jurisdiction') or record.get('country') or ''}{record.get('doc_number', '')}{record.get('kind', '')}"
    )
    if number is None:
        return None
    biblio = _dict(record.get("biblio"))
    cited = _list(biblio.get("references_cited"), "citations")
    nplcits = [citation["nplcit"] for citation in cited if isinstance(citation.get("nplcit"), dict)]
    npl = tuple(dict.fromkeys(" ".join(str(entry["text"]).split()) for entry in nplcits if entry.get("text")))
    parties = _dict(biblio.get("parties"))
    simple = _list(_dict(record.get("families")).get("simple_family") or _dict(record.get("families")).get("simple"), "members")
    members = (
        normal_number("".join(str(_dict(m.get("document_id")).get(k) or "") for k in ("jurisdiction", "doc_number", "kind")))
        for m in simple
    )
    claims = [dict(text) for group in _list(record, "claims") for text in _list(group, "claims")]
    patent = Patent(
        number, PROVIDER, title=_in_english(_list(biblio, "invention_title")), abstract=_in_english(_list(record, "abstract")),
        publication_date=iso_date(record.get("date_published") or record.get("date_publ")),
        lens_id=canonical("lens", record.get("lens_id")),
        facts=PatentFacts(
            priority_date=_priority(_dict(biblio.get("priority_claims"))),
            filing_date=iso_date(_dict(biblio.get("application_reference")).get("date")),
            grant_date=iso_date(_dict(record.get("legal_status")).get("grant_date")), language=_language(record.get("lang")),
            parties=(
                *parties_of("applicant", _names(parties, "applicants")),
                *parties_of("current assignee", _names(parties, "owners_all")),
                *parties_of("inventor", _names(parties, "inventors")),
            ),
            members=tuple(dict.fromkeys(member for member in members if member and member != number)), npl=npl,
        ),
        segments=(
            *(Segment(_joined(claim.get("claim_text")), f"claim {at}") for at, claim in enumerate(claims, 1)),
            *([Segment(str(_dict(record["description"])["text"]), "description")] if _dict(record.get("description")).get("text") else []),
            *(Segment(entry, f"non-patent citation {at}", in_references=True) for at, entry in enumerate(npl, 1)),
        ),
    )  # fmt: skip
    return patent, tuple(pair for entry in nplcits for pair in _ids(entry))


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object, name: str) -> list[dict[str, Any]]:
    found = _dict(value).get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""


def _in_english(texts: list[dict[str, Any]]) -> str | None:
    best = sorted(texts, key=lambda text: text.get("lang") != "en")
    return " ".join(str(best[0].get("text") or "").split()) or None if best else None


def _names(parties: dict[str, Any], role: str) -> list[str]:
    """Names with the country of residence in brackets, as other services print it."""
    found = []
    for party in _list(parties, role):
        told = next((_dict(party[key]) for key in ("extracted_name", "applicant_name", "inventor_name") if key in party), {})
        name = told.get("value") or told.get("last_name")  # as of today, and as of the first version of the API
        country = party.get("residence") or party.get("extracted_country")
        if name:
            found.append(f"{name} [{country}]" if isinstance(country, str) and len(country) == 2 else str(name))
    return found


def _priority(claims: dict[str, Any]) -> str | None:
    told = [_dict(claims.get("earliest_claim")), *_list(claims, "claims"), *_list(claims, "priority_claim")]
    return min((day for claim in told if (day := iso_date(claim.get("date")))), default=None)


def _language(code: object) -> str | None:
    names = {"en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "de": "German", "fr": "French"}
    return names.get(str(code or "").lower())


def _ids(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given = entry.get("external_ids")
    for value in given if isinstance(given, list) else []:
        text = str(value.get("value") if isinstance(value, dict) else value)
        for scheme in ("doi", "pmc"):
            if form := canonical(scheme, text):
                yield scheme, form
                break
        else:
            if text.isdigit():  # PubMed's number, or that of Microsoft's graph
                yield from (("pubmed", text), ("mag", text))
    if entry.get("lens_id"):
        yield "lens", str(entry["lens_id"])
