"""The command ``corrections``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from db.config import Config


@click.group()
def corrections() -> None:
    """Answers and corrections: what those who are named said, and what came of it; every page lists them."""


@corrections.command()
@click.argument("slug", required=False)
@click.option("--received", "received_on", required=True, metavar="DATE", help="When they wrote: YYYY-MM-DD.")
@click.option("--who", required=True, help='The organisation; of a private person write only "a person named here".')
@click.option("--what", required=True, help="Their answer, or what they say is wrong, in a sentence or two.")
@click.option("--about", metavar="ID", help="The work (doi:…, arxiv:…) or the ROR id of the institution.")
@click.option(
    "--outcome", type=click.Choice(["open", "corrected", "declined", "noted"]), required=True, help="noted: their answer is printed."
)
@click.option("--reason", help="What was done, or why not.")
@click.pass_obj
def add(config: Config, /, slug: str | None, **told: str | None) -> None:
    """Append one entry to the public list of SLUG; without SLUG, to that of every dataset.

    Entries are never changed: a later one with another outcome adds to the first.
    """
    from verify.corrections.run import make_answer, run_add

    n = run_add(config, [make_answer({"dataset": slug, **told})])
    click.echo("recorded; the next publish lists it" if n else "the same entry stands already", err=True)


@corrections.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(config: Config, file: Path) -> None:
    """Append the entries of a CSV file: dataset (empty: all), received_on, who, what, about, outcome, reason."""
    from verify.corrections.run import read_file, run_add

    answers = read_file(file)
    click.echo(f"{run_add(config, answers)} of {len(answers)} entries recorded, the others stood already", err=True)


@corrections.command("list")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
@click.pass_obj
def list_(config: Config, slug: str, as_json: bool) -> None:
    """What stands on the public list of SLUG, newest first."""
    from verify.corrections.run import run_list

    found = run_list(config, slug)
    if as_json:
        click.echo(json.dumps([reply._asdict() for reply in found], ensure_ascii=False, indent=2))
        return
    for reply in found:
        about = f" about {reply.about}" if reply.about else ""
        click.echo(
            f"{reply.received_on}  {reply.outcome:<9}  {reply.who}{about}: {reply.what}" + (f" ({reply.reason})" if reply.reason else "")
        )
