"""Commands of the stage ``geocode``: ``geocode``, ``gazetteer …``, ``match``."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click

from db.config import Config
from db.errors import ProviderError
from db.gazetteer import sample_hint

CHANGES = {
    "merged": "withdrawn or closed, one successor: decisions follow it",
    "split": "closed, several successors: a reviewer decides again",
    "withdrawn": "without a successor",
    "closed": "inactive, without a successor",
    "renamed": "another display name",
    "new": "active records",
    "lost": "gone without a word",
}


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--again", is_flag=True, help="Decide every string anew, not only what is new.")
@click.option("--online", is_flag=True, help="Ask a geocoding service (Nominatim, Photon, Pelias or GeoNames) for places that are left.")
@click.option("--cluster", metavar="ADDRESS", help="Match on the Dask cluster with this scheduler (tcp://…), not in this process.")
@click.pass_obj
def geocode(config: Config, slugs: tuple[str, ...], again: bool, online: bool, cluster: str | None) -> None:
    """Find the institution and the point of each affiliation string."""
    from geocode.run import run

    report = run(config, slugs, again=again, online=online, cluster=cluster)
    if config.verbosity >= 0:
        click.echo(
            f"{report.n_decided} strings decided, {report.n_changed} changed; of {report.total}: {report.matched} with an institution, "
            f"{report.placed} with a place only, {report.none} with neither"
            + (f"; {report.n_online} points from the service" if online else "")
            + (f"; {report.n_moved} decisions follow institutions that the registry merged" if report.n_moved else ""),
            err=True,
        )
        if report.placed + report.none and (hint := sample_hint(config.gazetteer)):
            click.echo(hint, err=True)
    if report.problem:
        raise ProviderError(report.problem)


@click.group()
def gazetteer() -> None:
    """The index of institutions, made from the data of the Research Organization Registry (ROR)."""


def _show(info: dict[str, str]) -> None:
    """What is installed on stdout, and what a new release changed."""
    for name in ("release", "records", "names", "name_only", "cities", "ended", "with_successor", "built_at", "file"):
        click.echo(f"{name}: {info.get(name, '')}")
    if "before" in info:
        click.echo(f"before: {info['before']}")
        for kind, meaning in CHANGES.items():
            click.echo(f"{kind}: {info[kind]}  ({meaning})")
    if "changes" in info:
        click.echo(f"changes: {info['changes']}")


_names = click.option(
    "--names",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Organisations of which only a name is known, one JSON object a line (id, name, labels, country_code), plain or gzip: a string "
    "that means one gets its id and the printed city, and no namesake's.",
)


@gazetteer.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_names
@click.pass_obj
def import_(config: Config, file: Path, names: Path | None) -> None:
    """Build the index from FILE, the zip that ROR releases (schema v2) or the JSON inside it.

    Tells what changed against the index before: records merged, withdrawn, renamed, one by one in the file `changes`.
    """
    from db.progress import steps
    from geocode.gazetteer import import_dump

    with steps(config, "gazetteer") as report:
        info = import_dump(config, file, report, names=names)
    _show(info)


@gazetteer.command()
@_names
@click.pass_obj
def update(config: Config, names: Path | None) -> None:
    """Fetch the newest ROR release and build the index from it.

    A download that broke off goes on where it stopped. The old index stays until the new one is whole; what changed is told
    as by `gazetteer import`. The next `geocode` decides anew, and reviewers' decisions follow merged institutions.
    """
    from db.progress import steps
    from geocode.gazetteer import update as update_index

    with steps(config, "gazetteer") as report:
        info = update_index(config, report, names=names)
    if "up_to_date" in info and config.verbosity >= 0:
        click.echo(f"{info['release']} is the newest release, and it is installed", err=True)
    _show(info)


@gazetteer.command()
@click.pass_obj
def info(config: Config) -> None:
    """Tell which release is installed and what is in it."""
    from geocode.gazetteer import find_info

    _show(find_info(config))


@click.command()
@click.option("--jsonl", is_flag=True, help="One JSON object a line; this is also the default.")
@click.option("--csv", "as_csv", is_flag=True, help="A table: one row for each institution, and one for each string without any.")
@click.option("--explain", is_flag=True, help="Say why this one, and why not the next three candidates (JSON only).")
@click.argument("extra", nargs=-1, metavar="")
@click.pass_obj
def match(config: Config, jsonl: bool, as_csv: bool, explain: bool, extra: tuple[str, ...]) -> None:
    """Match affiliation strings from stdin, one a line, to institutions: one answer a line, in the same order.

    Memory stays flat however many strings come; a string that comes again costs nothing.
    """
    if extra:
        raise click.UsageError(f"strings come from stdin: whereused match < {extra[0]}")
    if as_csv and (jsonl or explain):
        raise click.UsageError("--csv goes with neither --jsonl nor --explain")
    from geocode import matching
    from geocode.matcher import Matcher

    with closing(Matcher(config.gazetteer)) as matcher:
        counted = Counter[bool]()
        found = _counting(matching.answers(matcher, sys.stdin.buffer, explained=explain), counted)
        at_once = not _is_file(sys.stdin.buffer)  # pipes get each answer as soon as it is there
        for line in matching.csv_lines(found) if as_csv else matching.jsonl(found):
            sys.stdout.write(line + "\n")
            if at_once:
                sys.stdout.flush()
    if counted[False] and config.verbosity >= 0 and (hint := sample_hint(config.gazetteer)):
        click.echo(f"{counted[False]} of {counted.total()} without an institution; {hint}", err=True)


def _counting(found: Iterator[dict[str, object]], counted: Counter[bool]) -> Iterator[dict[str, object]]:
    """The answers as they come; ``counted`` learns which had an institution."""
    for answer in found:
        counted[bool(answer["ror_ids"])] += 1
        yield answer


def _is_file(source: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(source.fileno()).st_mode)
    except (OSError, ValueError):
        return False
