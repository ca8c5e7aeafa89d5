"""Commands ``photos audit`` and ``photos find``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from db.config import Config
from db.errors import UsageError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def photos() -> None:
    """The photos of a dataset: their licences, and whether mine are among them. No picture is fetched."""


@photos.command()
@click.argument("files", nargs=-1, type=_FILE, metavar="[FILE]...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder of the report.")
@click.option("--dataset", "slug", metavar="SLUG", help="Keep the result for this dataset's page, and build the index of `photos find`.")
@click.option("--join", "joined", multiple=True, type=_FILE, metavar="YFCC", help="Path lists hold no licence: take it from this table.")
@click.pass_context
def audit(ctx: click.Context, files: tuple[Path, ...], out: Path, slug: str | None, joined: tuple[Path, ...]) -> None:
    """Licence table and distributions of photo metadata.

    FILE: YFCC100M tables (23 or 25 columns; plain, gz, bz2, zstd), Parquet, path lists of MegaFace, JSON as FFHQ has it or as
    Flickr's API answers, CSV with named columns. Without FILE, the dataset's last audit is asked again.
    """
    from photos.report import text_table
    from photos.run import run

    config: Config = ctx.obj
    catalogue: Callable[[], Iterable[Any]] = ctx.find_root().meta.get("whereused.catalogue", tuple)
    report, found = run(config, files, out=out, slug=slug, joined=joined, catalogue=catalogue)
    click.echo(text_table(found), nl=False)
    if config.verbosity >= 0:
        for line in report.lines():
            click.echo(line, err=True)


@photos.command()
@click.option("--nsid", help="Your Flickr account's id, such as 12345678@N00.")
@click.option("--username", help="Your user name, exactly as it was.")
@click.option("--photo-url", help="Address of a photo or of its page.")
@click.option("--photo-id", help="The number of a photo.")
@click.option("--tag", help="A tag; answers how many photos have it.")
@click.option("--letter", is_flag=True, help="Draft the notice that you may send.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def find(config: Config, /, letter: bool, as_json: bool, **asked: str | None) -> None:
    """Are my photos in it? Looks up one exact identifier, on this machine, in every dataset that was audited with --dataset.

    Exit 1 where nothing is found.
    """
    from photos.find import find as look_up
    from photos.letter import draft, load_names

    found = look_up(config, **asked)
    if letter and asked["tag"]:
        raise UsageError("a letter needs your own photos: ask with --nsid, --username, --photo-url or --photo-id")
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    elif letter and found.answers:
        click.echo(draft(found, load_names(config)), nl=False)
    else:
        for line in found.lines():
            click.echo(line)
    if not found.answers:
        click.echo(f"{found.asked}: not found in {', '.join(found.looked_through)}", err=True)
        raise click.exceptions.Exit(1)
