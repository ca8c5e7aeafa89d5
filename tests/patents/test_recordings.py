"""Every recorded answer of a service of patents, against facts that were read off it by hand, and against its raw text."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.patents.lens import parse_record, parse_records
from crawler.patents.ops import FaultError, parse_answer
from crawler.patents.page import NotAPatentError, parse_page
from crawler.patents.records import Patent
from crawler.patents.uspto import parse_application, parse_hits

pytestmark = pytest.mark.gold
EXPECTED = json.loads(Path(__file__).with_name("recordings.json").read_text(encoding="utf-8"))


def entries(gold: Path, service: str) -> list[tuple[dict[str, Any], bytes]]:
    """(line of the index, body) of a service's recordings."""
    folder = gold / "recordings" / service
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}")
    lines = map(json.loads, (folder / "index.jsonl").read_text(encoding="utf-8").splitlines())
    return [(line, (folder / line["file"]).read_bytes()) for line in lines]


def summary(patent: Patent) -> list[object]:
    """[number, title, published, family, priority, filed, granted, applicants and assignees, inventors, members, cited works, passages]."""
    facts = patent.facts
    firms = [f"{p.name}{f' [{p.country_code}]' if p.country_code else ''}" for p in facts.parties if p.role != "inventor"]
    return [
        patent.number, (patent.title or "")[:24], patent.publication_date, facts.docdb_family_id, facts.priority_date, facts.filing_date,
        facts.grant_date, firms, sum(p.role == "inventor" for p in facts.parties), len(facts.members), len(facts.npl), len(patent.segments),
    ]  # fmt: skip


def read(service: str, body: bytes) -> list[Patent]:
    """The patents of a recorded answer."""
    text = body.decode("utf-8")
    if service == "epo_ops":
        return list(parse_answer(body))
    if service == "google_patents":
        return [parse_page(text)]
    if service == "lens":
        return [found[0] for record in parse_records(text) if (found := parse_record(record))]
    return [patent for record in parse_hits(json.loads(text))[0] for patent in parse_application(record)]


@pytest.mark.parametrize("service", ["epo_ops", "google_patents", "lens", "uspto"])
def test_recorded_items_are_what_was_read_off_them(gold: Path, service: str) -> None:
    told = {}
    for line, body in entries(gold, service):
        try:
            told[line["file"]] = [summary(patent) for patent in read(service, body)[:2]]
        except (FaultError, NotAPatentError, ValueError) as error:
            told[line["file"]] = [type(error).__name__]
    expected = EXPECTED[service]
    assert {name: told[name] for name in expected if name in told} == {name: expected[name] for name in expected if name in told}
    assert len(set(expected) & set(told)) >= 2


def test_nothing_of_a_biblio_is_lost(gold: Path) -> None:
    """Counted in the raw text, without a parser."""
    n = 0
    for line, body in entries(gold, "epo_ops"):
        text = body.decode("utf-8")
        documents = re.findall(r"<exchange-document [^>]*>.*?</exchange-document>", text, re.DOTALL)
        if line["status"] != 200 or len(documents) != 1 or "<bibliographic-data>" not in text:
            continue
        patent, n = parse_answer(body)[0], n + 1
        for role in ("applicant", "inventor"):
            names = re.findall(rf'<{role} [^>]*data-format="epodoc".*?<name>(.*?)</name>', documents[0], re.DOTALL)
            once = {
                " ".join(re.sub(r"\s*\[\w\w\]\s*$", "", html.unescape(name).replace("\u2002", " ")).split()).strip(" ,;") for name in names
            }
            assert len([p for p in patent.facts.parties if p.role == role]) == len({name.casefold() for name in once}), line["file"]
        cited = re.findall(r"<nplcit\b.*?<text>(.*?)</text>", documents[0], re.DOTALL)
        assert len(patent.facts.npl) == len({" ".join(html.unescape(text).split()) for text in cited}), line["file"]
        titles = re.findall(r"<invention-title[^>]*>(.*?)</invention-title>", documents[0], re.DOTALL)
        assert not titles or patent.title in {" ".join(html.unescape(title).split()) for title in titles}
        family = re.search(r'family-id="(\d+)"', documents[0])
        assert patent.facts.docdb_family_id == (family[1] if family else None)
    assert n >= 8


def test_nothing_of_a_text_or_a_family_or_a_search_is_lost(gold: Path) -> None:
    n = 0
    for line, body in entries(gold, "epo_ops"):
        text = body.decode("utf-8")
        if line["status"] != 200:
            continue
        if "<claim-text>" in text or "<description " in text:
            (patent,), n = parse_answer(body), n + 1
            raw = re.findall(r"<claim-text>(.*?)</claim-text>|<p>(.*?)</p>", text, re.DOTALL)
            assert len(patent.segments) == len(raw)
            letters = sum(len(re.sub(r"\s+|^\s*\[\d+\]", "", html.unescape(claim or p))) for claim, p in raw)
            assert sum(len(re.sub(r"\s+", "", segment.text)) for segment in patent.segments) == letters
        elif "<ops:search-result>" in text and "ops:publication-reference" in text and "biblio-search" in text:
            n += 1
            assert len(parse_answer(body)) == text.count("<ops:publication-reference ")
        elif "<ops:patent-family" in text:
            (patent,), n = parse_answer(body), n + 1
            members = re.findall(r"<ops:family-member", text)
            assert 0 <= len(members) - 1 - len(patent.facts.members) <= 2, line["file"]  # one publication can stand there twice
    assert n >= 8


def test_every_record_of_the_portal_with_a_publication_gives_its_numbers(gold: Path) -> None:
    n = 0
    for line, body in entries(gold, "uspto"):
        try:
            answer = json.loads(body)
            records, _ = parse_hits(answer)
        except (ValueError, AttributeError):
            continue
        for record in records:
            meta = record.get("applicationMetaData") or record
            found = parse_application(record)
            wanted = [meta[key] for key in ("earliestPublicationNumber", "patentNumber") if meta.get(key)]
            assert len(found) == len(wanted), line["file"]
            for patent, number in zip(found, wanted, strict=True):
                n += 1
                assert re.sub(r"\D", "", str(number).removesuffix("A1")) in patent.number
                if "applicantBag" not in meta:
                    continue
                firms = {entry["applicantNameText"].casefold() for entry in meta["applicantBag"]}
                assert {" ".join(p.name.split()).casefold() for p in patent.facts.parties if p.role == "applicant"} == {
                    " ".join(firm.split()) for firm in firms
                }
    assert n >= 3
