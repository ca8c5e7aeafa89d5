"""From the provider's JSON to rows: everything may be missing, null or of the wrong kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.fulltext import find_flaw, places_of
from crawler.providers import EPO_OPS_API, LISTS, PATENT_SERVICES, PROVIDERS
from crawler.run import LAST, SPIDERS
from crawler.sample.provider import LoopbackProvider
from crawler.shapes.s2 import parse_error, parse_page
from db.config import Config
from db.known_settings import SERVICES
from db.records import Context
from db.works import PRECEDENCE

CONFIG = Config()


def page(*rows: Any, **more: Any) -> bytes:
    return json.dumps({"offset": 0, "data": list(rows), **more}).encode()


def test_row_with_everything() -> None:
    paper = {
        "paperId": "b" * 40, "corpusId": 7, "title": "T", "abstract": "A", "venue": "", "publicationVenue": {"name": "V"}, "year": 2020,
        "publicationDate": "2020-02-01", "publicationTypes": ["Review"], "authors": [{"authorId": None, "name": "A B"}, {"name": None}],
        "externalIds": {"CorpusId": 7, "DOI": "10.1/x", "ArXiv": "2001.00001"},
        "openAccessPdf": {"url": "https://x.org/a.pdf", "status": "CLOSED", "license": "CCBY"},
    }  # fmt: skip
    row = {
        "contexts": ["one", "two"], "contextsWithIntent": [{"context": "one", "intents": ["background"]}], "intents": ["background"],
        "isInfluential": False, "citingPaper": paper,
    }  # fmt: skip
    read = parse_page(page(row, next=1000), "a" * 40, CONFIG)
    assert read.following == 1000
    (edge,) = read.edges
    assert edge.key == "b" * 40
    assert edge.contexts == [Context("one", ("background",)), Context("two")]
    assert edge.is_influential is False
    assert (edge.paper.title, edge.paper.venue, edge.paper.authors) == ("T", "V", ["A B"])
    assert [place.url for _, place in edge.paper.places] == ["https://x.org/a.pdf", "https://arxiv.org/pdf/2001.00001"]
    assert edge.paper.places[0][1].licence == "CCBY"


@pytest.mark.parametrize("body", [b'{"data": null, "citedPaperInfo": {}}', b'{"citations": null}', b'{"offset": 0, "data": []}', b"{}"])
def test_page_without_a_list(body: bytes) -> None:
    read = parse_page(body, "a" * 40, CONFIG)
    assert (read.edges, read.following) == ([], None)


@pytest.mark.parametrize(
    "row", [None, {}, {"citingPaper": None}, {"citingPaper": {"paperId": None, "title": None, "authors": None, "externalIds": None}}, "x"]
)
def test_row_of_nothing_is_kept_under_a_key(row: Any) -> None:
    (edge,) = parse_page(page(row), "a" * 40, CONFIG).edges
    assert edge.paper.ids == [("row", edge.key)]


def test_rows_without_id_are_told_apart_by_cited_work_title_and_contexts() -> None:
    def key(cited: str, title: str, contexts: list[str]) -> str:
        row = {"citingPaper": {"paperId": None, "title": title}, "contexts": contexts}
        return parse_page(page(row), cited, CONFIG).edges[0].key

    assert len({key("a", "t", []), key("b", "t", []), key("a", "u", []), key("a", "t", ["c"]), key("a", "t", [])}) == 4


@pytest.mark.parametrize("body", [b"<html>502</html>", b"[]", b'{"data": [', b"", b"\xff"])
def test_what_is_no_object_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        parse_page(body, "a" * 40, CONFIG)


def test_both_shapes_of_errors_and_neither() -> None:
    assert parse_error(b'{"error": "Paper not found"}') == "Paper not found"
    assert parse_error(b'{"message": "Forbidden"}') == "Forbidden"
    assert parse_error(b"<html>") == parse_error(b'{"x": 1}') == ""


@pytest.mark.parametrize(
    ("open_access", "ids", "urls"),
    [
        ({"url": ""}, {"ArXiv": "1801.00001"}, ["https://arxiv.org/pdf/1801.00001"]),
        ({"url": "http://arxiv.org/abs/1801.00001v3"}, {}, ["https://arxiv.org/pdf/1801.00001"]),
        ({"url": "https://www.arxiv.org/pdf/cs/0112017.pdf"}, {"ArXiv": "cs/0112017"}, ["https://arxiv.org/pdf/cs/0112017"]),
        ({}, {"ACL": "2020.acl-main.447"}, ["https://aclanthology.org/2020.acl-main.447.pdf"]),
        ({}, {"PubMedCentral": "123"}, ["https://europepmc.org/articles/PMC123?pdf=render"]),
        ({"url": None}, {"ArXiv": "no id"}, []),
    ],
)
def test_places(open_access: dict[str, Any], ids: dict[str, Any], urls: list[str]) -> None:
    assert [place.url for _, place in places_of(open_access, ids, CONFIG)] == urls


def test_what_counts_as_a_pdf() -> None:
    assert find_flaw(b"%PDF-1.7 ...") is None
    assert find_flaw(b"\r\n" + b" " * 500 + b"%PDF-1.2") is None
    assert find_flaw(b" " * 1024 + b"%PDF-1.2") == "not a PDF"
    assert find_flaw(b"\n<!DOCTYPE html><html>") == "an HTML page, not a PDF"
    assert find_flaw(b"") == "an empty answer"


def test_each_spider_stands_on_a_provider_that_is_registered() -> None:
    """Whoever adds a spider learns here what else names its provider."""
    with LoopbackProvider([], {}) as loopback:
        here = loopback.environ
    for spider in SPIDERS.values():
        provider = getattr(spider, "provider", EPO_OPS_API)
        name = provider.name
        assert name in PATENT_SERVICES or provider in PROVIDERS, f"{name}: PROVIDERS in crawler/providers.py"
        assert name in PRECEDENCE, f"{name}: PRECEDENCE in db/works.py"
        assert name.upper() in SERVICES, f"{name}: SERVICES in db/known_settings.py"
        assert name in PATENT_SERVICES or name in LISTS or name in LAST, f"{name}: LISTS in crawler/providers.py"
        assert name in PATENT_SERVICES or f"WHEREUSED_{name.upper()}_URL" in here, f"{name}: LoopbackProvider.environ"
