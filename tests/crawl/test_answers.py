"""Answers as the services send them (made up after recorded ones), and what each spider makes of them.

An expectation that is missing is written, and the test fails, so that a person looks at it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawler.datasets import find_in_catalogue
from crawler.lists.searching import find_quotes, terms_of
from crawler.shapes.crossref import parse_message
from crawler.shapes.openalex import parse_row
from crawler.shapes.s2 import parse_hits, parse_paper, parse_snippets
from db.config import Config

FOLDER = Path(__file__).parent / "answers"
CONFIG = Config()
TERMS = terms_of(find_in_catalogue("megaface"))


def openalex(answer: dict[str, Any]) -> Any:
    edges = [parse_row(row, CONFIG) for row in answer["results"]]
    quotes = [find_quotes([(edge.paper.title, "title"), (edge.paper.abstract, "abstract")], TERMS) for edge in edges if edge]
    return [asdict(edge.paper) | {"quotes": [asdict(quote) for quote in found]} for edge, found in zip(edges, quotes, strict=True) if edge]


def hits(found: tuple[Any, list[Any]]) -> Any:
    return {"rows": found[0], "hits": [asdict(hit) for hit in found[1]]}


READ: dict[str, Callable[[Any], Any]] = {
    "semantic_scholar_search": lambda answer: hits(parse_hits(answer, TERMS, CONFIG)),
    "semantic_scholar_snippets": lambda answer: hits(parse_snippets(answer, TERMS)),
    "semantic_scholar_batch": lambda answer: [row and asdict(parse_paper(row, CONFIG)) for row in answer],
    "openalex_search": openalex,
    "crossref": lambda answer: asdict(parse_message(answer["message"])),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_made_of_an_answer(name: str) -> None:
    answer = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(READ[name](answer), default=str))
    expected = FOLDER / f"{name}.expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was not there; look at what was written, and run again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
