"""The sample as a provider tells it: papers, lists of citations, full texts, and the faults that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.datasets import find_in_catalogue
from crawler.sample.provider import Fault, LoopbackProvider
from crawler.sample.sheets import context, make_sheet
from crawler.sample.typeset import typeset
from crawler.sample.works import Citation, SampleWork, load_slugs, load_works, seed_id
from db.catalogue import SeedPaper

Json = dict[str, Any]
WITHOUT_PDF = "massively-annotated"  # its place of the full text answers with a web page
WITHOUT_ID = ("center-loss", "celeba")  # this list knows the work by its title alone, as happens
CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser.</body></html>"


def _paper(work: SampleWork) -> Json:
    ids = {name: value for name, value in (("ArXiv", work.arxiv), ("DOI", work.doi)) if value}
    return {
        "paperId": work.paper_id,
        "externalIds": ids,
        "title": work.title,
        "year": work.year,
        "venue": work.venue,
        "authors": [{"authorId": None, "name": name} for name, _ in work.authors],
        "isOpenAccess": True,
        "openAccessPdf": {"url": f"{{url}}/pdf/{work.key}.pdf", "status": "GREEN", "license": None},
    }


def _seed(paper: SeedPaper) -> Json:
    ids = {name: value for name, value in (("ArXiv", paper.arxiv), ("DOI", paper.doi)) if value}
    return {"paperId": seed_id(paper), "externalIds": ids, "title": paper.title, "year": paper.year, "venue": paper.venue}


def papers() -> list[Json]:
    """The works of the sample and the papers of its datasets, each once."""
    seeds = [_seed(paper) for slug in load_slugs() for paper in find_in_catalogue(slug).papers]
    return list(({paper["paperId"]: paper for paper in seeds} | {work.paper_id: _paper(work) for work in load_works()}).values())


def _edge(work: SampleWork, citation: Citation) -> Json:
    contexts, intents = context(work, citation)
    citing: Any = work.paper_id
    if (work.key, citation.slug) == WITHOUT_ID:
        citing = {"paperId": None, "title": work.title}
    return {
        "citingPaper": citing,
        "contexts": contexts,
        "intents": intents,
        "contextsWithIntent": [{"context": text, "intents": intents} for text in contexts],
        "isInfluential": citation.label in ("used", "created"),
    }


def citations() -> Mapping[str, list[Json]]:
    """Id of a dataset's paper → the rows of its list, newest first, as the service gives them."""
    lists: dict[str, list[Json]] = {}
    for work in sorted(load_works(), key=lambda w: (-w.year, w.key)):
        for citation in work.citations:
            cited = seed_id(find_in_catalogue(citation.slug).papers[citation.seed])
            lists.setdefault(cited, []).append(_edge(work, citation))
    return lists


def pdfs() -> dict[str, bytes]:
    """The stand-ins by file name."""
    return {f"{work.key}.pdf": typeset(work.layout, make_sheet(work)) for work in load_works() if work.key != WITHOUT_PDF}


def faults() -> Iterator[Fault]:
    """What goes wrong during the demo, each as seen in life; the crawl has to come through all of it."""
    yield Fault("status", "/citations", status=429, times=2, retry_after="1")  # a storm at the start
    yield Fault("status", "/citations", status=504, times=1, skip=3)
    yield Fault("html", "/citations", status=502, times=1, skip=4)
    yield Fault("empty", "/citations", times=1, skip=5)
    yield Fault("status", "/pdf/", status=503, times=1, skip=2)
    yield Fault("body", f"/pdf/{WITHOUT_PDF}", times=-1, body=CHALLENGE)


def sample_provider() -> LoopbackProvider:
    """The whole sample on a server of this machine, faults included."""
    return LoopbackProvider(papers(), citations(), pdfs=pdfs(), faults=faults())
