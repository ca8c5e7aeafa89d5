"""Asking Semantic Scholar for one paper by its id or title, outside a crawl.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_get_paper
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from crawler.manners.pace import pace_of
from crawler.providers import SEMANTIC_SCHOLAR
from db.catalogue import SeedPaper
from db.config import Config
from db.connect import now
from db.errors import ProviderError, UsageError, WhereusedError
from db.identity import arxiv_of_doi, canonical, title_key
from db.outside import parse_json
from db.runs import installed_version

FIELDS = "title,year,venue,externalIds"
FEWEST_WORDS = 3  # of a title; anything shorter is an id with a slip in it
TIMEOUT_S = 30.0  # without a byte
WHOLE_S = 60.0
MAX_BYTES = 5_000_000
WAITS_S = (2.0, 4.0, 8.0, 16.0)  # between tries; exponential back-off is a condition of use
LONGEST_WAIT_S = 60.0
_PREFIX = {"arxiv": "ARXIV:", "doi": "DOI:", "s2": "", "corpus": "CorpusId:"}


def parse_paper_id(text: str) -> tuple[str, str]:
    """(scheme, value) of an arXiv id, DOI, Semantic Scholar id or corpus number, links to them too; UsageError otherwise."""
    schemes = ("s2", "arxiv", "doi") if not text.casefold().startswith("corpus") else ("corpus",)
    for scheme in schemes:
        if value := canonical(scheme, text):
            return scheme, value
    raise UsageError(
        f"{text!r} is no arXiv id (1705.00393), DOI (10.1109/…), Semantic Scholar id (40 hex digits, or CorpusId:…), or whole title"
    )


def find_paper(config: Config, text: str, *, sleep: Callable[[float], None] = time.sleep) -> SeedPaper:
    """The paper that an id or a whole title names, as the provider tells it.

    UsageError for what is neither, WhereusedError where the provider knows no such paper, ProviderError where it fails.
    """
    base = SEMANTIC_SCHOLAR.url(config)
    try:
        scheme, value = parse_paper_id(text)
    except UsageError:
        if len(text.split()) < FEWEST_WORDS:
            raise
        hits = _ask(config, f"{base}/paper/search/match?{urlencode({'query': text, 'fields': FIELDS})}", f"“{text}”", sleep).get("data")
        return _seed(_same_title(hits[0] if isinstance(hits, list) and hits else None, text), f"“{text}”")
    answer = _ask(config, f"{base}/paper/{quote(_PREFIX[scheme] + value, safe=':/')}?fields={FIELDS}", text, sleep)
    told = _seed(answer, text)
    asked = {scheme: value}
    return replace(told, arxiv=told.arxiv or asked.get("arxiv"), doi=told.doi or asked.get("doi"), s2=told.s2 or asked.get("s2"))


def _same_title(hit: object, text: str) -> dict[str, Any]:
    """The hit of a title search where it bears that title; a wrong paper's list would name people for nothing."""
    if not isinstance(hit, dict):
        raise WhereusedError(f"Semantic Scholar knows no paper “{text}”; give its id")
    if title_key(str(hit.get("title"))) != title_key(text):
        raise WhereusedError(f"Semantic Scholar has no “{text}” but “{hit.get('title')}”; if it is this one, --paper {hit.get('paperId')}")
    return hit


def _seed(answer: Mapping[str, Any], text: str) -> SeedPaper:
    title, ids = answer.get("title"), answer.get("externalIds") or {}
    if not isinstance(title, str) or not title.strip():
        raise ProviderError(f"Semantic Scholar answered for {text} without a title; try again later")
    doi = canonical("doi", ids.get("DOI"))
    year = answer.get("year")
    return SeedPaper(
        title=" ".join(title.split()), year=year if isinstance(year, int) else None, venue=answer.get("venue") or None,
        arxiv=canonical("arxiv", ids.get("ArXiv")) or (arxiv_of_doi(doi) if doi else None), doi=doi,
        s2=canonical("s2", answer.get("paperId")), confirmed_at=now(),
    )  # fmt: skip


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key to another host."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _ask(config: Config, url: str, text: str, sleep: Callable[[float], None]) -> dict[str, Any]:
    contact = f" (+{config.contact})" if config.contact else ""
    request = urllib.request.Request(url, headers={"User-Agent": f"whereused/{installed_version()}{contact}"})  # noqa: S310 (http(s) only: checked)
    if key := SEMANTIC_SCHOLAR.key(config):
        request.add_unredirected_header("x-api-key", key)
    reason, pace = "", pace_of(SEMANTIC_SCHOLAR, config)
    for wait in (*WAITS_S, None):
        asked: float | None = None
        while (ready_in := pace.try_turn()) > 0:
            time.sleep(ready_in)
        try:
            return _answer(request, text)
        except urllib.error.HTTPError as error:
            _stop_where_asking_again_is_vain(error, text)
            reason, asked = f"status {error.code}", _retry_after(error)
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
        if wait is not None:
            sleep(min(max(asked or wait, 1.0), LONGEST_WAIT_S))
    raise ProviderError(f"Semantic Scholar can't be asked for {text} ({reason}); try again later")


def _answer(request: urllib.request.Request, text: str) -> dict[str, Any]:
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S) as response:
        body = _whole(response)
        if response.length and len(body) < MAX_BYTES:  # less than was announced; read(n) doesn't say so
            raise http.client.IncompleteRead(body, response.length)
    try:
        answer = parse_json(body)
    except ValueError as error:
        raise ProviderError(f"Semantic Scholar answered for {text} with something that is no JSON; try again later") from error
    if not isinstance(answer, dict):
        raise ProviderError(f"Semantic Scholar answered for {text} in an unknown form")
    return answer


def _whole(response: Any) -> bytes:
    """The body, up to MAX_BYTES; TimeoutError where it comes drop by drop."""
    body, until = b"", time.monotonic() + WHOLE_S
    while len(body) < MAX_BYTES and (piece := response.read1(65536)):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError(f"the answer was not whole after {WHOLE_S:.0f} s")
    return body


def _stop_where_asking_again_is_vain(error: urllib.error.HTTPError, text: str) -> None:
    if error.code == 404:
        raise WhereusedError(f"Semantic Scholar knows no paper {text}; check the id") from error
    if error.code in (401, 403):
        raise ProviderError("Semantic Scholar refuses (403): check WHEREUSED_SEMANTIC_SCHOLAR_KEY, or ask without a key") from error
    if error.code != 429 and error.code < 500:
        raise ProviderError(f"Semantic Scholar does not understand the question for {text} (status {error.code})") from error


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    try:
        return float(error.headers.get("Retry-After", ""))
    except ValueError:
        return None
