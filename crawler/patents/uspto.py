"""Records of the USPTO's Open Data Portal: what is known of US applications, without abstract, text or citations.

https://data.uspto.gov/apis/patent-file-wrapper/search
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crawler.patents.records import Patent, iso_date, normal_number
from db.patents import Party, PatentFacts

PROVIDER = "uspto"
_META = "applicationMetaData"
# What is asked for; whole records are so long that answers of a few dozen are refused (413).
_NAMES = (
    "inventionTitle", "filingDate", "grantDate", "patentNumber", "earliestPublicationNumber", "earliestPublicationDate",
    "applicationTypeCode", "applicantBag", "inventorBag",
)  # fmt: skip
FIELDS = ["applicationNumberText", "assignmentBag", *(f"{_META}.{name}" for name in _NAMES)]
FEWEST_FIELDS = [name for name in FIELDS if not name.endswith("Bag")]
_LETTERS = {"UTL": "", "DSN": "D", "PLT": "PP", "REI": "RE"}


def make_query(names: Sequence[str]) -> str:
    """The query for titles that hold one of these names."""
    phrases = dict.fromkeys('"' + " ".join(name.replace('"', " ").replace("\\", " ").split()) + '"' for name in names)
    return f"{_META}.inventionTitle:({' OR '.join(phrases)})"


def parse_hits(answer: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """(records, number of hits) of an answer; ValueError where it is none."""
    bag = answer.get("patentFileWrapperDataBag", answer.get("patentBag"))
    count = answer.get("count")
    if not isinstance(bag, list) or not isinstance(count, int):
        raise ValueError("no list of applications")
    return [record for record in bag if isinstance(record, dict)], count


def parse_application(record: dict[str, Any]) -> tuple[Patent, ...]:
    """The publications of an application: its pre-grant publication, and the patent; none where it has neither yet."""
    meta = _dict(record.get(_META)) or record  # the first version of the portal had no level between
    early = normal_number(str(meta.get("earliestPublicationNumber") or ""))
    patent = _grant(meta, has_early=early is not None)
    members = tuple(number for number in (early, patent) if number)
    dates = {early: iso_date(meta.get("earliestPublicationDate")), patent: iso_date(meta.get("grantDate"))}
    parties = (*_parties(meta, "applicant"), *_assignees(record), *_parties(meta, "inventor"))
    return tuple(
        Patent(
            number, PROVIDER, title=" ".join(str(meta.get("inventionTitle") or "").split()) or None, publication_date=dates[number],
            facts=PatentFacts(
                filing_date=iso_date(meta.get("filingDate")), grant_date=iso_date(meta.get("grantDate")), parties=parties,
                members=tuple(member for member in members if member != number), language="English",
            ),
        )
        for number in members
    )  # fmt: skip


def _grant(meta: dict[str, Any], *, has_early: bool) -> str | None:
    """The number of the patent with its kind: B2 where a publication went before, B1 where none did, A before 2001.

    https://www.uspto.gov/patents/search/authority-files/uspto-kind-codes
    """
    told = str(meta.get("patentNumber") or "").strip().upper()
    if not told:
        return None
    letters = _LETTERS.get(str(meta.get("applicationTypeCode") or "UTL"), "")
    digits = told if not told.isdigit() else letters + told
    granted = str(meta.get("grantDate") or "")
    kind = "" if not digits.isdigit() or not granted else "A" if granted < "2001-01-02" else "B2" if has_early else "B1"
    return normal_number(f"US{digits}{kind}")


def _parties(meta: dict[str, Any], role: str) -> Iterator[Party]:
    """Applicants with the country and city of their address; inventors by name only, to tell them from applicants."""
    seen = set()
    first = [{"applicantNameText": meta["firstApplicantName"]}] if role == "applicant" and meta.get("firstApplicantName") else []
    for entry in _list(meta.get(f"{role}Bag")) or first:
        name = " ".join(str(_dict(entry).get(f"{role}NameText") or "").split())
        if not name or name.casefold() in seen:
            continue
        seen.add(name.casefold())
        addresses = [_dict(a) for a in _list(_dict(entry).get("correspondenceAddressBag"))] if role == "applicant" else []
        country = next((a["countryCode"] for a in addresses if isinstance(a.get("countryCode"), str) and len(a["countryCode"]) == 2), None)
        city = next((str(a["cityName"]).strip() for a in addresses if a.get("cityName")), None)
        yield Party(role, name, country, city)


def _assignees(record: dict[str, Any]) -> Iterator[Party]:
    """Who got the invention first: before 2012 inventors had to apply themselves, and the company is the assignee."""
    told = [_dict(entry) for entry in _list(record.get("assignmentBag"))]
    first = min(
        (entry for entry in told if entry.get("assigneeBag")), key=lambda entry: str(entry.get("assignmentRecordedDate")), default={}
    )
    for entry in _list(first.get("assigneeBag")):
        name, address = " ".join(str(_dict(entry).get("assigneeNameText") or "").split()), _dict(_dict(entry).get("assigneeAddress"))
        region = str(address.get("geographicRegionCode") or address.get("countryOrStateCode") or "")
        known = "US" if len(region) == 2 else region[:2] if len(region) == 3 and region[2] == "X" else None  # a state, or JPX
        country = str(address.get("ictCountryCode") or known or "") or None
        if name:
            yield Party("assignee", name, country, str(address.get("cityName") or "").strip() or None)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
