"""``photos check``: how many photos of a dataset were since deleted or made private."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.run import run_spiders
from crawler.runs import open_session
from crawler.spiders.photo_links import PhotoLinksSpider
from db.config import Config
from db.errors import ProviderError, UsageError
from db.progress import progress_bars
from db.queries.photos import LinkState, load_links


def run(config: Config, slug: str, *, limit: int | None = None) -> tuple[LinkState, list[str]]:
    """Ask for links of the dataset's sample that gave no verdict yet; (state of the sample, what the user should know).

    UsageError where there is no sample, ProviderError where no link gave an answer.
    """
    with open_session(config, [slug], limit=limit) as session:
        if load_links(session.db, slug) is None:
            raise UsageError(f"{slug} has no sample of photo links; `whereused photos audit FILES… --dataset {slug} --out DIR` draws one")
        with progress_bars(config) as progress:
            run_spiders(session, [PhotoLinksSpider], progress)
        state = load_links(session.db, slug)
        assert state is not None
        session.check()
        if state.share_gone is None:
            raise ProviderError("; ".join(session.notes) or "no link gave an answer; try again later")
        return state, list(session.notes)


def lines(state: LinkState) -> Iterator[str]:
    """The estimate in words, with its interval."""
    share, (low, high) = state.share_gone, state.interval
    answered = state.there + state.gone
    yield f"{state.drawn:,} links drawn at random, {answered:,} answered: {state.there:,} there, {state.gone:,} gone"
    if share is not None:
        yield f"gone (deleted or made private): {100 * share:.1f} %, between {100 * low:.1f} % and {100 * high:.1f} % (95 %, Wilson)"
    if state.unanswered:
        yield f"{state.unanswered:,} gave no verdict (not asked yet, refused or failed) and count for neither side"
    yield "copies of the dataset keep these photos all the same"
