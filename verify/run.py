"""The ways into this stage: ``run`` asks one reviewer, ``run_adjudication`` settles conflicts."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from db.calibration import load_answers, load_decided, load_reference, save_reference, wants_calibration
from db.catalogue import count_works, find_dataset
from db.config import Config
from db.connect import one_line_errors, open_existing, open_for_reading, open_for_writing
from db.decisions import load_conflicts
from db.errors import UsageError, WhereusedError
from db.forgetting import Forgotten, forget_author, name_key, remember_author
from db.labels import Progress, load_opinions, load_progress, load_screened
from db.queries.queue import load_queue
from db.rounds import save_plan
from db.verify import Seat, find_reviewer, save_reviewer_forgotten
from verify.adjudicate import Conflicts
from verify.agreement import Agreement, find_agreement
from verify.around import PageText
from verify.calibration import Calibration, Comparison, compare, differences
from verify.codebook import Codebook, load_codebook
from verify.exchange import read_verdicts
from verify.lines import Lines, LineScreen
from verify.opening import check_name, opened
from verify.order import drawn_evenly
from verify.placedesk import PlaceDesk, PlacesReport
from verify.places import PlaceLines, run_places
from verify.placescreen import PlaceKeyScreen
from verify.queue import Manner, Review
from verify.screen import KeyScreen
from verify.session import Screen, VerifyReport, run_session
from verify.stopping import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reviewer wants of a session: the round, its plan (None: as it is), the order of the queue."""

    round: int = 1
    order: str | None = None
    seed: int | None = None
    reviewers: int | None = None
    sample: int | None = None
    assist: bool = False
    calibrate: bool = False  # also where the reviewer is not new
    only: str | None = None
    min_score: float | None = None


def run(
    config: Config,
    slug: str,
    *,
    reviewer: str,
    limit: int | None = None,
    plain: bool = False,
    wishes: Wishes = Wishes(),
    page_text: PageText | None = None,
) -> VerifyReport:
    """Ask ``reviewer`` about the works of a dataset until nothing is left, they quit, or ``limit`` labels were given.

    Every answer is committed before the next work is shown.  Raises UsageError for an unknown dataset, a name that
    is none, or a wrong line of a script; WhereusedError where there are no works to judge at all.
    """
    with opened(config, slug, reviewer) as (db, dataset, who):
        if not count_works(db, slug):
            raise WhereusedError(f"there are no works of {slug} yet; get some with `whereused crawl {slug}` or `whereused import`")
        report, book = VerifyReport(slug, who.pseudonym), load_codebook()
        asked = wants_calibration(db, slug, who.reviewer_id) or wishes.calibrate
        seat = Seat(slug, who.reviewer_id, wishes.round)
        plan = save_plan(db, seat, reviewers=wishes.reviewers, sample=wishes.sample, seed=wishes.seed)
        order = wishes.order or ("random" if plan.sample else "priority")
        seed = wishes.seed if wishes.seed is not None else plan.seed
        with screen_for(book, plain=plain) as screen:
            if asked and not _calibrate(config, Calibration(db, who, dataset, book, report), screen, report):
                return report
            manner = Manner(wishes.assist, order, seed, plan, wishes.only, wishes.min_score, page_text)
            desk = Review(config, db, seat, dataset, book, report, manner)
            try:
                run_session(desk, screen, config, report, limit)
            finally:
                desk.close()
                report.n_postponed = desk.n_postponed()
        return report


def _calibrate(config: Config, desk: Calibration, screen: Screen, report: VerifyReport) -> bool:
    """Ask for what the reviewer has not answered of the reference, then show where they differ; False where they left before."""
    if not desk.left():
        return True
    run_session(desk, screen, config, report, None, rests=False)
    if report.stopped != "done":
        return False
    screen.tell(desk.outcome())
    report.n_labelled = report.n_undone = report.n_put_off = 0
    report.message = ""
    return True


def run_adjudication(config: Config, slug: str, *, reviewer: str, plain: bool = False) -> VerifyReport:
    """Let ``reviewer`` settle the conflicts of a dataset."""
    with opened(config, slug, reviewer) as (db, dataset, who):
        report = VerifyReport(slug, who.pseudonym)
        book = load_codebook()
        desk = Conflicts(db, who, dataset, book, report)
        with screen_for(book, plain=plain) as screen:
            run_session(desk, screen, config, report, None)
        return report


def run_place_review(config: Config, slug: str, *, reviewer: str, limit: int | None = None, plain: bool = False) -> PlacesReport:
    """Ask ``reviewer`` about the doubtful affiliations of a dataset."""
    with opened(config, slug, reviewer) as (db, dataset, who):
        report = PlacesReport(slug)
        desk = PlaceDesk(config, db, dataset, who.reviewer_id, report)
        if _is_full_screen(plain=plain):
            with PlaceKeyScreen() as screen:
                run_places(desk, screen, report, limit)
        else:
            run_places(desk, PlaceLines(Lines(interactive=sys.stdin.isatty())), report, limit)
        return report


def run_agreement(config: Config, slug: str) -> Agreement:
    """The agreement of the reviewers of a dataset; raises WhereusedError where no work has labels of two reviewers."""
    db = open_for_reading(config.db)
    with one_line_errors(config.db):
        try:
            find_dataset(db, slug)
            agreement = find_agreement(load_opinions(db, slug))
        finally:
            db.close()
    if not agreement.pairs:
        raise WhereusedError(
            f"no work of {slug} has labels of two reviewers yet; let a second one run `whereused verify {slug} --reviewer NAME`"
        )
    return agreement


def run_progress(config: Config, slug: str, round_: int) -> tuple[list[Progress], int, int]:
    """What each reviewer of a round has done, how many works have no label, how many wait for ``adjudicate``; writes nothing."""
    db = open_for_reading(config.db)
    with one_line_errors(config.db):
        try:
            find_dataset(db, slug)
            waiting = load_queue(db, slug, 0, round_, postponed_before="")  # of nobody: all works, with how many have labelled each
            return load_progress(db, slug, round_), sum(not row.others for row in waiting), len(load_conflicts(db, slug))
        finally:
            db.close()


def run_set_reference(config: Config, slug: str, *, reviewer: str, path: Path | None, n: int | None, seed: int) -> int:
    """Set the reference of a dataset: from a label file, or ``n`` works with a final decision, drawn evenly over the labels; how many."""
    with opened(config, slug, reviewer) as (db, _, who):
        known = read_verdicts(db, slug, path) if path else drawn_evenly(db, slug, load_decided(db, slug), n or 0, seed)
        if not known:
            raise WhereusedError(f"no work of {slug} has a final decision yet; label some first, or name a file of works with answers")
        return save_reference(db, slug, who.reviewer_id, known)


def run_calibration(config: Config, slug: str, *, reviewer: str | None) -> tuple[list[Comparison], list[str]]:
    """Every reviewer against the reference of a dataset, and where one of them differs; writes nothing."""
    db = open_for_reading(config.db)
    with one_line_errors(config.db):
        try:
            find_dataset(db, slug)
            reference, answers = load_reference(db, slug), load_answers(db, slug)
            if not reference:
                raise WhereusedError(f"{slug} has no works with known answers yet; `whereused calibrate {slug} --draw 20` sets some")
            who = find_reviewer(db, check_name(reviewer)) if reviewer else None
            if reviewer and who is None:
                raise UsageError(f"no reviewer of the name {reviewer!r} has worked in this database")
            own = [answer for answer in answers if who and answer.reviewer_id == who.reviewer_id]
            return compare(reference, own if who else answers), differences(load_codebook(), reference, own, who.pseudonym if who else "")
        finally:
            db.close()


def run_estimate(config: Config, slug: str) -> Estimate:
    """How many uses are probably unseen; writes nothing."""
    db = open_for_reading(config.db)
    with one_line_errors(config.db):
        try:
            find_dataset(db, slug)
            return estimate(*load_screened(db, slug))
        finally:
            db.close()


def run_forget(config: Config, *, reviewer: str) -> tuple[str, int]:
    """Put a pseudonym in the place of a reviewer's name; (pseudonym, labels that stay).  UsageError for an unknown name."""
    name = check_name(reviewer)
    open_for_reading(config.db).close()  # says where there is none
    db = open_for_writing(config.db)
    with one_line_errors(config.db):
        try:
            who = find_reviewer(db, name)
            if who is None:
                raise UsageError(f"no reviewer of the name {name!r} has worked in this database")
            return who.pseudonym, save_reviewer_forgotten(db, who)
        finally:
            db.close()


def run_remember_author(config: Config, name: str) -> bool:
    """Let an author's name come again; whether it was kept out."""
    db = open_existing(config.db)
    with one_line_errors(config.db), closing(db):
        return remember_author(db, name)


def run_forget_author(config: Config, name: str) -> Forgotten:
    """Remove an author's name everywhere and keep it out; UsageError where it is no name."""
    if not name_key(name):
        raise UsageError("--author wants a name, as it is printed")
    db = open_existing(config.db)
    with one_line_errors(config.db):
        try:
            return forget_author(db, name)
        finally:
            db.close()


@contextmanager
def screen_for(book: Codebook, *, plain: bool) -> Iterator[Screen]:
    """Single keys on a full screen where there is a terminal; lines with ``plain``, for scripts, and on dumb terminals."""
    if _is_full_screen(plain=plain):
        with KeyScreen(book) as screen:
            yield screen
    else:
        yield LineScreen(book, Lines(interactive=sys.stdin.isatty()))


def _is_full_screen(*, plain: bool) -> bool:
    _tolerate_any_terminal()
    return sys.stdin.isatty() and sys.stdout.isatty() and not plain and os.environ.get("TERM", "dumb") != "dumb"


def _tolerate_any_terminal() -> None:
    """A terminal without UTF-8 shows ? and goes on."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
