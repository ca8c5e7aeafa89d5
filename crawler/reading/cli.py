"""Commands ``read`` and ``frontmatter``."""

from __future__ import annotations

from pathlib import Path

import click

from db.config import Config
from db.errors import UsageError, WhereusedError
from db.wording import count


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--again", is_flag=True, help="Read all documents, not only those that this version has not read.")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes [default: one for each processor].")
@click.option("--cluster", metavar="ADDRESS", help="Read on the Dask cluster with this scheduler (tcp://…), not in processes here.")
@click.option("--explain", metavar="ID", help="Store nothing; show how the front matter of this work, document (hash) or file is read.")
@click.option(
    "--image",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --explain: where its picture goes [default: here, ….explained.png].",
)
@click.pass_obj
def read(
    config: Config,
    slugs: tuple[str, ...],
    again: bool,
    workers: int | None,
    cluster: str | None,
    explain: str | None,
    image: Path | None,
) -> None:
    """Read stored full texts: title, authors, affiliations, and the passages that name a dataset.

    Without a SLUG all datasets. Each document is kept as soon as it is read; a call that was stopped goes on from there.
    """
    from crawler.reading.run import run

    if cluster and (workers or explain):
        raise UsageError("--cluster goes with neither --workers nor --explain: the cluster has its own workers")
    report = run(config, slugs, again=again, workers=workers, cluster=cluster, explain=explain, image=image)
    for line in report.explanation:
        click.echo(line)
    if report.picture:
        click.echo(f"picture: {report.picture}")
    if config.verbosity >= 0 and not report.explanation:
        click.echo(_summary(report.n_documents, report.n_waiting, report.n_read, report.n_affiliations, report.n_mentions), err=True)
        if report.n_candidates:
            click.echo(
                f"{count(report.n_candidates, 'candidate')} more: read works name another dataset of the catalogue that was begun", err=True
            )
        for reason, n in report.reasons.most_common():
            click.echo(f"  {n} not read: {reason}", err=True)
    if report.n_waiting and not report.n_read:
        raise WhereusedError(f"none of {report.n_waiting} documents could be read")


def _summary(n_documents: int, n_waiting: int, n_read: int, n_affiliations: int, n_mentions: int) -> str:
    if not n_documents:
        return "no full texts are stored; fetch some with `whereused crawl`, or take in your own with `whereused import`"
    if not n_waiting:
        return f"nothing to read: all {n_documents} stored documents are read (--again reads them anew)"
    return f"read {n_read} of {n_waiting} documents: {n_affiliations} affiliations, {n_mentions} passages that name a dataset"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False))
@click.option("--jsonl", is_flag=True, help="One JSON object a line, in the order of the files.")
@click.pass_obj
def frontmatter(config: Config, files: tuple[str, ...], jsonl: bool) -> None:
    """Show title, authors and affiliations of PDF files. Needs no database and stores nothing."""
    from crawler.reading.show import found_anything, json_line, page, shown

    n_usable = 0
    for file, reading in shown(config, files):
        click.echo(json_line(file, reading) if jsonl else page(file, reading))
        n_usable += found_anything(reading)
    if not n_usable:
        raise WhereusedError(f"no front matter was found in {len(files)} file{'s' if len(files) > 1 else ''}")
