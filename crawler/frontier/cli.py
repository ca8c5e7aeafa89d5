"""Command ``fetch-worker``."""

from __future__ import annotations

import click

from db.config import Config


@click.command("fetch-worker")
@click.argument("address", metavar="redis://HOST:PORT/N")
@click.option("--idle", "idle_seconds", type=click.FloatRange(min=0), metavar="SECONDS", help="End where nothing was to do for so long.")
@click.pass_obj
def fetch_worker(config: Config, address: str, idle_seconds: float | None) -> None:
    """Fetch full texts for `crawl --frontier`, as one of several processes on any number of machines.

    Needs no database. The pace of each host and of arXiv holds over all workers of one Redis. Ctrl-C and SIGTERM give back
    what was in hand; what a killed worker had goes to the others after a minute.
    """
    from crawler.frontier.run import run

    for line in run(config, address, idle_seconds=idle_seconds):
        click.echo(line, err=True)
