"""Commands ``datasets``, ``crawl`` and ``import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from db.config import Config
from db.connect import told_of_new
from db.errors import UsageError, WhereusedError


@click.group()
def datasets() -> None:
    """The datasets that are known: list them, look at one, add one."""


@datasets.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_datasets(config: Config, as_json: bool) -> None:
    """All datasets: slug, name, year, seed papers, works found so far.

    Works without a database too. Into a file or a pipe the columns are separated by tabs.
    """
    from crawler.catalogue.pages import list_lines

    for line in list_lines(config, as_json=as_json, aligned=sys.stdout.isatty()):
        click.echo(line)


@datasets.command()
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def show(config: Config, slug: str, as_json: bool) -> None:
    """What is known of one dataset: names, seed papers, figures, ancestors, derivatives."""
    from crawler.catalogue.pages import show_lines

    for line in show_lines(config, slug, as_json=as_json):
        click.echo(line)


@datasets.command()
@click.argument("slug")
@click.option("--name", required=True, help="The name as texts print it.")
@click.option(
    "--paper", "papers", multiple=True, metavar="ID", help="arXiv id, DOI, Semantic Scholar id or whole title of a work that introduced it."
)
@click.option("--alias", "aliases", multiple=True, help="Another name of it in texts.")
@click.option("--weak-alias", "weak_aliases", multiple=True, help="A name that is an everyday word or very short.")
@click.option("--ancestor", "ancestors", multiple=True, metavar="SLUG", help="A dataset it was made from.")
@click.option("--year", type=click.IntRange(1900, 2100), help="Year in which it came out.")
@click.option("--institution", help="Who made it.")
@click.option("--homepage", help="Its page.")
@click.pass_obj
def add(config: Config, /, slug: str, **values: Any) -> None:
    """Add a dataset of your own. The provider is asked for the titles of its papers."""
    from crawler.catalogue.adding import Wish, add_dataset

    dataset = add_dataset(config, Wish(slug=slug, **values))
    n = len(dataset.papers)
    told = f"{n} paper{'s' if n > 1 else ''}" if n else "no paper, so that only searches for its names find works"
    click.echo(f"{dataset.slug}: {told}; harvest it with `whereused crawl {dataset.slug}`", err=True)


@datasets.command()
@click.argument("slug")
@click.option("--alias", "aliases", multiple=True, help="Only this name of it; once for each.")
@click.option("--ancestor", "ancestors", multiple=True, metavar="SLUG", help="Only this ancestor of it.")
@click.option("--paper", "papers", multiple=True, metavar="ID", help="Only this work that introduced it: an id, or the whole title.")
@click.pass_obj
def remove(config: Config, /, slug: str, **parts: tuple[str, ...]) -> None:
    """Take back what `datasets add` added: names, ancestors, papers; or a whole dataset of yours for which nothing has come.

    What a wrong name or paper brought in stays; reviewers answer that it is another work.
    """
    from crawler.catalogue.removing import remove_dataset

    click.echo(remove_dataset(config, slug, **parts), err=True)


@datasets.command()
@click.argument("slug")
@click.argument("days", type=click.FloatRange(min=0.04), required=False)
@click.option("--default", "reset", is_flag=True, help="Back to the usual 7 days.")
@click.pass_obj
def interval(config: Config, slug: str, days: float | None, reset: bool) -> None:
    """How many days lie between two crawls of a dataset with --due; with DAYS, set it."""
    from crawler.catalogue.interval import set_interval

    click.echo(f"{set_interval(config, slug, days, reset=reset):g}")


@datasets.command("patent-query")
@click.argument("slug")
@click.pass_obj
def patent_query(config: Config, slug: str) -> None:
    """The query that searches all patents for a dataset in BigQuery's public tables.

    Run it there with an account of your own, save the result as CSV, and import that file. docs/operating.md says how.
    """
    from crawler.catalogue.pages import known_datasets
    from crawler.patents.bigquery import render_query
    from db.catalogue import unknown_slug

    known = known_datasets(config)
    if slug not in known:
        raise unknown_slug(slug, known)
    click.echo(render_query(known[slug][0]), nl=False)


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--provider", "providers", multiple=True, metavar="NAME",
    help="Whom to ask: semantic_scholar (default), openalex, opencitations, crossref (facts of DOIs); for patents lens, uspto, epo_ops "
    "(which also completes known ones), google_patents (single pages, where you switched that on); may be repeated.",
)  # fmt: skip
@click.option("--due", is_flag=True, help="Only lists whose interval has passed: 7 days, or what `datasets interval` says.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop each list after N rows, and take N full texts; for a trial.")
@click.option("--derived", is_flag=True, help="Also the datasets that were made from these; their works count for these too.")
@click.option("--no-fulltext", is_flag=True, help="No full texts.")
@click.option("--no-search", is_flag=True, help="Citations only: no search for works that name a dataset without citing its paper.")
@click.option("--archive", is_flag=True, help="Keep every answer, compressed, beside the database.")
@click.option("--replay", metavar="RUN", help="Take every answer from the archive of a run (its number, or the folder) and ask nobody.")
@click.option("--frontier", metavar="ADDRESS", help="Full texts by the workers of a Redis, redis://HOST:PORT/N; see `fetch-worker`.")
@click.option("--yes", is_flag=True, help="Seed papers without an id: take what a title search finds, if the title is the same.")
@click.pass_obj
def crawl(
    config: Config, slugs: tuple[str, ...], providers: tuple[str, ...], due: bool, limit: int | None, no_fulltext: bool, yes: bool,
    derived: bool, archive: bool, no_search: bool, replay: str | None, frontier: str | None,
) -> None:  # fmt: skip
    """Harvest the works that cite datasets or name them, and their full texts.

    Without SLUG: the datasets that were crawled before, MegaFace at first. Only what is new or changed is written; a call
    that was stopped goes on where it was.
    """
    from crawler.run import run

    if frontier and (archive or replay):
        raise UsageError("--frontier goes without --archive and --replay: what workers fetch does not pass here")
    if due and not slugs and (told := told_of_new(config.db)):
        click.echo(told, err=True)
    report = run(
        config,
        slugs,
        providers=providers,
        due=due,
        limit=limit,
        fulltext=not no_fulltext,
        yes=yes,
        derived=derived,
        archive=archive,
        search=not no_search,
        replay=replay,
        frontier=frontier,
        confirm=_confirm,
    )
    for line in report.lines() if config.verbosity >= 0 else ():
        click.echo(line, err=True)
    if report.failure:
        raise report.failure
    if report.problems and not report.lists:
        raise click.exceptions.Exit(1)


def _confirm(question: str) -> bool:
    """Ask the person at the terminal; nobody there is a no."""
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort as end:
        if isinstance(end.__cause__ or end.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from end
        click.echo(err=True)
        return False


PATENT_FILES = (  # crawler.importing.patent_formats has the same; --help must not load it
    "google-patents-csv", "google-patents-html", "lens-csv", "espacenet-csv", "espacenet-xlsx", "bigquery-csv", "patent-numbers",
    "reliance-on-science", "lens-json", "epo-ops-xml",
)  # fmt: skip


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dataset", "slug", required=True, metavar="SLUG", help="The dataset that the works are about.")
@click.option(
    "--format", "format_", type=click.Choice(["auto", "pdf", "ris", "bibtex", "csv", "other", *PATENT_FILES]), metavar="FORMAT",
    default="auto", show_default=True,
    help="What FILE is: pdf, ris, bibtex, csv, other (press, product pages); of patents: google-patents-csv, google-patents-html, "
    "lens-csv, espacenet-csv, espacenet-xlsx, bigquery-csv, patent-numbers, reliance-on-science, "
    "lens-json, epo-ops-xml. auto tells by its name and content.",
)  # fmt: skip
@click.pass_obj
def import_(config: Config, file: Path, slug: str, format_: str) -> None:
    """Works from your own files: a folder of PDFs or one PDF, RIS, BibTeX, or CSV with a header line.

    Other uses (press, product pages) are a CSV with the columns URL, date, organisation, quote, and title where there is one.

    Patents from result lists of Google Patents, Lens and Espacenet, from saved pages of Google Patents (one, or a folder of
    them), from lists of publication numbers, and from the tables of Reliance on Science.
    """
    from crawler.importing.run import run

    report = run(config, file, slug, format=format_)
    if config.verbosity >= 0:
        for line in report.lines():
            click.echo(line, err=True)
    if not report.is_usable:
        raise WhereusedError(f"nothing usable came in from {file}")


@click.command("check")
@click.argument("slug")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask for at most N links this time.")
@click.pass_obj
def check_photos(config: Config, slug: str, limit: int | None) -> None:
    """Are the photos still there? Asks for the pages of a random sample (HEAD, one a second, robots.txt obeyed).

    The sample was drawn by `photos audit --dataset`. A call that was stopped goes on where it was.
    """
    from crawler.photo_links import lines, run

    state, notes = run(config, slug, limit=limit)
    for line in lines(state):
        click.echo(line)
    for note in notes if config.verbosity >= 0 else ():
        click.echo(note, err=True)
