"""The commands ``verify``, ``adjudicate``, ``forget`` and ``places``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.config import Config
from db.wording import count

if TYPE_CHECKING:
    from db.forgetting import Forgotten
    from verify.session import VerifyReport

_FILE = click.Path(dir_okay=False, path_type=Path, allow_dash=True)
_REVIEWER = click.option("--reviewer", required=True, metavar="NAME", help="Who answers; the name stays here, exports show a pseudonym.")
_PLAIN = click.option("--plain", is_flag=True, help="Plain lines: no colour, no cursor movement, one answer a line.")


@click.command()
@click.argument("slug")
@_REVIEWER
@click.option("--limit", type=click.IntRange(min=1), help="Stop after N labels.")
@click.option("--round", "round_", type=click.IntRange(min=1, max=999), help="Which pass over the works [default: 1].")
@_PLAIN
@click.option("--assist", is_flag=True, help="Show what the score suggests before you answer.")
@click.option(
    "--order",
    type=click.Choice(["priority", "random", "oldest"]),
    help="Most probable uses first, learning from your labels; a random order; or the longest waiting first [default: priority].",
)
@click.option("--seed", type=int, help="Of the random order or the sample [default: 1].")
@click.option("--reviewers", type=click.IntRange(min=1), help="How many reviewers each work gets in this round; kept for the round.")
@click.option("--sample", type=click.IntRange(min=1), help="Make the round a random sample of N works, the same for everyone.")
@click.option(
    "--only",
    type=click.Choice(["fulltext", "named", "papers", "patents"]),
    help="Only works with a stored full text, with a passage that names the dataset, only papers, or only patents.",
)
@click.option("--min-score", type=click.FloatRange(0, 1), help="Only works that the score gives at least this much (0 to 1).")
@click.option("--calibrate", is_flag=True, help="Answer the works with known answers first, also where you are not new here.")
@click.option("--estimate", "estimate", is_flag=True, help="Say how many uses are probably unseen, and stop.")
@click.option("--export", "export", type=_FILE, help="Write your labels to FILE (.jsonl, .csv, .ris; - for stdout) and stop.")
@click.option("--import", "import_", type=_FILE, help="Take your labels from FILE (.jsonl, .csv, .ris) and stop.")
@click.option("--adopt", is_flag=True, help="With --import: take labels that another reviewer of this database gave as yours.")
@click.option(
    "--format", "format_", type=click.Choice(["ris", "asreview", "rayyan"]), help="FILE is that tool's: all works, for screening there."
)
@click.pass_obj
def verify(
    config: Config,
    slug: str,
    reviewer: str,
    limit: int | None,
    round_: int | None,
    plain: bool,
    assist: bool,
    order: str | None,
    seed: int | None,
    reviewers: int | None,
    sample: int | None,
    calibrate: bool,
    estimate: bool,
    export: Path | None,
    import_: Path | None,
    adopt: bool,
    only: str | None,
    min_score: float | None,
    format_: str | None,
) -> None:
    """Did they use it?  Ask one reviewer about the works that cite dataset SLUG.

    Each work is shown with its institutions and the passages that name the dataset, most probable uses first. Every
    answer is saved before the next work is shown; the next call goes on where this one stopped. Several reviewers may
    work at once: nobody is given a work that lies before another, and works without any label come first, second opinions
    after them. Keys:

    \b
      u  used, then its purposes (t train, v validate, e test, d derive), Enter
      c  created        n  not used      d  unsure (in doubt)
      a  no access      w  wrong work    s  skip: comes again at the end
      p  postpone: comes again another day       m  leave a note
      z  take back the last answer, as often as you like, earlier days too
      y  your earlier answers, to read or change      /  search for a work
      o  open the PDF at the page, or the link ($WHEREUSED_OPEN: your own command,
         with {target} and {page})       e  what stands around the passages
      i  authors and abstract            =  the same answer as before
      h  the codebook                    q  quit

    With --plain, or when the answers come through a pipe, an answer is a line: a key or the whole word, and purposes
    behind `u`. Empty lines and lines that begin with # are passed over; the end of the input quits. A script stops at
    its first wrong line.

    \b
      u train,test
      u test because table 4 also tinyface:test,megaage
      not_used because their own photos only
      / surveillance
      1
      z
      q

    For double screening begin the round with --reviewers 2; --reviewers 1 gives no work twice, whoever comes when. Works
    with known answers (`whereused calibrate`) come first to a new reviewer. A random drawing (--order random --limit 60) is
    what --estimate needs.
    """  # noqa: D301 (click reads the backspace)
    if export and import_:
        raise click.UsageError("--export and --import don't go together")
    if format_ and not (export or import_):
        raise click.UsageError("--format goes with --export or --import")
    if adopt and not import_:
        raise click.UsageError("--adopt goes with --import")
    from verify.run import Wishes, run, run_estimate

    if export:
        _export(config, slug, reviewer, export, round_, format_)
    elif import_:
        _import(config, slug, reviewer, import_, round_, format_, adopt)
    elif estimate:
        click.echo(run_estimate(config, slug).words())
    else:
        wishes = Wishes(round_ or 1, order, seed, reviewers, sample, assist, calibrate, only, min_score)
        left = "to judge" if only is None and min_score is None else "to judge within --only and --min-score"
        page_text = click.get_current_context().meta.get("whereused.page_text")
        _tell(run(config, slug, reviewer=reviewer, limit=limit, plain=plain, wishes=wishes, page_text=page_text), "labelled", left)


def _tell(report: VerifyReport, done: str, left: str) -> None:
    taken_back = f", {report.n_undone} taken back" if report.n_undone else ""
    taken_back = (f", {report.n_changed} changed" if report.n_changed else "") + taken_back
    put_off = f", {report.n_put_off} put off" if report.n_put_off else ""
    waiting = f", {report.n_postponed} postponed to another day" if report.n_postponed else ""
    text = f"{report.slug}: {report.n_labelled} {done}{taken_back}{put_off}, {report.n_left} left {left}{waiting}"
    if report.message:
        click.echo(report.message, err=True)
    nothing = report.stopped == "done" and not (report.n_labelled or report.n_changed or report.n_undone or report.n_put_off)
    click.echo(f"{report.slug}: nothing is left {left} for you{waiting}" if nothing else text, err=True)


def _export(config: Config, slug: str, reviewer: str, path: Path, round_: int | None, kind: str | None) -> None:
    from verify.exchange import export_labels

    n = export_labels(config, slug, reviewer=reviewer, path=path, round_=round_, kind=kind)
    click.echo(f"{path}: {count(n, 'work' if kind or path.suffix.lower() == '.ris' else 'label')}", err=True)


def _import(config: Config, slug: str, reviewer: str, path: Path, round_: int | None, kind: str | None, adopt: bool) -> None:
    from verify.exchange import import_labels

    report = import_labels(config, slug, reviewer=reviewer, path=path, round_=round_, kind=kind, adopt=adopt)
    for problem in report.problems:
        click.echo(problem, err=True)
    taken = f"{count(report.n_saved, 'label')} saved, {report.n_known} known already"
    click.echo(f"{path}: {taken}, {count(len(report.problems), 'line')} not taken", err=True)
    if report.problems:
        sys.exit(1)


@click.command()
@click.argument("slug")
@_REVIEWER
@_PLAIN
@click.pass_obj
def adjudicate(config: Config, slug: str, reviewer: str, plain: bool) -> None:
    """Settle the works of SLUG on which reviewers disagree, one by one.

    Each is shown with what the reviewers said, under their pseudonyms. The keys are those of `verify`; your answer is
    the final decision, and `z` reopens it.
    """
    from verify.run import run_adjudication

    _tell(run_adjudication(config, slug, reviewer=reviewer, plain=plain), "settled", "to settle")


@click.command()
@click.option("--reviewer", metavar="NAME", help="A reviewer's name; the labels stay, under the pseudonym.")
@click.option("--author", metavar="NAME", help="An author's or inventor's name, as it is printed; other spellings are names of their own.")
@click.option("--owner", metavar="NSID", help="The owner of photos, by their Flickr id: 12345678@N00.")
@click.option("--undo", is_flag=True, help="Of an author: let the name come again with the next crawl and reading; for a name mistyped.")
@click.pass_context
def forget(ctx: click.Context, reviewer: str | None, author: str | None, owner: str | None, undo: bool) -> None:
    """Remove a person from the database, and keep them from coming back: only a hash stays.

    A reviewer's unfinished notes and postponed works go too; the labels stay under the pseudonym. An author goes from the
    lists of authors and inventors, an owner from the look-up and the sample of links. Older backups, archives and the full
    texts themselves still hold the name.
    """
    if sum(name is not None for name in (reviewer, author, owner)) != 1:
        raise click.UsageError("name one person: --reviewer, --author or --owner")
    from verify.run import run_forget, run_forget_author, run_remember_author

    config: Config = ctx.obj
    if undo:
        if author is None:
            raise click.UsageError("--undo goes with --author: nothing else can be taken back")
        known = run_remember_author(config, author)
        click.echo("the name may come again" if known else "this name is not kept out", err=True)
        return
    if author is not None:
        _tell_forgotten(config, run_forget_author(config, author))
        return
    if owner is not None:
        n = ctx.meta["whereused.forget_owner"](config, owner)
        click.echo(f"{n} photos are gone from the look-up; the audits' counts stay, they name nobody", err=True)
        return
    assert reviewer is not None
    pseudonym, n = run_forget(config, reviewer=reviewer)
    stay = "1 label stays" if n == 1 else f"{n} labels stay"
    click.echo(f"the name is gone; {stay} as {pseudonym}; remove backups that hold the name ({config.db.name}.backup-*)", err=True)


def _tell_forgotten(config: Config, gone: Forgotten) -> None:
    if not (gone.n_works or gone.n_authors or gone.n_parties):
        near = f"; nearly so: {', '.join(gone.like)}" if gone.like else ""
        click.echo(f"nobody of this name stands here{near}. A hash keeps the name out all the same; --undo takes it back", err=True)
        return
    click.echo(
        f"gone from {gone.n_works} lists of authors, {gone.n_authors} readings and {gone.n_parties} patents; a hash keeps the name out. "
        f"{gone.n_passages} titles or passages print it still. Publish again, and remove what holds the name: backups "
        f"({config.db.name}.backup-*), archives ({config.files / 'archive'}); full texts stay private",
        err=True,
    )


@click.command()
@click.argument("slug")
@_REVIEWER
@click.option("--limit", type=click.IntRange(min=1), help="Stop after N decisions.")
@_PLAIN
@click.pass_obj
def places(config: Config, slug: str, reviewer: str, limit: int | None, plain: bool) -> None:
    """Review the doubtful affiliations of SLUG: strings that lead nowhere, or to an institution that is not sure.

    Each is shown with what it was taken for, why it is asked, and candidates of the registry. Every answer is saved
    before the next string is shown; the next `geocode` obeys it, and so do later strings that read the same. Keys:

    \b
      1-9 choose, Enter saves (several: the string names several)
      l  the same for all strings that lead there      a  with the part that always means it
      c  confirm what it was taken for         n  none of them
      x  no institution at all    @  put it by hand    /  search the registry
      m  reason    s  skip    z  take back the last answer, earlier days too
      y  history    o  open a work that prints it    h  help    q  quit

    With --plain, or when the answers come through a pipe, an answer is a line:

    \b
      1
      1 3 because both are named
      1 as Zyx Lab because its page says so
      all 1
      c
      x an address
      @ 47.65 -122.31 US Hand Institute because the registry lacks it
      @ Hand Institute in Seattle, US because the registry lacks it
      / university bothell
    """  # noqa: D301 (click reads the backspace)
    from verify.run import run_place_review

    report = run_place_review(config, slug, reviewer=reviewer, limit=limit, plain=plain)
    if report.message:
        click.echo(report.message, err=True)
    undone = f", {report.n_undone} taken back" if report.n_undone else ""
    decided = f"{count(report.n_decided, 'affiliation')} decided{undone}"
    click.echo(f"{slug}: {decided}, {report.n_left} left; `whereused geocode {slug}` applies them", err=True)
