"""The commands ``verify``, ``adjudicate``, ``agreement`` and ``places``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.config import Config

if TYPE_CHECKING:
    from verify.agreement import Agreement
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
@click.option("--export", "export", type=_FILE, help="Write your labels to FILE (.jsonl or .csv, - for stdout) and stop.")
@click.option("--import", "import_", type=_FILE, help="Take your labels from FILE (.jsonl or .csv) and stop.")
@click.pass_obj
def verify(
    config: Config,
    slug: str,
    reviewer: str,
    limit: int | None,
    round_: int | None,
    plain: bool,
    assist: bool,
    export: Path | None,
    import_: Path | None,
) -> None:
    """Did they use it?  Ask one reviewer about the works that cite dataset SLUG.

    Each work is shown with its institutions and the passages that name the dataset, most probable uses first. Every
    answer is saved before the next work is shown; the next call goes on where this one stopped. Keys:

    \b
      u  used, then its purposes (t train, v validate, e test, d derive), Enter
      c  created        n  not used      d  unsure (in doubt)
      a  no access      w  wrong work    s  skip: comes again at the end
      p  postpone: comes again another day       m  leave a note
      z  take back the last answer, as often as you like, earlier days too
      o  open the PDF at the page, or the link ($WHEREUSED_OPEN: your own command,
         with {target} and {page})       h  the codebook       q  quit

    With --plain, or when the answers come through a pipe, an answer is a line: a key or the whole word, and purposes
    behind `u`. Empty lines and lines that begin with # are passed over; the end of the input quits. A script stops at
    its first wrong line.

    \b
      u train,test
      m their own photos only
      not_used
      z
      q
    """  # noqa: D301 (click reads the backspace)
    if export and import_:
        raise click.UsageError("--export and --import don't go together")
    if export:
        _export(config, slug, reviewer, export, round_)
    elif import_:
        _import(config, slug, reviewer, import_, round_)
    else:
        from verify.run import run

        _tell(run(config, slug, reviewer=reviewer, limit=limit, round_=round_ or 1, plain=plain, assist=assist), "labelled", "to judge")


def _tell(report: VerifyReport, done: str, left: str) -> None:
    taken_back = f", {report.n_undone} taken back" if report.n_undone else ""
    put_off = f", {report.n_put_off} put off" if report.n_put_off else ""
    text = f"{report.slug}: {report.n_labelled} {done}{taken_back}{put_off}, {report.n_left} left {left}"
    if report.message:
        click.echo(report.message, err=True)
    nothing = report.stopped == "done" and not (report.n_labelled or report.n_undone or report.n_put_off)
    click.echo(f"{report.slug}: nothing is left {left} for you" if nothing else text, err=True)


def _export(config: Config, slug: str, reviewer: str, path: Path, round_: int | None) -> None:
    from verify.exchange import export_labels

    n = export_labels(config, slug, reviewer=reviewer, path=path, round_=round_)
    click.echo(f"{path}: {n} labels", err=True)


def _import(config: Config, slug: str, reviewer: str, path: Path, round_: int | None) -> None:
    from verify.exchange import import_labels

    report = import_labels(config, slug, reviewer=reviewer, path=path, round_=round_)
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"{path}: {report.n_saved} labels saved, {report.n_known} known already, {len(report.problems)} lines not taken", err=True)
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
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def agreement(config: Config, slug: str, as_json: bool) -> None:
    """How far the reviewers of SLUG agree, by pairs and rounds, before adjudication.

    Percent agreement and Cohen's kappa for each pair, Krippendorff's alpha (nominal) for all; n is the number of works
    that both labelled. Labels `no_access` count as missing.
    """
    from verify.run import run_agreement

    found = run_agreement(config, slug)
    if as_json:
        alphas = [{"round": number, "n": n, "alpha": alpha} for number, n, alpha in found.alphas]
        click.echo(json.dumps({"dataset": slug, "pairs": [asdict(pair) for pair in found.pairs], "rounds": alphas}))
    else:
        click.echo(_agreement_table(found))


@click.command()
@click.argument("slug")
@_REVIEWER
@click.option("--limit", type=click.IntRange(min=1), help="Stop after N decisions.")
@click.pass_obj
def places(config: Config, slug: str, reviewer: str, limit: int | None) -> None:
    """Review the doubtful affiliations of SLUG: strings that lead nowhere, or to an institution that is not sure.

    Each is shown with what it was taken for and with candidates of the registry. One answer a line: the number of the
    right one, `n` for none, `/ WORDS` to look others up, `s` skip, `z` back, `q` quit; words behind a number or `n`
    are kept as a note. Every answer is saved at once; the next `geocode` obeys it.
    """
    from verify.run import run_place_review

    report = run_place_review(config, slug, reviewer=reviewer, limit=limit)
    click.echo(f"{slug}: {report.n_decided} affiliations decided, {report.n_left} left; `whereused geocode {slug}` applies them", err=True)


def _agreement_table(found: Agreement) -> str:
    def figure(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    lines = [f"{'round':<7}{'reviewers':<28}{'n':>6}{'agree %':>10}{'kappa':>8}"]
    for pair in found.pairs:
        names = " and ".join(pair.reviewers)
        lines.append(f"{pair.round:<7}{names:<28}{pair.n:>6}{pair.percent:>10.1f}{figure(pair.kappa):>8}")
    lines += [f"round {number}: Krippendorff's alpha {figure(alpha)} over {n} works" for number, n, alpha in found.alphas]
    return "\n".join(lines)
