"""Answers of the EPO's Open Patent Services: bibliographic data, claims, descriptions, and faults, all XML.

https://www.epo.org/en/searching-for-patents/data/web-services/ops (reference guide, version 1.3.20).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.patents.records import Patent, Segment, iso_date, normal_number, parties_of
from db.patents import Party, PatentFacts

PROVIDER = "epo_ops"
_NS = {"e": "http://www.epo.org/exchange", "f": "http://www.epo.org/fulltext", "o": "http://ops.epo.org"}


class FaultError(ValueError):
    """The service answered with a fault; ``code`` is its word for it, such as SERVER.EntityNotFound or invalid_access_token."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"the service answered with {code}{f' ({message})' if message else ''}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """The patents of an answer; ``total`` is the number of hits of a search, cut at 10,000."""

    patents: tuple[Patent, ...]
    total: int | None = None


def parse_answer(body: bytes) -> tuple[Patent, ...]:
    """The patents of an answer; FaultError where it is a fault or no answer of this service at all."""
    return read_answer(body).patents


def read_answer(body: bytes) -> Answer:
    """An answer with the number of its hits; FaultError as in ``parse_answer``."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise FaultError("no XML", str(error)) from error
    name = etree.QName(root).localname
    if name in ("fault", "error"):
        code, message = (_text(next(iter(root.xpath(f"./*[local-name()='{part}']")), None)) for part in ("code", "message"))
        raise FaultError(message if code.isdigit() else code, "" if code.isdigit() else message)
    if name != "world-patent-data":
        raise FaultError("another document", f"its root is {name}")
    documents = root.iterfind(".//e:exchange-document[e:bibliographic-data]", _NS)
    found = (*map(_biblio, documents), *_fulltexts(root), *_hits(root), *_family(root))
    totals = [node.get("total-result-count", "") for node in root.iterfind(".//o:biblio-search", _NS)]
    total = int(totals[0]) if totals and totals[0].isdigit() else None
    return Answer(tuple(patent for patent in found if patent.number), total)


def _text(node: etree._Element | None) -> str:
    return " ".join("".join(str(part) for part in node.itertext()).split()) if node is not None else ""


def _number(country: str | None, number: str | None, kind: str | None) -> str:
    """The normal form; "" where it is none."""
    return normal_number(f"{country or ''}{number or ''}{kind or ''}") or ""


def _docdb(node: etree._Element) -> str:
    """The number in the docdb form beneath a reference to a publication."""
    place = node.find(".//e:document-id[@document-id-type='docdb']", _NS)
    return "" if place is None else _number(*(place.findtext(f"e:{part}", None, _NS) for part in ("country", "doc-number", "kind")))


def _hits(root: etree._Element) -> Iterator[Patent]:
    """What a search found: numbers with their families."""
    for node in root.iterfind(".//o:search-result/o:publication-reference", _NS):
        yield Patent(_docdb(node), PROVIDER, facts=PatentFacts(docdb_family_id=node.get("family-id")))


def _family(root: etree._Element) -> Iterator[Patent]:
    """The publication that was asked for, with its family; the members themselves are listed, not taken in."""
    for family in root.iterfind(".//o:patent-family", _NS):
        asked = next((_docdb(node) for node in family.iterfind("o:publication-reference", _NS)), "")
        members = [(_docdb(node), node.get("family-id")) for node in family.iterfind("o:family-member/e:publication-reference/..", _NS)]
        asked = next((number for number, _ in members if number == asked or (asked and number.startswith(asked))), asked)
        family_id = next((value for _, value in members), None)
        numbers = tuple(dict.fromkeys(number for number, _ in members if number and number != asked))
        yield Patent(asked or (numbers[0] if numbers else ""), PROVIDER, facts=PatentFacts(docdb_family_id=family_id, members=numbers))


def _biblio(document: etree._Element) -> Patent:
    number = _number(document.get("country"), document.get("doc-number"), document.get("kind"))
    data = document.find("e:bibliographic-data", _NS)
    assert data is not None
    titles = {node.get("lang", ""): _text(node) for node in data.iterfind("e:invention-title", _NS)}
    npl = tuple(dict.fromkeys(entry for node in data.iterfind(".//e:nplcit/e:text", _NS) if (entry := _text(node))))
    abstracts = {node.get("lang", ""): _text(node) for node in document.iterfind("e:abstract", _NS)}
    abstract = abstracts.get("en") or next(iter(abstracts.values()), None)
    return Patent(
        number, PROVIDER, title=titles.get("en") or next(iter(titles.values()), None), abstract=abstract,
        publication_date=_date(data, "e:publication-reference/e:document-id/e:date"),
        facts=PatentFacts(
            docdb_family_id=document.get("family-id"), priority_date=_date(data, "e:priority-claims/e:priority-claim/e:document-id/e:date"),
            filing_date=_date(data, "e:application-reference/e:document-id/e:date"),
            parties=(*_parties(data, "applicant"), *_parties(data, "inventor")), npl=npl,
        ),
        segments=(
            *([Segment(abstract, "abstract")] if abstract else []),
            *(Segment(entry, f"non-patent citation {at}", in_references=True) for at, entry in enumerate(npl, 1)),
        ),
    )  # fmt: skip


def _date(data: etree._Element, path: str) -> str | None:
    return min((date for node in data.iterfind(path, _NS) if (date := iso_date(_text(node)))), default=None)


def _parties(data: etree._Element, role: str) -> tuple[Party, ...]:
    """The names as the EPO standardised them, as these carry the country; as printed where there are none."""
    for form in ("epodoc", "original"):
        names = [_text(node) for node in data.iterfind(f"e:parties/e:{role}s/e:{role}[@data-format='{form}']/e:{role}-name/e:name", _NS)]
        if names:
            return parties_of(role, names)
    return ()


def _fulltexts(root: etree._Element) -> Iterator[Patent]:
    for document in root.iterfind(".//f:fulltext-document", _NS):
        place = document.find(".//f:document-id", _NS)
        if place is None:
            continue
        number = _number(*(place.findtext(f"f:{part}", None, _NS) for part in ("country", "doc-number", "kind")))
        groups = document.findall(".//f:claims", _NS)
        claims = [_claim(_text(node), _language(group, groups)) for group in groups for node in group.iterfind(".//f:claim-text", _NS)]
        paragraphs = [_paragraph(_text(node)) for node in document.iterfind(".//f:description/f:p", _NS)]
        segments = tuple(segment for segment in (*claims, *paragraphs) if segment.text)
        if segments:
            yield Patent(number, PROVIDER, segments=segments)


def _language(group: etree._Element, groups: list[etree._Element]) -> str:
    """What stands behind a claim's number where a patent prints its claims in several languages: ", in DE" and the like."""
    return f", in {group.get('lang')}" if len(groups) > 1 and group.get("lang") not in (None, "EN") else ""


def _claim(text: str, language: str) -> Segment:
    found = re.match(r"(\d{1,3})\s*[.)]", text)
    return Segment(text, (f"claim {int(found[1])}" if found else "claims") + language)


def _paragraph(text: str) -> Segment:
    found = re.match(r"\[0*(\d{1,5})\]\s*", text)
    return Segment(text[found.end() :], f"description, paragraph {int(found[1]):04d}") if found else Segment(text, "description")
