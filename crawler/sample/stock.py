"""What a provider on this machine holds: papers, lists, files, and how its lists behave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PREFIXES = {"ARXIV": "ArXiv", "DOI": "DOI", "MAG": "MAG", "ACL": "ACL", "PMID": "PubMed", "PMCID": "PubMedCentral", "CORPUSID": "CorpusId"}


class Stock:
    """See ``crawler.sample.provider``; ``url`` is its address without a trailing slash."""

    url: str

    def __init__(
        self,
        papers: Iterable[Mapping[str, Any]],
        citations: Mapping[str, Sequence[str | Mapping[str, Any]]],
        pdfs: Mapping[str, bytes],
        merged: Mapping[str, str],
        robots: str,
        windows: str,
    ) -> None:
        self.papers: dict[str, dict[str, Any]] = {paper["paperId"]: dict(paper) for paper in papers}
        self.citations: dict[str, list[str | Mapping[str, Any]]] = {cited: list(edges) for cited, edges in citations.items()}
        self.pdfs = dict(pdfs)
        self.merged = dict(merged)
        self.robots = robots
        self.windows = windows
        self.snippets: list[dict[str, Any]] = []
        self.bulk_page: int | None = None  # rows of a page of the bulk search, where it is not 1,000
        self.bulk_ends_at: int | None = None  # rows after which its token is lost

    def find_paper(self, asked: str) -> dict[str, Any] | None:
        """A paper by any of its ids."""
        asked = self.merged.get(asked, asked)
        prefix, _, value = asked.partition(":")
        scheme = PREFIXES.get(prefix.upper())
        if scheme is None:
            return self.papers.get(asked)
        return next((p for p in self.papers.values() if str((p.get("externalIds") or {}).get(scheme)).lower() == value.lower()), None)
