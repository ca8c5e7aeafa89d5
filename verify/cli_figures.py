"""The commands that compare reviewers: ``calibrate`` and ``agreement``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.config import Config
from db.wording import count

if TYPE_CHECKING:
    from verify.agreement import Agreement
    from verify.calibration import Comparison

_FILE = click.Path(dir_okay=False, path_type=Path, allow_dash=True)


@click.command()
@click.argument("slug")
@click.option("--set", "path", type=_FILE, help="Take the works and their right answers from FILE (as --export writes them; note: why).")
@click.option("--draw", "n", type=click.IntRange(min=1), help="Draw N works that have a final decision, evenly over the labels.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of that drawing.")
@click.option("--reviewer", metavar="NAME", help="Who sets the works; without --set and --draw, whose differences are listed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def calibrate(config: Config, slug: str, path: Path | None, n: int | None, seed: int, reviewer: str | None, as_json: bool) -> None:
    """Works of SLUG with known answers, which new reviewers answer first, and how each compares with them.

    Once such works are set, `verify` puts them before everyone who has no label of SLUG yet; when all are answered, the
    reviewer sees where they differ and why, and the queue begins. Their answers decide nothing about the works. Setting
    anew replaces the works.
    """
    from verify.run import run_calibration, run_set_reference

    if (path or n) and (not reviewer or (path and n)):
        raise click.UsageError("--set FILE or --draw N goes with --reviewer NAME, who knows the answers and is not asked")
    if reviewer and (path or n):
        n_set = run_set_reference(config, slug, reviewer=reviewer, path=path, n=n, seed=seed)
        click.echo(f"{slug}: new reviewers answer {count(n_set, 'work')} first", err=True)
        return
    found, different = run_calibration(config, slug, reviewer=reviewer)
    if as_json:
        click.echo(json.dumps({"dataset": slug, "reviewers": [asdict(one) for one in found], "differences": different}))
    else:
        click.echo("\n".join([_calibration_table(found), *different]))


def _calibration_table(found: list[Comparison]) -> str:
    lines = [f"{'reviewer':<14}{'answered':>9}  {'as reference % (95 %)':<24}{'kappa (95 %)':<26}same purposes"]
    for one in found:
        percent = _figure(one.percent, one.percent_interval, "{:.1f}")
        kappa = _figure(one.kappa, one.kappa_interval)
        answered = f"{one.n}/{one.n_reference}"
        lines.append(f"{one.reviewer:<14}{answered:>9}  {percent:<24}{kappa:<26}{one.n_same_purposes} of {one.n_used} uses")
    return "\n".join(lines if found else ["nobody has answered them yet"])


@click.command()
@click.argument("slug")
@click.option("--progress", is_flag=True, help="Say what each reviewer has done and what is left instead.")
@click.option("--round", "round_", type=click.IntRange(min=1, max=999), default=1, show_default=True, help="Of --progress.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def agreement(config: Config, slug: str, progress: bool, round_: int, as_json: bool) -> None:
    """How far the reviewers of SLUG agree, by pairs and rounds, before adjudication.

    Percent agreement and Cohen's kappa for each pair; for each round the share of works on which all agree, Fleiss'
    kappa and Krippendorff's alpha (nominal); with 95 % intervals. n is the number of works. Labels `no_access` count as
    missing.
    """
    if progress:
        _tell_progress(config, slug, round_, as_json=as_json)
        return
    from verify.run import run_agreement

    found = run_agreement(config, slug)
    if as_json:
        click.echo(json.dumps({"dataset": slug, **asdict(found)}))
    else:
        click.echo(_agreement_table(found))


def _tell_progress(config: Config, slug: str, round_: int, *, as_json: bool) -> None:
    from verify.run import run_progress

    reviewers, n_left, n_conflicts = run_progress(config, slug, round_)
    if as_json:
        rows = [asdict(one) for one in reviewers]
        click.echo(json.dumps({"dataset": slug, "round": round_, "reviewers": rows, "without_label": n_left, "conflicts": n_conflicts}))
        return
    for one in reviewers:
        told = ", ".join(f"{n} {label.replace('_', ' ')}" for label, n in one.by_label.items())
        click.echo(f"{one.reviewer}: {count(one.n, 'work')} ({told}), the latest {one.latest_at[:16].replace('T', ' ')}")
    click.echo(f"round {round_}: {count(n_left, 'work')} without a label; {count(n_conflicts, 'conflict')} for `adjudicate`")


def _agreement_table(found: Agreement) -> str:
    lines = [f"{'round':<6}{'reviewers':<28}{'n':>5}  {'agree % (95 %)':<22}kappa (95 %)"]
    for pair in found.pairs:
        names = " and ".join(pair.reviewers)
        percent = _figure(pair.percent, pair.percent_interval, "{:.1f}")
        lines.append(f"{pair.round:<6}{names:<28}{pair.n:>5}  {percent:<22}{_figure(pair.kappa, pair.kappa_interval)}".rstrip())
    for one in (one for one in found.rounds if one.raw.n):
        lines.append(f"round {one.round}, {one.reviewers} reviewers, {count(one.raw.n, 'work')} with two labels or more:")
        lines.append(f"  all agree             {_figure(one.raw.value, one.raw.interval)}")
        fleiss = f"{_figure(one.fleiss.value, one.fleiss.interval)}, {count(one.fleiss.n, 'work')} with {one.raters} labels"
        lines.append(f"  Fleiss' kappa         {fleiss}")
        lines.append(f"  Krippendorff's alpha  {_figure(one.alpha.value, one.alpha.interval)}")
    return "\n".join(lines)


def _figure(value: float | None, interval: tuple[float, float] | None, form: str = "{:.3f}") -> str:
    """A figure with its interval; - where it isn't defined."""
    if value is None:
        return "-"
    return form.format(value) + (f" ({form.format(interval[0])} to {form.format(interval[1])})" if interval else "")
