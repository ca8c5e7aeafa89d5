"""Who cites a dataset's papers, by Semantic Scholar."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import CitationPage, Paper, SeedAnswer
from crawler.lists.listing import ListSpider
from crawler.lists.paging import SMALLEST, Position, Reading
from crawler.lists.windows import UNKNOWN_SINCE
from crawler.manners.refusals import SHRINKS, Policy
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.shapes.s2 import CITATION_FIELDS, SEED_FIELDS, parse_error, parse_object, parse_page, parse_paper
from db.crawl import ListState, ListStep, find_list
from db.crawl_plan import Seed, load_seeds
from db.identity import canonical, title_key
from db.works import holder_of

NAME = SEMANTIC_SCHOLAR.name
MATCH = "search/match"
SAME_TITLE = 0.9  # similarity of letters and digits; room for "a" and "the", not for another paper of the same makers
CONCURRENCY = 4  # lists at once: an answer takes longer than the pace


class SemanticScholarSpider(ListSpider):
    """The citing works of each seed work of the asked datasets.

    First the seed itself: by its Semantic Scholar id, else its arXiv id, else its DOI, else by title, where a person has
    to confirm the hit.  Then ``/paper/{id}/citations`` from page to page (``crawler.lists.paging``), each saved together with the
    new position.  There is no total: the last page has no ``next``; at most 9,999 rows can be reached, longer lists are read in
    windows of publication dates; rows may lack an id; ``data`` may be null.  https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data
    """

    name = NAME
    provider = SEMANTIC_SCHOLAR
    policy = Policy(SEMANTIC_SCHOLAR)
    custom_settings = {  # noqa: RUF012
        **(ListSpider.custom_settings or {}),
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    }

    async def start(self) -> AsyncIterator[Any]:
        self._opened: dict[str, int] = {}  # id of a cited work → pass
        for seed in load_seeds(self.session.db, self.session.slugs):
            if not self.is_settled(seed):
                yield self._look_up(seed, _asks(seed))

    def _request(self, path: str, fields: dict[str, object], **more: Any) -> Request:
        """A request to the API.  The key goes into a header, and never to another host."""
        key = SEMANTIC_SCHOLAR.key(self.session.config)
        url = f"{SEMANTIC_SCHOLAR.url(self.session.config)}/paper/{quote(path, safe=':/')}"
        meta = {"handle_httpstatus_all": True, "dont_redirect": True}
        return Request(
            f"{url}?{urlencode(fields, safe=',')}", headers={"x-api-key": key} if key else None, meta=meta, dont_filter=True, **more
        )

    # ------------------------------------------------------------ the seed

    def _look_up(self, seed: Seed, asks: list[str]) -> Request:
        asked = asks[0]
        fields: dict[str, object] = {"query": seed.title} if asked == MATCH else {}
        return self._request(
            asked,
            fields | {"fields": SEED_FIELDS},
            callback=self.parse_seed,
            errback=self.miss_seed,
            cb_kwargs={"seed": seed, "asks": asks},
        )

    def parse_seed(self, response: Response, seed: Seed, asks: list[str]) -> Iterator[Any]:
        if response.status in (400, 404) and len(asks) > 1:
            yield self._look_up(seed, asks[1:])
        elif response.status in (400, 404):
            self.note(seed.subject, f"Semantic Scholar does not know it ({parse_error(response.body) or response.status})")
        elif (answer := _answer(response)) is None:
            self.fail(seed.subject, self.what(response, parse_error(response.body)))
        else:
            yield from self._take_seed(answer, seed, asks[0])

    def _take_seed(self, answer: dict[str, Any], seed: Seed, asked: str) -> Iterator[Any]:
        by_title = asked == MATCH
        hits = answer.get("data") if by_title else [answer]
        paper = parse_paper(hits[0] if isinstance(hits, list) and hits else None, self.session.config)
        cited = next((form for scheme, value in paper.ids if scheme == "s2" and (form := canonical("s2", value))), None)
        if cited is None:
            self.note(seed.subject, "Semantic Scholar has no paper of this title" if by_title else "Semantic Scholar gave no id for it")
            return
        if by_title and not self._is_confirmed(seed, paper, cited):
            self.note(seed.subject, f"found by title only: {_shown(paper, cited)}; not confirmed (--yes takes hits of the same title)")
            return
        if not by_title and not _is_it(seed, paper, asked):
            self.note(
                seed.subject, f"Semantic Scholar answers {asked} with another work: {_shown(paper, cited)}; correct the dataset's ids"
            )
            return
        if seed.s2 and seed.s2 != cited:  # an old or merged id: both are kept
            paper.old_ids.append(("s2", seed.s2))
        paper.places = []  # the seed's own text is no evidence of a use
        if cited in self._opened:  # two datasets know one paper by different ids
            yield SeedAnswer(seed, paper, NAME, self._opened[cited], confirmed=by_title)
            return
        state = self._find_list(cited, seed)
        self._opened[cited] = number = 1 if state is None else state.pass_number + (state.state == "done")
        yield SeedAnswer(seed, paper, NAME, number, confirmed=by_title)
        yield self._ask_page(_Pass(seed, cited, number, state, paper, self.session.limit))

    def _is_confirmed(self, seed: Seed, paper: Paper, cited: str) -> bool:
        """A person agrees, or --yes does where the titles are the same: harvesting a wrong paper would name people for nothing."""
        return _likeness(seed, paper) >= SAME_TITLE if self.session.yes else self.session.confirm(_question(seed, paper, cited))

    def _find_list(self, cited: str, seed: Seed) -> ListState | None:
        held = (holder_of(self.session.db, "s2", value) for value in (cited, seed.s2) if value)
        work_id = next((work_id for work_id in held if work_id is not None), seed.work_id)
        return None if work_id is None else find_list(self.session.db, NAME, work_id)

    def miss_seed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self.fail(request.cb_kwargs["seed"].subject, self.why(failure))

    # ------------------------------------------------------------ its list

    def _ask_page(self, reading: _Pass) -> Request:
        offset, limit = reading.ask()
        fields: dict[str, object] = {"fields": CITATION_FIELDS, "offset": offset, "limit": limit}
        if reading.position.window:
            fields["publicationDateOrYear"] = ":".join(reading.position.window)
        request = self._request(
            f"{reading.cited}/citations", fields, callback=self.parse_citations, errback=self.miss_citations, cb_kwargs={"reading": reading}
        )
        request.meta[SHRINKS] = limit > SMALLEST
        return request

    def parse_citations(self, response: Response, reading: _Pass) -> Iterator[Any]:
        answer = _answer(response)
        if answer is not None:
            page = parse_page(answer, reading.cited, self.session.config)
            n_rows = reading.take([edge.key for edge in page.edges], page.following)
            yield CitationPage(self._step(reading, n_rows), page.edges)
        elif response.status == 504 and reading.shrink():
            pass
        elif response.status == 400 and "10000" in parse_error(response.body).replace(",", ""):
            reading.stop_at_cap()
            yield CitationPage(self._step(reading, 0), [])
        elif response.status == 400 and reading.position.window:
            reading.give_up_windows()
            yield CitationPage(self._step(reading, 0), [])
        elif response.status in (400, 404):
            self.note(reading.seed.subject, f"Semantic Scholar refuses its list ({parse_error(response.body) or response.status})")
            return
        else:
            self.fail(reading.seed.subject, self.what(response, parse_error(response.body)))
            return
        if reading.state != "done" and not reading.is_spent:
            yield self._ask_page(reading)

    def _step(self, reading: _Pass, n_rows: int) -> ListStep:
        url = f"{SEMANTIC_SCHOLAR.url(self.session.config)}/paper/{reading.cited}/citations"
        before, reading.saved = reading.saved, reading.position.to_json()
        return ListStep(
            NAME, reading.cited, url, reading.number, before, reading.saved, reading.state, n_rows,
            withdraws=reading.withdraws, spares_undated=reading.is_windowed,
        )  # fmt: skip

    def miss_citations(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self.fail(request.cb_kwargs["reading"].seed.subject, self.why(failure))


class _Pass(Reading):
    """A pass over the list of one seed, from where the last call left it."""

    def __init__(self, seed: Seed, cited: str, number: int, state: ListState | None, paper: Paper, limit: int | None) -> None:
        goes_on = state is not None and state.pass_number == number
        self.seed = seed
        self.cited = cited
        self.number = number
        self.saved = state.position if state and goes_on else "{}"
        standing = set(state.standing) if state else set()
        super().__init__(
            position=Position.from_json(self.saved), state=state.state if state and goes_on else "paging",
            seen=set(state.seen) if state and goes_on else set(), missing=standing if goes_on or state is None else standing | state.seen,
            had_rows=bool(state and (state.standing or state.seen)), reported=paper.n_citations, at_most=limit,
            since=paper.year if isinstance(paper.year, int) else seed.year or UNKNOWN_SINCE,
        )  # fmt: skip


def _asks(seed: Seed) -> list[str]:
    """By what to ask for a seed, in this order; an id that is not known leads on to the next."""
    asks = [seed.s2, seed.arxiv and f"ARXIV:{seed.arxiv}", seed.doi and f"DOI:{seed.doi}"]
    return [*(ask for ask in asks if ask), MATCH]


def _answer(response: Response) -> dict[str, Any] | None:
    """The JSON object of an answer with status 200, else None."""
    try:
        return parse_object(response.body) if response.status == 200 else None
    except ValueError:
        return None


def _shown(paper: Paper, cited: str) -> str:
    names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    return f"“{paper.title}” ({', '.join(str(part) for part in (names, paper.year, paper.venue) if part)}; {cited})"


def _is_it(seed: Seed, paper: Paper, asked: str) -> bool:
    """Whether what came bears the id that was asked for, or, as with merged records, the title of the seed."""
    prefix, _, value = asked.rpartition(":")
    scheme = prefix.lower() or "s2"
    wanted = canonical(scheme, value)
    bears = any(name == scheme and canonical(scheme, given) == wanted for name, given in paper.ids)
    return bears or _likeness(seed, paper) >= SAME_TITLE


def _likeness(seed: Seed, paper: Paper) -> float:
    return SequenceMatcher(None, title_key(seed.title), title_key(paper.title)).ratio()


def _question(seed: Seed, paper: Paper, cited: str) -> str:
    return f"{seed.subject}\n  Semantic Scholar's best hit: {_shown(paper, cited)}\nIs it this paper?"
