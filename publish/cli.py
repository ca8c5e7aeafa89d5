"""The commands of publishing: publish, export, status, news.  They read the database and never change it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from db.config import Config
from db.connect import Database, one_line_errors, open_for_reading
from db.errors import UsageError, WhereusedError
from db.queries import snapshot

FORMATS = ("geojson", "geojsonl", "csv", "ris", "bibtex", "csl", "jsonl")
INCLUDE = click.option(
    "--include",
    type=click.Choice(["verified", "all"]),
    default="verified",
    show_default=True,
    help="verified: finally decided as used; all: every citing work, the rest as candidates.",
)


@contextmanager
def _reading(config: Config) -> Iterator[Database]:
    """The database in one state, whatever is written meanwhile."""
    db = open_for_reading(config.db)
    try:
        with one_line_errors(config.db), snapshot(db):
            yield db
    finally:
        db.close()


def _warn(*told: str | None) -> None:
    for line in filter(None, told):
        click.echo(line, err=True)


def _print(pieces: Iterable[str]) -> None:
    """Data on stdout, in UTF-8 whatever the terminal's locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")
    sys.stdout.writelines(pieces)


@click.command()
@click.argument("slug")
@click.option("--format", "format_", type=click.Choice([*FORMATS, "parquet"]), required=True, help="File format.")
@INCLUDE
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write [default: stdout].")
@click.pass_obj
def export(config: Config, slug: str, format_: str, include: str, output: Path | None) -> None:
    """Write the works of a dataset, or the institutions behind them, as one file."""
    from publish.export import stream
    from publish.files import save_text
    from publish.words import count

    if output and output.resolve() == config.db.resolve():
        raise UsageError(f"{output} is the database; name another file")
    if format_ == "parquet":
        _save_parquet(config, slug, include, output)
        return
    with _reading(config) as db, closing(stream(db, slug, format=format_, include=include)) as pieces:
        if output is None or str(output) == "-":
            _print(pieces)
            return
        written = save_text(output, pieces)
    if config.verbosity >= 0:
        click.echo(f"{output}: {count(written.bytes, 'byte')}", err=True)


def _save_parquet(config: Config, slug: str, include: str, output: Path | None) -> None:
    from db.queries.works import stream_works
    from publish.export import load_export
    from publish.parquet import save_parquet
    from publish.words import count

    if output is None or str(output) == "-":
        raise UsageError("--format parquet needs a file: -o FILE")
    with _reading(config) as db:
        size = save_parquet(output, load_export(db, slug, include, counted=False), stream_works(db, slug))
    if config.verbosity >= 0:
        click.echo(f"{output}: {count(size, 'byte')}", err=True)


@click.command()
@click.argument("slug")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
@INCLUDE
@click.pass_obj
def tiles(config: Config, slug: str, out: Path, include: str) -> None:
    """A map of any number of works, for a web server: vector tiles, a page over them, and the data.

    For more than some 20,000 works; below that `publish` makes a page that needs no server.
    """
    from db.queries.datasets import load_state
    from publish.folder import check_folder, private_inside
    from publish.published import remember, shown_now
    from publish.tiles.run import run
    from publish.words import count

    check_folder(config, out)
    with _reading(config) as db:
        seen = run(db, slug, out=out, include=include)
        shown = {slug: shown_now(db, slug, load_state(db), include)}
    _warn(private_inside(config, out), remember(config, shown))
    if config.verbosity >= 0:
        click.echo(f"{slug}: {count(seen.n_places, 'place')}; `python3 -m http.server -d {out}` shows them", err=True)
    _print([f"{out / 'index.html'}\n"])


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@click.option("--affiliations", is_flag=True, help="Compare the institutions that documents print with those that OpenAlex tells.")
@click.pass_obj
def status(config: Config, slugs: tuple[str, ...], as_json: bool, affiliations: bool) -> None:
    """Denominators of each dataset, the last run, and the shortfall against the providers' own counts."""
    from publish import affiliations as comparison
    from publish import status as denominators

    find, as_text = (comparison.find_comparison, comparison.as_text) if affiliations else (denominators.find_status, denominators.as_text)
    with _reading(config) as db:
        found = find(db, slugs)
    _print([json.dumps(found, ensure_ascii=False, indent=2), "\n"] if as_json else [as_text(found)])


@click.command()
@click.argument("slug")
@click.option("--since", required=True, metavar="DATE|RUN", help="A day or time in UTC, or the number of a run: what came after it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "atom", "email"]), default="text", show_default=True,
              help="atom: a feed; email: a message with its header lines, for sendmail -t.")  # fmt: skip
@click.option("--link", metavar="URL", help="The address of the dataset's page, for the feed and the message.")
@click.pass_obj
def news(config: Config, slug: str, since: str, as_json: bool, format_: str, link: str | None) -> None:
    """What is new, withdrawn, shown again and corrected for a dataset."""
    from publish.atom import as_atom
    from publish.news import as_email, as_text, find_news

    with _reading(config) as db:
        found = find_news(db, slug, since)
    written: dict[str, Callable[[dict[str, Any]], str]] = {
        "text": as_text,
        "json": lambda news: json.dumps(news, ensure_ascii=False, indent=2) + "\n",
        "atom": lambda news: as_atom(news, link),
        "email": lambda news: as_email(news, link),
    }
    _print([written["json" if as_json else format_](found)])


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
@INCLUDE
@click.option("--diff", type=click.Path(path_type=Path), metavar="OLD", help="A folder published earlier: write what changed since then.")
@click.option("--accept-suspect", is_flag=True,
              help="Also where the last crawl showed far less than the one before, or the folder more than this database.")  # fmt: skip
@click.pass_obj
def publish(
    config: Config, slugs: tuple[str, ...], out: Path, include: str, diff: Path | None = None, accept_suspect: bool = False
) -> None:
    """Make a map page with charts, tables and data files for each dataset; it works without a network."""
    from db.health import NO_CONTACT
    from publish.folder import private_inside
    from publish.published import remember
    from publish.run import run
    from publish.waiting import next_steps
    from publish.words import count

    report = run(config, slugs, out=out, include=include, diff=diff, accept_suspect=accept_suspect)
    _warn(private_inside(config, out), remember(config, report.shown))
    if config.verbosity >= 0:
        for page in report.pages:
            hint = (
                ""
                if page.works or include == "all"
                else " (nothing is verified yet: `whereused verify`; --include all shows candidates too)"
            )
            click.echo(f"{page.slug}: {count(page.features, 'place')}, {count(page.works, 'work')}{hint}: {page.path}", err=True)
            if page.changes:
                click.echo(f"{page.slug}: {page.changes}", err=True)
        for line in filter(None, (next_steps(page.slug, page.waiting) for page in report.pages)):
            click.echo(line, err=True)
        if not config.get("CORRECTIONS"):
            click.echo(NO_CONTACT, err=True)
    _print([f"{report.index}\n"])
    if report.refused:
        raise WhereusedError(report.refused)


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@INCLUDE
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen on; the default is seen from this machine only."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.pass_obj
def serve(config: Config, slugs: tuple[str, ...], include: str, host: str, port: int) -> None:
    """Explore what is published in a browser: tables, facets, queries, a map; read-only, without a network.

    Datasette serves a copy that holds the published tables only. It comes with the extra: pip install 'whereused[serve]'.
    Prints the address; Ctrl-C ends it.
    """
    from publish.serve.run import run

    run(config, slugs, include=include, host=host, port=port, tell=lambda address: click.echo(address))
