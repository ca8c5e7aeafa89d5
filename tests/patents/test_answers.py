"""Files that hold answers of services: Open Patent Services' XML with its faults, and records of Lens."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from crawler.patents.ops import FaultError, parse_answer
from tests.importing.files import query
from tests.patents.here import run_import

HEAD = (
    '<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"><exchange-documents>'
    '<exchange-document family-id="62000001" country="CN" doc-number="999000001" kind="A"><bibliographic-data><publication-reference>'
    '<document-id document-id-type="docdb"><country>CN</country><doc-number>999000001</doc-number><kind>A</kind><date>20180706</date>'
    "</document-id></publication-reference><parties><applicants>"
    '<applicant data-format="epodoc"><applicant-name><name>EXAMPLE VISION CO LTD [CN]\n</name></applicant-name></applicant>'
    '<applicant data-format="original"><applicant-name><name>例视科技有限公司</name></applicant-name></applicant></applicants></parties>'
    '<invention-title lang="en">Face matcher</invention-title><references-cited><citation><nplcit><text>KEMELMACHER: The MegaFace '
    "Benchmark: 1 Million Faces for Recognition at Scale, 2016</text></nplcit></citation></references-cited>"
    "</bibliographic-data></exchange-document></exchange-documents></ops:world-patent-data>"
)
TEXT = (
    '<ops:world-patent-data xmlns:ops="http://ops.epo.org" xmlns:ftxt="http://www.epo.org/fulltext"><ftxt:fulltext-documents>'
    "<ftxt:fulltext-document><ftxt:bibliographic-data><ftxt:publication-reference><ftxt:document-id><ftxt:country>CN</ftxt:country>"
    "<ftxt:doc-number>999000001</ftxt:doc-number><ftxt:kind>A</ftxt:kind></ftxt:document-id></ftxt:publication-reference>"
    "</ftxt:bibliographic-data><ftxt:description><ftxt:p>[0045] The network is tested on the MegaFace dataset.</ftxt:p></ftxt:description>"
    "</ftxt:fulltext-document></ftxt:fulltext-documents></ops:world-patent-data>"
)
FAULT = '<fault xmlns="http://ops.epo.org"><code>SERVER.EntityNotFound</code><message>No results found</message></fault>'
LENS = {
    "lens_id": "111-222-333-444-555", "jurisdiction": "US", "doc_number": "9900001", "kind": "B2", "date_published": "2018-02-20",
    "biblio": {
        "invention_title": [{"text": "Gesichter", "lang": "de"}, {"text": "Face matcher", "lang": "en"}],
        "parties": {"applicants": [{"residence": "KR", "extracted_name": {"value": "EXAMPLE VISION CO LTD"}}],
                    "inventors": [{"residence": "US", "extracted_name": {"value": "PART ADA"}}]},
        "references_cited": {"citations": [{"nplcit": {"text": "A benchmark of faces", "external_ids": ["10.1109/CVPR.2016.527"]}}]},
    },
    "families": {"simple_family": {"members": [{"document_id": {"jurisdiction": "US", "doc_number": "20170199999", "kind": "A1"}}]}},
    "claims": [{"claims": [{"claim_text": ["1. A matcher, tested on MegaFace."]}]}],
}  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_biblio_and_text_come_in_two_files_and_lose_nothing(tmp_path: Path, order: tuple[int, int]) -> None:
    folder = tmp_path / "ops"
    folder.mkdir()
    for at, which in enumerate(order):
        (folder / f"{at}.xml").write_text((HEAD, TEXT)[which], encoding="utf-8")
    (folder / "9.xml").write_text(FAULT, encoding="utf-8")
    db = tmp_path / "w.db"
    done = run_import(db, folder)
    assert done.returncode == 0, done.stderr
    assert "9.xml: the service answered with SERVER.EntityNotFound (No results found)" in done.stderr
    assert set(query(db, "SELECT section, in_references FROM mention")) == {
        ("description, paragraph 0045", 0),
        ("non-patent citation 1", 1),
    }
    assert query(db, "SELECT title, publication_date FROM work") == [("Face matcher", "2018-07-06")]
    assert query(db, "SELECT text FROM affiliation_string") == [("EXAMPLE VISION CO LTD, China",)]
    assert {how for (how,) in query(db, "SELECT how FROM finding")} == {"import", "text", "npl citation"}


def test_claims_in_several_languages_are_told_apart() -> None:
    claims = '<claims lang="{}"><claim><claim-text>1. A matcher.</claim-text></claim></claims>'
    text = TEXT.replace(
        "<ftxt:description>",
        "".join(map(claims.format, ("EN", "DE"))).replace("<", "<ftxt:").replace("<ftxt:/", "</ftxt:") + "<ftxt:description>",
    )
    (patent,) = parse_answer(text.encode())
    assert [segment.section for segment in patent.segments] == ["claim 1", "claim 1, in DE", "description, paragraph 0045"]


def test_lens_records(tmp_path: Path) -> None:
    (tmp_path / "export.jsonl").write_text(json.dumps(LENS) + "\n" + json.dumps({"doc_number": "?"}) + "\n", encoding="utf-8")
    db = tmp_path / "w.db"
    done = run_import(db, tmp_path / "export.jsonl")
    assert done.returncode == 0, done.stderr
    assert "export.jsonl record 2: names no publication; left out" in done.stderr
    assert query(db, "SELECT title, year FROM work") == [("Face matcher", 2018)]
    assert query(db, "SELECT section, in_references FROM mention") == [("claim 1", 0)]
    assert {how for (how,) in query(db, "SELECT how FROM finding")} == {"import", "text", "npl citation"}
    assert query(db, "SELECT text FROM affiliation_string") == [("EXAMPLE VISION CO LTD, South Korea",)]
    assert query(db, "SELECT publication_number FROM patent_family_member") == [("US20170199999A1",)]


def test_an_entity_bomb_is_not_unfolded() -> None:
    bomb = b'<!DOCTYPE f [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]><fault><code>&b;</code></fault>'
    with pytest.raises(FaultError) as caught:
        parse_answer(bomb)
    assert "xxxx" not in str(caught.value)


@pytest.mark.gold
def test_every_recorded_answer_is_read_or_named(gold: Path) -> None:
    folder = gold / "recordings" / "epo_ops"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}")
    told: Counter[str] = Counter()
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        body = (folder / entry["file"]).read_bytes()
        if entry["status"] == 200:
            told["read" if parse_answer(body) else "nothing of ours in it"] += 1
        else:
            with pytest.raises(FaultError):
                parse_answer(body)
            told["fault"] += 1
    assert told["read"] >= 20
    biblio = parse_answer((folder / "published-data-publication-docdb-us11403667b1-biblio.xml").read_bytes())[0]
    assert (biblio.number, biblio.publication_date, biblio.facts.docdb_family_id) == ("US11403667B1", "2022-08-02", "63208906")
    assert len(biblio.facts.npl) == 4
    assert [(p.name, p.country_code) for p in biblio.facts.parties if p.role == "applicant"] == [("GOOGLE LLC", "US")]
    family = parse_answer((folder / "family-publication-docdb-wo2009085664-a2.xml").read_bytes())[0]
    assert (family.number, family.facts.docdb_family_id) == ("WO2009085664A2", "40799763")
    assert "WO2009085664A3" in family.facts.members
    hits = parse_answer((folder / "published-data-search-range-1-5-q-ti-solar.xml").read_bytes())
    assert [hit.number for hit in hits][:2] == ["PL3716471T3", "USD1116209S"]
    assert len(hits) == 5
