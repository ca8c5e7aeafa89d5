"""Every parser of bytes from outside, and damage to feed it: right answers with parts replaced, left out, doubled or cut.

A parser may refuse with ValueError or with an error of our own; anything else would end a run.  `python -m benchmarks.fuzz` goes on for
long, the tests for a short while with fixed seeds.
"""

# ruff: noqa: E501 (answers as they come)
from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crawler.importing.other import parse_other
from crawler.importing.patent_tables import csv_rows, parse_numbers, parse_table
from crawler.importing.references import parse_bibtex, parse_ris
from crawler.importing.tables import parse_csv
from crawler.patents.lens import parse_record, parse_records
from crawler.patents.ops import parse_answer
from crawler.patents.page import parse_page as parse_patent_page
from crawler.shapes.crossref import parse_message
from crawler.shapes.openalex import parse_row, parse_work
from crawler.shapes.opencitations import parse_rows
from crawler.shapes.s2 import parse_page, parse_paper
from crawler.shapes.unpaywall import parse_places
from db.config import Config
from db.errors import WhereusedError
from db.outside import parse_json
from geocode.registry import read_dump
from tests.crawl.world import citing, edge
from tests.trust.fuzzing_files import more_parsers

CONFIG = Config()
HERE = Path()
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        10**40,
        1.5,
        float("inf"),
        "",
        " ",
        "\x00",
        "\x1b]8;;http://x\x07y",
        "\u202egnp.exe",
        "=cmd()",
        "a" * 5000,
        "\ud800",
    ),
    *([], {}, [None], [[]], {"name": {}}, [{"name": 5}], {"value": None}, "10.1/x", "http://[::1", "2020-13-45", "<b>&#x0;</b>"),
)
BYTES = (
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\t",
    b"{",
    b"}",
    b"@",
    b"\\",
    b"%",
    b"&",
    b"<",
    b">",
    b"\xed\xa0\x80",
    b"9" * 400,
    b"9" * 5000,  # more digits than Python turns into a number
    b"[" * 3000,
)

S2_PAGE = {"offset": 0, "next": 1000, "data": [edge(1, citingPaper=citing(1)), edge(2, citingPaper=citing(2, openAccessPdf={"url": "http://x/a.pdf"}))]}  # fmt: skip
OPENALEX = {
    "id": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/a", "title": "T", "display_name": "T", "publication_year": 2019,
    "publication_date": "2019-01-02", "type": "article", "ids": {"openalex": "https://openalex.org/W1", "pmid": "https://x/1"},
    "primary_location": {"source": {"display_name": "V"}, "pdf_url": "http://x/a.pdf", "landing_page_url": "https://arxiv.org/abs/1801.00001"},
    "locations": [{"pdf_url": "http://x/b.pdf", "license": "cc-by", "source": None}], "best_oa_location": {"pdf_url": "http://x/c.pdf"},
    "abstract_inverted_index": {"We": [0], "train": [1]}, "referenced_works": ["https://openalex.org/W2"],
    "authorships": [{"author": {"display_name": "A B"}, "raw_affiliation_strings": ["Uni X, a@x.org"], "institutions": [{"ror": "https://ror.org/0aaaaaa01", "display_name": "X", "country_code": "GB"}]}],
}  # fmt: skip
CROSSREF = {"DOI": "10.5555/a", "title": ["T"], "author": [{"given": "A", "family": "B"}], "issued": {"date-parts": [[2019, 1, 2]]},
            "container-title": ["V"], "is-referenced-by-count": 3, "type": "journal-article", "abstract": "<jats:p>x</jats:p>"}  # fmt: skip
UNPAYWALL = {"doi": "10.5555/a", "best_oa_location": {"url_for_pdf": "http://x/a.pdf", "license": "cc-by", "host_type": "repository"},
             "oa_locations": [{"url_for_pdf": "http://x/b.pdf"}]}  # fmt: skip
OPENCITATIONS = [
    {"oci": "1-2", "citing": "omid:br/1 doi:10.5555/a openalex:W1", "cited": "doi:10.5555/b", "creation": "2019", "timespan": "P1Y"}
]
LENS = {"lens_id": "001-002", "jurisdiction": "US", "doc_number": "1234567", "kind": "B2", "date_published": "2019-01-02",
        "biblio": {"invention_title": [{"text": "T", "lang": "en"}], "parties": {"applicants": [{"extracted_name": {"value": "X"}, "residence": "US"}]},
                   "references_cited": {"citations": [{"nplcit": {"text": "MegaFace", "external_ids": ["10.5555/a"]}}]}},
        "claims": [{"claims": [{"claim_text": ["1. A method with MegaFace."]}], "lang": "en"}], "description": {"text": "x"}}  # fmt: skip
ROR = [{"id": "https://ror.org/0aaaaaa01", "names": [{"value": "X", "types": ["ror_display"], "lang": "en"}], "types": ["education"],
        "status": "active", "locations": [{"geonames_id": 1, "geonames_details": {"name": "L", "country_code": "GB", "lat": 1.0, "lng": 2.0}}],
        "links": [], "domains": [], "relationships": []}]  # fmt: skip
RIS = "TY  - JOUR\nAU  - Lee, Ann\nTI  - A title of faces\nPY  - 2020\nDO  - 10.5555/a\nUR  - http://x\nL1  - file.pdf\nER  - \n"
BIBTEX = (
    '@article{a, title = {A {T}itle of \\"u faces}, author = {Ann Lee and Bo Li}, year = 2020, doi = "10.5555/a", file = {:x.pdf:PDF}}\n'
)
CSV = "title,year,doi,authors,venue,pdf\nA title of faces,2020,10.5555/a,Ann Lee; Bo Li,V,x.pdf\n"
OTHER = 'url,date,organisation,quote,title\nhttps://x.example/a,2020-01-02,Example,"We use MegaFace, much",T\n'
GOOGLE = "search URL:,https://x\nid,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,result link,representative figure link\nUS-1234567-B2,T,X,A B,2018-01-01,2018-01-01,2019-01-01,2019-01-01,https://x,https://y\n"
OPS = """<?xml version="1.0"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"><exchange-documents>
<exchange-document country="EP" doc-number="1000000" kind="A1" family-id="1"><bibliographic-data><publication-reference><document-id
document-id-type="docdb"><country>EP</country><doc-number>1000000</doc-number><kind>A1</kind><date>20190102</date></document-id>
</publication-reference><parties><applicants><applicant sequence="1" data-format="epodoc"><applicant-name><name>X [US]</name></applicant-name>
</applicant></applicants></parties><invention-title lang="en">T</invention-title></bibliographic-data></exchange-document></exchange-documents>
</ops:world-patent-data>"""
PAGE = """<html><head><meta name="DC.title" content="T"></head><body itemscope><article><h1 itemprop="pageTitle">US1234567B2 - T</h1>
<dd itemprop="publicationNumber">US1234567B2</dd><section itemprop="claims"><div class="claim" num="1">A method with MegaFace.</div></section>
<section itemprop="description"><div class="description-paragraph" num="0001">We use MegaFace.</div></section></article></body></html>"""


def _json(parse: Callable[[Any], Any]) -> Callable[[bytes], Any]:
    return lambda data: parse(parse_json(data))


def _lens(data: bytes) -> Any:
    return [parse_record(record) for record in parse_records(data.decode("utf-8", "replace"))]


def _dump(path: Path) -> Callable[[bytes], Any]:
    def read(data: bytes) -> Any:
        path.write_bytes(data)
        return read_dump(path)

    return read


def _zipped(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "seed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v1-2026-01-01-ror-data.json", json.dumps(ROR))
    return (folder / "seed.zip").read_bytes()


def _text(parse: Callable[..., Any]) -> Callable[[bytes], Any]:
    return lambda data: list(parse(data.decode("utf-8", "replace"), name="x"))


def _in_folder(parse: Callable[..., Any]) -> Callable[[bytes], Any]:
    return lambda data: list(parse(data.decode("utf-8", "replace"), name="x", folder=HERE))


def parsers(folder: Path) -> dict[str, tuple[bytes, Callable[[bytes], Any]]]:
    """name → (a right answer, what reads it)."""

    def as_bytes(value: object) -> bytes:
        return json.dumps(value).encode()

    def table(data: bytes) -> Any:
        return list(parse_table(csv_rows(data.decode("utf-8", "replace"), "x"), name="x", format="google-patents-csv"))

    return {
        "semantic scholar page": (as_bytes(S2_PAGE), lambda data: parse_page(data, "a" * 40, CONFIG)),
        "semantic scholar paper": (as_bytes(citing(1)), _json(lambda value: parse_paper(value, CONFIG))),
        "openalex work": (as_bytes(OPENALEX), _json(lambda value: parse_work(value, CONFIG))),
        "openalex row": (as_bytes(OPENALEX), _json(lambda value: parse_row(value, CONFIG))),
        "crossref": (as_bytes(CROSSREF), _json(lambda value: parse_message(value) if isinstance(value, dict) else None)),
        "unpaywall": (as_bytes(UNPAYWALL), _json(lambda value: parse_places(value, CONFIG))),
        "opencitations": (as_bytes(OPENCITATIONS), _json(lambda value: list(parse_rows(value)) if isinstance(value, list) else None)),
        "lens": (as_bytes(LENS), _lens),
        "ops": (OPS.encode(), parse_answer),
        "patent page": (PAGE.encode(), lambda data: parse_patent_page(data.decode("utf-8", "replace"))),
        "google table": (GOOGLE.encode(), table),
        "numbers": (b"US1234567B2\nEP 1 000 000 A1\nCN101234567A\n", _text(parse_numbers)),
        "ris": (RIS.encode(), _in_folder(parse_ris)),
        "bibtex": (BIBTEX.encode(), _in_folder(parse_bibtex)),
        "csv": (CSV.encode(), _in_folder(parse_csv)),
        "other uses": (OTHER.encode(), _text(parse_other)),
        "ror json": (as_bytes(ROR), _dump(folder / "ror.json")),
        "ror zip": (_zipped(folder), _dump(folder / "ror.zip")),
        **dict(more_parsers(folder)),
    }


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The same with a few things wrong: by the shape where it is JSON, else by the bytes."""
    if data[:1] in (b"{", b"[") and chance.random() < 0.7:
        value = json.loads(data)
        for _ in range(chance.randint(1, 3)):
            value = _replaced(value, chance)
        return json.dumps(value).encode()
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        what = chance.randrange(4)
        if what == 0:
            del found[at : at + chance.randint(1, 30)]
        elif what == 1:
            found[at:at] = chance.choice(BYTES)
        elif what == 2:
            found[at:at] = found[at : at + chance.randint(1, 200)] * chance.randint(1, 20)
        else:
            del found[at:]
    return bytes(found)


def _replaced(value: Any, chance: random.Random) -> Any:
    """A JSON value with one thing in it replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(sorted(value))
        if chance.random() < 0.1:
            return {key: part for key, part in value.items() if key != name}
        return value | {name: _replaced(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        return [*value[:at], _replaced(value[at], chance), *value[at + 1 :]]
    return chance.choice(ODD)


def findings(
    data: bytes, parse: Callable[[bytes], Any], chance: random.Random, rounds: Iterator[object]
) -> Iterator[tuple[bytes, Exception]]:
    """The inputs at which a parser raised what it must not."""
    for _ in rounds:
        case = damaged(data, chance)
        try:
            parse(case)
        except (ValueError, WhereusedError):
            pass
        except Exception as error:
            yield case, error
