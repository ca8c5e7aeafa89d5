"""Commands of the stage ``geocode``: ``geocode``, ``gazetteer …``, ``match``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.config import Config
from db.errors import ProviderError

if TYPE_CHECKING:
    from geocode.matcher import Answer


@click.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--again", is_flag=True, help="Decide every string anew, not only what is new.")
@click.option("--online", is_flag=True, help="Ask the geocoding service (Nominatim) for places that are left.")
@click.pass_obj
def geocode(config: Config, slugs: tuple[str, ...], again: bool, online: bool) -> None:
    """Find the institution and the point of each affiliation string."""
    from geocode.run import run

    report = run(config, slugs, again=again, online=online)
    if config.verbosity >= 0:
        click.echo(
            f"{report.n_decided} strings decided, {report.n_changed} changed; of {report.total}: {report.matched} with an institution, "
            f"{report.placed} with a place only, {report.none} with neither"
            + (f"; {report.n_online} points from the service" if online else ""),
            err=True,
        )
    if report.problem:
        raise ProviderError(report.problem)


@click.group()
def gazetteer() -> None:
    """The index of institutions, made from the data of the Research Organization Registry (ROR)."""


@contextmanager
def _telling(config: Config) -> Iterator[Callable[[str], None]]:
    """Steps on one line of the terminal; silent where nobody is looking."""
    from rich.console import Console

    console = Console(stderr=True)
    if config.verbosity < 0 or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield status.update


def _show(info: dict[str, str]) -> None:
    for name in ("release", "records", "names", "cities", "built_at", "file"):
        click.echo(f"{name}: {info.get(name, '')}")


@gazetteer.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(config: Config, file: Path) -> None:
    """Build the index from FILE, the zip that ROR releases (schema v2) or the JSON inside it."""
    from geocode.gazetteer import import_dump

    with _telling(config) as report:
        info = import_dump(config, file, report)
    _show(info)


@gazetteer.command()
@click.pass_obj
def update(config: Config) -> None:
    """Fetch the newest ROR release and build the index from it."""
    from geocode.gazetteer import update as update_index

    with _telling(config) as report:
        info = update_index(config, report)
    _show(info)


@gazetteer.command()
@click.pass_obj
def info(config: Config) -> None:
    """Tell which release is installed and what is in it."""
    from geocode.gazetteer import find_info

    _show(find_info(config))


@click.command()
@click.option("--jsonl", is_flag=True, help="One JSON object a line; this is also the default.")
@click.pass_obj
def match(config: Config, jsonl: bool) -> None:
    """Match affiliation strings from stdin, one a line, to institutions: one JSON object a line, in the same order."""
    from geocode.matcher import Matcher

    with closing(Matcher(config.gazetteer)) as matcher:
        for line in sys.stdin.buffer:
            text = line.decode("utf-8", errors="replace").rstrip("\r\n")
            click.echo(json.dumps(as_json(text, matcher.match(text))))  # click flushes each line: pipes get it at once


def as_json(affiliation: str, answer: Answer) -> dict[str, object]:
    """An answer as scripts read it: ``ror_ids`` and ``institutions`` hold accepted matches only."""
    institutions = [
        {
            "ror_id": m.institution.ror_id,
            "name": m.institution.name,
            "country_code": m.institution.country_code,
            "city": m.city,
            "latitude": m.latitude,
            "longitude": m.longitude,
            "sector": m.institution.sector,
            "score": round(m.score, 4),
            "method": m.method,
        }
        for m in answer.matches
    ]
    return {
        "affiliation": affiliation,
        "ror_ids": [m.institution.ror_id for m in answer.matches],
        "institutions": institutions,
        "reason": answer.reason,
    }
