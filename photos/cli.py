"""Commands ``photos audit``, ``photos find``, ``photos ages`` and ``photos mosaic``."""

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

    FILE: YFCC100M tables (23 or 25 columns; plain, gz, bz2, zstd), Parquet, path lists of MegaFace, JSON as FFHQ has it,
    answers of Flickr's API (JSON, XML), CSV with named columns. Without FILE, the dataset's last audit is asked again.
    """
    from photos.report import text_table
    from photos.run import run

    config: Config = ctx.obj
    report, found = run(config, files, out=out, slug=slug, joined=joined, catalogue=_catalogue(ctx))
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


@photos.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dataset", "slug", metavar="SLUG", required=True, help="The dataset on whose page the histogram stands.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; as many as there are processors, four at most.")
@click.option("--again", is_flag=True, help="Begin anew in place of going on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def ages(ctx: click.Context, folder: Path, slug: str, workers: int | None, again: bool, as_json: bool) -> None:
    """Histogram of estimated ages over the faces of a FOLDER of images that you lawfully have. Estimates, not facts.

    Only the histogram is kept: no face, no measure of one, nothing of a single photo. A call that was stopped goes on where it was.
    Needs the extra: pip install 'whereused[faces]'.
    """
    from photos.ages import run

    config: Config = ctx.obj
    report = run(config, folder, slug=slug, workers=workers, again=again, catalogue=_catalogue(ctx))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for decade, n in report.decades():
            click.echo(f"{decade}\t{n}")
    if config.verbosity >= 0:
        for line in report.lines():
            click.echo(line, err=True)
    if not report.sums.n_images:
        click.echo(f"{folder}: no picture could be opened", err=True)
        raise click.exceptions.Exit(1)


@photos.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--credits", "credits", multiple=True, required=True, type=_FILE, metavar="FILE",
              help="Who is to be named: the files of `photos audit`, or CSV with file, title, owner, license_url, page_url.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The page; its credits come to lie beside it.")
@click.option("--dataset", "slug", metavar="SLUG", help="Keep the tiles for this dataset's page.")
@click.option("--tiles", "most", type=click.IntRange(1, 2000), default=400, show_default=True, help="Tiles at most.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; as many as there are processors, four at most.")
@click.pass_context
def mosaic(
    ctx: click.Context, folder: Path, credits: tuple[Path, ...], out: Path, slug: str | None, most: int, workers: int | None
) -> None:
    """Mosaic of blurred faces out of a FOLDER of images, each credited in mosaic-licenses.csv.

    Images whose licence allows no derivatives, or isn't known, are never opened. Needs the extra: pip install 'whereused[faces]'.
    """
    from photos.mosaic import run

    config: Config = ctx.obj
    report = run(config, folder, credits, out=out, slug=slug, most=most, workers=workers, catalogue=_catalogue(ctx))
    click.echo(out)
    if config.verbosity >= 0:
        for line in report.lines():
            click.echo(line, err=True)


def _catalogue(ctx: click.Context) -> Callable[[], Iterable[Any]]:
    found: Callable[[], Iterable[Any]] = ctx.find_root().meta.get("whereused.catalogue", tuple)
    return found
