"""Command ``bulk``."""

from __future__ import annotations

import click

from db.config import Config


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--release", metavar="DATE", help="A release such as 2025-08-19 [default: the newest].")
@click.pass_obj
def bulk(config: Config, slugs: tuple[str, ...], release: str | None) -> None:
    """Read citing works from a whole release of Semantic Scholar, for lists past the caps of its API and many datasets at once.

    Needs an API key, some 10 GB of free disk at a time, and the seeds' ids from a former `whereused crawl`. A call that was stopped
    goes on with the next file; a later release is reached by its changes alone.
    """
    from crawler.bulk.run import run

    report = run(config, slugs, release=release)
    if config.verbosity >= 0:
        click.echo(
            f"release {report.release}: {report.n_rows} citing works of {report.n_lists} seed papers read, "
            f"{report.n_seeds - report.n_lists} already stood there",
            err=True,
        )
