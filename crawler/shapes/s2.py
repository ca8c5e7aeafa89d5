"""The shapes of Semantic Scholar: from its JSON to items.

https://api.semanticscholar.org/api-docs/graph.  Everything may be missing or null: ids, titles, authors, the list itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.fulltext import places_of
from crawler.items import Edge, Hit, Paper
from crawler.lists.searching import Terms, find_quotes
from crawler.providers import SEMANTIC_SCHOLAR
from db.config import Config
from db.identity import canonical, row_id
from db.outside import parse_json
from db.records import Context

PAPER_FIELDS = (
    "paperId,corpusId,externalIds,title,abstract,venue,publicationVenue,journal,year,publicationDate,publicationTypes,"
    "openAccessPdf,isOpenAccess,authors"
)
SEARCH_FIELDS = (  # the bulk search knows no nested lists
    "paperId,corpusId,externalIds,title,abstract,venue,journal,year,publicationDate,publicationTypes,openAccessPdf,isOpenAccess,authors"
)
SEED_FIELDS = f"{PAPER_FIELDS},citationCount"
CITATION_FIELDS = f"contexts,contextsWithIntent,intents,isInfluential,{PAPER_FIELDS}"
SCHEMES = {
    "CorpusId": "corpus", "DOI": "doi", "ArXiv": "arxiv", "MAG": "mag", "DBLP": "dblp",
    "PubMed": "pubmed", "PubMedCentral": "pmc", "ACL": "acl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``following`` is the offset of the next one, None on the last."""

    edges: list[Edge]
    following: int | None


def key_header(config: Config) -> dict[str, str] | None:
    """The header with the user's key; None without one.  It is never sent to another host, as redirects are not followed."""
    key = SEMANTIC_SCHOLAR.key(config)
    return {"x-api-key": key} if key else None


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; ValueError where there is none, as with a gateway's page or a body cut short."""
    value = parse_json(body)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def parse_error(body: bytes) -> str:
    """What an error body says; the service has two shapes, and gateways send pages."""
    try:
        value = parse_object(body)
    except ValueError:
        return ""
    return str(value.get("error") or value.get("message") or "")[:200]


def parse_paper(value: object, config: Config) -> Paper:
    """One paper; an empty one where the provider gives nothing."""
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    external = _mapping(given.get("externalIds"))
    ids: list[tuple[str, object]] = [("s2", given.get("paperId")), ("corpus", given.get("corpusId"))]
    ids += [(SCHEMES[name], external[name]) for name in SCHEMES if external.get(name) is not None]
    venue = _text(given.get("venue")) or _text(_mapping(given.get("publicationVenue")).get("name"))
    return Paper(
        title=_text(given.get("title")), year=given.get("year"), venue=venue or _text(_mapping(given.get("journal")).get("name")),
        publication_date=_text(given.get("publicationDate")), abstract=_text(given.get("abstract")),
        publication_types=_texts(given.get("publicationTypes")),
        authors=[name for author in _list(given.get("authors")) if (name := _text(_mapping(author).get("name")))],
        ids=[(scheme, value) for scheme, value in ids if value is not None],
        places=places_of(_mapping(given.get("openAccessPdf")), external, config),
        n_citations=given["citationCount"] if isinstance(given.get("citationCount"), int) else None,
    )  # fmt: skip


def parse_page(answer: bytes | Mapping[str, Any], cited: str, config: Config) -> Page:
    """A page of ``/paper/{cited}/citations``, as bytes or JSON object.  ``data`` is null where a publisher had the list removed."""
    value = parse_object(answer) if isinstance(answer, bytes) else answer
    following = value.get("next")
    rows = value.get("data") if value.get("data") is not None else value.get("citations")
    return Page([_edge(row, cited, config) for row in _list(rows)], following if isinstance(following, int) else None)


def parse_hits(answer: Mapping[str, Any], terms: Terms, config: Config) -> tuple[int, list[Hit]]:
    """(rows, hits) of a page of the bulk search.  A row whose abstract is shown and that doesn't name the dataset is no hit."""
    rows = [_mapping(row) for row in _list(answer.get("data"))]
    hits = []
    for row in rows:
        paper = parse_paper(row, config)
        quotes = find_quotes([(paper.title, "title"), (paper.abstract, "abstract")], terms)
        if paper.ids and (quotes or not paper.abstract):
            hits.append(Hit(paper, quotes))
    return len(rows), hits


def parse_snippets(answer: Mapping[str, Any], terms: Terms) -> tuple[list[bool], list[Hit]]:
    """(which rows name the dataset, hits) of a snippet search; the passages of one paper together."""
    named: list[bool] = []
    found: dict[str, Hit] = {}
    for row in map(_mapping, _list(answer.get("data"))):
        paper, snippet = _mapping(row.get("paper")), _mapping(row.get("snippet"))
        corpus, title = canonical("corpus", paper.get("corpusId")), _text(paper.get("title"))
        texts = [(_text(snippet.get("text")), _text(snippet.get("section")) or _text(snippet.get("snippetKind")))]
        quotes = [quote for quote in find_quotes([*texts, (title, "title")], terms) if quote.section == texts[0][1]]
        named.append(bool(corpus and quotes))
        if corpus and quotes:
            hit = found.setdefault(corpus, Hit(Paper(title=title, ids=[("corpus", corpus)])))
            hit.quotes += [quote for quote in quotes if quote not in hit.quotes]
    return named, list(found.values())


def _edge(row: object, cited: str, config: Config) -> Edge:
    given = _mapping(row)
    contexts = _contexts(given)
    paper = parse_paper(given.get("citingPaper"), config)
    key = next((str(value) for scheme, value in paper.ids if scheme == "s2" and value), "")
    if not key:
        key = row_id(cited, paper.title, *(context.text for context in contexts))
        paper.ids.append(("row", key))
    influential = given.get("isInfluential")
    return Edge(key, paper, contexts, _texts(given.get("intents")), influential if isinstance(influential, bool) else None)


def _contexts(given: Mapping[str, Any]) -> list[Context]:
    """The sentences around the reference: those with their own intents first, then those that stand without."""
    found: dict[str, Context] = {}
    for entry in map(_mapping, _list(given.get("contextsWithIntent"))):
        if text := _text(entry.get("context")):
            found.setdefault(text, Context(text, tuple(_texts(entry.get("intents")))))
    for text in _texts(given.get("contexts")):
        found.setdefault(text, Context(text))
    return list(found.values())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _texts(value: object) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str) and text.strip()]
